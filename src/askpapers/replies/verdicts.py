"""Reads the verdicts that a model gives on numbered papers, in the form that was asked for or nearly so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from askpapers.replies.json_replies import find_json, read_value
from askpapers.replies.json_sentences import sources_in
from askpapers.replies.thoughts import without_thoughts

VERDICTS = ("match", "mention", "no", "unclear")

_WORDS = {
    "unclear": "unclear|uncertain|unsure|unknown|undetermined|cannot tell|can't tell|not clear|not sure|maybe"
    "|perhaps|possibly|n/?a|\\?",
    "no": (
        "no match|not? (?:a )?(?:match|relevant|related|mentioned|applicable)|does(?: not|n't) match|no|none"
        "|neither|irrelevant|unrelated"
        "|non-?match|false|exclude[ds]?|negative|reject(?:ed)?|n|✗|❌|✘|×|0"
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
_VERDICT = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()), re.IGNORECASE)
_BARE = " \t\r\n*_`\"'“”‘’()[]{}.:;,!|-–—>"
_VERDICT_KEYS: tuple[str, ...] = (
    "verdict",
    "label",
    "decision",
    "judgement",
    "judgment",
    "relevance",
    "classification",
    "category",
    "status",
)
_VERDICT_KEYS += ("rating", "result", "answer", "match", "matches", "relevant", "is_match", "is_relevant")
_QUOTE_KEYS = (
    "quote",
    "quotation",
    "evidence",
    "excerpt",
    "supporting_quote",
    "text",
    "span",
    "sentence",
    "support",
    "reason",
)
_NUMBER_KEYS = ("number", "paper_number", "paper", "id", "paper_id", "index", "no", "n", "source", "num", "abstract")
_LIST_KEYS = ("papers", "verdicts", "results", "judgements", "judgments", "items", "answers", "data", "output")
_LINE = re.compile(
    r"[\s*_#>|•+-]{0,12}(?:(?:paper|source|abstract|document|doc|no\.?|number"
    r"|#)\s{0,3}#?){0,2}[\[(【*_]{0,4}(\d{1,3})[\])】*_]{0,4}"
    r"[\s.:)|,=–—>-]{1,8}(.*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«]([^\"“”«»\n]{8,600})[\"”»]")
_SEPARATOR = re.compile(r"[:|=–—-]")

Verdict = tuple[str, str]


def read_verdicts(reply: str, titles: Sequence[str] = ()) -> dict[int, Verdict]:
    """Verdict and quote (or "") by number; what cannot be read is left out.

    `titles` are those of the papers, in the order of their numbers: a model may name instead of number them, and
    a list of as many verdicts as papers without any number is taken in order.
    """
    text = without_thoughts(reply)
    names = [" ".join(title.split()).casefold() for title in titles]
    verdicts: dict[int, Verdict] = {}
    for value in _values(text):
        for number, verdict in _in_json(value, names):
            verdicts.setdefault(number, verdict)
    return verdicts or dict(_in_lines(text, names))


def read_verdict(words: Any) -> str | None:
    """The verdict in a value: "Match", "not relevant", true, "**yes**", "match - because ..."."""
    if isinstance(words, bool):
        return "match" if words else "no"
    if not isinstance(words, str):
        return None
    found = _VERDICT.match(words.strip(_BARE))
    if not found or words.strip(_BARE)[found.end() :][:1].isalnum():
        return None
    return found.lastgroup


def _values(text: str) -> Iterator[Any]:
    """The JSON values in a text."""
    while (begin := find_json(text, last=True)[0]) is not None:
        try:
            value, end = read_value(text[begin:], last=True)
        except ValueError:
            return
        yield value
        if not end:
            return
        text = text[begin + end :]


def _in_json(value: Any, names: Sequence[str]) -> Iterator[tuple[int, Verdict]]:
    if isinstance(value, list):
        found = [(_number(item, names), _verdict(item)) for item in value]
        if names and len(found) == len(names) and all(number is None for number, _ in found):
            found = [(number, verdict) for number, (_, verdict) in enumerate(found, start=1)]
        yield from ((number, verdict) for number, verdict in found if number is not None and verdict)
    elif isinstance(value, dict):
        value = {str(key).casefold(): part for key, part in value.items()}
        if inner := next((value[key] for key in _LIST_KEYS if isinstance(value.get(key), list | dict)), None):
            yield from _in_json(inner, names)
        elif verdict := _verdict(value) if _number(value, names) is not None else None:
            yield _number(value, names) or 0, verdict
        else:
            for key, part in value.items():  # {"1": "match", "Paper 2": {"verdict": "no"}}
                numbers = list(sources_in(key)) or [n for n, name in enumerate(names, start=1) if name == key.strip()]
                if numbers and (given := _verdict(part)):
                    yield numbers[0], given


def _number(item: Any, names: Sequence[str]) -> int | None:
    if not isinstance(item, dict):
        return None
    item = {str(key).casefold(): part for key, part in item.items()}
    for key in _NUMBER_KEYS:
        if isinstance(item.get(key), float) and item[key] == int(item[key]):
            return int(item[key])
        if numbers := list(sources_in(item.get(key))):
            return numbers[0]
    for key in ("title", "paper", "name"):
        if isinstance(item.get(key), str) and (name := " ".join(item[key].split()).casefold()) in names:
            return names.index(name) + 1
    return None


def _verdict(item: Any) -> Verdict | None:
    if not isinstance(item, dict):
        return (verdict, _quote(item)) if (verdict := read_verdict(item)) else None
    item = {str(key).casefold(): part for key, part in item.items()}
    verdict = next((v for key in _VERDICT_KEYS if (v := read_verdict(item.get(key)))), None)
    quote = next((item[key] for key in _QUOTE_KEYS if isinstance(item.get(key), str)), "")
    return (verdict, quote) if verdict else None


def _in_lines(text: str, names: Sequence[str]) -> Iterator[tuple[int, Verdict]]:
    """Verdicts in lines: "1: match - reason", "Paper 2 - no", "| 1 | **Match** | “quote” |", "[3] A title: no"."""
    seen: set[int] = set()
    for line in text.splitlines():
        if not (found := _LINE.match(line)):
            continue
        number, rest = int(found[1]), found[2]
        if name := next((name for name in names if name and rest.strip(_BARE).casefold().startswith(name)), ""):
            rest = rest.strip(_BARE)[len(name) :]
        verdict = read_verdict(rest)
        while verdict is None and len(parts := _SEPARATOR.split(rest, maxsplit=1)) > 1:
            verdict, rest = read_verdict(parts[1]), parts[1]
        if verdict and number not in seen:
            seen.add(number)
            yield number, (verdict, _quote(found[2]))


def _quote(text: Any) -> str:
    found = _QUOTED.search(text) if isinstance(text, str) else None
    return found[1] if found else ""
