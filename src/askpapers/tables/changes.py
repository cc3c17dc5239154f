"""Numbers that say by how much something changed, and so are no value of a measure. Pure."""

from __future__ import annotations

import re

from askpapers.tables.words import Sentence, Span

_CHANGE = re.compile(
    r"improv\w*|gains?|increas\w*|decreas\w*|reduc\w*|drops?|dropped|higher|lower|better|fewer|faster|slower|cheaper|larger|smaller|rise|rose"
    r"|fell|declin\w*|differences?|speed-?ups?|slowdown|less|more"
)
_LISTED_CHANGE = re.compile(
    r"\b(?:improvements?|gains?|increases?|reductions?|drops?) of(?: (?:[\d.]+\s?%|and|or|up|to))*$"
)
_STATED_CHANGE = re.compile(
    r"\b(?:improvements?|gains?|increases?|reductions?|drops?)(?: of)?(?: (?:up to|about|over|at least))? $"
)


def is_change(sentence: Sentence, at: Span) -> bool:
    """Whether a number says by how much something changed, and no value: "by 5%", "a relative improvement of 4%"."""
    before = [word.form for word in sentence.words[max(0, at[0] - 5) : at[0]]]
    if before[-1:] == ["by"] or before[-3:-1] == ["by", "up"] or before[-2:] == ["by", "over"]:
        return True
    beside = list[str]()
    for place in range(at[1] + 1, min(at[1] + 4, len(sentence.words))):
        if sentence.words[place - 1].after:
            break
        beside.append(sentence.words[place].form)
    absolute = "to" in before[-2:] or "of" not in before[-2:]
    changes = [form for form in before if _CHANGE.fullmatch(form)]
    listed = _LISTED_CHANGE.search(" ".join(word.form for word in sentence.words[max(0, at[0] - 9) : at[0]]))
    return (bool(changes) and not absolute) or bool(listed) or any(_CHANGE.fullmatch(form) for form in beside)


def from_change_word(sentence: Sentence, at: Span) -> Span:
    """From the word that says what changed to the number, and the numbers that are listed with it."""
    first = at[0]
    for place in range(max(0, at[0] - 5), at[0]):
        if _CHANGE.fullmatch(sentence.words[place].form) or sentence.words[place].form == "by":
            first = place
            break
    last = at[1]
    for _, (begin, end) in sentence.numbers:
        if begin > last and all(word.form in ("and", "or") for word in sentence.words[last + 1 : begin]):
            last = end
    return first, last


def is_stated_change(sentence: Sentence, at: Span) -> bool:
    """Whether the words before a number call it a change, whatever its unit: "an improvement of 3.9 BLEU"."""
    start = sentence.words[at[0]].start
    return bool(_STATED_CHANGE.search(sentence.abstract[max(sentence.start, start - 40) : start]))
