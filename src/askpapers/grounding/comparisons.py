"""Comparisons: which side is the greater, the better, the faster, and in what respect. Pure functions.

Read are verbs ("outperforms", "is outperformed by"), comparatives with "than" ("is larger than", "uses fewer parameters
than", "more common in A than in B"), "superior to" and "preferred to", and comparatives with another phrase that names
the other side ("compared with B, A had fewer strokes").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from askpapers.grounding.directions import SIGNS
from askpapers.grounding.relations import Relation, relation
from askpapers.grounding.tokens import CLAUSES, PREPOSITIONS, Token, complement, is_denied, stems, subject
from askpapers.text import stem


def read_comparisons(tokens: Sequence[Token]) -> Iterator[Relation]:
    """The comparisons in a sentence; the first side of each is the greater one."""
    for place, token in enumerate(tokens):
        found = None
        if is_denied(tokens, place):
            continue
        if token.stem in _BEATING or token.text in _BEATING:
            found = _by_verb(tokens, place)
        elif token.text in _DEGREES or token.stem in _PREFERRED:
            found = _by_degree(tokens, place)
        if found:
            yield found


def _by_verb(tokens: Sequence[Token], place: int) -> Relation | None:
    token, after = tokens[place], place + 1
    sign = _BEATING.get(token.stem) or _BEATING[token.text]
    if after < len(tokens) and tokens[after].text == "by" and token.text.endswith(("ed", "en")):
        sign = -sign
    sides = subject(tokens, place), complement(tokens, after + _is_joint(tokens, after))
    return relation("better", *(sides if sign > 0 else sides[::-1]), (token,))


def _by_degree(tokens: Sequence[Token], place: int) -> Relation | None:
    token = tokens[place]
    family, sign = _DEGREES.get(token.text, ("prefer", 1))
    joints = ("to", "over") if family == "prefer" or token.text in ("superior", "inferior") else ("than",)
    joint = _joint(tokens, place, joints)
    if joint is None:
        if family == "prefer":
            return None
        return _by_phrase(tokens, place, family, sign)
    region, after = tokens[place + 1 : joint], joint + 1
    if after < len(tokens) and (tokens[after].text[0].isdigit() or tokens[after].text in _NO_SIDE):
        return None  # "more than 100", "than expected"
    first: Sequence[Token] = subject(tokens, place)
    if family == "prefer" and stems(region):
        # "raters preferred A to B"; but "A is preferred by raters to B"
        first, region = (first if region[0].text == "by" else region), ()
    elif after < len(tokens) and tokens[after].text in PREPOSITIONS:
        # "more common in A than in B"
        at = max((n for n, one in enumerate(region) if one.text == tokens[after].text), default=-1)
        if at >= 0:
            first, region = region[at + 1 :], region[:at]
        after += 1
    return _compared(family, sign, first, complement(tokens, after), region, tokens[place : joint + 1])


def _by_phrase(tokens: Sequence[Token], place: int, family: str, sign: int) -> Relation | None:
    """A comparative whose other side is named by "compared with B" and the like, before it or after it."""
    phrases = [n for n, token in enumerate(tokens) if _is_comparing(tokens, n)]
    if len(phrases) != 1 or sum(token.text in _DEGREES for token in tokens) != 1:
        return None
    (at,) = phrases
    after = at + 1 + _is_joint(tokens, at + 1)
    end = at if at > place else len(tokens)
    region: list[Token] = []
    for token in tokens[place + 1 : end]:
        if token.is_sign or token.text in PREPOSITIONS:
            break
        region.append(token)
    first: Sequence[Token] = subject(tokens, place)
    rest = place + 1 + len(region)
    if at > place and rest < at and tokens[rest].text in ("in", "with", "among", "for") and _is_passive_subject(first):
        first = tokens[rest + 1 : at]  # "mortality was higher in A compared with B"
    return _compared(family, sign, first, complement(tokens, after), region, (tokens[place], tokens[at]))


def _compared(
    family: str,
    sign: int,
    first: Sequence[Token],
    second: Sequence[Token],
    region: Sequence[Token],
    named: Sequence[Token],
) -> Relation | None:
    about = set()
    for token in region:
        if token.is_content:
            axis, end = SIGNS.get(token.stem, ((token.stem, 1),))[0]
            about.add(str(axis))
            sign *= end
    sides = (first, second) if sign > 0 else (second, first)
    return relation(family, *sides, named, frozenset(about))


def _joint(tokens: Sequence[Token], place: int, joints: tuple[str, ...]) -> int | None:
    for n in range(place + 1, min(len(tokens), place + _FAR)):
        if tokens[n].text in joints:
            return n
        if tokens[n].is_sign or tokens[n].text in CLAUSES or tokens[n].text in _DEGREES:
            return None
    return None


def _is_comparing(tokens: Sequence[Token], place: int) -> bool:
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    text = tokens[place].text
    return text in ("versus", "vs") or (text in ("compared", "relative", "comparison") and after in ("with", "to"))


def _is_joint(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].text in ("by", "behind", "with", "to", ".")


def _is_passive_subject(phrase: Sequence[Token]) -> bool:
    return bool(phrase) and phrase[-1].text in ("is", "are", "was", "were")


GOOD = frozenset("better faster cheaper easier safer stronger".split())
"""The kinds of comparisons whose greater side is the better one."""


def _degrees(table: str) -> dict[str, tuple[str, int]]:
    found = {}
    for line in table.strip().splitlines():
        up, down = (side.split() for side in line.split("|"))
        found.update(dict.fromkeys(up, (up[0], 1)) | dict.fromkeys(down, (up[0], -1)))
    return found


_DEGREES = _degrees("""
more higher larger greater bigger | less lower smaller fewer
better superior | worse inferior
faster quicker | slower
stronger | weaker
longer | shorter
older | younger
heavier | lighter
richer | poorer
easier simpler | harder
cheaper | costlier
earlier sooner | later
safer | riskier
deeper | shallower
wider broader | narrower
warmer hotter | cooler colder
closer nearer | farther
""")
_BEATING = {stem(word): 1 for word in "outperform surpass exceed beat outscore outrank outclass".split()}
_BEATING |= {stem(word): -1 for word in "underperform trail lag".split()} | {"beaten": 1}
_PREFERRED = {stem("prefer"), stem("favour"), stem("favor")}
_FAR = 12
_NO_SIDE = frozenset("predicted expected usual before previously ever".split())
