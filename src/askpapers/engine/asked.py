"""A question under way: what it is answered with, what was found out about it so far, and the answer it becomes."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from askpapers.answering.cautions import cautioned, cautions
from askpapers.answering.guidance import Guidance
from askpapers.answering.judging import Judge, Weights
from askpapers.answering.query import Query
from askpapers.answering.question import Topic, read_terms
from askpapers.coverage import Coverage
from askpapers.datatypes import Answer, CitedPaper, Filter, Paper, Provenance, Relevance, Statement, Status, Usage
from askpapers.engine.models import Models
from askpapers.errors import ModelError
from askpapers.grounding.ground import Grounded
from askpapers.grounding.read_check import ReadingCheck
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.progress import Progress
from askpapers.reading.protocol import RelevanceReader

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from askpapers.llm.model import Model
    from askpapers.llm.spec import Spec
    from askpapers.llm.usage import Meter


@dataclass(frozen=True, slots=True)
class Parts:
    """What a question is answered with.

    `current` gives the index in use, `index_notes` what is to be said of it; `weights` the fitted ones by name.
    `postprocessors` are given the nodes that were retrieved, in this order.
    """

    current: Callable[[], Index]
    index_notes: Callable[[], Iterable[str]]
    embedder: Embedder
    reader: RelevanceReader
    weights: Callable[[str], Mapping[str, Any]]
    check: ReadingCheck
    models: Models
    postprocessors: Sequence[BaseNodePostprocessor] = ()


@dataclass(slots=True)
class Asked:
    """A question under way. `question` is as it was typed; `timings` are in milliseconds.

    `query` is the question read; of a follow-up, it is that of `searched`, which it was completed to. `outside` are
    papers that the index does not have, by id: those of nodes that another retriever found. `spec` is the name of the
    model that was chosen, also where it failed and `model` is None.
    """

    parts: Parts
    question: str
    query: Query
    index: Index
    within: Filter
    progress: Progress
    strict: bool
    model: Model | None = None
    spec: Spec | None = None
    meter: Meter | None = None
    searched: str | None = None
    outside: dict[str, Paper] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with what is to be said of the index."""
        self.notes += self.parts.index_notes()

    def asking(self, query: Query) -> Asked:
        """The same with another query: a part of the question, or the question without its years."""
        other = copy.copy(self)  # notes, timings and papers are shared
        other.query = query
        return other

    @property
    def admitted(self) -> Filter:
        """The papers to look at: those of the filter that the question does not rule out."""
        return self.query.within(self.within)

    def topic(self, text: str) -> Topic:
        """A text with its terms weighed."""
        return read_terms(text, self.index, self.parts.embedder)

    def judge(self) -> Judge:
        """What judges the papers of the index."""
        parts = self.parts
        return Judge(self.index, parts.embedder, parts.reader, Weights.of(parts.weights("survey")), self.progress)

    def paper_of(self, paper: str) -> Paper:
        """The paper of an id that a passage has."""
        return self.outside.get(paper) or self.index.papers.by_id(paper)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Time a step under its name."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = (time.perf_counter() - begin) * 1000

    def choose_model(self, llm: str | None) -> None:
        """Take the model of a name, or the one that is set; one that cannot be opened is fallen back from."""
        try:
            self.model = self.parts.models.choose(llm)
        except ModelError as error:
            self.fall_back(error)
        if self.model:
            from askpapers.llm.usage import Meter

            self.spec, self.meter = self.model.spec, Meter()

    def fall_back(self, error: ModelError) -> None:
        """Go on without the model, and say so. Raises the error where that is not wanted."""
        if not self.parts.models.fallback:
            raise error
        self.model = None
        self.notes.append(f"{error} This answer was made without the model. {error.hint}")

    def answer(
        self,
        synthesizer: str,
        grounded: Grounded,
        *,
        coverage: Coverage | None = None,
        withheld: tuple[Statement, ...] = (),
        emphasis: frozenset[str] = frozenset(),
        answered: bool = True,
        by_model: bool = False,
    ) -> Answer:
        """The answer that this question becomes."""
        model = self.model if by_model else None
        is_answered = bool(answered and grounded.statements)
        return Answer(
            question=self.question,
            searched=self.searched,
            intent=str(self.query.intent),
            status=Status.ANSWERED if is_answered else Status.NOT_IN_CORPUS,
            text=grounded.text,
            statements=grounded.statements,
            withheld=withheld,
            citations=grounded.citations,
            papers=grounded.papers,
            coverage=replace(coverage, reading_on=True) if coverage and self.index.manifest.is_part else coverage,
            comparison=grounded.comparison,
            closest=cautioned(grounded.closest, self.paper_of),
            notes=tuple(
                dict.fromkeys(
                    (
                        *self.query.notes,
                        *self.notes,
                        *(self.meter.notes if self.meter else ()),
                        *cautions(grounded.papers),
                        *self._left_out(is_answered, coverage),
                    )
                )
            ),
            engine=self._provenance(synthesizer, model),
            usage=self.meter.usage(self.spec) if self.meter and self.spec else Usage(),
            emphasis=emphasis,
            timings_ms=self.timings,
        )

    def _left_out(self, is_answered: bool, coverage: Coverage | None) -> tuple[str, ...]:
        """What of the corpus was not looked at: it may hold what a refusal or a survey says that there is not."""
        left_out = self.index.manifest.left_out_count
        return (left_out.note,) if left_out and (coverage or not is_answered) else ()

    def guidance(self, given: Guidance) -> Answer:
        """The answer that a reply without a search is."""
        relevance = Relevance.MATCH if given.coverage else None
        papers = tuple(CitedPaper(paper, (), relevance) for paper in given.papers)
        return Answer(
            question=self.question,
            searched=self.searched,
            intent=given.intent,
            status=Status.ANSWERED if given.answered else Status.NOT_IN_CORPUS,
            text=given.text,
            statements=(),
            citations=(),
            papers=papers,
            coverage=given.coverage,
            comparison=None,
            closest=(),
            notes=(*self.query.notes, *self.notes, *cautions(papers)),
            suggestions=given.suggestions,
            engine=self._provenance("guidance", None),
            timings_ms=self.timings,
        )

    def _provenance(self, synthesizer: str, model: Model | None) -> Provenance:
        manifest = self.index.manifest
        return Provenance(
            synthesizer,
            manifest.embedder,
            manifest.index,
            llm=str(model.spec) if model else None,
            prompts=self.parts.models.prompts.sha256 if model else None,
            model=model.name if model else None,
        )
