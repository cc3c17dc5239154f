"""The LlamaIndex query engine: retrieves, lets a synthesizer draft or a model write, and grounds what comes of it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from askpapers.answering.compare import Comparer
from askpapers.answering.draft import Draft, Miss
from askpapers.answering.extractive import ExtractiveSynthesizer
from askpapers.answering.follow_up import complete
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.sides import read_sides
from askpapers.answering.survey import Surveyor
from askpapers.datatypes import EVERYTHING, Answer, Filter, Provenance, Statement, Status, Turn, Usage
from askpapers.errors import ModelError, UsageError
from askpapers.events import Condensed, Event, Finished, Said, Withdrawn
from askpapers.grounding.ground import Grounded, ground
from askpapers.grounding.support import SupportCheck
from askpapers.index.embedder import Embedder
from askpapers.index.filling import Progress
from askpapers.index.generation import Index
from askpapers.retrieval import PaperRetriever

if TYPE_CHECKING:
    from askpapers.engine.modelled import ModelAnswer
    from askpapers.engine.models import Models
    from askpapers.llm.model import Model
    from askpapers.llm.usage import Meter

LONGEST_QUESTION = 4_000
"""Characters. The embedder reads about 1,000 of them."""

_OFFERED = "without the model, this sentence would be the answer"


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


class Way(StrEnum):
    """The ways of answering a question."""

    ANSWER = "answer"
    SURVEY = "survey"
    COMPARE = "compare"


_WAYS = {Intent.SURVEY: Way.SURVEY, Intent.COUNT: Way.SURVEY, Intent.COMPARISON: Way.COMPARE}
_SYNTHESIZERS = {Way.ANSWER: "extractive", Way.SURVEY: "survey", Way.COMPARE: "comparison"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a question is answered with. `current` gives the index in use; `weights` the fitted ones by name."""

    current: Callable[[], Index]
    embedder: Embedder
    weights: Callable[[str], Mapping[str, float]]
    check: SupportCheck
    models: Models


