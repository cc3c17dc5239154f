"""The LlamaIndex synthesizer: any nodes to an answer whose every sentence is checked against the text of a node."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Generator, Sequence
from typing import Any

from llama_index.core.base.response.schema import RESPONSE_TYPE
from llama_index.core.llms import MockLLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryBundle, QueryType, TextNode

from askpapers.answering.draft import Draft
from askpapers.answering.extractive import ExtractiveSynthesizer
from askpapers.answering.query import plain_query, read_query
from askpapers.datatypes import NO_FILTER, Answer
from askpapers.engine.asked import Asked, Parts
from askpapers.engine.events import source_nodes
from askpapers.engine.instrumentation import synthesis
from askpapers.engine.nodes import Evidence, evidence_of
from askpapers.engine.stream import AnswerStream, response_of
from askpapers.errors import ModelError, UsageError
from askpapers.events import Event, Withdrawn
from askpapers.grounding.ground import ground
from askpapers.grounding.premises import against_premise
from askpapers.progress import no_progress


class GroundedSynthesizer(BaseSynthesizer):
    """A LlamaIndex synthesizer whose sentences stand on verbatim quotes of the nodes that it is given.

    It answers by the corpus's model, or without one by the nodes' own sentences. `metadata` of its response has
    `statements` with verdicts and `quotes` with offsets: into the abstract for the corpus's own passages, into the text
    of the node for others. `source_nodes` are the nodes that are quoted.
    """

    def __init__(self, parts: Parts, streaming: bool = False) -> None:
        """Answer with these parts, by a streaming response where `streaming` is set."""
        super().__init__(llm=MockLLM(), streaming=streaming)  # the base class wants one for its own prompts
        self._parts = parts

    def write(self, asked: Asked, passages: Sequence[NodeWithScore]) -> Generator[Event, None, Answer]:
        """The answer that the model writes; without one, or when it fails, the sentences that answer.

        The passages are those of `PaperRetriever`, of the index or of `asked.outside`. Raises ModelError.
        """
        with synthesis(self, asked.question) as finish:
            answer = yield from self._write(asked, list(passages))
            finish(response_of(answer, source_nodes))
        return answer

    def _write(self, asked: Asked, passages: list[NodeWithScore]) -> Generator[Event, None, Answer]:
        drafted = functools.cache(lambda: self.draft(asked, passages))
        if asked.model and passages:
            from askpapers.engine.modelled import answer

            try:
                return (yield from answer(asked, passages, drafted))
            except ModelError as error:
                asked.fall_back(error)
                yield Withdrawn(asked.notes[-1])
        with asked.timed("synthesis"):
            draft, notes = against_premise(asked.query.text, drafted(), asked.paper_of)
            asked.notes += notes
        with asked.timed("grounding"):
            grounded = ground(draft, asked.paper_of, self._parts.check)
        return asked.answer("extractive", grounded, emphasis=draft.emphasis)

    def draft(self, asked: Asked, passages: Sequence[NodeWithScore]) -> Draft:
        """The sentences that answer, without a model."""
        parts, papers = self._parts, len(asked.index.papers)
        synthesizer = ExtractiveSynthesizer(asked.topic, parts.reader, parts.weights("abstain"), papers)
        return synthesizer.draft(asked.query.undated, asked.query.intent, passages)

    def synthesize(
        self,
        query: QueryType,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **response_kwargs: Any,
    ) -> RESPONSE_TYPE:
        """Answer a question from nodes, whoever retrieved them. Raises ModelError."""
        stream = self._stream(query, nodes, additional_source_nodes or ())
        return stream.streaming() if self._streaming else stream.response()

    async def asynthesize(
        self,
        query: QueryType,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **response_kwargs: Any,
    ) -> RESPONSE_TYPE:
        """`synthesize` on a thread of its own."""
        stream = await asyncio.to_thread(self._stream, query, nodes, additional_source_nodes or ())
        return await asyncio.to_thread(stream.async_streaming if self._streaming else stream.response)

    def get_response(self, query_str: str, text_chunks: Sequence[str], **response_kwargs: Any) -> str:
        """The text of an answer from texts."""
        return self._stream(query_str, _nodes(text_chunks), ()).response().response or ""

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **response_kwargs: Any) -> str:
        """`get_response` on a thread of its own."""
        return await asyncio.to_thread(self.get_response, query_str, text_chunks)

    def _stream(
        self, query: QueryType, nodes: Sequence[NodeWithScore], additional: Sequence[NodeWithScore]
    ) -> AnswerStream:
        question = query.query_str if isinstance(query, QueryBundle) else query
        index = self._parts.current()
        evidence = evidence_of(nodes, question, index, self._parts.embedder)
        read = plain_query(question) if evidence.papers else read_query(question, index)
        asked = Asked(
            self._parts, question, read, index, NO_FILTER, no_progress, strict=False, outside=dict(evidence.papers)
        )
        asked.choose_model(None)
        given = {node.node_id: node for node in nodes}

        def sources(answer: Answer) -> list[NodeWithScore]:
            return [*(given[node] for node in _quoted(answer, evidence)), *additional]

        return AnswerStream(self.write(asked, evidence.passages), sources)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        if prompts:
            raise UsageError(
                "The prompts of askpapers are files, not templates of LlamaIndex's.",
                hint="Write a folder of your own: prompts = FOLDER in ask.toml.",
            )


def _nodes(texts: Sequence[str]) -> list[NodeWithScore]:
    return [NodeWithScore(node=TextNode(text=text)) for text in texts]


def _quoted(answer: Answer, evidence: Evidence) -> list[str]:
    """The ids of the nodes that an answer quotes, in the order of the quotes."""
    spans = [(node.metadata, evidence.node_of[node.node_id]) for node in evidence.passages]
    return list(
        dict.fromkeys(
            node
            for quote in (citation.quote for citation in answer.citations)
            for data, node in spans
            if data["paper"] == quote.paper and data["start"] < quote.end and quote.start < data["end"]
        )
    )
