"""Reads the protocol of a review: a Markdown file with lists of what to include, what to exclude, and known papers.

    # Feedback training of language models
    ## Include
    1. about reinforcement learning from human feedback
    2. published after 2015
    ## Exclude
    - reviews
    ## Seeds
    - 2203.02155

Markdown because a protocol is prose that reviewers write in any editor: a colon, a quotation mark or a number at the
beginning of a criterion needs no escape, as in YAML or TOML. A section may also be named by a line of its own
("Inclusion criteria:"); other sections are for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from markdown_it import MarkdownIt

from askpapers.errors import ProtocolError, UsageError
from askpapers.screening.criteria import Condition, read_condition

MOST_CRITERIA = 40
_INCLUDE, _EXCLUDE, _SEEDS = "include", "exclude", "seeds"
_SECTIONS = {
    _INCLUDE: "include|included|include if|including|inclusion|inclusion criteria|eligibility|eligibility criteria|eligible",
    _EXCLUDE: "exclude|excluded|exclude if|excluding|exclusion|exclusion criteria|not eligible",
    _SEEDS: "seeds|seed|seed papers|seed studies|seed articles|known papers|known studies|key papers|key studies|benchmark"
    " papers|benchmark studies|must include|must be included",
}
_NAMES = {name: section for section, names in _SECTIONS.items() for name in names.split("|")}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n)[^\n]*\n)*---[ \t]*(?:\n|\Z)")
_SEED_NOTE = re.compile(r"(?<!\s)\s++(?:#|\(|–|—|- ).*$")
_ITEM = "- about sparse autoencoders"
_FORM = f"Write a list below “## Include”: {_ITEM}"
_NONE = ("none", "n/a", "-", "")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion in the order of the file, `number` from 1, on a line of the file.

    A paper passes a criterion for inclusion where its condition holds, and one for exclusion where it does not.
    """

    number: int
    text: str
    excludes: bool
    line: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class Seed:
    """A paper that is known to belong to the review, by any of its identifiers or its title."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Protocol:
    """What papers are screened by. `notes` say what of the file was not read."""

    file: str
    title: str
    criteria: tuple[Criterion, ...]
    seeds: tuple[Seed, ...]
    notes: tuple[str, ...] = ()

    def criterion(self, number: int) -> Criterion | None:
        """The criterion of a number."""
        return self.criteria[number - 1] if 1 <= number <= len(self.criteria) else None

    def reason(self, text: str) -> tuple[int | None, str]:
        """What a reason means: the number of a criterion with its words, or words. Raises UsageError for no such number."""
        text = " ".join(text.split())
        if not text.isdecimal():
            return None, text
        criterion = self.criterion(int(text))
        if criterion is None:
            raise UsageError(
                f"There is no criterion {text}: the protocol has {len(self.criteria)}.",
                hint="Give the number of one, or a reason in words.",
            )
        return criterion.number, criterion.text


def load_protocol(file: Path) -> Protocol:
    """Read a protocol from a file. Raises ProtocolError with the file and the line."""
    return read_protocol(protocol_text(file), str(file))


def protocol_text(file: Path) -> str:
    """The text of a protocol's file. Raises ProtocolError where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ProtocolError(
            f"The protocol {file} cannot be read: {reason}.", hint="Name a Markdown file: ask screen PROTOCOL.md"
        ) from error


