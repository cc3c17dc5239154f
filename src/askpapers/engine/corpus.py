"""An opened corpus: the parts that answer from its index, and the ways to ask it."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.llms import LLM
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.vector_stores.types import BasePydanticVectorStore

from askpapers.datatypes import NO_FILTER, Answer, Filter, Paper, Turn
from askpapers.engine.asked import Parts
from askpapers.engine.current import CurrentIndex
from askpapers.engine.models import Models
from askpapers.engine.node_store import NodeStore
from askpapers.engine.query import CorpusQueryEngine
from askpapers.engine.request import CorpusQuery, EventResponse, Way
from askpapers.engine.stream import AnswerResponse
from askpapers.engine.synthesizer import GroundedSynthesizer
from askpapers.events import Event
from askpapers.grounding.checks import FITTED, open_check
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.index.stores import RemoteStore
from askpapers.progress import Progress, no_progress
from askpapers.reading.cross_encoder import CrossEncoderReader
from askpapers.reading.protocol import RelevanceReader
from askpapers.retrieval import PaperRetriever
from askpapers.settings import ModelSettings

if TYPE_CHECKING:
    from askpapers.llm.model import Model


class Corpus:
    """An opened corpus: its index, and the questions asked of it.

    The index is looked at again with each question: when another process has built a new one, it is opened, and
    when the files have changed, it is brought in step.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        model: ModelSettings | None = None,
        check: str = FITTED,
        *,
        roots: Sequence[Path] = (),
        notes: Sequence[str] = (),
        just_built: bool = False,
        progress: Progress = no_progress,
        llm: LLM | None = None,
        reader: RelevanceReader | None = None,
        vector_store: BasePydanticVectorStore | None = None,
        node_postprocessors: Sequence[BaseNodePostprocessor] = (),
        remote: RemoteStore | None = None,
    ) -> None:
        """Open the index in a folder, to be answered from by a model or, with none, by its own sentences.

        `check` names the support check, see `open_check`. With the `roots` that the index is of, it follows their
        files as they change. `notes` are given with every answer. With the first one of an index that was `just_built`
        it is said what of the corpus is left out. `progress` is told of a long check of the index. For `llm` and what
        follows see `open_corpus`. Nearest passages are looked up in a `remote` store, where one is given.
        Raises IndexMismatchError, IndexDamagedError or VectorStoreError, and UsageError for a model or prompts that are
        none.
        """
        self.embedder = embedder
        self._weights = json.loads(
            resources.files("askpapers").joinpath("assets", "answering.json").read_text(encoding="utf-8")
        )
        self._current = CurrentIndex(
            folder,
            embedder,
            roots,
            NodeStore(vector_store) if vector_store is not None else None,
            remote,
            notes=notes,
            just_built=just_built,
            progress=progress,
        )
        self._models = Models(model or ModelSettings(), llm)
        self.support_check = open_check(check, embedder)
        self.reader: RelevanceReader = reader or CrossEncoderReader()
        self._parts = Parts(
            current=self._current.index,
            index_notes=self._current.take_notes,
            embedder=embedder,
            reader=self.reader,
            weights=self.weights,
            check=self.support_check,
            models=self._models,
            postprocessors=tuple(node_postprocessors),
        )
        self._engine = CorpusQueryEngine(self._parts)

    @property
    def index(self) -> Index:
        """The index in use: in step with the files, and opened anew when it was rebuilt.

        Its files stay and stay open while anyone holds it or a part of it, and no longer.
        """
        return self._current.index()

    def is_current(self) -> bool:
        """Whether what is open is what opening the corpus now would give: no newer index, no fault, no further note."""
        return self._current.is_latest()

    def ask(
        self,
        question: str,
        way: str | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = NO_FILTER,
        llm: str | None = None,
        strict: bool = False,
    ) -> Answer:
        """Answer one question: the last event of `stream`, which says what the arguments mean."""
        query = CorpusQuery(question, way=Way(way) if way else None, progress=progress, history=history)
        query.within, query.llm, query.strict = within, llm, strict
        response = self._engine.query(query)
        assert isinstance(response, AnswerResponse)
        assert response.answer
        return response.answer

    def stream(
        self,
        question: str,
        way: str | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = NO_FILTER,
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
        query = CorpusQuery(question, way=Way(way) if way else None, progress=progress, history=history)
        query.within, query.llm, query.strict, query.events = within, llm, strict, True
        response = self._engine.query(query)
        assert isinstance(response, EventResponse)
        assert response.stream
        yield from response.stream.events()

    def models(self) -> list[str]:
        """The names of the models to choose from, the one that is set first; "none" is answering without."""
        return self._models.offered()

    def model(self, name: str | None = None) -> Model | None:
        """The language model of a name, or the one that is set; None for "none". Raises UsageError, ModelError."""
        return self._models.choose(name)

    def query_engine(
        self,
        streaming: bool = False,
        node_postprocessors: Sequence[BaseNodePostprocessor] | None = None,
        similarity_top_k: int | None = None,
    ) -> CorpusQueryEngine:
        """A LlamaIndex query engine; its responses are streaming ones where `streaming` is set.

        `node_postprocessors` stand in the place of those that the corpus was opened with. What is answered from
        retrieved passages is answered from the best `similarity_top_k`; a survey reads all papers.
        `response.metadata["answer"]` is the answer as in `--json`; its statements, quotes and coverage stand beside it.
        """
        parts = self._parts
        if node_postprocessors is not None:
            parts = replace(parts, postprocessors=tuple(node_postprocessors))
        return CorpusQueryEngine(parts, streaming, similarity_top_k)

    def response_synthesizer(self, streaming: bool = False) -> GroundedSynthesizer:
        """A LlamaIndex synthesizer that answers from the nodes of any retriever, and quotes them."""
        return GroundedSynthesizer(self._parts, streaming)

    def retriever(self, similarity_top_k: int | None = None) -> PaperRetriever:
        """The LlamaIndex retriever over the papers: all passages of the best eight, or the best `similarity_top_k`."""
        return PaperRetriever(self._current.index, self.embedder, most=similarity_top_k)

    def papers(self, within: Filter = NO_FILTER) -> list[Paper]:
        """The papers that a filter admits (all), in the order in which they were read."""
        papers = self.index.papers
        return list(papers) if within == NO_FILTER else [papers.at(row) for row in select(papers, within).rows]

    def weights(self, name: str) -> dict[str, Any]:
        """Fitted weights by the name of the decision that they are for."""
        return dict(self._weights[name])

    def close(self) -> None:
        """Let go of the index; a question in progress keeps it until it ends."""
        self._current.close()
