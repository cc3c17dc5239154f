"""Embedding models behind OpenAI's protocol, as a LlamaIndex embedding: OpenAI itself, Ollama, vLLM, llama.cpp."""

from __future__ import annotations

import itertools
import time

import openai
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr

from askpapers.errors import EmbedderError, ModelBrokenError, ModelDeniedError, ModelError
from askpapers.llm.failures import CHECK, translated
from askpapers.llm.server import open_client
from askpapers.llm.spec import Spec
from askpapers.settings import ModelSettings

_LONGEST_TEXT = 2_000  # characters: about 500 tokens, which the smallest of these models read
_BATCH = 64  # texts in a request
_FIRST_WAIT = 0.5  # seconds
_LONGEST_WAIT = 60.0
_KEYS = "Set the right key (OPENAI_API_KEY, or ASK_API_KEY for another server)"
_INSTEAD = "or go back to the embedded model: ask index --embedder minilm"


class ServerEmbedding(BaseEmbedding):
    """A LlamaIndex embedding that asks a server. Texts are cut at 2,000 characters.

    LlamaIndex's own OpenAIEmbedding makes its client itself: the key would be in one of its fields, OPENAI_ORG_ID
    would go to any server, failures would be retried twice over, and it is one more package to install.
    """

    _client: openai.OpenAI = PrivateAttr()
    _spec: Spec = PrivateAttr()
    _timeout: float = PrivateAttr()

    def __init__(self, spec: Spec, client: openai.OpenAI, timeout: float) -> None:
        """Embed with the model of a spec by a client of its server; `timeout` is in seconds without a byte."""
        super().__init__(model_name=spec.model, embed_batch_size=_BATCH)
        self._client, self._spec, self._timeout = client, spec, timeout

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex has for it."""
        return "ServerEmbedding"

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        """Embed a batch. Raises EmbedderError when what can be tried again has been."""
        for tried in itertools.count(1):
            try:
                return self._ask([text[:_LONGEST_TEXT] for text in texts])
            except ModelError as error:
                wait = error.wait if error.wait is not None else _FIRST_WAIT * 2 ** (tried - 1)
                if tried >= error.attempts or wait > _LONGEST_WAIT:
                    raise failed(self._spec, error) from error
                time.sleep(wait)
        raise AssertionError("unreachable")

    def _ask(self, texts: list[str]) -> list[list[float]]:
        with translated(self._spec, self._timeout):
            answer = self._client.embeddings.create(model=self._spec.model, input=texts, encoding_format="float")
            try:
                vectors = {item.index: item.embedding for item in answer.data}
                return [vectors[place] for place in range(len(texts))]
            except (AttributeError, KeyError, TypeError) as error:
                raise ModelBrokenError(f"It sent what are no {len(texts)} vectors.", hint=CHECK) from error

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def open_embedding(spec: Spec, settings: ModelSettings) -> BaseEmbedding:
    """A LlamaIndex embedding for a model of a server. Nothing is sent. Raises EmbedderError where there is no key."""
    try:
        return ServerEmbedding(spec, open_client(spec, settings), settings.timeout)
    except ModelError as error:
        raise failed(spec, error) from error


def failed(spec: Spec, error: ModelError) -> EmbedderError:
    """What a failure of a model server means for an embedder."""
    first = _KEYS if isinstance(error, ModelDeniedError) else "See what `ask doctor` finds"
    return EmbedderError(f"The embedder {spec} gives no vectors: {error}", hint=f"{first}, {_INSTEAD}")
