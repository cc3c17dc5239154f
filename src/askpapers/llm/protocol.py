"""What others need of a language model that writes a text in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from askpapers.llm.usage import Meter


class TextModel(Protocol):
    """What is needed of `llm.model.Model`."""

    @property
    def spec(self) -> object:
        """The name of the model."""

    def say(
        self,
        messages: Sequence[tuple[str, str]],
        meter: Meter,
        told: Callable[[str, int, int | None], None],
        shape: Any = None,
    ) -> str:
        """The whole text that the model writes; `shape` is a JSON schema that it is asked to keep to."""
