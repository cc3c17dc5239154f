"""What a program may give to `open_corpus`: a model, an embedding, a reader, a vector store, postprocessors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import chromadb
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import Field
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import MetadataReplacementPostProcessor, SimilarityPostprocessor
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores import SimpleVectorStore
from llama_index.core.vector_stores.types import BasePydanticVectorStore, VectorStoreQuery, VectorStoreQueryResult
from llama_index.llms.openai_like import OpenAILike
from llama_index.vector_stores.chroma import ChromaVectorStore

from askpapers import open_corpus
from askpapers.datatypes import Status
from askpapers.engine import Corpus
from askpapers.errors import EmbedderError, IndexMismatchError, ModelBrokenError, VectorStoreError
from askpapers.index.embedder import MiniLM
from askpapers.index.similar import similar_papers
from askpapers.settings import ModelSettings
from fakes import ScriptedReader, WordHash, write_papers
from model_server import ModelServer, writes
from scripted_llm import ScriptedLLM

SOUND = "GSM8K is a dataset of 8.5K math word problems"
FACT = "how many problems are in GSM8K?"
QUESTIONS = [FACT, "what is CLIP?", "which papers use RLHF?", "compare Performers and BERT"]
PAPERS = {"cats": "Cats purr at night. They sleep all day.", "dogs": "Dogs bark at strangers. They fetch sticks."}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: MiniLM) -> Path:
    """Two papers, the corpus that is found; their index is not built yet."""
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)
    folder = write_papers(tmp_path / "corpus", PAPERS)
    monkeypatch.setenv("ASK_CORPUS", str(folder))
    monkeypatch.setenv("ASK_INDEX", str(tmp_path / "index"))
    return folder


@pytest.fixture
def seeded(seed_index_folder: Path, embedder: MiniLM) -> Iterator[Callable[..., Corpus]]:
    """Opens the seeds with the parts that are given."""
    opened: list[Corpus] = []

    def open_one(model: ModelSettings | None = None, **parts: Any) -> Corpus:
        opened.append(Corpus(seed_index_folder, embedder, model, **parts))
        return opened[-1]

    yield open_one
    for corpus in opened:
        corpus.close()


# ---- llm


def test_a_model_of_llama_index(small: Path) -> None:
    llm = ScriptedLLM(reply="Cats purr at night [1].")
    with closing(open_corpus(llm=llm)) as corpus:
        answer = corpus.ask("when do cats purr?")
        assert (answer.text, answer.engine.llm) == ("Cats purr at night. [1]", "ScriptedLLM/scripted")
        assert "Cats purr at night." in llm.asked[0]
        assert answer.usage.prompt_tokens > 0
        assert corpus.ask("when do cats purr?", llm="none").engine.llm is None
        assert corpus.models() == ["ScriptedLLM/scripted", "none"]
        assert corpus.ask("when do cats purr?", llm=corpus.models()[0]).engine.llm == "ScriptedLLM/scripted"


def test_what_the_mock_model_says_is_nothing_that_the_papers_say(seeded: Callable[..., Corpus]) -> None:
    answer = seeded(llm=MockLLM(max_tokens=5)).ask(FACT)
    assert (answer.status, answer.engine.llm) == (Status.ANSWERED, None)
    assert "8.5K" in answer.text
    assert answer.notes[0].startswith("Nothing that MockLLM wrote is supported by the papers.")


class Whole(ScriptedLLM):
    """Cannot stream, as some classes."""

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
        raise NotImplementedError


def test_a_model_that_cannot_stream(seeded: Callable[..., Corpus]) -> None:
    answer = seeded(llm=Whole(reply=f"{SOUND} [1].")).ask(FACT)
    assert (answer.text, answer.engine.llm) == (f"{SOUND}. [1]", "Whole/scripted")


def test_a_model_of_llama_index_behind_a_server(seeded: Callable[..., Corpus]) -> None:
    with ModelServer(writes(f"{SOUND} [1].")) as server:
        llm = OpenAILike(model="m", api_base=server.url, api_key="k", is_chat_model=True, context_window=4096)
        answer = seeded(llm=llm).ask(FACT)
    assert (answer.text, answer.engine.llm) == (f"{SOUND}. [1]", "OpenAILike/m")
    assert answer.usage.prompt_tokens > 0


class Broken(ScriptedLLM):
    """Fails in the way of its own library."""

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
        raise RuntimeError("no such deployment")


def test_a_model_that_fails_in_its_own_way(seeded: Callable[..., Corpus], corpus: Corpus) -> None:
    answer = seeded(llm=Broken(reply="")).ask(FACT)
    assert answer.text == corpus.ask(FACT).text
    assert answer.notes[0].startswith("Broken/scripted failed: RuntimeError: no such deployment. This answer was made")
    with pytest.raises(ModelBrokenError, match="no such deployment"):
        seeded(ModelSettings(fallback=False), llm=Broken(reply="")).ask(FACT)


# ---- embed_model


class Instructed(BaseEmbedding):
    """An embedding that tells questions from texts, as many do by an instruction in front."""

    model_name: str = "a"

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(number) for number in WordHash().embed([text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        if "fail" in query:
            raise ConnectionError("the service is closed")
        return self._get_text_embedding(query.removeprefix("question: "))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class Inheriting(Instructed):
    """Another class, that has the same `class_name`."""


def test_an_embedding_of_llama_index_is_remembered(small: Path) -> None:
    with closing(open_corpus(embed_model=Instructed())) as corpus:
        assert corpus.index.manifest.embedder == "Instructed/a"
    with closing(open_corpus(embed_model=Instructed())) as corpus:
        assert corpus.ask("which papers are about dogs?").engine.embedder == "Instructed/a"


@pytest.mark.parametrize(
    ("other", "named"),
    [(Instructed(model_name="b"), "Instructed/b"), (Inheriting(), "Inheriting/a"), (None, "all-MiniLM")],
)
def test_an_index_is_not_opened_with_another_embedding(small: Path, other: BaseEmbedding | None, named: str) -> None:
    open_corpus(embed_model=Instructed()).close()
    with pytest.raises(IndexMismatchError, match=f"made by the embedder Instructed/a, not by {named}") as error:
        open_corpus(embed_model=other)
    assert error.value.hint
    write_papers(small, {"fish": "Fish swim."}, "more.jsonl")
    with pytest.raises(IndexMismatchError, match="made by the embedder Instructed/a"):
        open_corpus(embed_model=other)


def test_an_embedding_of_the_same_name_with_longer_vectors_is_refused(small: Path) -> None:
    open_corpus(embed_model=MockEmbedding(embed_dim=4)).close()
    with pytest.raises(IndexMismatchError, match="has vectors of 4 numbers, and MockEmbedding/unknown gives 8"):
        open_corpus(embed_model=MockEmbedding(embed_dim=8))


def test_questions_are_embedded_as_questions(small: Path) -> None:
    with closing(open_corpus(embed_model=Instructed())) as corpus:
        plain, asked = (corpus.retriever().retrieve(text) for text in ("dogs bark", "question: dogs bark"))
        assert [node.metadata["cosine"] for node in plain] == [node.metadata["cosine"] for node in asked]
        with pytest.raises(EmbedderError, match="ConnectionError: the service is closed"):
            corpus.ask("do cats fail?")


# ---- reader


def test_a_reader_of_a_program(small: Path) -> None:
    reader = ScriptedReader(answers=lambda question, text: float("fetch" in text))
    with closing(open_corpus(reader=reader)) as corpus:
        assert corpus.ask("what do dogs do?").text == "They fetch sticks. [1]"
    assert {question for question, _ in reader.given} == {"what do dogs do?"}


# ---- vector_store


def stores(tmp_path: Path) -> dict[str, Callable[[], BasePydanticVectorStore]]:
    client = chromadb.EphemeralClient()
    name = tmp_path.name.replace("_", "-")
    return {
        "simple": SimpleVectorStore,
        "chroma": lambda: ChromaVectorStore(chroma_collection=client.get_or_create_collection(name)),
    }


@pytest.mark.parametrize("kind", ["simple", "chroma"])
def test_passages_are_looked_up_in_a_vector_store(
    seeded: Callable[..., Corpus], corpus: Corpus, tmp_path: Path, kind: str
) -> None:
    store = Counting(inner=stores(tmp_path)[kind]())
    given = seeded(vector_store=store)
    assert store.added == corpus.index.manifest.passages
    for question in QUESTIONS:
        assert given.ask(question).text == corpus.ask(question).text
    assert store.asked >= 3
    paper = corpus.papers()[0].id
    similar = [[one.paper.id for one in similar_papers(opened.index, paper, 5)] for opened in (given, corpus)]
    assert similar[0] == similar[1]


class Counting(BasePydanticVectorStore):
    """Hands everything on to another store, and counts."""

    stores_text: bool = True
    inner: BasePydanticVectorStore
    added: int = 0
    asked: int = 0
    deleted: list[str] = Field(default_factory=list)
    broken: bool = False

    @property
    def client(self) -> Any:
        return self.inner.client

    def get_nodes(self, *arguments: Any, **options: Any) -> Any:
        return self.inner.get_nodes(*arguments, **options)

    def add(self, nodes: Sequence[Any], **_: Any) -> list[str]:
        self.added += len(nodes)
        return self.inner.add(nodes)

    def delete(self, ref_doc_id: str, **_: Any) -> None:
        self.deleted.append(ref_doc_id)
        self.inner.delete(ref_doc_id)

    def query(self, query: VectorStoreQuery, **_: Any) -> VectorStoreQueryResult:
        if self.broken:
            raise ConnectionError("nobody is there")
        self.asked += 1
        return self.inner.query(query)


def nearest(corpus: Corpus, text: str) -> set[str]:
    index = corpus.index
    rows = index.rows_of(index.neighbours.nearest(corpus.embedder.embed_question(text), 100).keys)
    return {index.papers.at(int(index.passages[row]["paper"])).id for row in rows}


@pytest.mark.parametrize("kind", ["simple", "chroma"])
def test_a_vector_store_follows_the_files(small: Path, tmp_path: Path, kind: str) -> None:
    store = Counting(inner=stores(tmp_path)[kind]())
    with closing(open_corpus(vector_store=store)) as corpus:
        assert store.added == 4
        write_papers(small, {**PAPERS, "dogs": "Dogs bark at strangers. They dig holes.", "fish": "Fish swim."})
        assert corpus.ask("what do dogs dig?").text == "They dig holes. [1]"
        assert "fetch" not in " ".join(node.text for node in corpus.retriever().retrieve("sticks"))
        assert nearest(corpus, "fish") == {"cats", "dogs", "fish"}
        assert (store.added, "dogs" in store.deleted, "cats" in store.deleted) == (4 + 2 + 1, True, False)
        write_papers(small, {"cats": PAPERS["cats"]})
        assert nearest(corpus, "fish") == {"cats"}
        assert {"dogs", "fish"} <= set(store.deleted)


def test_a_store_that_holds_the_passages_already_is_not_written_again(small: Path, tmp_path: Path) -> None:
    make = stores(tmp_path)["chroma"]
    open_corpus(vector_store=make()).close()
    again = Counting(inner=make())
    with closing(open_corpus(vector_store=again)) as corpus:
        assert nearest(corpus, "cats") == {"cats", "dogs"}
        assert corpus.ask("when do cats purr?").status is Status.ANSWERED
    assert (again.added, again.deleted) == (0, [])


def test_what_else_a_store_holds_is_left_alone(small: Path) -> None:
    store = SimpleVectorStore()
    dimension = MiniLM.dimension
    others = [TextNode(text="x", id_=f"other-{n}", embedding=[1.0] * dimension) for n in range(20)]
    store.add(others)
    with closing(open_corpus(vector_store=store)) as corpus:
        assert nearest(corpus, "what do cats do?") == {"cats", "dogs"}
        assert corpus.ask("when do cats purr?").text == "Cats purr at night. [1]"
    assert {node.node_id for node in others} <= set(store.data.embedding_dict)


def test_a_store_that_fails(small: Path) -> None:
    store = Counting(inner=SimpleVectorStore(), broken=True)
    with pytest.raises(VectorStoreError, match="Counting failed: ConnectionError: nobody is there") as error:
        open_corpus(vector_store=store)
    assert error.value.hint
    store.broken = False
    with closing(open_corpus(vector_store=store)) as corpus:
        store.broken = True
        with pytest.raises(VectorStoreError):
            corpus.ask("when do cats purr?")


# ---- node_postprocessors


class Only(BaseNodePostprocessor):
    """Keeps the nodes of one paper, and remembers what it was asked."""

    paper: str
    asked: list[str] = Field(default_factory=list)

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        self.asked.append(query_bundle.query_str if query_bundle else "")
        return [node for node in nodes if node.node.ref_doc_id == self.paper]


class Backwards(BaseNodePostprocessor):
    """Scores nodes as a reranker would: here the last one best."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        for place, node in enumerate(nodes):
            node.score = float(place)
        return nodes[::-1]


