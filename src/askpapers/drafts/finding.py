"""Finds the paper of the corpus that a citation names, or says that none is and which comes nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from askpapers.corpus.compare import Titles, compare_titles, read_title
from askpapers.datatypes import Filter, Paper
from askpapers.drafts.draft import Bibliography, Entry
from askpapers.drafts.marks import Cited
from askpapers.identifiers import identifiers_in
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.text import folded, terms

_TRIED = 25  # papers whose titles are compared
_FEWEST_WORDS = 2  # of a title that is looked for in a line of a reference list
_YEARS_APART = 1  # between a preprint and its publication, nothing is said
_KINDS = ("doi", "arxiv", "pmid")
_WORD = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A citation and the paper that it names; without one, why not, and the paper that comes nearest.

    `differs` says in what the reference and the paper disagree: a title of one paper with the DOI of another is how
    references look that a model made up.
    """

    cited: Cited
    paper: Paper | None = None
    why: str = ""
    nearest: Paper | None = None
    differs: tuple[str, ...] = ()


class PaperFinder:
    """Finds the papers of an index that a draft with a bibliography cites."""

    def __init__(self, index: Index, bibliography: Bibliography) -> None:
        self._index = index
        self._bibliography = bibliography

    def is_known(self, key: str) -> bool:
        """Whether a paper has this cite key or id."""
        return bool(self._index.papers.named(key))

    def find(self, cited: Cited) -> Resolved | None:
        """The paper that is cited; None for a link that is no citation, to a page that no paper has."""
        if cited.url:
            paper = self._by_url.get(_address(cited.url))
            return Resolved(cited, paper) if paper else None
        entries = [entry for entry in (cited.entry, self._bibliography.by_key(cited.key)) if entry]
        if not entries and cited.families:
            entries = self._bibliography.by_authors(cited.families, cited.year)
        if entries:
            return self._of_entries(cited, entries)
        if cited.ids or cited.key:
            return self._named(cited)
        return self._by_authors(cited)

    def _of_entries(self, cited: Cited, entries: Sequence[Entry]) -> Resolved:
        """The paper that the entries which fit a citation agree on; a list and a .bib file may both have it."""
        found = [self._of_entry(cited, replace(entry, ids=entry.ids | cited.ids)) for entry in entries]
        papers = {resolved.paper.id: resolved for resolved in found if resolved.paper}
        if len(papers) > 1:
            return Resolved(cited, why=f"{len(papers)} entries of the bibliography fit it: {', '.join(papers)}")
        return next(iter(papers.values()), found[0])

    def _named(self, cited: Cited) -> Resolved:
        key = "" if cited.is_number else cited.key
        for name in (*_names(cited.ids), key):
            papers = self._index.papers.named(name) if name else []
            if len(papers) == 1:
                return Resolved(cited, papers[0])
            if papers:
                return Resolved(cited, why=f"{len(papers)} papers of the corpus have this key")
        if cited.ids:
            return Resolved(cited, why="no paper of the corpus has this identifier")
        if cited.is_number:
            return Resolved(cited, why=f"the draft has no reference {cited.key}")
        return Resolved(cited, why="neither the bibliography nor the corpus has this key")

    def _of_entry(self, cited: Cited, entry: Entry) -> Resolved:
        """By identifier, else by title, else by cite key, else by authors and year."""
        for name in _names(entry.ids):
            if papers := self._index.papers.named(name):
                return Resolved(cited, papers[0], differs=tuple(_differences(entry, papers[0])))
        titled, near = self._by_title(entry)
        if len(titled) == 1:
            return Resolved(cited, titled[0], differs=tuple(_differences(entry, titled[0])))
        if titled:
            return Resolved(cited, why=f"{len(titled)} papers of the corpus have this title", nearest=titled[0])
        keyed = self._index.papers.named(entry.key) if entry.key and not entry.key.isdecimal() else []
        if len(keyed) == 1 and not entry.title and not entry.text:
            return Resolved(cited, keyed[0])
        return Resolved(cited, why=f"the corpus does not have “{_short(entry.shown)}”", nearest=near)

    def _by_title(self, entry: Entry) -> tuple[list[Paper], Paper | None]:
        """The papers with the title of an entry, and the one whose title is nearest to it."""
        shown = entry.title or entry.text
        wanted = terms(shown)
        if not wanted:
            return [], None
        scores = self._index.words.scores(wanted)
        rows = [int(row) for row in np.argsort(-scores, kind="stable")[:_TRIED] if scores[row] > 0]
        papers = [self._index.papers.at(row) for row in rows]
        if entry.title:
            title = read_title(entry.title)
            compared = [(compare_titles(title, read_title(paper.title)), paper) for paper in papers]
            return [paper for how, paper in compared if how is Titles.SAME], _nearest(set(wanted), papers)
        text = " ".join(_words(entry.text))
        within = [
            paper for paper in papers if len(_words(paper.title)) >= _FEWEST_WORDS and _stands_in(paper.title, text)
        ]
        longest = max((len(_words(paper.title)) for paper in within), default=0)
        found = [paper for paper in within if len(_words(paper.title)) == longest]
        return found, _nearest(set(wanted), papers)

    def _by_authors(self, cited: Cited) -> Resolved:
        """By family names and year."""
        year = int(cited.year[:4])
        papers = self._index.papers
        first = Filter(authors=cited.families[:1])
        everything = [papers.at(row) for row in select(papers, first).rows]
        others = {_name(family) for family in cited.families[1:]}
        found = [paper for paper in everything if paper.year == year and others <= _families(paper)]
        led = [paper for paper in found if _name(cited.families[0]) in _families(paper, 1)]
        if len(found) == 1 or len(led) == 1:
            return Resolved(cited, (led or found)[0])
        if found:
            names = ", ".join(paper.id for paper in found[:4])
            return Resolved(cited, why=f"{len(found)} papers of the corpus fit it: {names}")
        nearest = min(everything, key=lambda paper: abs((paper.year or 0) - year), default=None)
        if nearest is None and not any(paper.authors for paper in papers):
            return Resolved(cited, why="the corpus gives no authors, and the draft no reference for it")
        return Resolved(cited, why="no paper of the corpus is by these authors and of this year", nearest=nearest)

    @cached_property
    def _by_url(self) -> dict[str, Paper]:
        return {_address(paper.url): paper for paper in self._index.papers if paper.url}


