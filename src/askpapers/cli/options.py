"""What the commands share: their common options, the opened corpus, progress, consoles, JSON."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from askpapers.cli.session import current_session, open_once
from askpapers.cli.shards import shards_option, with_shards
from askpapers.cli.streams import terminal_size
from askpapers.config_file import JUDGES
from askpapers.datatypes import Filter
from askpapers.export.json_files import json_text
from askpapers.settings import Settings

if TYPE_CHECKING:
    from askpapers.engine import Corpus

WIDEST = 100
"""Columns: longer lines are hard to read."""


class RateColumn(ProgressColumn):
    """How many a second are done, or a minute where it is less than one."""

    def render(self, task: Task) -> Text:
        """The rate of a task; nothing where it is not known yet."""
        if not task.speed:
            return Text("")
        return Text(f"{task.speed:,.1f}/s" if task.speed >= 1 else f"{60 * task.speed:.0f}/min", style="dim")


class ProgressDisplay:
    """Shows how far a long step is, on standard error, while that is a terminal and nothing else is shown."""

    def __init__(self, bars: Progress) -> None:
        """Show on these bars, which were started."""
        self._bars = bars
        self._task = bars.add_task("Opening", total=None)

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Tell what is being done, how far it is, and out of how many (None: not known)."""
        self._bars.update(self._task, description=stage, completed=done, total=total)

    def stop(self) -> None:
        """Make room for what is printed next."""
        self._bars.stop()


class ProgressLog:
    """Says how far a long step is in a few lines on standard error, for a log that no one watches."""

    def __init__(self) -> None:
        """Begin with the first stage."""
        self._said: tuple[str, int] | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Tell what is being done: a line for each stage, and for each quarter of it."""
        quarter = (stage, 4 * done // total if total else 0)
        if total and quarter != self._said:
            self._said = quarter
            click.echo(f"{stage}: {done:,} of {total:,}", err=True)

    def stop(self) -> None:
        """Lines stand in nobody's way."""


debug_option = click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something fails.")
index_option = click.option(
    "--index",
    metavar="FOLDER|URL",
    help="Where the index is kept: a folder (default: the user's cache), or a collection of a vector store.",
)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command takes, and --json."""
    return corpus_options(
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")(command)
    )


corpus_option = click.option(
    "--corpus",
    metavar="PATH",
    multiple=True,
    callback=with_shards,
    help="A folder or file of abstracts, or zotero: for a running Zotero; repeatable.",
)


def corpus_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command takes; one that gives papers has `output_options` beside them."""
    for option in (
        debug_option,
        click.option("--no-color", is_flag=True, help="No colours and no emphasis."),
        index_option,
        shards_option,
        corpus_option,
    ):
        command = option(command)
    return command


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a model is asked and sent; the command takes them as `llm_judges` and `evidence_tokens`."""
    for option in (
        click.option(
            "--evidence-tokens",
            metavar="N",
            type=click.IntRange(50),
            help="Send a model at most N tokens of papers: sentences around the evidence, not whole abstracts.",
        ),
        click.option(
            "--llm-judges",
            type=click.Choice(JUDGES),
            help="Papers of a survey that a model reads: those in doubt (the default), or all.",
        ),
    ):
        command = option(command)
    return command


class YearRange(click.ParamType):  # type: ignore[type-arg]  # not generic before click 8.3
    """Years as "2021", "2020..", "..2021" or "2018..2020"."""

    name = "years"
    _FORM = re.compile(r"(?P<one>\d{4})|(?P<first>\d{4})?(?:\.\.+|-|–|:)(?P<last>\d{4})?")

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int | None, int | None]:
        """The first and the last year; None is open."""
        match = self._FORM.fullmatch(str(value).replace(" ", ""))
        if not match or not any(match.groups()):
            self.fail(f"“{value}” is no year or range of years: write 2021, 2020.., ..2021 or 2018..2020.", param, ctx)
        first, last = (int(text) if text else None for text in match.group("first", "last"))
        if match["one"]:
            first = last = int(match["one"])
        if first and last and first > last:
            self.fail(f"No year is after {first} and before {last}: give the earlier one first.", param, ctx)
        return first, last


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that restrict a command to papers; the command takes them as `within`."""

    @functools.wraps(command)
    def restricted(
        *args: Any,
        year: tuple[int | None, int | None] | None,
        author: tuple[str, ...],
        venue: tuple[str, ...],
        tag: tuple[str, ...],
        **others: Any,
    ) -> Any:
        since, until = year or (None, None)
        return command(*args, within=Filter(frozenset(), since, until, author, venue, tag), **others)

    found: Callable[..., Any] = restricted
    for option in (
        click.option("--tag", metavar="TAG", multiple=True, help="Only papers with this tag or category; repeatable."),
        click.option("--venue", metavar="NAME", multiple=True, help="Only papers of this journal or meeting."),
        click.option("--author", metavar="NAME", multiple=True, help="Only papers by this author: Moss, “Moss, A.”."),
        click.option("--year", metavar="YEARS", type=YearRange(), help="Only papers of 2021, 2020.. or 2018..2020."),
    ):
        found = option(found)
    return found


@contextmanager
def opened_corpus(
    settings: Settings, *, log: bool = False, complete: bool = False
) -> Iterator[tuple[Corpus, ProgressDisplay | ProgressLog]]:
    """The corpus, opened, and a progress display that ends with the block, or before when it is stopped.

    `log`: a few lines stand in for it where there is no terminal. With `complete` an index that another process is
    building is waited for.
    """
    opening = functools.partial(open_once, complete=True) if complete else current_session().open
    with progress_display(log=log) as progress, opening(settings, progress) as opened:
        yield opened, progress


@contextmanager
def progress_display(*, log: bool = False) -> Iterator[ProgressDisplay | ProgressLog]:
    """A progress display on standard error when that is a terminal; otherwise nothing, or with `log` a few lines."""
    width, height = terminal_size()
    console = Console(stderr=True, width=width, height=height)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    if log and not console.is_terminal:
        yield ProgressLog()
        return
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield ProgressDisplay(bars)


def print_notes(settings: Settings) -> None:
    """Say what everyone has to be told about the corpus, on standard error: what is listed stays as it is."""
    for note in settings.notes:
        click.echo(f"note: {note}", err=True)


def console_for(no_color: bool) -> Console:
    """A console on standard output, plain where that is no terminal."""
    plain_output = no_color or not sys.stdout.isatty()
    width, height = terminal_size()
    return Console(
        no_color=plain_output,
        highlight=False,
        soft_wrap=False,
        force_terminal=False if plain_output else None,
        width=min(width, WIDEST),
        height=height,
    )


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object."""
    click.echo(json_text(value), nl=False)
