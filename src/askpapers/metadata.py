"""What a reference manager knows of a paper beside its title, year, authors and address."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum


class Notice(StrEnum):
    """What was said about a paper after it came out."""

    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    CONCERN = "expression of concern"


@dataclass(frozen=True, slots=True)
class Person:
    """An author or editor. `family` alone holds the name of a group, and a name that is not taken apart."""

    family: str
    given: str = ""

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a bibliographic record; "" and () where the files do not give one.

    `type` is a type of CSL ("article-journal", "paper-conference"). `date` is as exact as it is known: 2021, 2021-03
    or 2021-03-05. `doi` is in lower case without an address before it, `arxiv` without its version. `key` is the cite
    key. `aliases` are further identifiers of the paper: other DOIs, ids and cite keys of its copies. `people` are the
    authors with their names taken apart. `notice_details` say when and why it was retracted. `extra` holds the fields
    that have no place here, by the name of their format and their own, such as ("ris:M1", "12"), so that they can be
    written out again.
    """

    type: str = ""
    venue: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    date: str = ""
    doi: str = ""
    arxiv: str = ""
    pmid: str = ""
    key: str = ""
    aliases: tuple[str, ...] = ()
    language: str = ""
    people: tuple[Person, ...] = ()
    editors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notice: Notice | None = None
    notice_details: str = ""
    extra: tuple[tuple[str, str], ...] = ()


NO_METADATA = Metadata()


def merged(first: Metadata, second: Metadata) -> Metadata:
    """The first with what it lacks from the second; aliases, categories, tags and extra fields of both."""
    changes: dict[str, object] = {}
    for field in fields(Metadata):
        mine, other = getattr(first, field.name), getattr(second, field.name)
        if field.name in ("aliases", "categories", "tags", "extra"):
            changes[field.name] = tuple(dict.fromkeys((*mine, *other)))
        elif not mine and other:
            changes[field.name] = other
    return replace(first, **changes)  # type: ignore[arg-type]
