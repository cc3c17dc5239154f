"""`ask about`: what the corpus is about."""

from __future__ import annotations

from collections.abc import Sequence

import click

from askpapers.cli.options import common, console_for, opened_corpus, print_json, print_notes
from askpapers.contract import corpus_notes
from askpapers.errors import UsageError
from askpapers.settings import load_settings
from askpapers.text import printable


@click.command("about")
@click.argument("words", nargs=-1, metavar="")
@common
def about_command(
    words: Sequence[str], corpus: Sequence[str], index: str | None, as_json: bool, no_color: bool
) -> None:
    """Say what the corpus is about: its papers, years, authors and venues, and its topics with typical papers."""
    if words:
        topic = " ".join(words)
        raise UsageError(
            "`ask about` tells of the whole corpus.", hint=f'Of a topic: ask "which papers are about {topic}?"'
        )
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings) as (opened, progress):
        from askpapers.answering.about import overview_text
        from askpapers.index.overview import overview_dict, overview_of

        progress("Finding the topics", 0, None)
        overview = overview_of(opened.index)
    if as_json:
        print_json({**overview_dict(overview), **corpus_notes(settings.notes)})
    else:
        console_for(no_color).print(printable(overview_text(overview)), markup=False, highlight=False)
