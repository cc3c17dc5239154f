"""How long a model may write in one go, in the context that it has; models that think get more room once. Pure."""

from __future__ import annotations

import re
from typing import Any

from askpapers.llm.spec import Kind

LONGEST_ANSWER = 700
"""Tokens that a model may write in one go, unless it is set otherwise."""

_WITH_THOUGHTS = 8_000  # tokens for a model that used up the first without an answer
_SMALLEST_CONTEXT = 256  # tokens; a number below it in an error is that of something else
_STEP = 256  # what the size of a server's context is a multiple of
_CUT = 0.75
_LESS = 0.5  # of a prompt that overflowed a context of unknown size
_OPENS = re.compile(
    r"\s*(?:<\W*\w*:?(?:think|thought|reason|reflect|analys)\w*>|\[THINK\]|◁think▷|<\|channel\|>\s*analysis|<\|begin_of_thought\|>)",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"</\w*:?(?:think|thought|reason|reflect|analys)\w*>|\[/THINK\]|◁/think▷|<\|channel\|>\s*final|<\|end_of_thought\|>",
    re.IGNORECASE,
)


class AnswerRoom:
    """The tokens that a model reads (`context`) and those that it may write (`longest`), as they are found out."""

    def __init__(
        self,
        context: int,
        answer: int | None = None,
        *,
        is_known: bool = True,
        kind: Kind = Kind.SERVER,
        parameter: str | None = None,
    ) -> None:
        """`answer` tokens are set by the user; `parameter` sets the longest answer in a request, None: nothing does."""
        self.context = context
        self.longest = max(1, min(answer or LONGEST_ANSWER, context // 3))
        self._is_known = is_known
        self._kind = kind
        self._parameter = parameter
        self._is_wide = False

    @property
    def reserved(self) -> int:
        """Tokens of the context that are left to the answer."""
        return max(1, min(self.longest, self.context // 3 if not self._is_wide else self.context // 2))

    def options(self) -> dict[str, Any]:
        """What a request says of it."""
        if self._parameter is None:
            return {}
        return {self._parameter: self.longest, **(self._thinking_less() if self._is_wide else {})}

    def widen(self) -> str:
        """Give more room from now on, and ask for less thinking; what was done, or "" where that was done already."""
        before = self.longest
        if self._parameter is None or self._is_wide:
            return ""
        self._is_wide = True
        self.longest = max(before, min(_WITH_THOUGHTS, self.context // 2) if self._is_known else _WITH_THOUGHTS)
        return (
            f"thought for all of the {before:,} tokens that it had; it was asked to think less, with {self.longest:,}."
        )

    def learn(self, size: int | None, sent: int) -> None:
        """Take over the size of the context from an overflow; where it tells none, assume that half of the prompt fits.

        `sent` is an estimate of the tokens of the prompt.
        """
        if size and _SMALLEST_CONTEXT <= size < sent + self.longest:
            self.context, self._is_known = size, True
        else:
            self.context = max(_SMALLEST_CONTEXT, min(self.context, int(_LESS * sent) + self.longest))
        self.longest = max(1, min(self.longest, self.context // (2 if self._is_wide else 3)))

    def _thinking_less(self) -> dict[str, Any]:
        """The switches that there are; who does not know them leaves them aside or says so, and is asked without."""
        if self._kind is Kind.OPENAI:
            return {"reasoning_effort": "low"}
        return {"reasoning_effort": "low", "extra_body": {"chat_template_kwargs": {"enable_thinking": False}}}


def is_unfinished_thought(text: str) -> bool:
    """Whether a text is a thought that does not end."""
    return bool(_OPENS.match(text)) and not _CLOSES.search(text)


def is_cut(read: int, sent: int) -> bool:
    """Whether a server left out a part of the prompt: it counts far fewer tokens, and exactly a context.

    Ollama does so and says nothing. `sent` is an estimate.
    """
    return read >= _STEP and read % _STEP == 0 and read < _CUT * sent
