"""Every text rule takes work in proportion to the length of its text.

What is looked at is work, not time, which a test may not assert: it is another on each machine. There are two kinds.

- *Regular expressions.* Every pattern of the package, found by looking through its modules, is searched for in repeated
  fragments by a matcher that counts its steps (counted_regex.py). In a text four times as long it may take about four
  times the steps; a quadratic pattern takes sixteen.
- *Python.* The rules themselves run on repeated fragments while their lines and those of the loops in them are
  counted.

What this cannot see is the work of one call into C but for `re`, such as a slice of a whole text for each match. Where
a rule works on what follows or precedes a match, it takes a bounded piece (`_FAR`, `_LONGEST_TOKEN`); the length of the
pieces is counted too where a text is sliced, because the text is a `str` that counts what is cut out of it.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import askpapers
from askpapers.answering.extractive import self_contained
from askpapers.corpus.titles import introduced_names, label_for
from askpapers.grounding.support import find_faults, is_verbatim, nearest
from askpapers.index.acronyms import spelled_out
from askpapers.replies.writing import AnswerReader
from askpapers.text import folded, plain, printable, same_text_key, sentences, terms, words
from counted_regex import CountedPattern

FRAGMENTS = [
    ".", ". ", ".\"", "\"", "a. ", "A", "ABC ", "a", "aB ", "$", "$. ", "$x. ", "${", "e.g. ", "\n", " ", "\n \n",
    "\t ", "(", "((. ", ")", "). ", "[", "[1]", "[1, ", "{", "}", "\\", "\\emph{", "\\'e", "1,", "1.", "1 ", "5%",
    "2x ", "-", "a-", "ab-", "--", "~", "a~", "`", "^{", "a_1", "introduce ", "introduce the a ",
    "we present A B C ", "X is a ", "ab (AB) ", "two ", "more than ", "not ", "no. 5 ", "<think>",
    "<think></think>", "{\"a\":", "**", "# ", "…", "!? ", "½", "¹", "é", "α", "\u0301", "https://a.b/c. ", "Mr. ",
    "i.i.d. ", "et al. ", "to the ", "which papers ", "and ", "or ", "a,", ", ", ";", "\r", "\u0000", "/",
    "may be better than ", "10 to ", "3.5 million ", "one half of ", "We use it. ",
]  # fmt: skip
# Of a question, which has at most 4,000 characters, or of a line of our own files.
SHORT: tuple[str, ...] = (
    "answering.about",
    "answering.holdings",
    "answering.intent",
    "answering.metadata_questions",
    "answering.metadata_words",
    "answering.facet_names",
    "answering.restrictions",
    "answering.topic",
    "answering.verb_forms",
    "answering.follow_up",
    "answering.sides",
    "answering.nouns",
    "prompts",
)
SHORT += ("evaluation", "server.guard", "service.adding", "index.build", "settings", "api_keys", "answering.query")
SHORT += (
    "answering.guidance",
    "answering.spelling",
    "answering.wording",
    "answering.rewritten",
    "llm",
    "service.public_paths",
)


def modules() -> list[str]:
    """The modules of the package whose patterns are searched for in long texts, without importing them."""
    root = Path(askpapers.__file__).parent
    files = (file.relative_to(root).with_suffix("") for file in root.rglob("*.py"))
    names = [".".join(file.parts).removesuffix(".__init__") for file in files]
    return sorted(name for name in names if not name.startswith((*SHORT, "__")) and name != "llm.gguf")


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern that such a module holds, by name."""
    found: dict[str, re.Pattern[str]] = {}
    seen: set[int] = set()
    for module in modules():
        for name, value in vars(importlib.import_module(f"askpapers.{module}")).items():
            for number, pattern in enumerate(_within(value)):
                if isinstance(pattern.pattern, str) and id(pattern) not in seen:
                    seen.add(id(pattern))  # a module may have it from another
                    found[f"{module}.{name}.{number}"] = pattern
    return found


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple | frozenset | set):
        for item in value:
            yield from _within(item)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


SIZES = (30, 120)
# Four times the text: a linear rule takes four times the work, a quadratic one sixteen, and there is a constant part.
GROWTH = 7
SMALL = 2_000


# Searched for in a few characters only.
BOUNDED = {f"replies.prose.{name}.0" for name in ("_DOUBTFUL_END", "_HALF_END", "_ATTRIBUTES")}
BOUNDED |= {"grounding.additions._NUMBER_BEFORE.0"}  # in the 20 characters before a change


def module_of(name: str) -> str:
    return name.rpartition(".")[0].rpartition(".")[0]


@cache
def is_searched(name: str) -> bool:
    """Whether a pattern is looked for everywhere in a text, and not only matched at one place."""
    source = inspect.getsource(importlib.import_module(f"askpapers.{module_of(name)}"))
    used = re.findall(rf"\b{name.split('.')[-2]}\.(\w+)\(", source)
    return name not in BOUNDED and (not used or not set(used) <= {"match", "fullmatch"})


counted_of = cache(CountedPattern)


def steps(pattern: re.Pattern[str], text: str, *, searched: bool = True) -> int:
    counted = counted_of(pattern)
    for _ in counted.spans(text) if searched else islice(counted.spans(text, only_first=True), 1):
        pass
    return counted.steps


