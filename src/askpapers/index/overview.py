"""What a corpus is about: its papers, years, authors and venues counted, and topics found in its vectors.

It is made when it is first asked for, and kept in the generation's folder. The file is no part of what the generation
was made of: one that cannot be read or written costs the time to make it anew, and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from askpapers.datatypes import Paper
from askpapers.index.clusters import Clusters, Rows, cluster
from askpapers.index.facets import Facet
from askpapers.index.generation import Index
from askpapers.index.phrases import name_groups
from askpapers.text import plain

FEWEST_PAPERS = 12
"""Papers from which on topics are looked for; of fewer the titles are listed."""

_FILE = "overview-1.json"  # another number where what is kept, or how it is made, changes
_READ = 2_000  # papers whose texts are read to name the topics
_TYPICAL = 3
_NAMED = 5  # authors and venues


@dataclass(frozen=True, slots=True)
class NameCount:
    """How many papers there are of an author or a venue."""

    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many papers there are of a year."""

    year: int
    papers: int


@dataclass(frozen=True, slots=True)
class TypicalPaper:
    """A paper by which a topic, or a small corpus, is shown. `mark` says that it was retracted, where it was."""

    id: str
    title: str
    year: int | None
    mark: str


@dataclass(frozen=True, slots=True)
class PaperTopic:
    """Papers that are alike: up to three phrases that name them, their number, and those nearest to their centre.

    `question` asks for the papers of the topic.
    """

    name: str
    phrases: tuple[str, ...]
    question: str
    papers: int
    typical: tuple[TypicalPaper, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What papers are about. `other` papers are in no topic; `method` says how the topics were made.

    Authors and venues are those of most papers, where any has several. A corpus that is too small for topics has none,
    and its `titles` are listed instead.
    """

    papers: int
    years: tuple[YearCount, ...]
    without_year: int
    authors: tuple[NameCount, ...]
    venues: tuple[NameCount, ...]
    topics: tuple[PaperTopic, ...]
    other: int
    titles: tuple[TypicalPaper, ...]
    method: str


_OVERVIEW = TypeAdapter(Overview)


def overview_of(index: Index, rows: Sequence[int] | None = None) -> Overview:
    """The overview of the papers at some rows, or of all papers: that one is kept, and made once for a generation."""
    if index.embedded_papers < index.manifest.papers:  # it is being made, and will be another one soon
        return make_overview(index, range(index.manifest.papers) if rows is None else rows)
    if rows is not None and len(rows) < index.manifest.papers:
        return make_overview(index, rows)
    file = index.generation / _FILE
    overview = _read(file)
    if overview is None:
        overview = make_overview(index, range(index.manifest.papers))
        _write(file, overview)
    return overview


def overview_dict(overview: Overview) -> dict[str, Any]:
    """An overview as JSON."""
    fields: dict[str, Any] = _OVERVIEW.dump_python(overview, mode="json")
    return fields


def make_overview(index: Index, rows: Sequence[int]) -> Overview:
    """Count the papers at these rows, and find their topics."""
    chosen = np.array(rows, dtype=np.int64)
    years, counts = np.unique(index.papers.years[chosen], return_counts=True)
    of_years = dict(zip(years.tolist(), counts.tolist(), strict=True))
    undated = of_years.pop(0, 0)
    among = None if len(rows) == index.manifest.papers else set(rows)
    small = len(rows) < FEWEST_PAPERS
    grouped = chosen[chosen < index.embedded_papers]
    topics, other, method = ((), 0, "") if len(grouped) < FEWEST_PAPERS else _topics(index, grouped)
    return Overview(
        papers=len(rows),
        years=tuple(YearCount(year, count) for year, count in of_years.items()),
        without_year=undated,
        authors=_commonest(index, Facet.AUTHOR, among),
        venues=_commonest(index, Facet.VENUE, among),
        topics=topics,
        other=other + len(chosen) - len(grouped) if method else 0,
        titles=tuple(map(_shown, map(index.papers.at, rows))) if small else (),
        method=method,
    )


def _topics(index: Index, rows: Rows) -> tuple[tuple[PaperTopic, ...], int, str]:
    clusters = cluster(index, rows)
    nearest = [_nearest_first(clusters, label) for label in range(len(clusters.centres))]
    read = max(1, _READ // max(1, len(nearest)))
    papers = [[index.papers.at(int(row)) for row in rows[members[:read]]] for members in nearest]
    names = name_groups([[(paper.title, paper.abstract) for paper in group] for group in papers])
    topics = tuple(
        _topic(phrases, len(members), group)
        for phrases, members, group in zip(names, nearest, papers, strict=True)
        if phrases
    )
    other = len(rows) - sum(topic.papers for topic in topics)
    on = "" if clusters.fitted == len(rows) else f", fitted on {clusters.fitted:,} papers"
    method = (
        f"Topics are groups of papers whose vectors are near (k-means{on}; their number by silhouette), named by the"
        " phrases that set their papers apart (c-TF-IDF). They are a way to look around, not a classification."
    )
    return topics, other, method


def _nearest_first(clusters: Clusters, label: int) -> Rows:
    members = np.flatnonzero(clusters.labels == label)
    return members[np.argsort(-clusters.cosines[members], kind="stable")]


def _topic(phrases: Sequence[str], papers: int, nearest: Sequence[Paper]) -> PaperTopic:
    question = f"Which papers are about {phrases[0]}?"
    typical = [_shown(paper) for paper in nearest if not paper.mark][:_TYPICAL]
    return PaperTopic(", ".join(phrases), tuple(phrases), question, papers, tuple(typical))


def _shown(paper: Paper) -> TypicalPaper:
    return TypicalPaper(paper.id, plain(paper.title), paper.year, paper.mark)


def _commonest(index: Index, kind: Facet, among: Collection[int] | None) -> tuple[NameCount, ...]:
    """The names that most papers have, in order; none where every name has one paper only."""
    facets = index.papers.facets
    counts = facets.counts(kind, among)[:_NAMED]
    return tuple(NameCount(facets.shown(kind, value), count) for value, count in counts if count > 1)


def _read(file: Path) -> Overview | None:
    """What was kept, or None where nothing was, or nothing that can be read."""
    with suppress(OSError, ValidationError):
        digest, _, content = file.read_bytes().partition(b"\n")
        if digest == _digest(content):
            return _OVERVIEW.validate_json(content)
    return None


def _write(file: Path, overview: Overview) -> None:
    content = _OVERVIEW.dump_json(overview)
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        temporary.write_bytes(_digest(content) + b"\n" + content)
        temporary.replace(file)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
