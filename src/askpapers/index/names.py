"""Names of people in the form in which they are compared: "Moss, A.", "A. Moss" and "Ada Moss" are one name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askpapers.metadata import Person
from askpapers.text import folded

_PARTICLES = frozenset(
    "van von de der den del della dello di da das do dos du des la le les ter ten zu zur bin ibn al el st san".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_INITIALS = re.compile(r"[A-Z](?:[.\s-]*[A-Z]){0,2}\.?")
_APOSTROPHES = re.compile(r"['`]")
_PARTS = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, in lower case without accents. `family` is without "van", "de la"; of a group it is the name."""

    family: str
    given: tuple[str, ...] = ()


def name_of(person: Person) -> Name:
    """The name of a person whose name is taken apart, or of a group."""
    return Name(_core(_words(person.family)), _given(person.given))


def read_name(text: str) -> Name:
    """A name as a file writes it: "Moss, A. B.", "Moss AB" or "Ada B. Moss"."""
    return next(readings(text), Name(""))


def readings(text: str) -> Iterator[Name]:
    """The ways in which a name can be read, the likeliest first; several where nothing says what the family name is."""
    family, comma, given = text.partition(",")
    if comma and set(_words(given)) - _SUFFIXES:
        yield Name(_core(_words(family)), _given(given))
        return
    parts = [part for part in family.split() if _words(part) and _words(part)[0] not in _SUFFIXES]
    if not parts:
        return
    if len(parts) > 1 and _INITIALS.fullmatch(parts[-1]) and not _INITIALS.fullmatch(parts[0]):
        end = next(n for n in range(len(parts)) if all(map(_INITIALS.fullmatch, parts[n:])))
        yield Name(_core(_words(" ".join(parts[:end]))), _given(" ".join(parts[end:])))
        return
    first = next((n for n, part in enumerate(parts) if n and part.casefold() in _PARTICLES), len(parts) - 1)
    yield Name(_core(_words(" ".join(parts[first:]))), _given(" ".join(parts[:first])))
    if len(parts) > 1:
        yield Name(_core(_words(" ".join(parts))))
        yield Name(_core(_words(parts[0])), _given(" ".join(parts[1:])))


def agree(asked: Sequence[str], known: Sequence[str]) -> bool:
    """Whether given names may be one person's: an initial stands for a name, and what is missing says nothing."""
    if not asked or not known:
        return True
    if not _same(asked[0], known[0]):
        return len(asked[0]) > 1 and asked[0] in known[1:]
    further = known[1:]
    return not further or all(any(_same(name, other) for other in further) for name in asked[1:])


def _same(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _core(words: list[str]) -> str:
    """A family name without its particles and "Jr."; one of these alone stays."""
    words = [word for word in words if word not in _SUFFIXES] or words
    while len(words) > 1 and words[0] in _PARTICLES:
        words = words[1:]
    return " ".join(words)


def _given(text: str) -> tuple[str, ...]:
    found = list[str]()
    for part in text.split():
        letters = _INITIALS.fullmatch(part)
        found += [word for word in (_words(" ".join(part)) if letters else _words(part)) if word not in _SUFFIXES]
    return tuple(word for n, word in enumerate(found) if not n or word not in _PARTICLES)  # Bin Liu; Ludwig van


def _words(text: str) -> list[str]:
    return _PARTS.sub(" ", _APOSTROPHES.sub("", folded(text)).casefold()).split()
