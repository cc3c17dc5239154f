"""Opens the language model that the settings name: a server, this process, or a LlamaIndex class."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from llama_index.core.llms import LLM

from askpapers.errors import UsageError
from askpapers.llm.failures import usable_network
from askpapers.llm.model import Model
from askpapers.llm.room import AnswerRoom
from askpapers.llm.spec import Kind, Spec
from askpapers.llm.traffic import RecordingTransport, ReplayingTransport
from askpapers.settings import LIVE, ModelSettings

_CONTEXT = 4096  # tokens, where nothing is known: what Ollama gives a model unless told otherwise


def open_model(spec: Spec, settings: ModelSettings, made_of: Mapping[str, str], name: str | None = None) -> Model:
    """Open a model. `made_of` is written to the head of a recording: what has to be the same to replay it.

    `name` is what its server calls it, where that is known.

    Nothing is sent. Raises UsageError and ModelError for what is not there, ReplayError for a recording.
    """
    if spec.kind is Kind.GGUF:
        from askpapers.llm.gguf import open_gguf

        if settings.traffic != LIVE:
            raise UsageError("A model in this process has no traffic.", hint="Leave --record and --replay out.")
        llm, room = open_gguf(spec, settings)
        return Model(spec, llm, room, settings.timeout, takes_schema=False)
    if spec.kind is Kind.LLAMA_INDEX:
        from askpapers.llm.providers import open_provider

        if settings.traffic != LIVE:
            raise UsageError(f"The traffic of {spec} cannot be recorded.", hint="Leave --record and --replay out.")
        llm, room = open_provider(spec, settings)
        return Model(spec, llm, room, settings.timeout, takes_schema=False, reports_endings=False)
    from askpapers.llm.server import open_server

    known = settings.context or _known_context(spec)
    room = AnswerRoom(
        known or _CONTEXT, settings.answer, is_known=known is not None, kind=spec.kind, parameter="max_tokens"
    )
    llm = open_server(spec, settings, _transport(settings, made_of), room.context)
    return Model(spec, llm, room, settings.timeout, takes_schema=True, name=name)


def open_given(llm: LLM, settings: ModelSettings) -> Model:
    """A LlamaIndex model of a program's own, under the name of its class and its own."""
    name, model = type(llm).__name__, getattr(llm, "model", None) or llm.metadata.model_name
    spec = Spec(Kind.GIVEN, f"{name}/{model}" if model and model != "unknown" else name)
    room = AnswerRoom(settings.context or llm.metadata.context_window, settings.answer)
    return Model(spec, llm, room, settings.timeout, takes_schema=False, reports_endings=False)


def _transport(settings: ModelSettings, made_of: Mapping[str, str]) -> httpx.BaseTransport | None:
    """What stands between the client and the network; None: nothing, and the environment's proxies hold."""
    traffic = settings.traffic
    if traffic.replay:
        return ReplayingTransport(traffic.replay, dict(made_of))
    if traffic.record is None:
        return None
    with usable_network():
        network = httpx.HTTPTransport()
    return RecordingTransport(network, traffic.record, dict(made_of))


def _known_context(spec: Spec) -> int | None:
    from llama_index.llms.openai.utils import ALL_AVAILABLE_MODELS

    return ALL_AVAILABLE_MODELS.get(spec.model) if spec.kind is Kind.OPENAI else None
