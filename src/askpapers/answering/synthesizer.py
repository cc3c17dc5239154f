"""What both synthesizers share: LlamaIndex's base class, cut down to working on nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.response.schema import RESPONSE_TYPE
from llama_index.core.llms import MockLLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryType


class NodeSynthesizer(BaseSynthesizer):
    """A LlamaIndex synthesizer that needs passages with their metadata, and has no templates of LlamaIndex's kind.

    The base class wants a model to hand its own templates to; the mock one is never asked.
    """

    def __init__(self) -> None:
        """Begin without a model of LlamaIndex's."""
        super().__init__(llm=MockLLM())

    def get_response(self, query_str: str, text_chunks: Sequence[str], **response_kwargs: Any) -> str:
        """Not used: passages are needed with their metadata, see `synthesize`."""
        raise NotImplementedError("Call synthesize with nodes.")

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **response_kwargs: Any) -> str:
        """Not used, see `get_response`."""
        raise NotImplementedError("Call synthesize with nodes.")

    async def asynthesize(
        self, query: QueryType, nodes: list[NodeWithScore], *args: Any, **kwargs: Any
    ) -> RESPONSE_TYPE:
        """`synthesize`, which blocks."""
        return self.synthesize(query, nodes)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """There are none, or they are files: see `askpapers.prompts`."""
