"""An opened corpus: its index, the parts that answer from it, and the ways to open one."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from askpapers.answering.relevance import CrossEncoder, MiniLMCrossEncoder
from askpapers.datatypes import EVERYTHING, Answer, Filter, Paper, Turn
from askpapers.engine.asked import Parts
from askpapers.engine.models import Models
from askpapers.engine.query import CorpusQueryEngine, Way, last, no_progress
from askpapers.errors import UsageError
from askpapers.events import Event
from askpapers.grounding.checks import FITTED, open_check
from askpapers.index.build import check_embedder, is_fresh, refresh
from askpapers.index.embedder import Embedder, MiniLM
from askpapers.index.filling import Progress
from askpapers.index.generation import Index, current_generation
from askpapers.retrieval import PaperRetriever
from askpapers.settings import ModelSettings, Settings, load_settings


class Corpus:
    """An opened corpus: its index, and the questions asked of it.

    The index is looked at again with each question: when another process has built a new one, it is opened.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, model: ModelSettings | None = None, check: str = FITTED
    ) -> None:
        """Open the index in a folder, to be answered from by a model or, with none, by its own sentences.

        `check` names the support check, see `open_check`.
        Raises IndexMismatchError or IndexDamagedError, and UsageError for a model or prompts that are none.
        """
        self._folder = folder
        self.embedder = embedder
        self._weights = json.loads(
            resources.files("askpapers").joinpath("assets", "answering.json").read_text(encoding="utf-8")
        )
        self._index = self._open()
        self._before: Index | None = None
        self._swapping = threading.Lock()  # two questions may notice a new generation together
        self._models = Models(model or ModelSettings())
        self._check = open_check(check, embedder)
        self.cross_encoder: CrossEncoder = MiniLMCrossEncoder()
        parts = Parts(lambda: self.index, embedder, self.cross_encoder, self.weights, self._check, self._models)
        self._engine = CorpusQueryEngine(parts)

    @property
    def index(self) -> Index:
        """The index in use, opened anew when it was rebuilt."""
        with self._swapping:
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
        llm: str | None = None,
        strict: bool = False,
    ) -> Answer:
        """Answer one question: the last event of `stream`, which says what the arguments mean."""
        return last(self.stream(question, way, progress, history=history, within=within, llm=llm, strict=strict))

    def stream(
        self,
        question: str,
        way: str | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = EVERYTHING,
        llm: str | None = None,
        strict: bool = False,
    ) -> Generator[Event, None, None]:
        """Answer one question, in the given way ("answer", "survey", "compare") or as its intent asks for.

        Gives events as the answer comes about, `Finished` last. With a `history`, a follow-up ("and how large
        was it?") is completed from it first. `within` restricts the papers that are looked at. `llm` names
        another model than the one that is set, "none" for none. `strict` withholds what is unsupported.
        `progress` is told of what takes long. Close the iterator to stop. Raises UsageError for an empty or
        endless question, ModelError for a model that fails where no fallback is wanted.
        """
        return self._engine.stream(
            question,
            Way(way) if way else None,
            progress,
            history=history,
            within=within,
            llm=llm,
            strict=strict,
        )

    def models(self) -> list[str]:
        """The names of the models to choose from, the one that is set first; "none" is answering without."""
        return self._models.offered()

    def query_engine(self) -> CorpusQueryEngine:
        """The LlamaIndex query engine; `response.metadata["answer"]` is the answer as in `--json`."""
        return self._engine

    def retriever(self) -> PaperRetriever:
        """The LlamaIndex retriever over the papers."""
        return PaperRetriever(lambda: self.index, self.embedder)

    def papers(self) -> list[Paper]:
        """All papers, in the order in which they were read."""
        return list(self.index.papers)

    def weights(self, name: str) -> dict[str, Any]:
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


def open_corpus(
    *corpus: str | Path,
    index: str | Path | None = None,
    llm: str | None = None,
    progress: Progress = no_progress,
) -> Corpus:
    """Open a corpus of abstracts, building or refreshing its index first where that is needed.

    Without arguments the corpus is found as on the command line: ASK_CORPUS, ask.toml, ./seeds; and so is
    the language model (`llm`, as --llm).
    Raises AskPapersError.
    """
    settings = load_settings([str(path) for path in corpus], str(index) if index else None, llm)
    return open_settings(settings, progress)


def open_settings(settings: Settings, progress: Progress) -> Corpus:
    """Open the corpus that the settings name; see `open_corpus`."""
    embedder = MiniLM()
    if not is_fresh(settings.index, settings.corpus):
        refresh(settings.index, settings.corpus, embedder, progress)
    return Corpus(settings.index, embedder, settings.model, settings.check)
