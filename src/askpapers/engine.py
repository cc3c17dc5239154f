"""The one path that every question takes: a LlamaIndex query engine over an opened corpus."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib import resources
from pathlib import Path

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.schema import QueryBundle

from askpapers.answering.compare import Comparer
from askpapers.answering.extractive import ExtractiveSynthesizer, drafted
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.sides import read_sides
from askpapers.answering.survey import Surveyor
from askpapers.datatypes import EVERYTHING, Answer, Filter, Paper, Provenance, Status, Turn
from askpapers.errors import UsageError
from askpapers.events import Event, Finished, Said
from askpapers.grounding.ground import ground
from askpapers.index.build import check_embedder, is_fresh, refresh
from askpapers.index.embedder import Embedder, MiniLM
from askpapers.index.filling import Progress
from askpapers.index.generation import Index, current_generation
from askpapers.retrieval import PaperRetriever
from askpapers.settings import Settings, load_settings

LONGEST_QUESTION = 4_000
"""Characters. The embedder reads about 1,000 of them."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


class Way(StrEnum):
    """The ways of answering a question."""

    ANSWER = "answer"
    SURVEY = "survey"
    COMPARE = "compare"


_WAYS = {Intent.SURVEY: Way.SURVEY, Intent.COUNT: Way.SURVEY, Intent.COMPARISON: Way.COMPARE}
_SYNTHESIZERS = {Way.ANSWER: "extractive", Way.SURVEY: "survey", Way.COMPARE: "comparison"}


class Corpus:
    """An opened corpus: its index, and the questions asked of it.

    The index is looked at again with each question: when another process has built a new one, it is opened.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open the index in a folder. Raises IndexMismatchError or IndexDamagedError."""
        self._folder = folder
        self.embedder = embedder
        self._weights = json.loads(
            resources.files("askpapers").joinpath("assets", "answering.json").read_text(encoding="utf-8")
        )
        self._index = self._open()
        self._before: Index | None = None
        self._engine = CorpusQueryEngine(self)

    @property
    def index(self) -> Index:
        """The index in use, opened anew when it was rebuilt."""
        if current_generation(self._folder) != self._index.generation:
            # Questions that are under way still hold the last one; the one before it, no one does.
            if self._before:
                self._before.close()
            self._before, self._index = self._index, self._open()
        return self._index

    def ask(
        self,
        question: str,
        way: str | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = EVERYTHING,
    ) -> Answer:
        """Answer one question: the last event of `stream`, which says what the arguments mean."""
        return _last(self.stream(question, way, progress, history=history, within=within))

    def stream(
        self,
        question: str,
        way: str | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = EVERYTHING,
    ) -> Iterator[Event]:
        """Answer one question, in the given way ("answer", "survey", "compare") or as its intent asks for.

        Gives events as the answer comes about, `Finished` last. With a `history`, a follow-up ("and how large
        was it?") is completed from it first. `within` restricts the papers that are looked at. `progress` is
        told of surveys that take long. Close the iterator to stop. Raises UsageError for an empty or endless
        question.
        """
        return self._engine.stream(question, Way(way) if way else None, progress, history=history, within=within)

    def query_engine(self) -> CorpusQueryEngine:
        """The LlamaIndex query engine; `response.metadata["answer"]` is the answer as in `--json`."""
        return self._engine

    def retriever(self) -> PaperRetriever:
        """The LlamaIndex retriever over the papers."""
        return PaperRetriever(lambda: self.index, self.embedder)

    def papers(self) -> list[Paper]:
        """All papers, in the order in which they were read."""
        return list(self.index.papers)

    def weights(self, name: str) -> dict[str, float]:
        """Fitted weights by the name of the decision that they are for."""
        return dict(self._weights[name])

    def close(self) -> None:
        """Let go of the index."""
        for index in (self._index, self._before):
            if index:
                index.close()

    def _open(self) -> Index:
        generation = current_generation(self._folder)
        if generation is None:
            raise UsageError(f"There is no index in {self._folder}.", hint="Build it: ask index")
        index = Index(generation)
        check_embedder(index.manifest, self.embedder)
        return index


