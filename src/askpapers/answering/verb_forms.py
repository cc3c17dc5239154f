"""The base form of a verb, so that "who uses X", "papers using X" and "has anyone used X" are about the same. Pure."""

from __future__ import annotations

from askpapers.answering.commonness import rank
from askpapers.answering.spelling import is_word
from askpapers.text import irregular_base, stem

_ENDINGS = ("", "e", "y")
_LONGEST_ENDING = 4  # letters: "planning" is of "plan"
_UNRANKED = 100_000


def base_form(verb: str) -> str:
    """The base form of an inflected verb ("use" of "uses", "using", "used"); any other word as it is.

    It is the commonest word with the verb's stem that the verb begins with, but for an "e" or a "y" at its end.
    """
    *_, last = verb.rpartition("-")  # fine-tuning
    lower = last.casefold()
    if base := irregular_base(lower):
        return verb.removesuffix(last) + base
    if not (lower.endswith(("ing", "ed")) or (lower.endswith("s") and lower[-2:-1] not in "isu")):
        return verb
    beginnings = [lower[:-cut] for cut in range(1, min(_LONGEST_ENDING, len(lower) - 2) + 1)]
    forms = [begin + ending for begin in beginnings for ending in _ENDINGS if begin + ending != lower]
    bases = [form for form in dict.fromkeys(forms) if stem(form) == stem(lower) and is_word(form)]
    return verb.removesuffix(last) + min(bases, key=lambda form: rank(form) or _UNRANKED) if bases else verb
