"""Writes docs/cli.md from the program's own help: python tools/write_cli_docs.py."""

from __future__ import annotations

from pathlib import Path

import click

from askpapers.cli import cli

OUTPUT = Path(__file__).parents[1] / "docs" / "cli.md"


def render() -> str:
    """Every help page, as it is shown 100 columns wide."""
    pages = ["# The command line", "", "Written by `tools/write_cli_docs.py` from `--help`; do not edit.", ""]
    return "\n".join([*pages, *_pages(cli, "ask")])


def _pages(command: click.Command, name: str) -> list[str]:
    inner = command.commands if isinstance(command, click.Group) else {}
    return _page(command, name) + [line for n, c in inner.items() for line in _pages(c, f"{name} {n}")]


def _page(command: click.Command, name: str) -> list[str]:
    names = cli.context_settings["help_option_names"]
    with click.Context(
        command, info_name=name, terminal_width=100, max_content_width=100, help_option_names=names
    ) as context:
        return [f"## {name}", "", "```text", command.get_help(context), "```", ""]


if __name__ == "__main__":
    OUTPUT.write_text(render(), encoding="utf-8")
