"""A backtracking matcher over Python's own parse of a pattern, which counts its steps.

It goes the ways that the engine of `re` goes (in order, greedy or lazy, possessive parts without a way back), one step
for each character, branch or repeat that is tried. `re` has shortcuts that take fewer steps, never another order of
growth: a pattern whose steps grow in proportion to its text here does so there. One of them is taken here too: a place
whose character can begin no match is passed by in one step. It finds what `re` finds, which a test holds, so that the
steps are those of the search that is meant.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Groups = dict[int, tuple[int, int]]
Next = Callable[[int], int | None]
_ONE_CHARACTER = (c.LITERAL, c.NOT_LITERAL, c.IN, c.ANY)
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)

sys.setrecursionlimit(max(sys.getrecursionlimit(), 60_000))


class CountedPattern:
    """A compiled pattern that can be searched for in a text, with `steps` taken so far."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        parsed = _parser.parse(pattern.pattern, pattern.flags)
        self._nodes = _lists(parsed)
        self._flags = pattern.flags
        self.steps = 0
        self._text = ""
        self._groups: Groups = {}
        self._seen: dict[Any, bool] = {}
        self._beginning: dict[str, bool] = {}

    def spans(self, text: str, *, only_first: bool = False) -> Iterator[tuple[int, int]]:
        """Where the pattern is found, as `finditer` says; `only_first`: where it is matched at the beginning."""
        self._text = text
        self.steps = 0
        place, after_empty = 0, False
        while place <= len(text):
            self.steps += 1
            self._groups = {}
            end = None
            if place == len(text) or self._can_begin(text[place]):
                end = self._sequence(self._nodes, 0, place, partial(_longer_than, place if after_empty else -1))
            if end is not None:
                yield place, end
                place, after_empty = end, end == place
            else:
                place, after_empty = place + 1, False
            if only_first:
                return

    def _can_begin(self, sign: str) -> bool:
        if sign not in self._beginning:
            self._beginning[sign] = self._begins(self._nodes, sign) is not False
        return self._beginning[sign]

    def _begins(self, nodes: list[Any], sign: str) -> bool | None:
        """Whether what nodes match can begin with a character; None where they can match nothing."""
        for op, value in nodes:
            if op in _ONE_CHARACTER:
                return self._is_one(op, value, sign)
            if op is c.AT or (op in (c.ASSERT, c.ASSERT_NOT) and value[0]):  # looks at a bounded part of the text
                continue
            if op is c.BRANCH:
                found = [self._begins(branch, sign) for branch in value[1]]
                begins = True if True in found else None if None in found else False
            elif op in _REPEATS or op is c.ATOMIC_GROUP or (op is c.SUBPATTERN and not any(value[1:3])):
                begins = self._begins(value if op is c.ATOMIC_GROUP else value[-1], sign)
                begins = None if op in _REPEATS and not value[0] and begins is False else begins
            else:
                return True
            if begins is not None:
                return begins
        return None

    def _sequence(self, nodes: list[Any], index: int, place: int, then: Next) -> int | None:
        while index < len(nodes):
            op, value = nodes[index]
            if op in _ONE_CHARACTER:  # without a way back: no recursion
                self.steps += 1
                if place >= len(self._text) or not self._is_one(op, value, self._text[place]):
                    return None
                place += 1
                index += 1
                continue
            if op is c.AT:
                self.steps += 1
                if not self._at(value, place):
                    return None
                index += 1
                continue
            return self._step(op, value, place, partial(self._after, nodes, index + 1, then))
        return then(place)

    def _after(self, nodes: Any, index: int, then: Next, place: int) -> int | None:
        return self._sequence(nodes, index, place, then)

    def _step(self, op: Any, value: Any, place: int, then: Next) -> int | None:
        self.steps += 1
        if op is c.SUBPATTERN:
            group, added, removed, nodes = value
            flags, self._flags = self._flags, (self._flags | added) & ~removed

            def after(at: int) -> int | None:
                inner, self._flags = self._flags, flags
                old = self._groups.get(group)
                self._groups[group] = (place, at)
                end = then(at)
                if end is None:
                    self._flags = inner
                    if old:
                        self._groups[group] = old
                return end

            end = self._sequence(nodes, 0, place, after)
            self._flags = flags
            return end
        if op is c.BRANCH:
            for nodes in value[1]:
                if (end := self._sequence(nodes, 0, place, then)) is not None:
                    return end
            return None
        if op in (c.ASSERT, c.ASSERT_NOT):
            back, nodes = value
            start = place - back
            found = None if start < 0 else self._sequence(nodes, 0, start, lambda at: at)
            return then(place) if (found is not None) == (op is c.ASSERT) else None
        if op is c.ATOMIC_GROUP:
            end = self._sequence(value, 0, place, lambda at: at)
            return None if end is None else then(end)
        if op is c.GROUPREF:
            start, stop = self._groups.get(value, (0, -1))
            piece = self._text[start:stop]
            return then(place + len(piece)) if stop >= start and self._text.startswith(piece, place) else None
        low, high, nodes = value
        return self._repeat(op, low, high, nodes, place, then)

    def _repeat(self, op: Any, low: int, high: int, nodes: list[Any], place: int, then: Next) -> int | None:
        if len(nodes) == 1 and nodes[0][0] in _ONE_CHARACTER:
            return self._repeat_one(op, low, high, nodes[0], place, then)
        if op is c.POSSESSIVE_REPEAT:
            count = 0
            while count < high and (end := self._sequence(nodes, 0, place, lambda at: at)) is not None:
                count += 1
                if end == place:
                    break
                place = end
            return then(place) if count >= low else None

        def more(count: int, at: int) -> int | None:
            self.steps += 1
            if count < low:
                return self._sequence(nodes, 0, at, lambda end: more(count + 1, end))
            if op is c.MIN_REPEAT and (end := then(at)) is not None:
                return end
            if count < high:
                end = self._sequence(nodes, 0, at, lambda end: more(count + 1, end) if end > at else None)
                if end is not None:
                    return end
            return None if op is c.MIN_REPEAT else then(at)

        return more(0, place)

    def _repeat_one(self, op: Any, low: int, high: int, node: Any, place: int, then: Next) -> int | None:
        """A repeat of one character: as `re` does it, in a loop."""
        count = 0
        wanted = low if op is c.MIN_REPEAT else high
        while count < wanted and place + count < len(self._text):
            self.steps += 1
            if not self._is_one(node[0], node[1], self._text[place + count]):
                break
            count += 1
        if count < low:
            return None
        if op is c.POSSESSIVE_REPEAT:
            return then(place + count)
        while low <= count <= high:
            self.steps += 1
            if (end := then(place + count)) is not None:
                return end
            if op is c.MIN_REPEAT:
                at = place + count
                if at >= len(self._text) or not self._is_one(node[0], node[1], self._text[at]):
                    return None
                count += 1
            else:
                count -= 1
        return None

    def _is_one(self, op: Any, value: Any, sign: str) -> bool:
        if op is c.ANY:
            return sign != "\n" or bool(self._flags & re.DOTALL)
        key = (op, id(value) if op is c.IN else value, self._flags, sign)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._compare(op, value, sign)
        return found

    def _compare(self, op: Any, value: Any, sign: str) -> bool:
        signs = {sign}
        if self._flags & re.IGNORECASE:
            signs |= {sign.lower(), sign.upper()}
        if op is c.LITERAL:
            return any(ord(s) == value for s in signs if len(s) == 1)
        if op is c.NOT_LITERAL:
            return not any(ord(s) == value for s in signs if len(s) == 1)
        negated = value[0][0] is c.NEGATE
        return negated != any(_in_class(kind, what, s) for kind, what in value for s in signs if len(s) == 1)

    def _at(self, where: Any, place: int) -> bool:
        text = self._text
        if where is c.AT_BEGINNING and self._flags & re.MULTILINE:
            return place == 0 or text[place - 1] == "\n"
        if where in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
            return place == 0
        if where is c.AT_END and self._flags & re.MULTILINE:
            return place == len(text) or text[place] == "\n"
        if where is c.AT_END:
            return place == len(text) or (place == len(text) - 1 and text[place] == "\n")
        if where is c.AT_END_STRING:
            return place == len(text)
        before = place > 0 and _is_word(text[place - 1])
        after = place < len(text) and _is_word(text[place])
        return (before != after) == (where is c.AT_BOUNDARY)


