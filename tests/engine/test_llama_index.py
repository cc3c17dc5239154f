"""The engine as programs of LlamaIndex's use it: each test uses their classes as their documentation shows it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.bridge.pydantic import Field
from llama_index.core.chat_engine import CondenseQuestionChatEngine
from llama_index.core.evaluation import FaithfulnessEvaluator
from llama_index.core.instrumentation import get_dispatcher  # type: ignore[attr-defined]  # as their pages import it
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.events import BaseEvent
from llama_index.core.instrumentation.span import SimpleSpan
from llama_index.core.instrumentation.span_handlers import SimpleSpanHandler
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine, RouterQueryEngine, SubQuestionQueryEngine
from llama_index.core.question_gen import LLMQuestionGenerator
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import ImageNode, NodeWithScore, QueryBundle, TextNode
from llama_index.core.selectors import LLMSingleSelector
from llama_index.core.tools import QueryEngineTool

from askpapers.engine import Corpus
from askpapers.errors import UsageError
from askpapers.events import Finished
from askpapers.index.embedder import MiniLM
from scripted_llm import ScriptedLLM

FACT = "how many problems are in GSM8K?"
SURVEY = "which papers use RLHF?"
REFUSED = "what is the capital of France?"


class Events(BaseEventHandler):
    """Keeps the events that it hears."""

    heard: list[BaseEvent] = Field(default_factory=list)

    @classmethod
    def class_name(cls) -> str:
        return "Events"

    def handle(self, event: BaseEvent, **_: Any) -> None:
        self.heard.append(event)

    @property
    def names(self) -> list[str]:
        return [event.class_name() for event in self.heard]


@pytest.fixture
def events() -> Iterator[Events]:
    handler = Events()
    root = get_dispatcher()
    root.add_event_handler(handler)
    yield handler
    root.event_handlers.remove(handler)


@pytest.fixture
def spans() -> Iterator[SimpleSpanHandler]:
    handler = SimpleSpanHandler()
    root = get_dispatcher()
    root.add_span_handler(handler)
    yield handler
    root.span_handlers.remove(handler)


def name_of(span: SimpleSpan | None) -> str:
    return span.id_.partition("-")[0] if span else ""


def parents(spans: SimpleSpanHandler) -> dict[str, str]:
    """The name of each span's parent by the span's."""
    done = {span.id_: span for span in spans.completed_spans}
    return {name_of(span): name_of(done.get(span.parent_id or "")) for span in done.values()}


# ---- instrumentation


def test_a_question_of_fact_fires_the_events_of_query_retrieval_and_synthesis(corpus: Corpus, events: Events) -> None:
    response = corpus.query_engine().query(FACT)
    expected = ["QueryStartEvent", "RetrievalStartEvent", "RetrievalEndEvent", "SynthesizeStartEvent"]
    assert events.names == [*expected, "SynthesizeEndEvent", "QueryEndEvent"]
    retrieved, synthesized, ended = (vars(events.heard[place]) for place in (2, 4, 5))
    assert {node.metadata["paper"] for node in retrieved["nodes"]} >= {"2110.14168"}
    assert str(synthesized["response"]) == str(ended["response"]) == str(response)


@pytest.mark.parametrize("question", [SURVEY, "how many papers use reinforcement learning?"])
def test_a_survey_has_events_of_its_own(corpus: Corpus, events: Events, question: str) -> None:
    corpus.query_engine().query(question)
    assert [name for name in events.names if "Survey" in name] == ["SurveyStartEvent", "SurveyEndEvent"]
    end = vars(events.heard[events.names.index("SurveyEndEvent")])
    answer = corpus.ask(question)
    assert (end["checked"], end["total"]) == (34, 34)
    assert set(end["matches"]) == {p.paper.id for p in answer.papers if p.relevance == "match"}
    assert end["matches"]


def test_spans_are_nested(corpus: Corpus, spans: SimpleSpanHandler) -> None:
    corpus.query_engine().query(FACT)
    corpus.query_engine().query(SURVEY)
    parent = parents(spans)
    assert parent["CorpusQueryEngine._query"] == "CorpusQueryEngine.query"
    assert parent["PaperRetriever.retrieve"] == "CorpusQueryEngine._query"
    assert parent["GroundedSynthesizer.write"] == "CorpusQueryEngine._query"
    assert parent["CorpusQueryEngine.survey"] == "CorpusQueryEngine._query"
    assert not spans.open_spans


def test_a_stream_that_is_read_later_and_elsewhere_belongs_to_its_query(
    corpus: Corpus, events: Events, spans: SimpleSpanHandler
) -> None:
    async def read() -> int:
        return await asyncio.to_thread(lambda: len(list(corpus.stream(FACT))))

    assert asyncio.run(read()) > 1
    assert parents(spans)["PaperRetriever.retrieve"] == "CorpusQueryEngine._query"
    assert events.names.count("QueryStartEvent") == events.names.count("SynthesizeEndEvent") == 1


def test_a_stream_that_is_closed_drops_its_spans(corpus: Corpus, spans: SimpleSpanHandler, scripted: Corpus) -> None:
    stream = scripted.stream(FACT)
    next(iter(stream))
    assert {name_of(span) for span in spans.open_spans.values()} == {"GroundedSynthesizer.write"}
    stream.close()
    assert not spans.open_spans


def test_an_error_drops_its_spans(corpus: Corpus, spans: SimpleSpanHandler) -> None:
    with pytest.raises(UsageError):
        corpus.query_engine().query("  ")
    assert [name_of(span) for span in spans.dropped_spans] == ["CorpusQueryEngine._query", "CorpusQueryEngine.query"]


# ---- responses


@pytest.fixture
def scripted(seed_index_folder: Any, embedder: MiniLM) -> Iterator[Corpus]:
    """The seeds, with a LlamaIndex model that writes one sound sentence and one that is made up."""
    said = "GSM8K is a dataset of 8.5K math word problems [1]. The moon is made of cheese [1]."
    opened = Corpus(seed_index_folder, embedder, llm=ScriptedLLM(reply=said))
    yield opened
    opened.close()


@pytest.mark.parametrize("question", [FACT, SURVEY, "compare Performers and BERT"])
def test_a_response_has_its_sources_and_what_was_checked(corpus: Corpus, question: str) -> None:
    response = corpus.query_engine().query(question)
    assert response.metadata
    abstracts = {paper.id: paper.abstract for paper in corpus.papers()}
    assert len(response.source_nodes) == len(response.metadata["quotes"]) > 0
    for source, quote in zip(response.source_nodes, response.metadata["quotes"], strict=True):
        node = source.node
        assert isinstance(node, TextNode)
        assert node.ref_doc_id == quote["paper"]
        assert node.text == abstracts[quote["paper"]][node.start_char_idx : node.end_char_idx] == quote["quote"]
        assert 0 <= source.get_score() <= 1
    assert [s["verdict"] for s in response.metadata["statements"]].count("supported")
    assert bool(response.metadata["coverage"]) == (question == SURVEY)
    assert response.metadata["answer"]["statements"] == response.metadata["statements"]


@pytest.mark.parametrize("question", [FACT, SURVEY, REFUSED, "help", "what is GSM8K and what is CLIP?"])
def test_streaming_gives_the_text_of_the_answer_and_its_sources(corpus: Corpus, question: str) -> None:
    whole = corpus.query_engine().query(question)
    response = corpus.query_engine(streaming=True).query(question)
    assert isinstance(response, StreamingResponse)
    assert [n.node_id for n in response.source_nodes] == [n.node_id for n in whole.source_nodes]
    pieces = list(response.response_gen)
    assert "".join(pieces) == str(whole)
    assert len(pieces) > 1
    assert response.metadata
    assert response.metadata["statements"] == (whole.metadata or {})["statements"]


def test_streaming_without_waiting(corpus: Corpus) -> None:
    async def ask() -> tuple[str, int]:
        response = await corpus.query_engine(streaming=True).aquery(FACT)
        assert isinstance(response, AsyncStreamingResponse)
        return "".join([piece async for piece in response.async_response_gen()]), len(response.source_nodes)

    assert asyncio.run(ask()) == (str(corpus.query_engine().query(FACT)), 1)


def test_questions_without_waiting_are_answered_beside_each_other(corpus: Corpus) -> None:
    async def ask() -> list[str]:
        engine = corpus.query_engine()
        return [str(response) for response in await asyncio.gather(engine.aquery(FACT), engine.aquery(SURVEY))]

    assert asyncio.run(ask()) == [str(corpus.query_engine().query(question)) for question in (FACT, SURVEY)]


def test_a_model_streams_sentence_by_sentence_and_what_does_not_stand_is_marked(scripted: Corpus) -> None:
    response = scripted.query_engine(streaming=True).query(FACT)
    assert isinstance(response, StreamingResponse)
    pieces = list(response.response_gen)
    assert pieces[0] == "GSM8K is a dataset of 8.5K math word problems. [1]"
    assert response.metadata
    assert "".join(pieces) == response.metadata["answer"]["text"]
    assert [s["verdict"] for s in response.metadata["statements"]] == ["supported", "unsupported"]
    assert response.metadata["answer"]["engine"]["llm"] == "ScriptedLLM/scripted"
    assert {node.node.ref_doc_id for node in response.source_nodes} >= {"2110.14168"}


def test_what_a_model_made_up_is_withdrawn_at_the_end_of_its_stream(seed_index_folder: Any, embedder: MiniLM) -> None:
    opened = Corpus(seed_index_folder, embedder, llm=ScriptedLLM(reply="The moon is made of cheese [1]."))
    response = opened.query_engine(streaming=True).query(FACT)
    assert isinstance(response, StreamingResponse)
    text = "".join(response.response_gen)
    assert text.startswith("The moon is made of cheese.")
    withdrawn, _, instead = text.partition("(Nothing that ScriptedLLM/scripted wrote is supported by the papers.")
    assert "8.5K" in instead
    assert "8.5K" not in withdrawn
    opened.close()


# ---- the parts of the engine


def test_retrieve(corpus: Corpus) -> None:
    engine = corpus.query_engine()
    for found in (engine.retrieve(QueryBundle(FACT)), asyncio.run(engine.aretrieve(QueryBundle(FACT)))):
        assert found[0].node.ref_doc_id == "2110.14168"
        assert engine.synthesize(QueryBundle(FACT), found).source_nodes[0].node_id == found[0].node_id


def test_the_engine_has_no_method_that_only_says_it_is_not_there(corpus: Corpus) -> None:
    for part in (corpus.query_engine(), corpus.response_synthesizer(), corpus.retriever()):
        for name, method in inspect.getmembers(type(part), inspect.isfunction):
            source = inspect.getsource(method)
            assert "NotImplementedError" not in source or "messages" in name, name


def test_prompts_that_cannot_be_used_are_refused(corpus: Corpus) -> None:
    engine = corpus.query_engine()
    assert engine.get_prompts() == {}
    with pytest.raises(UsageError, match="are files"):
        engine.update_prompts({"response_synthesizer:text_qa_template": None})  # type: ignore[dict-item]


# ---- their chat engine over ours


def test_a_chat_engine_chats_and_streams(corpus: Corpus) -> None:
    llm = ScriptedLLM(reply="how many problems are in GSM8K?")
    chat = CondenseQuestionChatEngine.from_defaults(query_engine=corpus.query_engine(), llm=llm)
    first = chat.chat("what is GSM8K?")
    assert "grade school math" in str(first)
    assert first.source_nodes[0].node.ref_doc_id == "2110.14168"
    streamed = chat.stream_chat("and how large is it?")
    assert "8.5K" in "".join(streamed.response_gen)
    assert streamed.source_nodes[0].node.ref_doc_id == "2110.14168"
    assert "8.5K" in str(chat.chat("how large, please?"))  # the switch for streaming is off again
    assert [str(message.role.value) for message in chat.chat_history] == ["user", "assistant"] * 3
    assert "8.5K" in str(chat.chat_history[3].content)


def test_a_chat_engine_streams_without_waiting(corpus: Corpus) -> None:
    chat = CondenseQuestionChatEngine.from_defaults(query_engine=corpus.query_engine(), llm=MockLLM())

    async def ask() -> str:
        response = await chat.astream_chat(FACT)
        return "".join([token async for token in response.async_response_gen()])

    assert "8.5K" in asyncio.run(ask())


# ---- their retriever and our synthesizer


class Embedding(BaseEmbedding):
    """The embedded model as a LlamaIndex embedding."""

    model_name: str = "minilm"

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(number) for number in MiniLM().embed([text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


TEXTS = {
    "whales.txt": "Whales are mammals. Blue whales eat 3,600 kg of krill a day. They live in all oceans.",
    "cats.txt": "Cats sleep for most of the day. A cat purrs at 25 Hz.",
}


@pytest.fixture(scope="module")
def their_index() -> VectorStoreIndex:
    nodes = [TextNode(text=text, metadata={"file_name": name}) for name, text in TEXTS.items()]
    return VectorStoreIndex(nodes, embed_model=Embedding())


@pytest.mark.parametrize("streaming", [False, True])
def test_their_retriever_feeds_our_synthesizer(
    corpus: Corpus, their_index: VectorStoreIndex, events: Events, streaming: bool
) -> None:
    engine = RetrieverQueryEngine(
        retriever=their_index.as_retriever(), response_synthesizer=corpus.response_synthesizer(streaming)
    )
    response = engine.query("how many kg of krill do blue whales eat a day?")
    assert str(response) == "Blue whales eat 3,600 kg of krill a day. [1]"
    assert response.metadata
    (quote,) = response.metadata["quotes"]
    (source,) = response.source_nodes
    assert isinstance(source.node, TextNode)
    assert source.node.text == TEXTS["whales.txt"]
    assert source.node.text[quote["start"] : quote["end"]] == quote["quote"]
    assert quote["paper"] == source.node_id
    assert quote["source"]["file"] == "whales.txt"
    assert events.names.count("SynthesizeEndEvent") == 1


def test_their_nodes_answer_nothing_that_they_do_not_say(corpus: Corpus, their_index: VectorStoreIndex) -> None:
    engine = RetrieverQueryEngine(their_index.as_retriever(), corpus.response_synthesizer())
    response = engine.query("how many moons does Jupiter have?")
    assert str(response) == "Not in this corpus."
    assert response.source_nodes == []


def test_a_model_writes_from_their_nodes(scripted: Corpus, their_index: VectorStoreIndex) -> None:
    text = "GSM8K is a dataset of 8.5K math word problems by many hands."
    node = TextNode(text=text, metadata={"title": "On GSM8K"})
    retriever = VectorStoreIndex([node], embed_model=Embedding()).as_retriever()
    response = asyncio.run(RetrieverQueryEngine(retriever, scripted.response_synthesizer()).aquery(FACT))
    assert response.metadata
    assert [s["verdict"] for s in response.metadata["statements"]] == ["supported", "unsupported"]
    assert {quote["quote"] for quote in response.metadata["quotes"]} == {text}
    assert [source.node_id for source in response.source_nodes] == [node.node_id]


def test_our_synthesizer_takes_plain_texts(corpus: Corpus) -> None:
    text = corpus.response_synthesizer().get_response(
        "how many kg of krill do blue whales eat a day?", list(TEXTS.values())
    )
    assert text == "Blue whales eat 3,600 kg of krill a day. [1]"


def test_a_node_that_two_retrievers_found_is_quoted_once_and_what_has_no_text_is_passed_over(corpus: Corpus) -> None:
    found = NodeWithScore(node=TextNode(text=TEXTS["cats.txt"]), score=0.4)
    blank = [NodeWithScore(node=TextNode(text=" \n")), NodeWithScore(node=ImageNode(image_path="cat.png"))]
    response = corpus.response_synthesizer().synthesize("at how many Hz does a cat purr?", [found, *blank, found])
    assert str(response) == "A cat purrs at 25 Hz. [1]"
    assert response.source_nodes == [found]


def test_passages_of_ours_and_nodes_of_others_answer_together(corpus: Corpus, their_index: VectorStoreIndex) -> None:
    fused = QueryFusionRetriever(
        [corpus.retriever(), their_index.as_retriever()], llm=MockLLM(), num_queries=1, use_async=False
    )
    engine = RetrieverQueryEngine(fused, corpus.response_synthesizer())
    assert str(engine.query("at how many Hz does a cat purr?")) == "A cat purrs at 25 Hz. [1]"
    assert engine.query(FACT).source_nodes[0].node.ref_doc_id == "2110.14168"


def test_events_can_be_written_down_as_their_pages_do(corpus: Corpus, events: Events, scripted: Corpus) -> None:
    list(corpus.stream(SURVEY))
    response = scripted.query_engine(streaming=True).query(FACT)
    assert isinstance(response, StreamingResponse)
    assert list(response.response_gen)
    assert all(event.model_dump()["class_name"] == event.class_name() for event in events.heard)
    assert "LLMChatEndEvent" in events.names


def test_our_synthesizer_without_nodes(corpus: Corpus, events: Events) -> None:
    assert str(corpus.response_synthesizer().synthesize(FACT, [])) == "Not in this corpus."
    assert events.names == ["SynthesizeStartEvent", "SynthesizeEndEvent"]


def test_with_their_retriever_in_our_engine(corpus: Corpus, their_index: VectorStoreIndex) -> None:
    response = corpus.query_engine().with_retriever(their_index.as_retriever()).query("at how many Hz does a cat purr?")
    assert str(response) == "A cat purrs at 25 Hz. [1]"


def test_a_stream_of_the_corpus_is_the_answer_of_the_engine(corpus: Corpus) -> None:
    *_, finished = corpus.stream(SURVEY)
    assert isinstance(finished, Finished)
    assert finished.answer.text == str(corpus.query_engine().query(SURVEY))


def test_the_engine_is_a_tool_of_theirs(corpus: Corpus) -> None:
    papers = QueryEngineTool.from_defaults(query_engine=corpus.query_engine(), name="papers", description="of papers")
    assert "8.5K" in asyncio.run(papers.acall(input=FACT)).content
    llm = ScriptedLLM(reply='[{"choice": 1, "reason": "it is of papers"}]')
    router = RouterQueryEngine(LLMSingleSelector.from_defaults(llm=llm), [papers], llm=llm)
    assert "8.5K" in str(router.query(FACT))
    llm = ScriptedLLM(reply=f'```json\n{{"items": [{{"sub_question": "{FACT}", "tool_name": "papers"}}]}}\n```')
    asking = LLMQuestionGenerator.from_defaults(llm=llm)
    parts = SubQuestionQueryEngine.from_defaults([papers], llm=llm, question_gen=asking, use_async=False, verbose=False)
    assert "8.5K" in parts.query("compare the data sets").source_nodes[0].node.get_content()


def test_an_evaluator_of_theirs_reads_a_response(corpus: Corpus) -> None:
    llm = ScriptedLLM(reply="YES")
    response = corpus.query_engine().query(FACT)
    assert isinstance(response, Response)
    result = FaithfulnessEvaluator(llm=llm).evaluate_response(query=FACT, response=response)
    assert result.passing
    assert "8.5K" in llm.asked[0]


def test_postprocessors_of_one_engine_and_so_many_passages(corpus: Corpus) -> None:
    nothing = corpus.query_engine(node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=1.1)])
    assert str(nothing.query(FACT)) == "Not in this corpus."
    every, best = (corpus.retriever(top).retrieve(FACT) for top in (None, 3))
    assert [node.node_id for node in best] == [node.node_id for node in every[:3]]
    many = corpus.retriever(len(every) + 5).retrieve(FACT)  # of more papers than the best eight
    assert len(many) == len(every) + 5
    (used,) = corpus.query_engine(similarity_top_k=1).retrieve(QueryBundle(FACT))
    assert used.node_id == every[0].node_id
    assert str(corpus.query_engine(similarity_top_k=1).query("what is the Hubble constant?")) == "Not in this corpus."
