"""Comparatives, superlatives, other strong words and hedges. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

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


_FAR = 500  # characters behind a hedge


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w])", re.IGNORECASE)


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
