"""`ask add`: papers from a service or a file, into the corpus."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askpapers import __version__
from askpapers.cli.options import ProgressDisplay, ProgressLog, common, console_for, print_json, progress_display
from askpapers.corpus.left_out import LeftOutList
from askpapers.counts import counted
from askpapers.errors import CorpusError, NoPapersError, UsageError
from askpapers.settings import Settings, load_settings
from askpapers.text import printable, same_text_key

if TYPE_CHECKING:
    from askpapers.index.embedder import Embedder

_NEW_CORPUS = "papers"
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Added:
    """What became of a file or a reply; `failed` is why nothing of it can be read, or ""."""

    name: str
    new: int = 0
    there: int = 0
    left_out: LeftOutList = field(default_factory=LeftOutList)
    failed: str = ""


@click.command("add")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option(
    "--search",
    "searches",
    metavar="SERVICE:WORDS",
    multiple=True,
    help="Add what a search at openalex, arxiv, pubmed or crossref finds; repeatable.",
)
@click.option(
    "--top", default=50, show_default=True, type=click.IntRange(1, _MOST), help="How many papers of each search."
)
@click.option("--to", "folder", metavar="FOLDER", help="The folder of the corpus; it is made where there is none.")
@common
def add_command(
    sources: Sequence[str],
    searches: Sequence[str],
    top: int,
    folder: str | None,
    corpus: Sequence[str],
    index: str | None,
    as_json: bool,
    no_color: bool,
) -> None:
    """Add papers to the corpus: fetch them from a service, or copy files into it.

    \b
    ask add arxiv:2203.02155 doi:10.1038/nature14539 pmid:33012345
    ask add export.ris
    ask add --search "openalex:lichens on walls" --top 200 --to ~/lichens

    The replies are stored as the services gave them, in the folder `added` of the corpus, which is --to, else the
    corpus of the other commands; without one, ./papers is made. These are the only commands' requests to the
    network besides a language model's: arXiv, Crossref, DataCite, PubMed and OpenAlex are sent the ids and words that
    you give, and your address where ASK_MAILTO or `mailto` in ask.toml names one, as they ask for.

    Exits with 1 where a paper that was named is not found or has no abstract; the others are added.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    if not sources and not searches:
        raise UsageError("What is to be added is missing.", hint='Name it: ask add arxiv:2203.02155, or --search "…"')
    settings = _settings(folder, corpus, index)
    with progress_display() as progress, tempfile.TemporaryDirectory() as aside:
        files, unknown, found = _fetched(sources, searches, top, settings, Path(aside), progress)
        added, papers = _stored(files, settings, progress)
    if as_json:
        print_json(
            {
                "corpus": str(settings.corpus[0]),
                "papers": papers,
                "new": sum(one.new for one in added),
                "there": sum(one.there for one in added),
                "added": [_dict(one) for one in added],
                "unknown": list(unknown),
                "found": found,
            }
        )
    else:
        _print(added, unknown, found, papers, settings, no_color)
    if unknown or any(one.failed for one in added):
        sys.exit(1)


def _settings(folder: str | None, corpus: Sequence[str], index: str | None) -> Settings:
    """The settings of the corpus that is added to."""
    if folder and corpus:
        raise UsageError("--to and --corpus name a folder each.", hint="Give one of them.")
    settings = load_settings([folder] if folder else corpus, index)
    if settings.is_example:
        settings = load_settings([_NEW_CORPUS], index)
    if settings.corpus[0].exists() and not settings.corpus[0].is_dir():
        raise UsageError(f"{settings.corpus[0]} is a single file.", hint="Name a folder: --to FOLDER")
    return settings


