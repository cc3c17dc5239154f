"""What a synthesizer hands to the grounding check: what it wants to say and where it says it has it from."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.coverage import Coverage
from askpapers.datatypes import Passage, Relevance, Stance


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """A sentence and the passages that it cites."""

    text: str
    cites: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """A sentence of a model: the papers that it cites, by id, and the numbers it gave that are no source's."""

    text: str
    papers: tuple[str, ...]
    unknown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper that a survey found, with the passage that decided it; of a yes/no question, the side that it takes.

    `confidence` is as in `CitedPaper`.
    """

    passage: Passage
    relevance: Relevance
    stance: Stance | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A passage that comes close without answering, and why it does not answer."""

    passage: Passage
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a comparison's table: what its passages tell, and that of each side, None where it has none."""

    tells: str
    passages: tuple[Passage | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sides beside each other; `missing` names those that the corpus does not have."""

    sides: tuple[str, ...]
    missing: tuple[str, ...]
    rows: tuple[Row, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is checked. Without statements it says that the corpus does not answer.

    `lead` opens the text and claims nothing about the papers' content. `emphasis` holds the stems of the
    words that the question is about.
    """

    statements: tuple[DraftStatement, ...] = ()
    closest: tuple[Miss, ...] = ()
    lead: str = ""
    judged: tuple[Judged, ...] = ()
    coverage: Coverage | None = None
    comparison: Comparison | None = None
    emphasis: frozenset[str] = frozenset()
