"""The words for a verdict: "Match", "not relevant", true, "**yes**", "match - because ...". Pure."""

from __future__ import annotations

import re
from typing import Any

VERDICTS = ("match", "mention", "no", "unclear")

_WORDS = {
    "unclear": "unclear|uncertain|unsure|unknown|undetermined|cannot tell|can't tell|not clear|not sure|maybe"
    "|perhaps|possibly|n/?a|\\?",
    "no": (
        "no match|not? (?:an? )?(?:match|relevant|related|mentioned|applicable)|does(?: not|n't)(?: match| mention"
        "| do| answer)?|does no|no|none"
        "|neither|irrelevant|unrelated"
        r"|not(?=\W{0,9}$)|non-?match|false|exclude[ds]?|negative|reject(?:ed)?|n|✗|❌|✘|×|0"
    ),
    "mention": (
        "mention(?:s|ed)?|partial(?:ly)?(?: match| relevant)?|partly|touch(?:es)?|somewhat|related"
        "|tangential(?:ly)?|weak(?:ly)?"
        "|indirect(?:ly)?|background|minor|borderline|~"
    ),
    "match": (
        "(?:strong |full |direct |clear |exact )?match(?:es|ed|ing)?|(?:highly |very |directly )?relevant|yes"
        "|true|answers?|include[ds]?"
        "|positive|accept(?:ed)?|y|✓|✅|✔|1"
    ),
}
_VERDICT = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()) + r")(?![^\W_])", re.IGNORECASE
)
_COPULA = re.compile(
    r"(?:it |this |the paper |the verdict )?(?:is|are|was|would be) (?:an? |in "
    r"|clearly )?(?=\w)",
    re.IGNORECASE,
)
_AT_LAST = re.compile(r"\b(?:so|therefore|hence|thus|verdict|conclusion)\b[,:]? (?=[^.;]{1,40}[.!]?$)", re.IGNORECASE)
BARE = " \t\r\n*_`\"'“”‘’()[]{}.:;,!|-–—>"
"""Signs that may stand around a verdict."""


def read_verdict(words: Any) -> str | None:
    """The verdict in a value: "Match", "not relevant", true, "**yes**", "match - because ..."."""
    if isinstance(words, bool):
        return "match" if words else "no"
    if not isinstance(words, str):
        return None
    bare = words.strip(BARE)
    found = _VERDICT.match(_COPULA.sub("", bare, count=1) if _COPULA.match(bare) else bare)
    if not found and (last := _AT_LAST.search(bare)):  # "it reduces cracking, so it is a match"
        rest = bare[last.end() :]
        found = _VERDICT.match(_COPULA.sub("", rest, count=1) if _COPULA.match(rest) else rest)
    return found.lastgroup if found else None
