"""What page, API and MCP share: the opened corpus, asked and searched in a way that is safe to show to strangers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from askpapers.answering.about import overview_within
from askpapers.datatypes import NO_FILTER, Filter, Paper
from askpapers.engine import Corpus
from askpapers.engine.models import Models
from askpapers.errors import AskPapersError, UsageError
from askpapers.events import Event, Finished, SentenceChecked
from askpapers.export.json_files import paper_with_sources
from askpapers.index.generation import Index
from askpapers.index.overview import Overview
from askpapers.index.selection import select
from askpapers.index.similar import SimilarPaper, similar_papers
from askpapers.progress import Progress, no_progress
from askpapers.retrieval import PaperRetriever
from askpapers.service.public_paths import PublicPaths
from askpapers.service.questions import Question
from askpapers.service.work import Work
from askpapers.service.workers import Workers
from askpapers.settings import Settings
from askpapers.text import terms

T = TypeVar("T")
OpenCorpus = Callable[[Progress], Corpus]

BROKEN = ("Something is wrong in askpapers.", "The terminal that it was started in shows what.")
"""What a reader is told of a fault of ours, and what to do."""
WAITING = 32
"""Questions that wait in line for each of page, API and MCP; further ones are not taken."""
_AT_ONCE = 16  # questions that a model answers at the same time: they mostly wait for it
_AT_ONCE_WITHOUT = 4  # without a model each keeps a processor busy
_LOOKED_UP_AT_ONCE = 2
_ADDITIONS_WAITING = 4

_MOST_HISTORY = 12
"""Turns of a conversation that are handed to the engine."""


class CorpusService:
    """Takes questions about one corpus. Every answer and every paper that leaves it names files below the corpus."""

    def __init__(self, corpus: Corpus | OpenCorpus, settings: Settings, collection: str = "") -> None:
        """Serve a corpus that was found by these settings: an opened one, or one that is opened when first used.

        `collection` is its name where several are served.
        """
        self._open: OpenCorpus | None = corpus if callable(corpus) else None
        self._corpus: Corpus | None = None if callable(corpus) else corpus
        self._opening = threading.Lock()
        self.settings = settings
        self.collection = collection
        self.paths = PublicPaths(settings.corpus, settings.index)
        self._models: list[str] = []
        self.answering = Workers(_AT_ONCE_WITHOUT if settings.model.spec == "none" else _AT_ONCE, WAITING)
        self._looking_up = Workers(_LOOKED_UP_AT_ONCE, 2 * WAITING)
        self.adding = Workers(1, _ADDITIONS_WAITING, "additions")

    @property
    def name(self) -> str:
        """What its readers call the corpus."""
        return self.collection or self.paths.name

    @property
    def corpus(self) -> Corpus:
        """The corpus, opened where it was not. Raises AskPapersError."""
        return self.opened()

    def opened(self, progress: Progress = no_progress) -> Corpus:
        """The corpus; `progress` is called with how far it is where it has to be opened, or indexed, first."""
        with self._opening:
            if self._open:
                self._corpus, self._open = self._open(progress), None
            assert self._corpus
            return self._corpus

    def ask(self, question: Question, line: str) -> Work[Event]:
        """Begin to answer a question that came by the page, the API or MCP (`line`). Raises BusyError."""
        return self.answering.start(lambda progress: self.events(question, progress), line)

    def look_up(self, call: Callable[[], T], line: str) -> Work[T]:
        """Begin what takes some milliseconds: it does not wait behind questions. Raises BusyError."""
        return self._looking_up.start(lambda progress: iter([call()]), line)

    def events(self, question: Question, progress: Progress) -> Iterator[Event]:
        """Answer a question on the thread that iterates; the last event is the answer."""
        events = self.opened(progress).stream(
            question.text,
            question.way,
            progress,
            history=question.history[-_MOST_HISTORY:],
            within=question.within,
            llm=question.llm,
        )
        for event in events:
            match event:
                case SentenceChecked():
                    yield self.paths.shown(event)
                case Finished(answer):
                    yield Finished(self.paths.answer(answer))
                case _:
                    yield event

    def models(self) -> list[str]:
        """What can be chosen to write the answers; the first is what is used when nothing is chosen."""
        if not self._models:  # a server of models is asked once
            self._models = self._corpus.models() if self._corpus else Models(self.settings.model).offered()
        return self._models

    def chosen_model(self, llm: str | None) -> str | None:
        """A model that is offered, or None for the default. Raises UsageError for any other.

        Only what was configured: a stranger's address would be fetched from this machine.
        """
        if not llm:
            return None
        if llm not in (models := self.models()):
            raise UsageError(f"The model {llm} is not offered here.", hint=f"Offered: {', '.join(models)}.")
        return llm

    def find(self, paper: str) -> Paper | None:
        """The paper of an id, whichever of its ids it is, or None."""
        found = self.corpus.index.papers.named(paper)
        return self.paths.shown(found[0]) if found else None

    def search(self, query: str, top: int, within: Filter = NO_FILTER) -> list[dict[str, Any]]:
        """The papers nearest to a query, best first, each with its nearest passage."""
        if not query.strip():
            raise UsageError("The query is empty.", hint="Give some words to search for.")
        index = self.corpus.index
        nearest: dict[str, dict[str, Any]] = {}
        for node in PaperRetriever(lambda: index, self.corpus.embedder, top, within).retrieve(query):
            found = node.metadata
            if found["paper"] not in nearest:  # a paper's nearest passage comes first
                paper = self.paths.shown(index.papers.by_id(found["paper"]))
                quote = {"quote": node.node.get_content(), "start": found["start"], "end": found["end"]}
                nearest[paper.id] = {**paper_with_sources(paper), "score": round(found["paper_score"], 4), **quote}
        return sorted(nearest.values(), key=lambda paper: -paper["score"])

    def overview(self, within: Filter = NO_FILTER) -> Overview:
        """What the papers that a filter admits are about."""
        return overview_within(self.corpus.index, within)

    def similar(self, paper: str, top: int) -> list[SimilarPaper]:
        """The papers most similar to one of them. Raises UsageError where none has the id."""
        index = self.corpus.index
        if index.papers.get(paper) is None:
            raise UsageError(f"No paper has the id “{paper}”.", hint="Search for it, or list the papers.")
        return [self.paths.shown(one) for one in similar_papers(index, paper, top)]

    def browse(self, words: str, within: Filter, first: int, count: int) -> list[Paper]:
        """Papers in corpus order that have all the words, or are called so; `count` of them from `first` on."""
        index = self.corpus.index
        rows = select(index.papers, within).rows
        if words.strip():
            having = self._rows_with(words, index)
            rows = tuple(row for row in rows if row in having)
        return [self.paths.shown(index.papers.at(row)) for row in rows[first : first + count]]

    def nearest(self, words: str, top: int, within: Filter = NO_FILTER) -> list[Paper]:
        """The papers nearest in meaning to some words, best first."""
        found = (self.find(paper["id"]) for paper in self.search(words, top, within))
        return [paper for paper in found if paper]

    def _rows_with(self, words: str, index: Index) -> set[int]:
        """The rows of the papers that have all the words; where none has, of those that are called so."""
        rows = [{int(row) for row in index.words.documents_with(stem)} for stem in terms(words)]
        both = set.intersection(*rows) if rows else set()
        return both or set(index.papers.rows_of(paper.id for paper in index.papers.find(words.strip())))

    def warm(self) -> None:
        """Open and read what the first question needs, so that it is as quick as the second."""
        self.corpus.index.open_all()
        self.overview()  # the first screen
        question = "what is a model?"
        self.corpus.retriever().retrieve(question)
        self.corpus.ask(question, llm="none")

    def error_lines(self, error: AskPapersError) -> tuple[str, str]:
        """What happened and what to do, without the folders of this machine."""
        return self.paths.redacted(str(error)), self.paths.redacted(error.hint)
