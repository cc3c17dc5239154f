"""Screening by keys: one paper at a time, at a terminal or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from rich.console import Console

from askpapers.cli.screening_view import describe, print_paper
from askpapers.errors import UsageError
from askpapers.screening.screening import ScreenedPaper, Screening
from askpapers.screening.verdicts import Label

KEYS = {"i": Label.INCLUDE, "e": Label.EXCLUDE, "u": Label.UNCLEAR}
_PROMPT = "i include, e exclude, 1–9 exclude by a criterion, u unclear, z undo, q quit"


def screen_by_keys(
    screening: Screening, console: Console, recheck: int | None = None, read: Callable[[], str] | None = None
) -> None:
    """Show papers until there are none, or the keys end. `recheck` papers are shown again, blind."""
    read = read or read_key
    sample = [screened.row for screened in screening.sample(recheck)] if recheck else []
    shown: int | None = None
    while True:
        left = _left(screening, sample)
        if not left:
            click.echo("All papers are decided." if not recheck else "All papers of the re-check are decided.")
            return
        screened = left[0]
        if screened.row != shown:
            shown = screened.row
            print_paper(screened, screening.protocol, console, f"{len(left):,} left", blind=bool(recheck))
            click.echo(_PROMPT, err=True)
        key = read()
        if key in ("q", ""):
            return
        if key == "z":
            taken = screening.log.undo()
            click.echo(f"Taken back: {describe(taken)}." if taken else "There is no decision to take back.")
            shown = None
            continue
        label = Label.EXCLUDE if key.isdecimal() else KEYS.get(key)
        if label is None or key == "0":
            click.echo(f"“{key}” is no key: {_PROMPT}.", err=True)
            continue
        try:
            made = screening.decide(screened, label, key if key.isdecimal() else "", recheck=bool(recheck))
        except UsageError as error:
            click.echo(f"{error} {error.hint}", err=True)
            continue
        click.echo(f"{describe(made)}.")


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
