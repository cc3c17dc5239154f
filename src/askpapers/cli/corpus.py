"""`ask index`, `papers` and `show`: the corpus and what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from askpapers import render_papers
from askpapers.cli.options import (
    common,
    console_for,
    corpus_options,
    filters,
    opened_corpus,
    print_json,
    print_notes,
    progress_display,
)
from askpapers.cli.output import Output, output_options
from askpapers.contract import corpus_notes
from askpapers.corpus.left_out import LeftOutList
from askpapers.counts import counted
from askpapers.datatypes import Filter, Paper
from askpapers.errors import UsageError
from askpapers.export import list_of
from askpapers.export.json_files import json_text, paper_with_sources
from askpapers.settings import load_settings
from askpapers.text import folded, plain, printable, terms

if TYPE_CHECKING:
    from askpapers.index.generation import Index

_ORDERS: dict[str, Callable[[Paper], str]] = {
    "newest": lambda paper: paper.metadata.date or str(paper.year or ""),
    "oldest": lambda paper: paper.metadata.date or str(paper.year or ""),
    "author": lambda paper: str(paper.metadata.people[0].family if paper.metadata.people else (*paper.authors, "")[0]),
    "title": lambda paper: plain(paper.title),
    "venue": lambda paper: paper.metadata.venue,
    "id": lambda paper: paper.id,
}


@click.command("index")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@common
@click.option(
    "--embedder",
    metavar="NAME",
    help="Embed by minilm (in the package), openai/MODEL, ollama/MODEL or URL#MODEL; the index remembers which.",
)
@click.option("--rebuild", is_flag=True, help="Build it anew; nothing of the old one is used.")
def index_command(
    paths: Sequence[str],
    corpus: Sequence[str],
    index: str | None,
    embedder: str | None,
    rebuild: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """Build or refresh the index of a corpus. Only text that changed is embedded again.

    A large corpus can be asked from another terminal meanwhile; stopped with Ctrl-C, the same command goes on.
    With --shards it joins indexes that were made elsewhere: no file of papers is read, no sentence embedded.
    """
    settings = load_settings([*paths, *corpus], index, embedder=embedder)
    print_notes(settings)
    with progress_display() as progress:
        from askpapers.embedders import embedder_for
        from askpapers.index.build import refresh
        from askpapers.index.opening import open_index
        from askpapers.index.stores import remote_store

        by = embedder_for(settings)
        done = refresh(
            settings.index,
            settings.corpus,
            by,
            progress,
            rebuild=rebuild,
            replace_embedder=embedder is not None,
            remote=remote_store(settings, by),
        )
        made = open_index(settings.index, progress, settings.corpus)
        assert made is not None
        manifest, left_out = made.manifest, made.left_out
        made.close()
    if as_json:
        print_json(
            {
                "index": str(settings.index),
                "fingerprint": manifest.index,
                "embedder": manifest.embedder,
                "papers": manifest.papers,
                "passages": manifest.passages,
                "added": done.added,
                "kept": done.kept,
                "removed": done.removed,
                "mended": list(done.mended),
                "remade": done.remade,
                "warnings": [*manifest.warnings, *left_out.by_file()],
                "left_out": _left_out_counts(left_out),
                **({"store": str(settings.store)} if settings.store else {}),
                **corpus_notes(settings.notes),
            }
        )
        return
    console = console_for(no_color)
    console.print(
        f"{counted(manifest.papers, 'paper')}, {counted(manifest.passages, 'passage')}: {done.added:,} new,"
        f" {done.kept:,} as they were, {done.removed:,} removed.",
        highlight=False,
    )
    if settings.store:
        console.print(f"The vectors are in {printable(str(settings.store))}.", highlight=False, markup=False)
    for damage in done.mended:
        console.print(f"mended: {printable(damage)}", highlight=False, markup=False)
    if done.remade:
        console.print(f"note: {printable(done.remade)}", highlight=False, markup=False)
    for warning in manifest.warnings:
        console.print(f"note: {printable(warning)}", highlight=False, markup=False)
    render_papers.print_left_out_reasons(left_out, console)


@click.command("papers")
@corpus_options
@output_options
@filters
@click.option("--sort", type=click.Choice([*_ORDERS]), help="Put them in this order, not that of the files.")
@click.option(
    "--left-out", "show_left_out", is_flag=True, help="List the files and records that are no papers, and why."
)
def papers_command(
    corpus: Sequence[str],
    index: str | None,
    within: Filter,
    sort: str | None,
    show_left_out: bool,
    output: Output,
    no_color: bool,
) -> None:
    """List the papers of the corpus that the options choose, or write them to a file."""
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings) as (opened, _):
        from askpapers.answering.unmet import unmet

        papers = opened.papers(within)
        missing = unmet(opened.index.papers, within)
        left_out = opened.index.left_out
    if sort:
        papers = _sorted(papers, _ORDERS[sort], newest_first=sort == "newest")
    if missing:
        click.echo(f"note: {printable(missing)}", err=True)
    if show_left_out:
        if output.kind and output.kind.name == "json":
            print_json(
                {**asdict(left_out.count), "left_out": _left_out_items(left_out), **corpus_notes(settings.notes)}
            )
        else:
            render_papers.print_left_out(left_out, console_for(no_color))
    elif output.kind:
        output.write(list_of(papers, settings.notes))
    else:
        render_papers.print_papers(papers, console_for(no_color))


@click.command("show")
@click.argument("paper")
@corpus_options
@output_options
def show_command(paper: str, corpus: Sequence[str], index: str | None, output: Output, no_color: bool) -> None:
    """Show one PAPER, by its id, the beginning of it, or words of its title, with its sources.

    An id is also a DOI, an arXiv or PubMed id, or the cite key of any of its copies.
    """
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings) as (opened, _):
        found = named_paper(opened.index, paper)
    if output.kind and output.kind.name == "json":  # the paper itself, not a list of one
        output.put(json_text({**paper_with_sources(found), **corpus_notes(settings.notes)}), "1 paper, JSON")
    elif output.kind:
        output.write(list_of([found]))
    else:
        render_papers.print_paper(found, console_for(no_color))


def named_paper(index: Index, name: str) -> Paper:
    """The paper of an id, the beginning of an id, or words of a title. Raises UsageError for none and for several."""
    found = index.papers.find(name) or _by_title_words(index, name)
    if not found:
        raise UsageError(f"No paper is called “{name}”.", hint="List them: ask papers")
    if len(found) > 1:
        names = ", ".join(p.id for p in found[:5]) + (", …" if len(found) > 5 else "")
        raise UsageError(f"“{name}” fits {len(found)} papers: {names}.", hint="Give the whole id.")
    return found[0]


def _by_title_words(index: Index, name: str) -> list[Paper]:
    """The papers whose titles have all these words, in any order and form."""
    wanted = set(terms(name))
    rows = [{int(row) for row in index.words.documents_with(stem)} for stem in wanted]
    papers = [index.papers.at(row) for row in sorted(set.intersection(*rows))] if rows else []
    return [paper for paper in papers if wanted <= set(terms(paper.title))]


def _sorted(papers: Sequence[Paper], key: Callable[[Paper], str], *, newest_first: bool) -> list[Paper]:
    """Papers in an order; those that do not give what it is by come last."""
    given = [paper for paper in papers if key(paper)]
    ordered = sorted(given, key=lambda paper: folded(key(paper)).casefold(), reverse=newest_first)
    return ordered + [paper for paper in papers if not key(paper)]


def _left_out_counts(left_out: LeftOutList) -> dict[str, Any]:
    reasons = [{"reason": reason, **asdict(count)} for reason, count in left_out.by_reason()]
    return {**asdict(left_out.count), "reasons": reasons}


def _left_out_items(left_out: LeftOutList) -> list[dict[str, Any]]:
    """Each file and record; the line is null for a whole file."""
    return [{"file": item.file, "line": item.line or None, "reason": item.reason} for item in left_out]
