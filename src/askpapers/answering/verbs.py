"""Tells what a paper does from what it talks about: uses or mentions, introduces or evaluates on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from askpapers.text import stem, words


class Deed(StrEnum):
    """What a survey asks papers to have done with its topic."""

    USE = "use"
    INTRODUCE = "introduce"
    EVALUATE = "evaluate"
    TRAIN = "train"


_VERBS = {
    Deed.INTRODUCE: "introduce release propose present create collect publish develop contribute",
    Deed.EVALUATE: "evaluate test benchmark measure assess experiment validate",
    Deed.TRAIN: "train finetune tune optimize optimise learn pretrain",
    Deed.USE: "use apply employ leverage adopt utilize utilise rely exploit",
}
_DEED_OF = {stem(verb): deed for deed, verbs in _VERBS.items() for verb in verbs.split()}
# Words that make the other two kinds of sentence: the authors' own work, and what the field does.
_OWN = re.compile(r"\b(?:we|our|us|ours|here|this (?:paper|work|article|report|study))\b", re.IGNORECASE)
# How far into a topic its verb stands at the latest ("whose authors introduce ...").
_VERB_WITHIN = 4


def read_deed(topic: str) -> Deed | None:
    """The deed that a survey's topic begins with ("introduce a new dataset"); None for "about" questions.

    Either of two deeds, or a deed or something else ("propose or study"), is none.
    """
    first = [word.casefold() for word, _, _ in words(topic)]
    for at, word in enumerate(first[:_VERB_WITHIN]):
        deed = _DEED_OF.get(stem(word))
        if deed is None or (deed is Deed.TRAIN and word.endswith("ing")):  # "learning" is a field, "training" a thing
            continue
        match first[at + 1 : at + 3]:
            case ["or" | "and", other] if _DEED_OF.get(stem(other)) is not deed:
                return None
        return deed
    return None


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence of an abstract: its stems, and whether it tells of the authors' own work."""

    stems: frozenset[str]
    own: bool

    def does(self, deed: Deed) -> bool:
        """Whether the sentence tells that its authors did this. Any own sentence tells of a use."""
        return self.own and (deed is Deed.USE or any(_DEED_OF.get(s) is deed for s in self.stems))


def tellings(sentences: Sequence[str], stems: Sequence[frozenset[str]], names: frozenset[str]) -> list[Telling]:
    """Read which sentences of an abstract are about its own work.

    Those are all from the first that says "we" or "this paper" on; before it, those with one of the paper's
    own `names`. An abstract that never says so is all its own.
    """
    firsts = [i for i, sentence in enumerate(sentences) if _OWN.search(sentence)]
    begin = firsts[0] if firsts else 0
    return [Telling(s, i >= begin or bool(s & names)) for i, s in enumerate(stems)]
