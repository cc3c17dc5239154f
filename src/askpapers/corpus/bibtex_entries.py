"""Splits BibTeX and BibLaTeX into entries with pybtex, a block at a time, and keeps the lines of their fields.

pybtex reads a whole file and drops the rest of an entry at the first thing that BibTeX does not allow. Here a block
ends where the next line with "@name{" begins, so that a file of any size is read in the memory of its longest entry,
and what real files have is allowed: keys with blanks or none, a missing comma, values without braces, remarks after %.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pybtex.database.input.bibtex import LowLevelParser
from pybtex.scanner import Pattern, PybtexSyntaxError

from askpapers.corpus.fields import Field
from askpapers.corpus.records import Omitted

LONGEST = 5_000_000
"""Characters of a block; more is another kind of file."""

BEGINS = re.compile(
    r"\s*@\s*(?:[A-Za-z]\w*\s*[{(]|(?:article|book|misc|inproceedings|incollection|phdthesis|techreport)\s*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its type and key, the line on which it begins, its fields with their names in lower case.

    `damage` says what is wrong with it where a part of it could not be read.
    """

    type: str
    key: str
    line: int
    fields: tuple[Field, ...]
    damage: str = ""


def read_entries(lines: Iterable[tuple[int, str]]) -> Iterator[Entry | Omitted]:
    """Yield the entries of numbered lines in order; a string of the file stands for its value below it."""
    macros = Macros()
    for line, block in blocks(lines):
        if len(block) > LONGEST:
            yield Omitted(line, f"an entry of more than {LONGEST:,} characters")
        elif not _NO_ENTRY.match(block):
            yield from _Parser(block, line, macros).entries()