@dataclass
class _Asked:
    """A question under way: what was found out about it so far."""

    question: str
    index: Index
    within: Filter
    progress: Progress
    strict: bool
    model: Model | None = None
    meter: Meter | None = None
    searched: str | None = None
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is looked for: the question, or what a follow-up was completed to."""
        return self.searched or self.question


class CorpusQueryEngine(BaseQueryEngine):
    """Answers questions about a corpus; surveys look at every paper of it."""

    def __init__(self, parts: Parts) -> None:
        """Answer with these parts."""
        super().__init__(callback_manager=None)
        self._parts = parts

    def stream(
        self,
        question: str,
        way: Way | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = EVERYTHING,
        llm: str | None = None,
        strict: bool = False,
    ) -> Generator[Event, None, None]:
        """Answer a question; see `Corpus.stream`."""
        # One generation of the index for the whole question.
        asked = _Asked(_checked(question), self._parts.current(), within, progress, strict)
        self._choose_model(asked, llm)
        if history:
            yield from self._complete(asked, history)
        intent = read_intent(asked.text)
        way = way or _WAYS.get(intent, Way.ANSWER)
        draft = None
        if way is Way.SURVEY:
            with _timed(asked.timings, "survey"):
                draft = self._surveyor(asked).survey(asked.text)
        elif way is Way.COMPARE and (sides := read_sides(asked.text)):
            with _timed(asked.timings, "comparison"):
                draft = self._comparer(asked).compare(sides)
        if draft is not None:
            answer = self._drafted(asked, way, draft)
        else:
            with _timed(asked.timings, "retrieval"):
                nodes = self._retriever(asked).retrieve(QueryBundle(asked.text))
            written = (yield from self._by_model(asked, nodes)) if asked.model and nodes else None
            if written is not None:
                yield Finished(written)
                return
            with _timed(asked.timings, "synthesis"):
                draft = self._extractive(asked, nodes)
            answer = self._drafted(asked, Way.ANSWER, draft)
        yield from _said(answer)
        yield Finished(answer)

    def _choose_model(self, asked: _Asked, llm: str | None) -> None:
        try:
            asked.model = self._parts.models.choose(llm)
        except ModelError as error:
            self._fall_back(asked, error)
        if asked.model:
            from askpapers.llm.usage import Meter

            asked.meter = Meter()

    def _complete(self, asked: _Asked, history: Sequence[Turn]) -> Iterator[Event]:
        """Make a follow-up a question of its own: by the model where there is one, else by rules."""
        completed = None
        with _timed(asked.timings, "condensing"):
            if asked.model and asked.meter:
                from askpapers.engine.modelled import condense

                try:
                    completed = condense(
                        asked.question, history, asked.model, self._parts.models.prompts, asked.meter, asked.progress
                    )
                except ModelError as error:
                    self._fall_back(asked, error)
                    yield Withdrawn(asked.notes[-1])
            if completed is None:
                completed = complete(asked.question, history)
        if completed != asked.question:
            asked.searched = completed
            yield Condensed(completed)

    def _by_model(self, asked: _Asked, nodes: list[NodeWithScore]) -> Generator[Event, None, Answer | None]:
        """The answer that the model writes; None where it failed and the extractive answer stands in."""
        from askpapers.answering.model_written import ModelSynthesizer
        from askpapers.engine.modelled import write_answer

        assert asked.model
        assert asked.meter
        synthesizer = ModelSynthesizer(asked.model, self._parts.models.prompts, asked.meter, asked.progress)
        try:
            with _timed(asked.timings, "model"):
                written = yield from write_answer(
                    synthesizer, asked.text, nodes, asked.index.papers.by_id, self._parts.check, strict=asked.strict
                )
        except ModelError as error:
            self._fall_back(asked, error)
            yield Withdrawn(asked.notes[-1])
            return None
        asked.notes += written.notes
        if written.stands:
            return self._answer(asked, "model", written.grounded, withheld=written.withheld)
        return self._refusal(asked, written, self._extractive(asked, nodes))

    def _refusal(self, asked: _Asked, written: ModelAnswer, extractive: Draft) -> Answer:
        """Nothing that the model wrote stands: not in the corpus, with what the extractive answer would say."""
        wrote = len(written.grounded.statements) + len(written.withheld)
        if written.refused:
            asked.notes.append(f"{asked.model.spec if asked.model else ''} says that the sources do not answer this.")
        elif wrote:
            asked.notes.append(
                f"Nothing that {asked.model.spec if asked.model else ''} wrote is supported by the papers."
            )
        offered = tuple(Miss(p, _OFFERED) for s in extractive.statements for p in s.cites) or extractive.closest
        grounded = ground(
            Draft(closest=offered, emphasis=extractive.emphasis), asked.index.papers.by_id, self._parts.check
        )
        return self._answer(
            asked,
            "model",
            Grounded(
                "",
                written.grounded.statements,
                written.grounded.citations,
                written.grounded.papers,
                grounded.closest,
                None,
            ),
            withheld=written.withheld,
            emphasis=extractive.emphasis,
            answered=False,
        )

    def _fall_back(self, asked: _Asked, error: ModelError) -> None:
        """Go on without the model, and say so; or not, where that is not wanted. Raises the error then."""
        if not self._parts.models.fallback:
            raise error
        asked.model = None
        asked.notes.append(f"{error} This answer was made without the model. {error.hint}")

    def _drafted(self, asked: _Asked, way: Way, draft: Draft) -> Answer:
        with _timed(asked.timings, "grounding"):
            grounded = ground(draft, asked.index.papers.by_id, self._parts.check)
        return self._answer(asked, _SYNTHESIZERS[way], grounded, draft=draft, emphasis=draft.emphasis)

    def _answer(
        self,
        asked: _Asked,
        synthesizer: str,
        grounded: Grounded,
        *,
        draft: Draft | None = None,
        withheld: tuple[Statement, ...] = (),
        emphasis: frozenset[str] = frozenset(),
        answered: bool = True,
    ) -> Answer:
        manifest, model = asked.index.manifest, asked.model
        uses_model = model is not None and synthesizer == "model"
        return Answer(
            question=asked.question,
            searched=asked.searched,
            intent=str(read_intent(asked.text)),
            status=Status.ANSWERED if answered and grounded.statements else Status.NOT_IN_CORPUS,
            text=grounded.text,
            statements=grounded.statements,
            withheld=withheld,
            citations=grounded.citations,
            papers=grounded.papers,
            coverage=draft.coverage if draft else None,
            comparison=grounded.comparison,
            closest=grounded.closest,
            notes=tuple(asked.notes),
            engine=Provenance(
                synthesizer,
                manifest.embedder,
                manifest.index,
                llm=str(model.spec) if model and uses_model else None,
                prompts=self._parts.models.prompts.sha256 if uses_model else None,
            ),
            usage=asked.meter.usage(model.spec) if asked.meter and model else Usage(),
            emphasis=emphasis,
            timings_ms=asked.timings,
        )

    def _retriever(self, asked: _Asked) -> PaperRetriever:
        return PaperRetriever(lambda: asked.index, self._parts.embedder, within=asked.within)

    def _read_terms(self, index: Index) -> Callable[[str], Topic]:
        return lambda text: read_terms(text, index, self._parts.embedder)

    def _extractive(self, asked: _Asked, nodes: list[NodeWithScore]) -> Draft:
        synthesizer = ExtractiveSynthesizer(self._read_terms(asked.index), self._parts.weights("abstain"))
        return synthesizer.draft(asked.text, nodes)

    def _surveyor(self, asked: _Asked) -> Surveyor:
        weights = self._parts.weights("survey")
        return Surveyor(asked.index, self._parts.embedder, weights, asked.progress, asked.within)

    def _comparer(self, asked: _Asked) -> Comparer:
        retrieve, weights = self._retriever(asked).retrieve, self._parts.weights("abstain")
        return Comparer(retrieve, self._read_terms(asked.index), weights, asked.index.words.weight)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = last(self.stream(query_bundle.query_str))
        return Response(response=answer.text, metadata={"answer": answer.to_dict()})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Prompts are files, see `askpapers.prompts`."""


def _said(answer: Answer) -> Iterator[Said]:
    """The statements of an answer, each with what it cites."""
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}
    for statement in answer.statements:
        citations = tuple(citation_of[n] for n in statement.citations)
        papers = tuple(paper_of[paper] for paper in dict.fromkeys(c.quote.paper for c in citations))
        yield Said(statement, citations, papers)


def last(events: Iterator[Event]) -> Answer:
    """The answer that a stream ends with."""
    finished = deque(events, maxlen=1).pop()
    assert isinstance(finished, Finished)
    return finished.answer


def _checked(question: str) -> str:
    question = " ".join(question.split())
    if not question:
        raise UsageError("The question is empty.", hint='Ask one: ask "which papers use RLHF?"')
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(question):,} characters, more than {LONGEST_QUESTION:,}.",
            hint="Ask a shorter one; a document to search in goes into the corpus (--corpus).",
        )
    return question


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    begin = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = (time.perf_counter() - begin) * 1000
