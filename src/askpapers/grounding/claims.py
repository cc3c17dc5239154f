"""Comparatives, superlatives and other strong words, and who is compared with whom. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from askpapers.grounding.polarity import Word, read_words, signs
from askpapers.text import folded


def overclaims(statement: str, source: str) -> tuple[str, ...]:
    """The strong words of a statement (all, only, best, proves, significantly) that the source has no match for.

    A word is matched by any of its group. Hedges count the other way round: what may be so in the source is not so
    in the statement.
    """
    statement, source = folded(statement), folded(source)
    found = []
    for claimed, matching in _GROUPS:
        match = claimed.search(statement)
        if match and not matching.search(source):
            found.append(match.group().strip())
    return tuple(found)


def dropped_hedge(statement: str, source: str) -> str:
    """The hedge of the source sentence (may, might, potentially) where the statement asserts the same, or ""."""
    if _ANY_HEDGE.search(statement):
        return ""
    told = {w.stem for w in read_words(statement)}
    source = folded(source)
    for match in _HEDGE.finditer(source):
        hedged = read_words(source[match.end() : match.end() + _FAR])[:2]
        if hedged and all(w.stem in told for w in hedged):
            return f"“{hedged[0].text}” without “{match.group().casefold()}”"
    return ""


def comparatives(statement: str, source: Sequence[Word]) -> tuple[str, ...]:
    """The comparisons of a statement that the source does not make: neither the word nor one of its direction."""
    there, stems = signs(source), {w.stem for w in source}
    found = []
    for match in _COMPARATIVE.finditer(folded(statement)):
        words = [w for w in read_words(match.group()) if w.stem != "than"]
        if words and not any(w.stem in stems or signs([w]) & there for w in words):
            found.append(match.group().strip())
    return tuple(dict.fromkeys(found))


def swapped(statement: str, source: str) -> str:
    """The comparison of a statement in which the source has the two sides the other way round, or ""."""
    there = list(islice(_comparisons(folded(source)), _MOST))
    for mine in islice(_comparisons(folded(statement)), _MOST):
        for theirs in there:
            straight = len(mine.left & theirs.left) + len(mine.right & theirs.right)
            crossed = len(mine.left & theirs.right) + len(mine.right & theirs.left)
            both = mine.left & theirs.right and mine.right & theirs.left
            # "A motivates pupils more than B": what is said of both stands on the left in both.
            if mine.sign * theirs.sign > 0 and both and (crossed > straight or not mine.right & theirs.right):
                return mine.shown
            both = mine.left & theirs.left and mine.right & theirs.right
            if mine.sign * theirs.sign < 0 and both and straight > crossed:
                return mine.shown
    return ""


class _Comparison:
    """Two sides of a comparison: stems that stand on one side only, and whether the left is the greater."""

    def __init__(self, left: str, shown: str, right: str, sign: int) -> None:
        one, other = ({w.stem for w in read_words(side)} for side in (left, right))
        self.left, self.right = frozenset(one - other), frozenset(other - one)
        self.shown, self.sign = shown, sign


def _comparisons(text: str) -> Iterator[_Comparison]:
    for sentence in re.split(r"[.;]\s", text):
        for match in _COMPARED.finditer(sentence):
            sign = 1 if match["up"] else -1
            if _BY.match(sentence, match.end()) and match.group().casefold().endswith("ed"):
                sign = -sign
            left = _subject(sentence[max(0, match.start() - _FAR) : match.start()])
            right = _object(sentence[match.end() : match.end() + _FAR])
            yield _Comparison(left, match.group(), right, sign)


def _subject(before: str) -> str:
    """What stands before a comparison in its clause, without what is put in: "clay, by which we mean earth,"."""
    pieces = re.split(r"[,:]\s", before)
    while len(pieces) > 1 and (_PUT_IN.match(pieces[-1]) or not _SAYING.search(pieces[-1])):
        pieces.pop()
    return pieces[-1]


def _object(after: str) -> str:
    """What stands behind a comparison in its clause, without where or when it holds: "B" of "B on the test set"."""
    clause = re.split(r"[,:]\s", after)[0]
    return next((piece for piece in _SETTING.split(clause)[:1] if _SAYING.search(piece)), clause)


_PUT_IN = re.compile(r"(?:(?:by|in|of|with|for) )?(?:which|who|whose|that is|i\.e\.)\b", re.IGNORECASE)
_SAYING = re.compile(r"\b(?!\w*ly\b)\w{3,}")
_SETTING = re.compile(r"\s(?:on|for|in|at|when|across|during|while|under)\s")
_BY = re.compile(r"\s+by\b")
_MOST = 20  # comparisons
_FAR = 500  # characters


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w])", re.IGNORECASE)


_MUCH = r"better|more|higher|larger|greater|faster|stronger|longer|superior|bigger|older"
_LITTLE = r"worse|less|lower|smaller|fewer|slower|weaker|shorter|inferior|younger"
_THAN = r"(?:\s[\w-]+){0,4}?\s(?:than|to)"
_UP = rf"outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|beat(?:s|en)?|(?:{_MUCH}){_THAN}"
_DOWN = rf"underperform(?:s|ed|ing)?|trail(?:s|ed)?|lags? behind|(?:{_LITTLE}){_THAN}"
_COMPARED = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
_COMPARATIVE = _any(
    r"(?!rather|other|whether|number|further|together|over|either|under)\w{2,}er than"
    r"|(?:more|less)\s[\w-]+(?=\s(?:\w+\s){0,3}than)"
    r"|better|worse|faster|slower|higher|lower|larger|smaller|greater|fewer|cheaper|stronger|weaker|superior|inferior"
    r"|(?:out|under)perform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?"
)
_HEDGE = _any("may|might|could|possibly|potentially|perhaps")
_ANY_HEDGE = _any(
    "may|might|could|can|possibly|possible|potential|potentially|perhaps|suggests?|suggested|suggesting|seems?"
    "|appears?|likely|hypothesi[sz]ed?s?|propose[sd]?|promising|would|should|probably|indicates?|believed?|thought"
    "|speculated?|whether|if"
)
# What is claimed, and what else in the source allows it.
_ALLOWED_BY = (
    (
        "all|every|everything|everyone|always|entirely|completely|fully|totally|universally|invariably",
        "each|whole|entire|both|complete|full|throughout|across|100 ?%|consistently|none|no|never|uniformly|either|any",
    ),
    (
        "only|solely|exclusively|sole|alone|nothing but",
        "just|merely|single|unique|uniquely|purely|limited|exclusive|without|one",
    ),
    ("never|impossible|under no circumstances", "no|not|cannot|none|without|nor|neither|fails?|unable|lacks?"),
    (
        r"the first(?! (?:of|one|two|three|author|step|stage|phase|part|layer|time that)\b)|first (?:place|prize|to)"
        "|for the first time",
        r"first(?: place| prize)?|novel|new|newly|never|introduc\w+|(?:has|have) not been|no previous|pioneer\w*"
        "|unexplored|1st",
    ),
    (
        "(?:the )?best(?!-of)|state[- ]of[- ]the[- ]art|sota|top(?=-performing| performing)|unprecedented|unmatched"
        "|unrivall?ed",
        r"highest|top|outperform\w*|superior|record|optimal|surpass\w*|exceed\w*|lowest|strongest|better than",
    ),
    (
        r"(?<!at )(?:most|least) (?!of\b|likely\b)\w+|highest|lowest|largest|smallest|fastest|strongest|biggest"
        "|greatest|worst|optimal",
        r"\w+est|best|most|least|top|maximum|minimum|maximal|minimal|optimum|optimally|record|any (?:other|previous)"
        "|state[- ]of[- ]the[- ]art",
    ),
    (
        "proves?|proved|proven|proof|guarantees?|guaranteed|conclusive(?:ly)?|definitive(?:ly)?|undeniabl[ey]"
        "|unequivocal(?:ly)?|certainly|undoubtedly|beyond doubt",
        r"theorem|prove\w*|guarantee\w*|certif\w+|provabl[ey]|confirm\w*|establish\w*",
    ),
    (
        "significant(?:ly)?|substantial(?:ly)?|dramatic(?:ally)?|drastic(?:ally)?|vast(?:ly)?|huge(?:ly)?"
        "|massive(?:ly)?|enormous(?:ly)?|overwhelming(?:ly)?|by a (?:wide|large|huge) margin",
        "considerabl[ey]|marked(?:ly)?|great(?:ly|er)?|strong(?:ly)?|large(?:r|ly)?|much|far|remarkabl[ey]|margins?"
        r"|orders? of magnitude|p\s?[<=≤]|noticeabl[ey]|notabl[ey]|major|profound(?:ly)?|highly|severe(?:ly)?"
        "|extensive(?:ly)?|high|many|striking(?:ly)?|impressive(?:ly)?|big"
        r"|\d+(?:\.\d+)?\s?(?:%|x|times|fold)",
    ),
    (
        "eliminat(?:es?|ed|ing)|eradicat(?:es?|ed|ing)|cures?|cured|perfect(?:ly)?|flawless(?:ly)?|infallibl[ey]"
        "|error-free|foolproof",
        r"remov\w*|no|without|free|abolish\w*|100 ?%|avoid\w*|complet\w*|elimination|eradication|obviat\w*|never",
    ),
    (
        "fully sol(?:ves?|ved)|sol(?:ves?|ved)(?= the problem)|human-level|superhuman|human parity",
        "sol(?:ves?|ved|ution)|humans?",
    ),
    (
        "must|necessarily|inevitabl[ey]",
        r"need\w*|necess\w*|requir\w*|demand\w*|essential\w*|depend\w*|crucial|has to|have to|inevitable",
    ),
)
_GROUPS = tuple((_any(claimed), _any(f"{claimed}|{others}")) for claimed, others in _ALLOWED_BY)
