"""`ask serve --background` and `--stop`: a process that has the corpus open and answers the questions at terminals."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from askpapers.background import client
from askpapers.background.place import NoPlaceError, socket_file
from askpapers.cli.options import opened_corpus, print_notes
from askpapers.errors import AskPapersError, UsageError
from askpapers.settings import load_settings, server_is_wanted

_PROCESS = "askpapers.cli.background_process"
_STARTING = 120.0  # seconds that a server may take until it answers
_LEFT = (
    "note: A process in the background now has the corpus open, so that the next answers come sooner. It ends after"
    " half an hour without a question, or by: ask serve --stop  (never started with: server = false in ask.toml)"
)


def leave_behind(corpus: Sequence[str], index: str | None, environment: Mapping[str, str] = os.environ) -> None:
    """After a question at a terminal, start the process for the next ones, and say so; unless it is not wanted."""
    if client.is_off(environment) or environment.get("CI") or not (sys.stdout.isatty() and sys.stderr.isatty()):
        return
    try:
        if not server_is_wanted() or is_there(Path(socket_file(environment))):
            return
        _start(corpus, index)
    except (NoPlaceError, OSError):  # the next question is answered as this one was
        return
    click.echo(_LEFT, err=True)


def is_there(file: Path) -> bool:
    """Whether a server runs or starts at a socket. Raises OSError."""
    from askpapers.background.server import hold_place

    held = hold_place(file)
    if held is None:
        return True
    held.close()
    return False


def begin(corpus: Sequence[str], index: str | None) -> None:
    """Start the process and wait until it answers. Raises AskPapersError."""
    _place()
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings):  # builds the index where there is none, and says what is wrong
        pass
    if client.status():
        client.stop()
    started = _start(corpus, index)
    until = time.monotonic() + _STARTING
    while not (found := client.status()):
        if started.poll() is not None or time.monotonic() > until:
            raise AskPapersError(
                "The process in the background did not start.", hint="Questions are answered without it: ask QUESTION"
            )
        time.sleep(0.1)
    click.echo(f"Questions are answered by the process {found['pid']}. It ends when idle, or by: ask serve --stop")


def end() -> None:
    """End the process. Raises AskPapersError where it cannot be reached."""
    file = _place()
    try:
        found = client.stop()
    except (OSError, ValueError) as error:
        hint = f"It ends when its socket is removed: {file}"
        raise AskPapersError(f"The process in the background cannot be reached: {error}.", hint=hint) from error
    click.echo(f"The process {found['pid']} has ended." if found else "No process is running in the background.")


def _place() -> Path:
    try:
        return Path(socket_file())
    except NoPlaceError as error:
        hint = "Set XDG_RUNTIME_DIR or TMPDIR to a folder of yours."
        raise UsageError(f"There can be no process in the background: {error}.", hint=hint) from error


def _start(corpus: Sequence[str], index: str | None) -> subprocess.Popen[bytes]:
    """Start the process by itself: with no terminal, no open file and no parent that waits for it."""
    options = [f"--corpus={name}" for name in corpus] + ([f"--index={index}"] if index else [])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", _PROCESS, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
