"""The values that travel between the rooms: papers, passages, quotes, statements, answers.

All of them are frozen and know no library. Offsets are character offsets into `Paper.abstract`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from askpapers.coverage import Coverage
from askpapers.metadata import NO_METADATA, Metadata, Notice


class Status(StrEnum):
    """Whether the corpus answers the question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"


class Verdict(StrEnum):
    """How far a statement stands on what it cites."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


class Relevance(StrEnum):
    """What a survey found in a paper."""

    MATCH = "match"
    MENTION = "mention"


class Stance(StrEnum):
    """What a paper says to a yes/no question."""

    YES = "yes"
    NO = "no"
    MIXED = "mixed"  # both, or yes under conditions


@dataclass(frozen=True, slots=True)
class Source:
    """A place that a paper was read from: a file, and the line (from 1) on which its abstract begins.

    The file is relative to the folder that the program runs in where it lies below it, else absolute.
    """

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Paper:
    """One abstract with what is known of it, and every place that it was read from.

    `abstract` is what stands at `sources[0]`, cleaned of markup; the other sources hold the same text, or a copy of it
    that is spelled, edited or cut short otherwise.
    """

    id: str
    title: str
    abstract: str
    sources: tuple[Source, ...]
    year: int | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    metadata: Metadata = NO_METADATA

    @property
    def mark(self) -> str:
        """What stands beside its title: "retracted", "withdrawn", "expression of concern", or nothing."""
        return str(self.metadata.notice or "")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation and what was answered; all but the two texts may be left out.

    `searched` is what the question was completed to. `papers` are the ids of the papers of the answer, in order;
    of a survey (`survey`) those that match. `shown` are the spans that were quoted. `answered` is False where
    the answer was a refusal, help, or a question back.
    """

    question: str
    answer: str
    searched: str | None = None
    papers: tuple[str, ...] = ()
    shown: tuple[Passage, ...] = ()
    survey: bool = False
    answered: bool = True

    @property
    def text(self) -> str:
        """The question as it was searched for."""
        return self.searched or self.question


@dataclass(frozen=True, slots=True)
class Filter:
    """The papers that a question is restricted to; what is empty or None restricts nothing.

    By id (`papers`), by year, both ends included, by author ("Moss", "Moss, A.", "Ada Moss"), by venue, by tag or
    category, and by notice. Of several values of one kind a paper must have one; it must pass each kind. A paper that
    does not give what is asked for (no year, no authors) does not pass. `further` must be passed, too.
    """

    papers: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notices: frozenset[Notice] = frozenset()
    further: Filter | None = None

    def of_years(self, first: int | None, last: int | None) -> Filter:
        """The filter, restricted further to years; None is open."""
        since = max((y for y in (self.since, first) if y is not None), default=None)
        until = min((y for y in (self.until, last) if y is not None), default=None)
        return replace(self, since=since, until=until)

    def both(self, other: Filter) -> Filter:
        """What passes this filter and the other."""
        if self == NO_FILTER or other == NO_FILTER:
            return other if self == NO_FILTER else self
        return replace(self, further=self.further.both(other) if self.further else other)


NO_FILTER = Filter()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one paper: what is embedded, searched and quoted."""

    paper: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of a paper: `paper.abstract[start:end] == text`."""

    paper: str
    text: str
    start: int
    end: int
    source: Source


def quote_of(paper: Paper, start: int, end: int) -> Quote:
    """Cut a quote out of a paper."""
    return Quote(paper.id, paper.abstract[start:end], start, end, paper.sources[0])


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote; the number is the one in the answer's [1] markers."""

    number: int
    quote: Quote


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, the numbers of its citations, and what the grounding check made of it.

    `support` runs from 0.0 (nothing of it is in what it cites) to 1.0 (all of it is). `missing` names what the
    cited text does not have ("44%", "not"). `repaired`: whoever wrote it cited something else, which does not
    support it; what is cited now does.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    support: float
    missing: tuple[str, ...] = ()
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """A paper of an answer. `relevance` is set by surveys only, `stance` by those of yes/no questions.

    `confidence` is the chance, from 0.0 to 1.0, that the paper is about what a survey asks for; where it takes a side,
    that it says so. None where it was not estimated: a language model decided, or there is no topic.
    """

    paper: Paper
    citations: tuple[int, ...]
    relevance: Relevance | None = None
    stance: Stance | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What the corpus does say when it does not answer: a quote, why it is no answer, and its paper's title."""

    quote: Quote
    why: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of a comparison: what it is about, and a citation number for each side (None: nothing there)."""

    tells: str
    citations: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Things beside each other. `shared` are words that both of two papers use; `missing` sides have no paper."""

    sides: tuple[str, ...]
    missing: tuple[str, ...]
    rows: tuple[ComparedRow, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model was sent and wrote, in tokens; the cost is None when the price is unknown.

    `estimated`: the server did not count, so the tokens were counted here, by another model's tokenizer.
    `evidence_tokens` is about how many of those sent were text of papers.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    estimated: bool = False
    evidence_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced an answer: everything that would have to be the same to get it again.

    `llm` is the model as `--llm` names it, `model` its name by itself.
    """

    synthesizer: str
    embedder: str
    index: str
    llm: str | None = None
    prompts: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, the same for the terminal, the page, JSON and MCP.

    `withheld` are the unsupported sentences that a strict answer leaves out. `searched` is the question that
    was searched for where a follow-up was completed from the conversation. `notes` say what went another way
    than asked: a citation that was removed, a model that failed. `emphasis` holds the stems of the words that
    the question is about, for setting them off in quotes. `suggestions` are questions to ask next, in the order in
    which the text numbers them.
    """

    question: str
    intent: str
    status: Status
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    papers: tuple[CitedPaper, ...]
    coverage: Coverage | None
    comparison: Compared | None
    closest: tuple[NearMiss, ...]
    engine: Provenance
    withheld: tuple[Statement, ...] = ()
    searched: str | None = None
    notes: tuple[str, ...] = ()
    emphasis: frozenset[str] = frozenset()
    suggestions: tuple[str, ...] = ()
    usage: Usage = Usage()
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_guidance(self) -> bool:
        """Whether its text comes from no paper: help, or why the question cannot be answered as it is."""
        return bool(self.text) and not self.statements