def blocks(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The text from each line that begins an entry to the next, with its number; of an endless one the beginning."""
    begins, size = 0, 0
    found: list[str] = []
    for number, line in lines:
        if "@" in line and BEGINS.match(line):
            if found:
                yield begins, "".join(found)
            begins, size, found = number, 0, []
        if begins and size <= LONGEST:
            found.append(line)
            size += len(line)
    if found:
        yield begins, "".join(found)


class Macros(dict[str, str]):
    """Strings by name in any case; a name that is not defined stands for itself, such as "jan"."""

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value)

    def __getitem__(self, name: str) -> str:
        return self.get(name.lower(), name)


_NO_ENTRY = re.compile(r"\s*@\s*(?:comment|preamble)\b", re.IGNORECASE)
_KEY_BRACE = Pattern(r"[^,{}=\"#]*?(?=\s*[,}])", "a key")
_KEY_PAREN = Pattern(r"[^,{}=\"#)]*?(?=\s*[,)])", "a key")
_BARE = Pattern(r"[^\s,{}#\"()=]+", "a value")
_NEXT_FIELD = re.compile(r"\s*[^\W\d][\w:.+/-]*\s*=\s*[{\"\w]")
_NEXT_LINE = re.compile(r",[ \t]*\r?\n\s*(?P<field>[a-zA-Z][\w-]*[ \t]*=[ \t]*(?:[{\"]|\d+,))")
_SIMPLE = re.compile(r"\s*(?P<name>[a-zA-Z][\w-]*)\s*=\s*(?P<value>\{[^{}]*\}|\"[^{}\"]*\"|\d+)\s*,")
_CONCATENATED = re.compile(r"\s*#")
_REST = re.compile(r"[\s})]*")


class _Parser(LowLevelParser):
    """pybtex's parser of one block, less strict, and with the line of each value."""

    NAME = Pattern(r"[^\W\d][^\s=,{}\"#%()]*", "the name of a field")
    WHITESPACE = Pattern(r"(?:\s+|%[^\n]*(?:\n|\Z))+", "white space")

    def __init__(self, text: str, line: int, macros: Macros) -> None:
        super().__init__(text, macros=macros)
        self._macros = macros
        self.pos: int = 0
        self.lineno = line
        self._lines: list[int] = []
        self._begins = line
        self._damage = ""
        self._in_value, self._value = False, 0

    def entries(self) -> Iterator[Entry | Omitted]:
        """Every entry of the block."""
        found = False
        for name, content in self:
            found = True
            if name.lower() in ("string", "preamble"):
                continue
            key, fields = content
            made = [self._made(field, parts, line) for (field, parts), line in zip(fields, self._lines, strict=True)]
            yield Entry(name.lower(), key or "", self._begins, tuple(chain.from_iterable(made)), self._damage)
        if self._damage and not found:
            yield Omitted(self._begins, f"damaged BibTeX: {self._damage}")

    def parse_command(self) -> Any:
        self._begins, self._lines, self._damage = self.lineno, [], ""
        self._in_value = False
        return super().parse_command()

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Go on with what was read of the entry; nothing is wrong where only its last brace is missing."""
        if self._in_value:
            value = self.text[self._value + 1 :]
            if _NEXT_LINE.search(value):
                self.current_fields.append((self.current_field_name, [value]))
                self._lines.append(self._line)
            else:
                self._damage = f"the value of {self.current_field_name} does not end"
        elif not _REST.fullmatch(self.text, self.pos):
            self._damage = f"{error.args[0]} in line {self.lineno}"
            # The value before may have been cut by a brace too many: it is not given as if it were all.
            del self.current_fields[-1:], self._lines[-1:]
        self.pos = self.end_pos

    def parse_entry_body(self, body_end: Pattern) -> None:
        token = self.optional([_KEY_BRACE if body_end is self.RBRACE else _KEY_PAREN])
        self.current_entry_key = token.value.strip() if token else ""
        self.parse_entry_fields()

    def parse_entry_fields(self) -> None:
        while True:
            self._simple_fields()
            self.current_field_name: str | None = None
            self.current_value: list[str] = []
            self.parse_field()
            if self.current_field_name and self.current_value:
                self.current_fields.append((self.current_field_name, self.current_value))
                self._lines.append(self._line)
            if not self.optional([self.COMMA]) and not _NEXT_FIELD.match(self.text, self.pos):
                return

    def _simple_fields(self) -> None:
        """Take the fields without inner braces, quotes and strings that come next; most are such."""
        while match := _SIMPLE.match(self.text, self.pos):
            self.current_fields.append(
                (match["name"], [match["value"][1:-1] if match["value"][0] in '{"' else match["value"]])
            )
            self._lines.append(self.lineno + self.text.count("\n", self.pos, match.start("value")))
            self.lineno += self.text.count("\n", self.pos, match.end())
            self.pos = match.end()

    def parse_value(self) -> None:
        self.eat_whitespace()
        self._in_value, self._line, self._value = True, self.lineno, self.pos
        parts = [self.parse_value_part()]
        while _CONCATENATED.match(self.text, self.pos):
            self.required([self.HASH])
            parts.append(self.parse_value_part())
        self._in_value, self.current_value = False, parts

    def parse_value_part(self) -> str:
        self.eat_whitespace()
        if self.text[self.pos : self.pos + 1] not in '{"':
            name: str = self.required([_BARE], description="a value").value
            return self._macros[name]
        return str(super().parse_value_part())

    def _made(self, name: str, parts: list[str], line: int) -> Iterator[Field]:
        """A field; two or more where its value lacks the brace that ends it, and holds the next field."""
        value = "".join(parts)
        before = value[: len(value) - len(value.lstrip())]
        begins = line + before.count("\n")
        following = _NEXT_LINE.search(value)
        if following is None:
            yield Field(name.lower(), value.strip(), begins)
            return
        yield Field(name.lower(), value[: following.start()].strip(), begins)
        place = following.start("field")
        rest = _Parser(f"@rest{{,{value[place:]}}}", line + value.count("\n", 0, place), self._macros)
        for entry in rest.entries():
            self._damage = self._damage or getattr(entry, "damage", "")
            yield from getattr(entry, "fields", ())
