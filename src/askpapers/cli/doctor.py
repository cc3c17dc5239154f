"""`ask doctor`: what is configured and found."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from askpapers.cli.options import common, console_for, print_json, progress_display
from askpapers.settings import load_settings
from askpapers.text import printable


@click.command("doctor")
@common
@click.option("--deep", is_flag=True, help="Read every byte of the index, however large, and compare checksums.")
def doctor_command(corpus: Sequence[str], index: str | None, deep: bool, as_json: bool, no_color: bool) -> None:
    """Say what is configured, what was found, and what would be used and why."""
    settings = load_settings(corpus, index)
    with progress_display() as progress:
        from askpapers.doctor import examine

        checks = examine(settings, progress, deep=deep)
    if as_json:
        print_json({"checks": [{"name": c.name, "ok": c.ok, "found": c.found, "hint": c.hint} for c in checks]})
    else:
        console = console_for(no_color)
        for check in checks:
            console.print(
                f"[{'green' if check.ok else 'red'}]{'ok ' if check.ok else 'no '}[/] [bold]{check.name}[/]", end="  "
            )
            console.print(printable(check.found), markup=False, highlight=False, soft_wrap=True)
            if check.hint:
                console.print(
                    f"      {printable(check.hint)}", style="dim", markup=False, highlight=False, soft_wrap=True
                )
    sys.exit(0 if all(c.ok for c in checks) else 1)
