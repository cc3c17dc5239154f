"""Reads the verdicts that a model gives on numbered papers, in the form that was asked for or nearly so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from askpapers.replies.json_replies import find_json, read_value
from askpapers.replies.json_sentences import sources_in
from askpapers.replies.thoughts import without_thoughts
from askpapers.replies.verdict_lines import Verdict, quoted_in, verdicts_in_lines
from askpapers.replies.verdict_words import VERDICTS, is_verdict, read_verdict

__all__ = ["VERDICTS", "read_verdict", "read_verdicts"]

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
_VERDICT_KEYS += ("score", "relevance_score", "probability")
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
_NAME_KEYS = ("title", "paper", "name")
_NO_NUMBER_KEYS = frozenset({*_VERDICT_KEYS, "year", "confidence"})
_LIST_KEYS: tuple[str, ...] = (
    *("papers", "verdicts", "results", "judgements", "judgments", "items", "answers", "data", "output"),
    *("arguments", "parameters", "properties", "input"),
)

_EMPTY = re.compile(
    r"[\s`]{0,9}(?:json)?\s{0,9}(?:\{\s{0,9}\"\w{1,40}\"\s{0,9}:\s{0,9})?\[\s{0,9}\]\s{0,9}\}?[\s`]{0,9}"
)  # none of them


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
    verdicts = verdicts or verdicts_in_lines(text, names)
    if not verdicts and _EMPTY.fullmatch(text):
        return {number: ("no", "") for number, _ in enumerate(names, start=1)}
    if 0 in verdicts and len(names) not in verdicts:  # counted from zero
        return {number + 1: verdict for number, verdict in verdicts.items()}
    return verdicts


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
        found = [_in_list(item) or (_number(item, names), _verdict(item)) for item in value]
        if names and len(found) == len(names) and all(number is None for number, _ in found):
            found = [(number, verdict) for number, (_, verdict) in enumerate(found, start=1)]
        yield from ((number, verdict) for number, verdict in found if number is not None and verdict)
    elif isinstance(value, dict):
        value = {str(key).casefold(): part for key, part in value.items()}
        if inner := next((value[key] for key in _LIST_KEYS if isinstance(value.get(key), list | dict)), None):
            yield from _in_json(inner, names)
        elif verdict := _verdict(value) if _number(value, names) is not None else None:
            yield _number(value, names) or 0, verdict
        elif groups := {key: word for key in value if isinstance(value[key], list) and (word := _group(key))}:
            for key, word in groups.items():  # {"match": [1], "not_relevant_papers": [2, 3]}
                for item in value[key]:
                    if number := _number(item, names) or next(sources_in(item), None):
                        yield number, (word, _verdict({**item, "verdict": word} if isinstance(item, dict) else word)[1])  # type: ignore[index]
        else:
            for key, part in value.items():  # {"1": "match", "Paper 2": {"verdict": "no"}}
                numbers = list(sources_in(key)) or [n for n, name in enumerate(names, start=1) if name == key.strip()]
                if numbers and (given := _verdict(part)):
                    yield numbers[0], given
                elif isinstance(part, list) and part and all(isinstance(item, dict) for item in part):
                    yield from _in_json(part, names)


def _group(key: str) -> str | None:
    """The verdict that a key gives to a list of papers: "matches", "relevant_papers"."""
    words = key.replace("_", " ").removesuffix("papers").removesuffix("sources")
    return read_verdict(words) if is_verdict(words) else None


def _in_list(item: Any) -> tuple[int, Verdict] | None:
    """The number and the verdict in an item of a list that is no object: "1: match", [1, "match", "a quote"]."""
    if isinstance(item, str):
        return next(iter(verdicts_in_lines(item, ()).items()), None)
    if isinstance(item, list) and len(item) > 1 and isinstance(item[0], int) and (verdict := read_verdict(item[1])):
        return item[0], (verdict, next((part for part in item[2:] if isinstance(part, str)), ""))
    return None


def _number(item: Any, names: Sequence[str]) -> int | None:
    if not isinstance(item, dict):
        return None
    item = {str(key).casefold(): part for key, part in item.items()}
    for key in _NUMBER_KEYS:
        if isinstance(item.get(key), float) and item[key] == int(item[key]):
            return int(item[key])
        if numbers := list(sources_in(item.get(key))):
            return numbers[0]
    for key in _NAME_KEYS:
        if isinstance(item.get(key), str) and (name := " ".join(item[key].split()).casefold()) in names:
            return names.index(name) + 1
    if any(isinstance(item.get(key), str) for key in _NAME_KEYS):
        return None  # it names a paper that is not among them
    counts = [part for key, part in item.items() if type(part) is int and key not in _NO_NUMBER_KEYS]
    return counts[0] if len(counts) == 1 else None  # whatever its key is called


def _verdict(item: Any) -> Verdict | None:
    if not isinstance(item, dict):
        return (verdict, quoted_in(item)) if (verdict := read_verdict(item)) else None
    item = {str(key).casefold(): part for key, part in item.items()}
    verdict = next((v for key in _VERDICT_KEYS if (v := read_verdict(item.get(key)))), None)
    texts = [part for part in item.values() if isinstance(part, str)]
    if not verdict and len(words := [text for text in texts if is_verdict(text)]) == 1:  # whatever its key is called
        verdict, others = read_verdict(words[0]), [text for text in texts if text != words[0]]
        return (verdict, max(others, key=len, default="")) if verdict else None
    quote = next((item[key] for key in _QUOTE_KEYS if isinstance(item.get(key), str)), "")
    return (verdict, quote) if verdict else None
