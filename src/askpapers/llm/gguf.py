"""A model in this process, from a GGUF file, by llama.cpp: the extra `gguf`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from llama_index.core.llms import LLM, ChatMessage

from askpapers.errors import ModelUnknownError, UsageError
from askpapers.llm.room import AnswerRoom
from askpapers.llm.spec import Kind, Spec
from askpapers.settings import ModelSettings

_CONTEXT = 4096


def open_gguf(spec: Spec, settings: ModelSettings) -> tuple[LLM, AnswerRoom]:
    """Load a GGUF file; returns the model and its room for reading and writing.

    Raises UsageError where the extra is not installed, ModelUnknownError where the file is none.
    """
    path = Path(spec.model)
    if not path.is_file():
        raise ModelUnknownError(f"There is no file {path}.", hint="Write the path of a GGUF file: --llm gguf:PATH")
    try:
        from llama_index.llms.llama_cpp import LlamaCPP
    except ImportError as error:
        raise UsageError(
            "A GGUF file needs llama.cpp, which is not installed.", hint='Install it: pip install "askpapers[gguf]"'
        ) from error
    room = AnswerRoom(settings.context or _CONTEXT, settings.answer, kind=Kind.GGUF)
    try:
        llm = LlamaCPP(
            model_path=str(path),
            temperature=0.0,
            max_new_tokens=room.longest,
            context_window=room.context,
            messages_to_prompt=_plain_prompt,
            verbose=False,
        )
    except (ValueError, RuntimeError) as error:
        raise ModelUnknownError(
            f"{path} cannot be loaded: {error}.", hint="Is it a GGUF file of a language model?"
        ) from error
    formatted = _template_of(llm)
    if formatted is not None:
        llm.messages_to_prompt = formatted
    return llm, room


def _plain_prompt(messages: Sequence[ChatMessage]) -> str:
    """For a file without a chat template of its own."""
    return "\n\n".join(message.content or "" for message in messages) + "\n\nAnswer:"


def _template_of(llm: Any) -> Callable[[Sequence[ChatMessage]], str] | None:
    """The chat template that the file carries: LlamaIndex's class knows none, and a model misread answers badly."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    model = llm._model
    template = model.metadata.get("tokenizer.chat_template")
    if not template:
        return None
    # llama.cpp puts the first token of a text there itself.
    formatter = Jinja2ChatFormatter(template, eos_token=model._model.token_get_text(model.token_eos()), bos_token="")

    def prompt(messages: Sequence[ChatMessage]) -> str:
        chat: Any = [{"role": str(m.role.value), "content": m.content or ""} for m in messages]
        text: str = formatter(messages=chat).prompt
        return text

    return prompt
