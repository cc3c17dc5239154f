"""Screening by keys: one paper, or one pair, at a time, at a terminal or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from rich.console import Console

from askpapers.cli.screening_view import describe, print_pair, print_paper
from askpapers.errors import UsageError
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.report_text import nothing_left
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import Label, Stage

KEYS = {
    Stage.ABSTRACT: {"i": Label.INCLUDE, "e": Label.EXCLUDE, "u": Label.UNCLEAR},
    Stage.FULL_TEXT: {"i": Label.INCLUDE, "e": Label.EXCLUDE, "n": Label.NOT_RETRIEVED},
}
_PROMPTS = {
    Stage.ABSTRACT: "i include, e exclude, 1–9 exclude by a criterion, u unclear, z undo, q quit",
    Stage.FULL_TEXT: "i include, 1–9 exclude by a criterion, e for another reason, n not retrieved, z undo, q quit",
    Stage.DUPLICATES: "1 keep only the first, 2 only the second, d different papers, z undo, q quit",
}
Read = Callable[[], str]


def screen_by_keys(
    screening: Screening, console: Console, recheck: int | None = None, read: Read | None = None
) -> None:
    """Show papers until there are none, or the keys end. `recheck` papers are shown again, blind."""
    read, stage = read or read_key, screening.task.stage
    sample = [screened.row for screened in screening.sample(recheck)] if recheck else []
    shown: int | None = None
    while True:
        left = _left(screening, sample)
        if not left:
            click.echo(nothing_left(screening.task))
            return
        screened = left[0]
        if screened.row != shown:
            shown = screened.row
            print_paper(screened, screening.protocol, console, f"{len(left):,} left", screening.task)
            click.echo(_PROMPTS[stage], err=True)
        key = read()
        if key in ("q", ""):
            return
        if key == "z":
            _undo(screening)
            shown = None
            continue
        label = Label.EXCLUDE if key.isdecimal() else KEYS[stage].get(key)
        if label is None or key == "0":
            click.echo(f"“{key}” is no key: {_PROMPTS[stage]}.", err=True)
            continue
        reason = key if key.isdecimal() else _words(stage, label)
        try:
            made = screening.decide(screened, label, reason)
        except UsageError as error:
            click.echo(f"{error} {error.hint}", err=True)
            continue
        click.echo(f"{describe(made)}.")


def decide_duplicates_by_keys(screening: Screening, console: Console, read: Read | None = None) -> None:
    """Show pairs that may be the same papers until there are none, or the keys end."""
    read, shown = read or read_key, None
    while pairs := screening.possible_duplicates():
        pair = pairs[0]
        if pair != shown:
            shown = pair
            print_pair(pair, console, f"{len(pairs):,} left")
            click.echo(_PROMPTS[Stage.DUPLICATES], err=True)
        key = read()
        if key in ("q", ""):
            return
        if key == "z":
            _undo(screening)
        elif key in ("1", "2", "d"):
            _decide_pair(screening, pair, key)
        else:
            click.echo(f"“{key}” is no key: {_PROMPTS[Stage.DUPLICATES]}.", err=True)
    click.echo(nothing_left(screening.task))


def _decide_pair(screening: Screening, pair: PossibleDuplicate, key: str) -> None:
    first, second = pair.paper.id, pair.other.id
    goes, stays = (first, second) if key == "2" else (second, first)
    try:
        made = screening.decide_duplicate(goes, stays, Label.DIFFERENT if key == "d" else Label.DUPLICATE)
    except UsageError as error:  # it was removed meanwhile
        click.echo(f"{error} {error.hint}", err=True)
        return
    click.echo(f"{describe(made)}.")


def _undo(screening: Screening) -> None:
    taken = screening.undo()
    click.echo(f"Taken back: {describe(taken)}." if taken else "There is no decision to take back.")


def _words(stage: Stage, label: Label) -> str:
    """The reason for which a full text is excluded, asked for at a terminal."""
    if stage is Stage.FULL_TEXT and label is Label.EXCLUDE and sys.stdin.isatty():
        return str(click.prompt("Reason", default="", show_default=False, err=True))
    return ""


def _left(screening: Screening, sample: list[int]) -> list[ScreenedPaper]:
    if not sample:
        return screening.queue()
    done = screening.log.rechecked
    return [screened for screened in map(screening.at, sample) if screened.paper.id not in done]


def read_key() -> str:
    """The next key; "" at the end. White space between keys means nothing, so that a pipe may have lines."""
    while True:
        key = click.getchar() if sys.stdin.isatty() else sys.stdin.read(1)
        if key in ("\x03", "\x04", ""):  # Ctrl-C, Ctrl-D, the end
            return ""
        if not key.isspace():
            return key.casefold()
