"""An opened corpus: its index, the parts that answer from it, and the ways to open one."""

from __future__ import annotations

import json
import threading
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
from askpapers.engine.following import Follower
from askpapers.engine.models import Models
from askpapers.engine.node_store import NodeStore
from askpapers.engine.query import CorpusQueryEngine
from askpapers.engine.request import CorpusQuery, EventResponse, Way
from askpapers.engine.stream import AnswerResponse
from askpapers.engine.synthesizer import GroundedSynthesizer
from askpapers.errors import IndexMismatchError, IndexUnusableError, UsageError
from askpapers.events import Event
from askpapers.grounding.checks import FITTED, open_check
from askpapers.index.build import check_embedder
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.growing import GrowingIndex, open_growing
from askpapers.index.layout import newest_growing, pointer
from askpapers.index.opening import open_index
from askpapers.index.scan import StoredNeighbours
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
        self._folder = folder
        self._roots = tuple(roots)
        self._own_notes = tuple(notes)
        self.embedder = embedder
        self._weights = json.loads(
            resources.files("askpapers").joinpath("assets", "answering.json").read_text(encoding="utf-8")
        )
        self._store = NodeStore(vector_store) if vector_store is not None else None
        self._remote = remote
        self._swapping = threading.Lock()  # two questions may notice a new generation together
        opened = self._open(progress)
        self._pointer: str | None = opened[0]
        self._index: Index | None = opened[1]
        self._follower = Follower(folder, self._roots, embedder, remote=remote) if roots else None
        self._models = Models(model or ModelSettings(), llm)
        self.support_check = open_check(check, embedder)
        self.reader: RelevanceReader = reader or CrossEncoderReader()
        self._tell_left_out = just_built
        self._parts = Parts(
            current=lambda: self.index,
            index_notes=self._take_notes,
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
        if self._follower:
            self._follower.follow()
        with self._swapping:
            index = self._index
            if index is None:
                raise UsageError("The corpus was closed.", hint="Open it again.")
            named = pointer(self._folder)
            being_made = named is None and self._follower
            if named is None and isinstance(index, GrowingIndex):
                self._index = index = self._grown(index)
            elif not being_made and (named != self._pointer or index.was_touched()):
                try:
                    self._pointer, index = self._open(no_progress)
                except IndexMismatchError as error:  # another embedder or version made it anew
                    hint = "Open the corpus again: start this program anew."
                    raise IndexMismatchError(str(error), hint=hint) from error
                self._index = index
                self._tell_left_out = True
            return index

    def _grown(self, index: GrowingIndex) -> GrowingIndex:
        """The index that is being made, as it is now."""
        if newest_growing(self._folder) not in (None, index.generation):  # it was begun anew: the files have changed
            return open_growing(self._folder, self.embedder, self._roots, no_progress) or index
        return index.grown()

    def is_current(self) -> bool:
        """Whether what is open is what opening the corpus now would give: no newer index, no fault, no further note."""
        index = self._index
        notes = index and index.notes and not isinstance(index, GrowingIndex)  # the notes of that one grow with it
        if index is None or notes or self._tell_left_out or (self._follower and self._follower.notes):
            return False
        return pointer(self._folder) == self._pointer and not index.was_touched()

    def _take_notes(self) -> tuple[str, ...]:
        """What is to be said with the next answer, some of it once."""
        first, self._tell_left_out = self._tell_left_out, False
        index = self._index
        first_notes = (index.manifest.left_out_count.note,) if first and index and index.manifest.left_out_count else ()
        return self._notes() + first_notes

    def _notes(self) -> tuple[str, ...]:
        """What is to be said of the corpus and its index with an answer."""
        index = self._index
        return self._own_notes + (self._follower.notes if self._follower else ()) + (index.notes if index else ())

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
        self, streaming: bool = False, node_postprocessors: Sequence[BaseNodePostprocessor] | None = None
    ) -> CorpusQueryEngine:
        """A LlamaIndex query engine; its responses are streaming ones where `streaming` is set.

        `node_postprocessors` stand in the place of those that the corpus was opened with.
        `response.metadata["answer"]` is the answer as in `--json`; its statements, quotes and coverage stand beside it.
        """
        parts = self._parts
        if node_postprocessors is not None:
            parts = replace(parts, postprocessors=tuple(node_postprocessors))
        return CorpusQueryEngine(parts, streaming)

    def response_synthesizer(self, streaming: bool = False) -> GroundedSynthesizer:
        """A LlamaIndex synthesizer that answers from the nodes of any retriever, and quotes them."""
        return GroundedSynthesizer(self._parts, streaming)

    def retriever(self, similarity_top_k: int | None = None) -> PaperRetriever:
        """The LlamaIndex retriever over the papers: all passages of the best eight, or the best `similarity_top_k`."""
        return PaperRetriever(lambda: self.index, self.embedder, most=similarity_top_k)

    def papers(self, within: Filter = NO_FILTER) -> list[Paper]:
        """The papers that a filter admits (all), in the order in which they were read."""
        papers = self.index.papers
        return list(papers) if within == NO_FILTER else [papers.at(row) for row in select(papers, within).rows]

    def weights(self, name: str) -> dict[str, Any]:
        """Fitted weights by the name of the decision that they are for."""
        return dict(self._weights[name])

    def close(self) -> None:
        """Let go of the index; a question in progress keeps it until it ends."""
        if self._follower:
            self._follower.close()
        if self._remote:
            self._remote.close()
        with self._swapping:
            self._index = None

    def _open(self, progress: Progress) -> tuple[str | None, Index]:
        """What `current` says, and the index that was opened."""
        named = pointer(self._folder)
        index = open_index(self._folder, progress, self._roots)
        if index is None and not self._store:
            index = open_growing(self._folder, self.embedder, self._roots, progress)
            index = index or open_index(self._folder, progress, self._roots)  # it may have been finished meanwhile
        if index is None:
            raise UsageError(f"There is no index in {self._folder}.", hint="Build it: ask index")
        try:
            check_embedder(index.manifest, self.embedder)
            if self._store:
                self._store.bring_in_step(index, progress)
            store = self._store or self._remote
            if store and not isinstance(index, GrowingIndex):
                index.look_up_in(StoredNeighbours(store, index.passages["key"], index.vectors))
        except IndexUnusableError:
            index.close()
            raise
        return named, index
