"""Which sentences of an abstract tell of the authors' own work, and which of what the field does."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OWN = re.compile(r"\b(?:we|our|us|ours|here|this (?:paper|work|article|report|study))\b", re.IGNORECASE)


def own_sentences(sentences: Sequence[str], stems: Sequence[frozenset[str]], names: frozenset[str]) -> list[bool]:
    """Whether each sentence of an abstract, in order, is about its own work.

    Those are all from the first that says "we" or "this paper" on; before it, those with one of the paper's own
    `names` (stems). An abstract that never says so is all its own.
    """
    firsts = [i for i, sentence in enumerate(sentences) if _OWN.search(sentence)]
    begin = firsts[0] if firsts else 0
    return [i >= begin or bool(s & names) for i, s in enumerate(stems)]
