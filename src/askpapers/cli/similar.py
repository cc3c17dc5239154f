"""`ask similar`: from one paper to those like it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from askpapers import render_papers
from askpapers.cli.corpus import named_paper
from askpapers.cli.options import common, console_for, opened_corpus, print_json, print_notes
from askpapers.contract import corpus_notes, paper_dict
from askpapers.settings import load_settings


@click.command("similar")
@click.argument("paper", nargs=-1, required=True, metavar="PAPER")
@common
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 1_000), help="Papers to list.")
def similar_command(
    paper: Sequence[str], corpus: Sequence[str], index: str | None, as_json: bool, no_color: bool, top: int
) -> None:
    """List the papers most similar to one PAPER (its id, the beginning of it, or words of its title).

    Each comes with its similarity, the cosine of the two papers' vectors, and its nearest sentence.
    """
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings) as (opened, _):
        from askpapers.index.similar import similar_dict, similar_papers

        current = opened.index
        of = named_paper(current, " ".join(paper))
        found = similar_papers(current, of.id, top)
    if as_json:
        print_json(
            {"paper": paper_dict(of), "similar": [similar_dict(one) for one in found], **corpus_notes(settings.notes)}
        )
    else:
        render_papers.print_similar(
            of, [(one.quote, one.paper, one.similarity) for one in found], console_for(no_color)
        )
