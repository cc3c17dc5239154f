"""Whether a statement has the two sides of a relation the other way round than its source. Pure functions.

Three readings, each on its own: relations and comparisons by the words that name them; the same words between two
sides; two numbers that each belong to what the source gives the other one for. Only what is named in both counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askpapers.grounding.comparisons import GOOD, read_comparisons
from askpapers.grounding.relations import Relation, passive_verbs, read_relations
from askpapers.grounding.tokens import Token, read_sentences, stems
from askpapers.text import stem

_BETWEEN = 7  # words between two sides
_COPIED = 0.75  # of the words of a sentence


@dataclass(frozen=True, slots=True)
class Roles:
    """The words of a statement that swap two sides, "" if none, and the stems of those that agree with the source."""

    swapped: str = ""
    agreeing: frozenset[str] = frozenset()


def read_roles(statement: str, source: str) -> Roles:
    """Hold the relations of a statement against those of its source."""
    mine, theirs = list(read_sentences(statement)), list(read_sentences(source))
    verbs = frozenset[str]().union(*map(passive_verbs, (*mine, *theirs)))
    there = [one for tokens in theirs for one in _relations(tokens, verbs)]
    fault, agreeing = "", frozenset[str]()
    for one in (one for tokens in mine for one in _relations(tokens, verbs)):
        held = {_orientation(one, other): other for other in there if _are_of_one_kind(one, other)}
        if 1 in held:
            agreeing |= one.words | held[1].words
        elif -1 in held:
            fault = fault or one.shown
    return Roles(fault or _exchanged(mine, theirs) or _exchanged_numbers(mine, theirs), agreeing)


def _relations(tokens: Sequence[Token], verbs: frozenset[str]) -> Iterator[Relation]:
    yield from read_relations(tokens, verbs)
    yield from read_comparisons(tokens)


def _are_of_one_kind(one: Relation, other: Relation) -> bool:
    """Whether two relations are of the same thing; what is better is so in any respect that is good."""
    if one.kind != other.kind:
        return "better" in (one.kind, other.kind) and {one.kind, other.kind} <= GOOD
    return bool(one.about & other.about) or not (one.about and other.about)


def _orientation(one: Relation, other: Relation) -> int:
    """1: the sides of both stand the same way, -1: they are swapped, 0: they are other sides."""
    straight = len(one.first & other.first), len(one.second & other.second)
    crossed = len(one.first & other.second), len(one.second & other.first)
    if all(straight) and sum(straight) > sum(crossed):
        return 1
    # "A quantum automaton beats its classical counterpart": what both are is named on one side only.
    return -1 if all(crossed) and (sum(crossed) > sum(straight) or not all(straight)) else 0


def _exchanged(mine: Sequence[Sequence[Token]], theirs: Sequence[Sequence[Token]]) -> str:
    """Two words that stand in exchanged places, with the same words between them, in a sentence that is copied else."""
    sources = [(stems(tokens), {key for key, _ in _between(tokens)}) for tokens in theirs]
    for tokens in mine:
        own = stems(tokens)
        there = {key for words, keys in sources if len(own & words) >= _COPIED * len(own) for key in keys}
        for (first, words, second), is_one_way in _between(tokens):
            if is_one_way and (second, words, first) in there and (first, words, second) not in there:
                return f"{first} {' '.join(words)} {second}"
    return ""


def _between(tokens: Sequence[Token]) -> Iterator[tuple[tuple[str, tuple[str, ...], str], bool]]:
    """Two words of a sentence with the stems between them, and whether these mean another thing the other way round."""
    for place, first in enumerate(tokens):
        if not first.is_content:
            continue
        words: list[str] = []
        is_one_way, is_mutual = False, False
        for token in tokens[place + 1 : place + 2 + _BETWEEN]:
            if token.is_sign and token.text != ",":
                break
            if token.is_content and words and token.stem != first.stem:
                yield (first.stem, tuple(words), token.stem), is_one_way and not is_mutual
            if token.text not in _SMALL and not token.is_sign and not token.text.endswith("ly"):
                words.append(token.stem)
                is_one_way |= token.text in _ONE_WAY or (token.is_content and token.text.endswith(("s", "ed")))
                is_mutual |= token.stem in _BOTH_WAYS


def _exchanged_numbers(mine: Sequence[Sequence[Token]], theirs: Sequence[Sequence[Token]]) -> str:
    """Two numbers, each given for what the source gives the other one for."""
    there = [given for tokens in theirs if (given := _given(tokens))]
    for told in map(_given, mine):
        for source in there:
            both = [number for number in told if number in source]
            for place, one in enumerate(both):
                for other in both[place + 1 :]:
                    crossed = len(told[one] & source[other]), len(told[other] & source[one])
                    straight = len(told[one] & source[one]), len(told[other] & source[other])
                    if all(crossed) and sum(crossed) > sum(straight):
                        return f"{one}, {other}"
    return ""


def _given(tokens: Sequence[Token]) -> dict[str, frozenset[str]]:
    """What each number of a sentence is given for: the words of its part that no other number's part has.

    A part has one number; "A and B need 3 and 9, respectively" has two.
    """
    parts = _respectively(tokens) or _parts(tokens)
    numbers = [[token.text for token in part if token.text[0].isdigit()] for part in parts]
    found = [(own[0], stems(part) - {own[0]}) for own, part in zip(numbers, parts, strict=True) if len(own) == 1]
    if len({number for number, _ in found}) < len(found):
        return {}
    count = defaultdict[str, int](int)
    for _, words in found:
        for word in words:
            count[word] += 1
    return {number: frozenset(word for word in words if count[word] == 1) for number, words in found}


def _parts(tokens: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.is_sign or token.text in _PARTING:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _respectively(tokens: Sequence[Token]) -> list[list[Token]]:
    """The parts of "A and B need 3 and 9, respectively": A with 3, B with 9."""
    if all(token.text != "respectively" for token in tokens):
        return []
    numbers = [n for n, token in enumerate(tokens) if token.text[0].isdigit()]
    joints = [n for n, token in enumerate(tokens) if token.text == "and" and numbers and n < numbers[0]]
    if len(numbers) != 2 or len(joints) != 1 or not 0 < numbers[1] - numbers[0] < 5:
        return []
    before, after = tokens[: joints[0]], tokens[joints[0] + 1 : numbers[0]]
    return [[*before, tokens[numbers[0]]], [*after, tokens[numbers[1]]]]


_SMALL = frozenset(
    "a an the is are was were be been being has have had can could may might will would do does did".split()
)
_PARTING = frozenset("and while whereas but versus vs than with compared".split())
_ONE_WAY = frozenset("from to into before after by without over than".split())
_BOTH_WAYS = frozenset(
    stem(word)
    for word in "and or versus vs between correlate correlated correlation associated association relate related differ"
    " different difference similar equal compare compared comparison interact interaction match equivalent independent"
    " combine combined plus alike identical same both nor not resemble trade-off tradeoff orthogonal connected link"
    " linked agree agreement consistent near close adjacent overlap meet coincide share".split()
)