def read_protocol(text: str, file: str) -> Protocol:
    """Read a protocol. Raises ProtocolError with the line, for what cannot be meant."""
    title, section, unread = "", "", dict[str, int]()
    heading, texts = "", list[_Part]()
    criteria, seeds = list[Criterion](), list[Seed]()
    for part in _parts(text):
        if part.is_heading or (not part.is_item and _key(part.text) in _NAMES):
            heading, section = part.text, _NAMES.get(_key(part.text), "")
            if not section and part.is_title and not title:
                title = part.text
            if not section and (meant := get_close_matches(_key(part.text), _NAMES, 1, 0.85)):
                raise ProtocolError(
                    f"{file}:{part.line}: no section is called “{part.text}”.", hint=f"Write “{meant[0].capitalize()}”."
                )
        elif part.is_nested and section:
            raise ProtocolError(
                f"{file}:{part.line}: there is a list inside of a list.",
                hint="Write each criterion on a line by itself.",
            )
        elif part.is_item and section == _SEEDS:
            seeds.append(Seed(_SEED_NOTE.sub("", part.text) or part.text, part.line))
        elif part.is_item and section:
            excludes = section == _EXCLUDE
            criteria.append(Criterion(len(criteria) + 1, part.text, excludes, part.line, read_condition(part.text)))
        elif part.is_item:
            unread.setdefault(heading, part.line)
        elif section and _key(part.text) not in _NONE:
            texts.append(part)
    _check(criteria, file, texts)
    notes = tuple(
        f"The list below “{name}” (line {line}) is not read: it is no section of a protocol."
        if name
        else f"The list on line {line} is not read: it stands below no section."
        for name, line in unread.items()
    )
    # A sentence before a list introduces it; another one may be meant as a criterion.
    notes += tuple(f"Line {part.line} is not read: it is no item of a list." for part in texts if part.text[-1] != ":")
    return Protocol(file, title, tuple(criteria), tuple(seeds), notes)


def _check(criteria: list[Criterion], file: str, texts: list[_Part]) -> None:
    if not criteria and texts:
        raise ProtocolError(
            f"{file}:{texts[0].line}: “{texts[0].text[:60]}” is no item of a list.",
            hint=f"Begin it with a hyphen: {_ITEM}",
        )
    if not criteria:
        raise ProtocolError(f"{file} has no criteria.", hint=_FORM)
    if len(criteria) > MOST_CRITERIA:
        line = criteria[MOST_CRITERIA].line
        raise ProtocolError(
            f"{file}:{line}: a protocol has {MOST_CRITERIA} criteria at most, and this one {len(criteria)}.",
            hint="Join some: “reviews, editorials or letters” is one.",
        )
    first: dict[tuple[str, bool], int] = {}
    for criterion in criteria:
        key = (_key(criterion.text), criterion.excludes)
        if (before := first.setdefault(key, criterion.line)) != criterion.line:
            raise ProtocolError(
                f"{file}:{criterion.line}: “{criterion.text}” stands on line {before} already.", hint="Take one out."
            )
        opposite = first.get((key[0], not criterion.excludes))
        if opposite:
            raise ProtocolError(
                f"{file}:{criterion.line}: “{criterion.text}” is to be included (line {min(opposite, criterion.line)})"
                " and to be excluded.",
                hint="Take one out.",
            )


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading, an item of a list, or a paragraph."""

    text: str
    line: int
    is_heading: bool = False
    is_title: bool = False
    is_item: bool = False
    is_nested: bool = False


def _parts(text: str) -> Iterator[_Part]:
    text = text.replace("\r\n", "\n")
    if front := _FRONT_MATTER.match(text):
        text = "\n" * front.group().count("\n") + text[front.end() :]
    kind, depth, first = "", 0, False
    for token in MarkdownIt("commonmark").disable(["code", "html_block"]).parse(text):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                first = True
            case "heading_open":
                kind = token.tag
            case "heading_close":
                kind = ""
            case "inline" if words := _plain(token.content):
                line = (token.map or [0])[0] + 1
                is_item = depth > 0 and first
                is_heading = bool(kind) and not depth
                yield _Part(words, line, is_heading, kind == "h1", is_item, is_nested=is_item and depth > 1)
                first = False


_MARKS = re.compile(r"\*\*|__|\[[ xX]\](?= )|(?<![\w*])\*(?=\w)|(?<=[\w.])\*(?![\w*])")


def _plain(text: str) -> str:
    """The words of an item without emphasis and check boxes, on one line."""
    return " ".join(_MARKS.sub("", text).replace("`", "").split())


def _key(text: str) -> str:
    return " ".join(re.sub(r"[:.*]+", " ", text).split()).casefold()