def steps_of(name: str) -> Callable[[str], int]:
    return lambda text: steps(patterns()[name], text, searched=is_searched(name))


def grows(work: Callable[[str], int], fragment: str, before: str = "", after: str = "") -> str:
    """What is wrong with how work grows with the repeats of a fragment; "" where it is in proportion."""
    small, large = (before + fragment * (size // len(fragment)) + after for size in SIZES)
    more = work(large)
    less = work(small) if more > SMALL else more
    return f"{fragment!r}: {less:,} to {more:,}" if more > GROWTH * less else ""


@pytest.mark.parametrize("room", sorted({module.partition(".")[0] for module in modules()}))
def test_the_patterns_of_a_room_take_steps_in_proportion(room: str) -> None:
    names = [name for name in patterns() if name.partition(".")[0] == room]
    assert not [f"{name}: {w}" for name in names for f in FRAGMENTS if (w := grows(steps_of(name), f))]


def test_patterns_are_found() -> None:
    assert len(patterns()) > 500


NAMES = st.deferred(lambda: st.sampled_from(sorted(patterns())))  # importing all modules takes seconds
PIECES = st.text(st.sampled_from("aAé1.,;:-–'\"`()[]{}$\\~^_% \n%<>#*"), min_size=1, max_size=5)


@given(NAMES, PIECES, PIECES)
def test_a_pattern_takes_steps_in_proportion_on_any_fragment(name: str, fragment: str, around: str) -> None:
    assert not grows(steps_of(name), fragment, around, around)


@given(NAMES, st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
def test_the_counted_search_finds_what_re_finds(name: str, text: str) -> None:
    expected = [match.span() for match in patterns()[name].finditer(text)]
    assert list(counted_of(patterns()[name]).spans(text)) == expected


@pytest.mark.parametrize(
    ("pattern", "fragment"),
    [
        (r"([^\W\d_]{2,})-([^\W\d_]{2,})", "a"),
        (r"[.!?]+(?=\s)", "."),
        (r"[A-Z]\w*(?:[A-Z]\w*|[a-z]*) is", "A"),
        ("(a+)+b", "a"),
    ],
)
def test_the_check_sees_a_quadratic_pattern(pattern: str, fragment: str) -> None:
    short = fragment * 14 if pattern == "(a+)+b" else fragment  # an exponential one cannot be waited for
    if short != fragment:
        assert steps(re.compile(pattern), short) > 10_000
    else:
        assert grows(lambda text: steps(re.compile(pattern), text), fragment)


# ---- whole rules


class Cut(str):
    """A text that counts the characters that are cut out of it or looked through."""

    __slots__ = ()
    cut = 0

    def __getitem__(self, key: Any) -> str:
        piece = super().__getitem__(key)
        Cut.cut += len(piece)
        return Cut(piece)

    def count(self, *args: Any) -> int:
        Cut.cut += len(self)
        return super().count(*args)


def _read_written(text: str) -> None:
    reader = AnswerReader()
    list(reader.feed(text))
    list(reader.finish(cut=False))


RULES: dict[str, Callable[[str], Any]] = {
    "sentences": sentences,
    "plain": plain,
    "folded": folded,
    "terms": terms,
    "words": lambda text: list(words(text)),
    "printable": printable,
    "same_text_key": same_text_key,
    "self_contained": lambda text: self_contained(f"a {text}"),
    "introduced_names": introduced_names,
    "label_for": label_for,
    "spelled_out": lambda text: list(spelled_out(text)),
    "AnswerReader": _read_written,
    "nearest": lambda text: nearest("A model of 5% is better.", text, 3),
    "is_verbatim": lambda text: is_verbatim("A model is better.", text),
    "find_faults in a source": lambda text: find_faults("It is not 5% better than A, but 3 of 12 fail.", text),
    "find_faults in a statement": lambda text: find_faults(text, "It is not 5% better than A, but 3 of 12 fail."),
}
RULE_SIZES = (150, 600)


def lines_run(rule: Callable[[str], Any], text: str) -> int:
    """How many lines of the package a rule runs on a text, and a step for every sixteen characters that it cuts out."""
    count = 0

    def line(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return line

    def call(frame: FrameType, event: str, argument: object) -> Any:
        return line if "askpapers" in frame.f_code.co_filename else None

    Cut.cut = 0
    before = sys.gettrace()
    sys.settrace(call)
    try:
        rule(Cut(text))
    finally:
        sys.settrace(before)
    return count + Cut.cut // 16


@pytest.mark.parametrize("name", RULES)
def test_a_rule_does_work_in_proportion(name: str) -> None:
    wrong = []
    for fragment in FRAGMENTS:
        less, more = (lines_run(RULES[name], fragment * (size // len(fragment))) for size in RULE_SIZES)
        if more > SMALL and more > GROWTH * less:
            wrong.append(f"{fragment!r}: {less:,} to {more:,}")
    assert not wrong


def test_the_check_sees_a_quadratic_rule() -> None:
    def slices(text: str) -> list[str]:
        return [text[: match.start()] for match in islice(re.finditer(" ", text), None)]

    less, more = (lines_run(slices, " a" * size) for size in RULE_SIZES)
    assert more > GROWTH * less