class CorpusQueryEngine(BaseQueryEngine):
    """Retrieves, lets a synthesizer draft, and grounds the draft; surveys look at every paper instead."""

    def __init__(self, corpus: Corpus) -> None:
        """Answer questions about a corpus."""
        super().__init__(callback_manager=None)
        self._corpus = corpus

    def stream(
        self,
        question: str,
        way: Way | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = EVERYTHING,
    ) -> Iterator[Event]:
        """Answer a question; see `Corpus.stream`."""
        question = _checked(question)
        intent = read_intent(question)
        way = way or _WAYS.get(intent, Way.ANSWER)
        timings: dict[str, float] = {}
        index = self._corpus.index  # one generation for the whole question
        draft = None
        if way is Way.SURVEY:
            with _timed(timings, "survey"):
                draft = self._surveyor(index, within, progress).survey(question)
        elif way is Way.COMPARE and (sides := read_sides(question)):
            with _timed(timings, "comparison"):
                draft = self._comparer(index, within).compare(sides)
        if draft is None:
            way = Way.ANSWER
            with _timed(timings, "retrieval"):
                nodes = self._retriever(index, within).retrieve(QueryBundle(question))
            with _timed(timings, "synthesis"):
                draft = drafted(self._synthesizer(index).synthesize(question, nodes))
        with _timed(timings, "grounding"):
            grounded = ground(draft, index.papers.by_id)
        answer = Answer(
            question=question,
            intent=str(intent),
            status=Status.ANSWERED if grounded.statements else Status.NOT_IN_CORPUS,
            text=grounded.text,
            statements=grounded.statements,
            citations=grounded.citations,
            papers=grounded.papers,
            coverage=draft.coverage,
            comparison=grounded.comparison,
            closest=grounded.closest,
            engine=Provenance(_SYNTHESIZERS[way], index.manifest.embedder, index.manifest.index),
            emphasis=draft.emphasis,
            timings_ms=timings,
        )
        yield from said_of(answer)
        yield Finished(answer)

    def _retriever(self, index: Index, within: Filter) -> PaperRetriever:
        return PaperRetriever(lambda: index, self._corpus.embedder, within=within)

    def _read_terms(self, index: Index) -> Callable[[str], Topic]:
        return lambda text: read_terms(text, index, self._corpus.embedder)

    def _synthesizer(self, index: Index) -> ExtractiveSynthesizer:
        return ExtractiveSynthesizer(self._read_terms(index), self._corpus.weights("abstain"))

    def _surveyor(self, index: Index, within: Filter, progress: Progress) -> Surveyor:
        return Surveyor(index, self._corpus.embedder, self._corpus.weights("survey"), progress, within)

    def _comparer(self, index: Index, within: Filter) -> Comparer:
        retriever = self._retriever(index, within)
        return Comparer(
            retriever.retrieve, self._read_terms(index), self._corpus.weights("abstain"), index.words.weight
        )

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = _last(self.stream(query_bundle.query_str))
        return Response(response=answer.text, metadata={"answer": answer.to_dict()})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """There are none."""


def open_corpus(
    *corpus: str | Path,
    index: str | Path | None = None,
    progress: Progress = no_progress,
) -> Corpus:
    """Open a corpus of abstracts, building or refreshing its index first where that is needed.

    Without arguments the corpus is found as on the command line: ASK_CORPUS, ask.toml, ./seeds.
    Raises AskPapersError.
    """
    settings = load_settings([str(path) for path in corpus], str(index) if index else None)
    return open_settings(settings, progress)


def open_settings(settings: Settings, progress: Progress) -> Corpus:
    """Open the corpus that the settings name; see `open_corpus`."""
    embedder = MiniLM()
    if not is_fresh(settings.index, settings.corpus):
        refresh(settings.index, settings.corpus, embedder, progress)
    return Corpus(settings.index, embedder)


def said_of(answer: Answer) -> Iterator[Said]:
    """The statements of an answer, each with what it cites."""
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}
    for statement in answer.statements:
        citations = tuple(citation_of[n] for n in statement.citations)
        papers = tuple(paper_of[paper] for paper in dict.fromkeys(c.quote.paper for c in citations))
        yield Said(statement, citations, papers)


def _last(events: Iterator[Event]) -> Answer:
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
