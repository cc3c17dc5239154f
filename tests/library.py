"""A few papers with all that records give, as the parts of an index that are asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from askpapers.datatypes import Paper, Source
from askpapers.index.lexicon import Lexicon
from askpapers.index.papers import PaperStore
from askpapers.index.words import WordIndex
from askpapers.metadata import Metadata, Notice
from askpapers.text import terms


def _paper(name: str, title: str, year: int | None, authors: str, abstract: str, **fields: object) -> Paper:
    metadata = Metadata(**fields)  # type: ignore[arg-type]
    names = tuple(part for part in authors.split("; ") if part)
    return Paper(name, title, abstract, (Source(f"{name}.ris", 3),), year, names, metadata=metadata)


PAPERS = (
    _paper(
        "kiln22", "KilnNet: Firing Pots by Learning", 2022, "Long Ouyang; Ada Moss; Bo Fern",
        "We introduce KilnNet, a model that fires pots by feedback.", venue="Nature", date="2022-03-05",
        doi="10.1/kiln", categories=("cs.CL",), tags=("rlhf",),
    ),
    _paper(
        "glaze21", "Glazes of the North", 2021, "Moss, A.; Ng, Cy",
        "We study glazes that are trained by Adam.", venue="Proceedings of ICML 2021", tags=("glazes", "rlhf"),
    ),
    _paper(
        "clay19", "A Survey of Clay", 2019, "Alan Moss", "Clay is surveyed.", venue="Nature", date="2019-11",
        notice=Notice.RETRACTED,
    ),
    _paper("bare", "Notes on Wheels", None, "", "Wheels turn. The authors of wheels are unknown."),
)  # fmt: skip


@dataclass(frozen=True)
class Library:
    """What `Index` has that questions about records need."""

    papers: PaperStore
    words: WordIndex
    lexicon: Lexicon


def open_library(folder: Path) -> Library:
    PaperStore.write(folder / "papers.db", PAPERS, ())
    words = WordIndex.build([terms(f"{paper.title}. {paper.abstract}") for paper in PAPERS])
    return Library(PaperStore(folder / "papers.db"), words, Lexicon.collect(PAPERS, 2))
