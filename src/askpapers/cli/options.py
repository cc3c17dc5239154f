"""What the commands share: their common options, the opened corpus, progress, consoles, JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from askpapers.settings import load_settings

if TYPE_CHECKING:
    from askpapers.engine import Corpus

WIDEST = 100
"""Columns: longer lines are hard to read."""

ProgressCall = Callable[[str, int, int | None], None]


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command takes."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something fails."),
        click.option("--no-color", is_flag=True, help="No colours and no emphasis."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text."),
        click.option("--index", metavar="FOLDER", help="Where the index is kept (default: the user's cache)."),
        click.option("--corpus", metavar="PATH", multiple=True, help="A folder or file of abstracts; repeatable."),
    ):
        command = option(command)
    return command


@contextmanager
def opened_corpus(corpus: Sequence[str], index: str | None) -> Iterator[tuple[Corpus, ProgressCall]]:
    """The corpus, opened, and a progress display that ends with the block: print results after it."""
    settings = load_settings(corpus, index)
    with progress_display() as progress:
        from askpapers.engine import open_settings

        opened = open_settings(settings, progress)
        try:
            yield opened, progress
        finally:
            opened.close()


@contextmanager
def progress_display() -> Iterator[ProgressCall]:
    """A progress display on standard error when that is a terminal; otherwise nothing is shown."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Opening", total=None)

        def report(stage: str, done: int, total: int | None) -> None:
            bars.update(task, description=stage, completed=done, total=total)

        yield report


def console_for(no_color: bool) -> Console:
    """A console on standard output, plain where that is no terminal."""
    plain_output = no_color or not sys.stdout.isatty()
    console = Console(
        no_color=plain_output, highlight=False, soft_wrap=False, force_terminal=False if plain_output else None
    )
    console.width = min(console.width, WIDEST)
    return console


# What a terminal may act on, and half characters, which UTF-8 has no bytes for.
_ESCAPED_IN_JSON = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object; what a terminal may act on is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(_ESCAPED_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text))
