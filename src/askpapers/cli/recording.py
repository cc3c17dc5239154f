"""The options --record and --replay: the traffic with a model, written to a file and answered from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from askpapers.errors import UsageError
from askpapers.settings import WITHOUT, Settings, Traffic


def recording_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options; the command takes them as `record` and `replay`."""
    for option in (
        click.option("--replay", metavar="FILE", help="Answer from such a FILE instead of asking the model."),
        click.option("--record", metavar="FILE", help="Write what goes to and from the model into FILE."),
    ):
        command = option(command)
    return command


def traffic_of(record: str | None, replay: str | None, llm: str | None) -> tuple[Traffic, str | None]:
    """The files of the two options, and the model: where none is named, that of the recording.

    Raises UsageError where both are given, ReplayError for a file that is no recording.
    """
    if record and replay:
        raise UsageError("--record and --replay exclude each other.", hint="Give one of them.")
    if replay and not llm:
        from askpapers.llm.traffic import read_recording

        llm = read_recording(Path(replay))[0].get("llm")
    return Traffic(Path(record) if record else None, Path(replay) if replay else None), llm


def check_recordable(settings: Settings) -> None:
    """Raise UsageError where there is no model whose traffic could be recorded."""
    if settings.model.traffic.record and settings.model.spec == WITHOUT:
        raise UsageError("There is no model whose traffic could be recorded.", hint="Name one: --llm SPEC")