def test_postprocessors_are_run_in_their_order(seeded: Callable[..., Corpus]) -> None:
    only = Only(paper="2103.00020")
    corpus = seeded(node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=0.2), only])
    answer = corpus.ask("what is CLIP?")
    assert {citation.quote.paper for citation in answer.citations} <= {"2103.00020"}
    assert only.asked == ["what is CLIP?"]
    engine = corpus.query_engine()
    assert {n.node.ref_doc_id for n in engine.retrieve(QueryBundle("predicting captions"))} == {"2103.00020"}
    assert corpus.ask(FACT).status is Status.NOT_IN_CORPUS


def test_a_postprocessor_may_leave_nothing(seeded: Callable[..., Corpus]) -> None:
    answer = seeded(node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=1.1)]).ask(FACT)
    assert (answer.status, answer.closest) == (Status.NOT_IN_CORPUS, ())


def test_scores_that_a_postprocessor_gives_are_believed(seeded: Callable[..., Corpus]) -> None:
    llm = ScriptedLLM(reply="NOT IN SOURCES")
    corpus = seeded(llm=llm, node_postprocessors=[Backwards()])
    nodes = corpus.retriever().retrieve(FACT)
    corpus.ask(FACT)
    first_shown = llm.asked[0].split("[1] ")[1].splitlines()[0]
    assert first_shown == " ".join(nodes[-1].metadata["title"].split())


def test_a_postprocessor_that_changes_a_text_is_quoted_in_its_own_words(seeded: Callable[..., Corpus]) -> None:
    class Windows(BaseNodePostprocessor):
        def _postprocess_nodes(
            self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
        ) -> list[NodeWithScore]:
            for node in nodes:
                node.node.metadata["window"] = f"It is so. {node.node.get_content()}"
            return nodes[:3]

    replaced = MetadataReplacementPostProcessor(target_metadata_key="window")
    answer = seeded(node_postprocessors=[Windows(), replaced]).ask(FACT)
    assert "8.5K" in answer.text
    assert all(p.paper.abstract.startswith("It is so. ") for p in answer.papers)
    for citation in answer.citations:
        (paper,) = (p.paper for p in answer.papers if p.paper.id == citation.quote.paper)
        assert paper.abstract[citation.quote.start : citation.quote.end] == citation.quote.text