def _fetched(
    sources: Sequence[str],
    searches: Sequence[str],
    top: int,
    settings: Settings,
    aside: Path,
    progress: ProgressDisplay | ProgressLog,
) -> tuple[list[tuple[str, Path]], tuple[str, ...], dict[str, int]]:
    """The files to add, each with its name; which papers no service has; how many papers each search finds in all."""
    from askpapers.sources import Client, fetch, search, wanted

    ids = {source: wanted(source) for source in sources}
    files = [(Path(source).name, Path(source)) for source, named in ids.items() if not named]
    for name, file in files:
        if not file.is_file():
            raise UsageError(
                f"There is no file {name}.", hint="Name a file, or a paper as arxiv:…, doi:… or pmid:…; see --help"
            )
    papers = [named for named in ids.values() if named]
    results = []
    unknown: tuple[str, ...] = ()
    found: dict[str, int] = {}
    with Client(settings.mailto, os.environ.get("ASK_SOURCES_URL", ""), __version__) as client:
        if papers:
            results.append(fetch(client, papers, lambda done: progress("Fetching papers", done, len(papers))))
            unknown = results[0].unknown
        for query in searches:
            results.append(search(client, query, top, lambda done: progress("Fetching papers", done, top)))
            found[query] = results[-1].total
    for reply in (reply for result in results for reply in result.replies):
        name = reply.name + reply.content.ending
        place = aside / f"{len(files)}-{name}"
        place.write_bytes(reply.content.data)
        files.append((name, place))
    return files, unknown, found


def _stored(
    files: Sequence[tuple[str, Path]], settings: Settings, progress: ProgressDisplay | ProgressLog
) -> tuple[list[_Added], int]:
    """What became of each file, and how many papers the corpus has now."""
    from askpapers.embedders import embedder_for
    from askpapers.engine.adding import FOLDER, compared, safe_name, store
    from askpapers.index.opening import open_index

    embedder = embedder_for(settings)
    known, papers = _known(settings, embedder, progress)
    added: list[_Added] = []
    good: list[tuple[str, Path]] = []
    for name, file in files:
        try:
            result = compared(file, known)
        except CorpusError as error:
            added.append(_Added(name, failed=str(error).replace(str(file), name)))
            continue
        added.append(_Added(name, result.new, result.there, result.left_out))
        if result.new:
            good.append((safe_name(name), file))
    if good:
        store(good, settings.corpus[0] / FOLDER, settings, embedder, progress)
        made = open_index(settings.index, progress, settings.corpus)
        assert made is not None
        papers = made.manifest.papers
        made.close()
    return added, papers


def _known(settings: Settings, embedder: Embedder, progress: ProgressDisplay | ProgressLog) -> tuple[set[str], int]:
    """The keys of the texts that are in the corpus, none for one that is new, and how many papers it has."""
    from askpapers.engine import open_settings

    if not settings.corpus[0].exists():
        return set(), 0
    try:
        opened = open_settings(settings, progress, embedder)
    except NoPapersError:
        return set(), 0
    try:
        papers = opened.index.papers
        return {same_text_key(paper.abstract) for paper in papers}, len(papers)
    finally:
        opened.close()


def _dict(added: _Added) -> dict[str, Any]:
    left_out = [{"line": item.line or None, "reason": item.reason} for item in added.left_out]
    return {
        "name": added.name,
        "new": added.new,
        "there": added.there,
        "left_out": left_out,
        "failed": added.failed or None,
    }


def _print(
    added: Sequence[_Added],
    unknown: Sequence[str],
    found: dict[str, int],
    papers: int,
    settings: Settings,
    no_color: bool,
) -> None:
    console = console_for(no_color)
    for query, total in found.items():
        console.print(f"{printable(query)}: {total:,} found", highlight=False, markup=False)
    for one in added:
        counts = [f"{one.new:,} new"] + ([f"{one.there:,} there already"] if one.there else [])
        counts += [f"{reason}: {count.files + count.records:,}" for reason, count in one.left_out.by_reason()]
        said = one.failed or ", ".join(counts)
        console.print(f"{printable(one.name)}: {printable(said)}", highlight=False, markup=False)
    for written in unknown:
        console.print(f"{printable(written)}: no paper has this id", highlight=False, markup=False)
    if papers:
        count = counted(papers, "paper")
        console.print(f"{count} in {printable(str(settings.corpus[0]))}.", highlight=False, markup=False)
        if settings.corpus_from == "--corpus":
            console.print(f'Ask them: ask --corpus {settings.corpus[0]} "…"', highlight=False, markup=False)
