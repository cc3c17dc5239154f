"""The one path that every question takes: a LlamaIndex query engine over an opened corpus."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.schema import QueryBundle

from askpapers.answering.draft import Draft
from askpapers.answering.extractive import ExtractiveSynthesizer
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.survey import Surveyor
from askpapers.datatypes import Answer, Paper, Provenance, Status
from askpapers.errors import UsageError
from askpapers.grounding.ground import ground
from askpapers.index.build import Progress, check_embedder, is_fresh, refresh
from askpapers.index.embedder import Embedder, MiniLM
from askpapers.index.generation import Index, current_generation
from askpapers.retrieval import PaperRetriever
from askpapers.settings import Settings, load_settings

LONGEST_QUESTION = 4_000
"""Characters. The embedder reads about 1,000 of them."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


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
        self._engine = CorpusQueryEngine(self)

    @property
    def index(self) -> Index:
        """The index in use, opened anew when it was rebuilt."""
        if current_generation(self._folder) != self._index.generation:
            self._index.close()
            self._index = self._open()
        return self._index

    def ask(self, question: str) -> Answer:
        """Answer one question. Raises UsageError for an empty or endless one."""
        return self._engine.ask(question)

    def query_engine(self) -> CorpusQueryEngine:
        """The LlamaIndex query engine; `response.metadata["answer"]` is the answer as in `--json`."""
        return self._engine

    def papers(self) -> list[Paper]:
        """All papers, in the order in which they were read."""
        return list(self.index.papers)

    def weights(self, name: str) -> dict[str, float]:
        """Fitted weights by the name of the decision that they are for."""
        return dict(self._weights[name])

    def read_topic(self, question: str) -> Topic:
        """What a question is about, weighed by this corpus."""
        return read_terms(question, self.index, self.embedder)

    def surveyor(self, progress: Progress = no_progress) -> Surveyor:
        """What looks at every paper of this corpus."""
        return Surveyor(self.index, self.embedder, self.weights("survey"), progress)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

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
        self._retriever = PaperRetriever(lambda: corpus.index, corpus.embedder)
        self._synthesizer = ExtractiveSynthesizer(corpus.read_topic, corpus.weights("abstain"))

    def ask(self, question: str) -> Answer:
        """Answer a question; see `Corpus.ask`."""
        question = _checked(question)
        timings: dict[str, float] = {}
        intent = read_intent(question)
        if intent in (Intent.SURVEY, Intent.COUNT):
            with _timed(timings, "survey"):
                draft = self._corpus.surveyor().survey(question)
            made_by = "survey"
        else:
            with _timed(timings, "retrieval"):
                nodes = self._retriever.retrieve(QueryBundle(question))
            with _timed(timings, "synthesis"):
                draft = self._synthesizer.draft(question, nodes)
            made_by = "extractive"
        with _timed(timings, "grounding"):
            return self._answer(question, intent, made_by, draft, timings)

    def _answer(self, question: str, intent: Intent, made_by: str, draft: Draft, timings: dict[str, float]) -> Answer:
        index = self._corpus.index
        grounded = ground(draft, lambda paper: index.papers.find(paper)[0])
        return Answer(
            question=question,
            intent=str(intent),
            status=Status.ANSWERED if grounded.statements else Status.NOT_IN_CORPUS,
            text=grounded.text,
            statements=grounded.statements,
            citations=grounded.citations,
            papers=grounded.papers,
            coverage=draft.coverage,
            closest=grounded.closest,
            engine=Provenance(synthesizer=made_by, embedder=index.manifest.embedder, index=index.manifest.index),
            emphasis=draft.emphasis,
            timings_ms=timings,
        )

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self.ask(query_bundle.query_str)
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
