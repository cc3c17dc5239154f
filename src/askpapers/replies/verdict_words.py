"""The words for a verdict: "Match", "not relevant", true, "**yes**", "relevant: no", "match - because ...". Pure."""

from __future__ import annotations

import re
from typing import Any

VERDICTS = ("match", "mention", "no", "unclear")

_WORDS = {
    "unclear": "unclear|uncertain|unsure|unknown|undetermined|cannot tell|can't tell|not clear|not sure|maybe"
    "|perhaps|possibly|n/?a|\\?",
    "no": (
        "no match|not? (?:an? )?(?:match|relevant|related|mentioned|applicable|about)"
        "|do(?:es)?(?: not|n't)|does no|no|none"
        "|neither|irrelevant|unrelated"
        r"|not(?=\W{0,9}$)|non-?match|false|exclude[ds]?|negative|reject(?:ed)?|n|✗|❌|✘|×|0"
        "|nein|non|não|нет|否|不是|不匹配|不相关|不相關|无关|無關|不一致|いいえ|該当(?:なし|しない)|아니오|아니요"
    ),
    "mention": (
        "mention(?:s|ed)?|partial(?:ly)?(?: match| relevant)?|partly|touch(?:es)?|somewhat|related"
        "|tangential(?:ly)?|weak(?:ly)?"
        "|indirect(?:ly)?|background|minor|borderline|~|提及|言及"
    ),
    "match": (
        "(?:strong |full |direct |clear |exact )?match(?:es|ed|ing)?|(?:highly |very |directly )?relevant|yes"
        "|true|answers?|include[ds]?"
        "|positive|accept(?:ed)?|y|✓|✅|✔|1"
        "|ja|oui|sí|sì|sim|да|treffer|是|匹配|相关|相關|一致|はい|該当|예|네"
    ),
}
_VERDICT = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()) + r")(?![^\W_])", re.IGNORECASE
)
_COPULA = re.compile(
    r"(?:it |this |they |the paper |the verdict )?(?:(?:is|are|was|would be) (?:an? |in |clearly )?(?=\w)"
    r"|(?=(?:do|does|match|mention)\b))",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"(?:(?P<no>no|false|n|❌)|yes|true|y|✅)(?=\W*$|\s?[,.;:(–—-])", re.IGNORECASE)
_OF_A_FIELD = re.compile(r"\s?[?:=–—-]+\s?[*_(]{0,3}(?=\w)")  # "relevant - no", "Match? Yes"
_AT_LAST = re.compile(r"\b(?:so|therefore|hence|thus|verdict|conclusion)\b[,:]? (?=[^.;]{1,40}[.!]?$)", re.IGNORECASE)
_SCORE = re.compile(r"[01]\.\d{1,4}(?![\w.%])")
BARE = " \t\r\n*_`\"'“”‘’()[]{}.:;,!|-–—>"
"""Signs that may stand around a verdict."""


def read_verdict(words: Any) -> str | None:
    """The verdict in a value: "Match", "not relevant", true, "**yes**", "match - because ..."."""
    if isinstance(words, int | float) and 0 <= words <= 1:  # false and true, too
        return _of_score(words)
    if not isinstance(words, str):
        return None
    bare = words.strip(BARE)
    if (score := _SCORE.match(bare)) and float(score.group()) <= 1:
        return _of_score(float(score.group()))
    found = _verdict_at(bare)
    if not found and (last := _AT_LAST.search(bare)):  # "it reduces cracking, so it is a match"
        bare = bare[last.end() :]
        found = _verdict_at(bare)
    if not found:
        return None
    answer = (field := _OF_A_FIELD.match(bare, found.end())) and _YES_OR_NO.match(bare, field.end())
    return "no" if answer and answer["no"] else found.lastgroup


def _of_score(score: float) -> str:
    """The verdict that a score from 0 to 1 stands for: a third of the scale for each."""
    return "match" if score >= 2 / 3 else "mention" if score >= 1 / 3 else "no"


def is_verdict(words: str) -> bool:
    """Whether a text is a verdict and nothing else."""
    return bool(_VERDICT.fullmatch(words.strip(BARE)))


def _verdict_at(text: str) -> re.Match[str] | None:
    subject = _COPULA.match(text)
    return _VERDICT.match(text, subject.end() if subject else 0)
