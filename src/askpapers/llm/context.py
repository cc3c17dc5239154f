"""What a server says of its model: its name, and how many tokens it reads (vLLM, llama.cpp, OpenRouter)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeGuard

from askpapers.errors import ModelError
from askpapers.llm.failures import translated
from askpapers.llm.server import open_client
from askpapers.llm.spec import Kind, Spec
from askpapers.settings import ModelSettings

_TIMEOUT = 2.0  # seconds: an answer is not worth waiting for
_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length")
_LLAMA_CPP = "llamacpp"


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model as its server lists it: its name and the tokens that it reads, each None where the server does not say.

    What a model was trained for (`n_ctx_train`) is not meant: a server may give it less.
    """

    name: str | None = None
    context: int | None = None


def served_model(spec: Spec, settings: ModelSettings) -> ServedModel:
    """What a server says of a model; nothing where nobody answers."""
    if spec.kind is not Kind.SERVER:
        return ServedModel()
    try:
        with translated(spec, _TIMEOUT), open_client(spec, settings).with_options(timeout=_TIMEOUT) as client:
            listed = client.get("/models", cast_to=object)
            model = _model(listed, spec.model)
            found = next(_sizes(model), None)
            if found is None and model.get("owned_by") == _LLAMA_CPP:
                root = (spec.address or "").removesuffix("/v1")
                found = next(_sizes_of_props(client.get(f"{root}/props", cast_to=object)), None)
            return ServedModel(_name(model), found)
    except ModelError:
        return ServedModel()


def _model(listed: object, name: str) -> Mapping[str, Any]:
    """The entry of a model in what a server lists; of a server with one model, that one, whatever it is called."""
    data = listed.get("data") if isinstance(listed, dict) else None
    models = [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    named = [entry for entry in models if entry.get("id") == name]
    return (named or (models if len(models) == 1 else [{}]))[0]


def _name(model: Mapping[str, Any]) -> str | None:
    """The name of an entry; of a file's path, as llama.cpp lists it, the file's."""
    name = model.get("id")
    if not isinstance(name, str) or not name.strip():
        return None
    return PurePath(name.replace("\\", "/")).name if name.casefold().endswith(".gguf") else name


def _sizes(model: Mapping[str, Any]) -> Iterator[int]:
    meta = model.get("meta")
    values = [model.get(name) for name in _NAMES] + [meta.get("n_ctx") if isinstance(meta, dict) else None]
    yield from (value for value in values if _is_size(value))


def _sizes_of_props(props: object) -> Iterator[int]:
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    value = settings.get("n_ctx") if isinstance(settings, dict) else None
    yield from (size for size in [value] if _is_size(size))


def _is_size(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