def _lists(nodes: Any) -> list[tuple[Any, Any]]:
    """A parsed pattern as lists, which are quicker to read; of what stands before a place, how far it goes back."""
    return [(op, _list(op, value)) for op, value in nodes]


def _list(op: Any, value: Any) -> Any:
    if op is c.SUBPATTERN:
        return (*value[:3], _lists(value[3]))
    if op is c.BRANCH:
        return (value[0], [_lists(nodes) for nodes in value[1]])
    if op in (c.ASSERT, c.ASSERT_NOT):
        return (value[1].getwidth()[0] if value[0] < 0 else 0, _lists(value[1]))
    if op is c.ATOMIC_GROUP:
        return _lists(value)
    if op in _REPEATS:
        return (*value[:2], _lists(value[2]))
    return value


def _longer_than(empty: int, place: int) -> int | None:
    """The end of a match; after an empty one, `re` takes no other empty one at the same place."""
    return None if place == empty else place


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _in_class(kind: Any, what: Any, sign: str) -> bool:
    if kind is c.LITERAL:
        return bool(ord(sign) == what)
    if kind is c.RANGE:
        return bool(what[0] <= ord(sign) <= what[1])
    if kind is c.CATEGORY:
        is_in = {
            c.CATEGORY_DIGIT: sign.isdecimal(),
            c.CATEGORY_SPACE: sign.isspace(),
            c.CATEGORY_WORD: _is_word(sign),
            c.CATEGORY_NOT_DIGIT: not sign.isdecimal(),
            c.CATEGORY_NOT_SPACE: not sign.isspace(),
            c.CATEGORY_NOT_WORD: not _is_word(sign),
        }
        return is_in[what]
    return False
