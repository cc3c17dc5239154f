"""What others need of a language model that writes a text in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from askpapers.llm.usage import Meter
from askpapers.progress import Progress


class TextModel(Protocol):
    """What is needed of `llm.model.Model`."""

    @property
    def name(self) -> str:
        """The model's name by itself, for sentences about it: without its server's address."""

    def say(
        self,
        messages: Sequence[tuple[str, str]],
        meter: Meter,
        progress: Progress,
        shape: Any = None,
    ) -> str:
        """The whole text that the model writes; `shape` is a JSON schema that it is asked to keep to."""