def _names(ids: Iterable[str]) -> list[str]:
    """The names that a paper with one of some identifiers may have: corpora of PubMed also go by the bare number."""
    return [*sorted(ids), *(name.removeprefix("pmid:") for name in sorted(ids) if name.startswith("pmid:"))]


def _differences(entry: Entry, paper: Paper) -> Iterator[str]:
    """In what an entry and the paper that it names disagree."""
    if entry.title and paper.title and compare_titles(read_title(entry.title), read_title(paper.title)) in (
        Titles.DIFFERENT, Titles.DISTINCT,
    ):  # fmt: skip
        yield f"the title: the reference has “{_short(entry.title)}”, the paper “{_short(paper.title)}”"
    data = paper.metadata
    own = identifiers_in(paper.id, paper.url, data.doi, data.arxiv, *data.aliases)
    for kind in _KINDS:
        mine = sorted(name for name in entry.ids if name.startswith(f"{kind}:"))
        there = sorted(name for name in own if name.startswith(f"{kind}:"))
        if mine and there and not set(mine) & set(there):
            yield f"the identifier: the reference has {mine[0]}, the paper {there[0]}"
    if entry.year and paper.year and abs(entry.year - paper.year) > _YEARS_APART:
        yield f"the year: the reference has {entry.year}, the paper {paper.year}"
    families = {_name(family) for family in entry.families} - {"others"}
    if families and (theirs := _families(paper)) and not families & theirs:
        cited, own_names = ", ".join(entry.families[:3]), ", ".join(paper.authors[:3])
        yield f"the authors: the reference has {cited}, the paper {own_names}"


def _families(paper: Paper, first: int | None = None) -> set[str]:
    """The family names of the authors of a paper, or of the first so many."""
    people = [person.family for person in paper.metadata.people]
    people = people or [author.split(",")[0].split()[-1] for author in paper.authors if author.strip()]
    return set(map(_name, people[:first]))


def _name(family: str) -> str:
    return folded(family).casefold().split()[-1] if family.split() else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text).casefold())


def _stands_in(title: str, text: str) -> bool:
    return f" {' '.join(_words(title))} " in f" {text} "


def _nearest(wanted: set[str], papers: Sequence[Paper]) -> Paper | None:
    """The paper most of whose title's terms a line of a reference list has, where that is over half of them."""

    def share(paper: Paper) -> float:
        title = set(terms(paper.title))
        return len(title & wanted) / len(title) if title else 0.0

    best = max(papers, key=share, default=None)
    return best if best and share(best) > 1 / 2 else None


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99].rstrip()}…"


def _address(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[/#?]+$", "", url.strip().casefold())
