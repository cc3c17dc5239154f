"""Models of other providers through LlamaIndex's own packages, imported only when such a model is named."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from llama_index.core.llms import LLM

from askpapers.errors import UsageError
from askpapers.llm.failures import translated
from askpapers.llm.room import AnswerRoom
from askpapers.llm.spec import PROVIDERS, Spec
from askpapers.settings import ModelSettings

_CONTEXT = 4096  # tokens, where the class does not say


def open_provider(spec: Spec, settings: ModelSettings) -> tuple[LLM, AnswerRoom]:
    """Make a model of the class that a spec names, with the key that its package reads from the environment.

    Raises UsageError where the package or the class is not there, ModelError where it cannot be made.
    """
    module, _, name = (spec.address or "").partition(":")
    made = _class(module, name)
    room = AnswerRoom(settings.context or _CONTEXT, settings.answer)
    provider = next((provider for provider in PROVIDERS if provider.address == spec.address), None)
    wanted: dict[str, Any] = {
        "temperature": 0.0,
        "max_tokens": room.longest,
        "timeout": settings.timeout,
        "max_retries": 0,  # retried in model.py
    }
    if spec.model:
        wanted |= dict.fromkeys((provider.parameter,) if provider else ("model", "model_name"), spec.model)
    if provider and (key := settings.keys.get(provider.name)):
        wanted["api_key"] = key
    accepted = _parameters(made)
    with translated(spec, settings.timeout):
        llm: LLM = made(**{name: value for name, value in wanted.items() if name in accepted})
        context = settings.context or llm.metadata.context_window
    return llm, AnswerRoom(context if context > 0 else _CONTEXT, settings.answer)


def _class(module: str, name: str) -> Any:
    try:
        made = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        if error.name and not module.startswith(error.name) and error.name.partition(".")[0] != "llama_index":
            raise UsageError(
                f"{module} cannot be imported: {error.name} is not installed.",
                hint=f"Install it: pip install {error.name}",
            ) from error
        raise UsageError(
            f"The package of {name} is not installed.", hint=f"Install it: pip install {package_of(module)}"
        ) from error
    if not (isinstance(made, type) and issubclass(made, LLM)):
        raise UsageError(f"{module} has no language model {name}.", hint="Write: llama-index:PACKAGE:CLASS[:MODEL]")
    return made


def package_of(module: str) -> str:
    """The name under which a module is installed: LlamaIndex's packages are named after theirs."""
    if module.startswith("llama_index."):
        return module.replace("_", "-").replace(".", "-")
    return module.partition(".")[0].replace("_", "-")


def _parameters(made: type) -> set[str]:
    """The names that a class takes; a class that takes any takes those of its fields."""
    given = inspect.signature(made).parameters.values()
    names = {parameter.name for parameter in given}
    takes_any = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in given)
    return names | set(getattr(made, "model_fields", ())) if takes_any else names
