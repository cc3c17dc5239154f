"""Makes people of the ways in which files write authors: one string, lists, objects, Python's and JSON's in a cell."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from askpapers.corpus.cleaning import clean, placeholder
from askpapers.corpus.names import GROUP, INITIALS, PARTICLES, SUFFIX, make_person, read_name
from askpapers.metadata import Person

_FAMILY = ("family", "lastname", "last", "surname", "familyname")
_GIVEN = ("given", "firstname", "first", "forename", "givenname", "givennames", "fore", "initials")
_WHOLE = (
    "displayname", "fullname", "literal", "name", "collectivename", "label", "text", "rawauthorname", "preferredname",
    "author", "authors", "value", "person", "creator", "#text",
)  # fmt: skip
_PARTICLE_FIELDS = ("nondroppingparticle", "droppingparticle")


def people(value: Any) -> tuple[Person, ...]:
    """The people that a field names, in order.

    `value` is a string in whichever style (BibTeX, "Moss, A.; Fern, B.", "Ada Moss, Bo Fern", MEDLINE's "Moss A, Fern
    B"), or what JSON holds: lists of strings, of objects ({"given", "family"}, {"name"}, {"author": {...}}), of lists
    ([["Moss", "Ada", ""]]). What is no name (null, true, numbers, "N/A") is left out.
    """
    if isinstance(value, str):
        return tuple(_of_string(value))
    if isinstance(value, Mapping):
        return tuple(_of_object(value))
    if isinstance(value, list | tuple):
        return tuple(_of_list(value))
    return ()


def _of_list(values: Iterable[Any]) -> Iterable[Person]:
    values = list(values)
    for value in values:
        if isinstance(value, list | tuple):
            parts = [part.strip() if isinstance(part, str) else "" for part in value]
            if len(parts) > 1 and parts[0] and not any(isinstance(part, Mapping | list) for part in value):
                yield from make_person(parts[0], *parts[1:3])  # arXiv's: family, given, suffix, affiliations
            else:
                yield from _of_list(value)
        elif isinstance(value, str) and len(values) > 1 and not re.search(r";|\band\b", value):
            yield from read_name(value)
        else:
            yield from people(value)


def _of_object(value: Mapping[Any, Any]) -> Iterable[Person]:
    fields = {str(key).replace("_", "").replace("-", "").replace(" ", "").lower(): item for key, item in value.items()}

    def first(names: Iterable[str]) -> str:
        return next((text for name in names if isinstance(text := fields.get(name), str) and text.strip()), "").strip()

    if family := first(_FAMILY):
        particles = " ".join(filter(None, (first([name]) for name in _PARTICLE_FIELDS)))
        yield from make_person(f"{particles} {family}".strip(), first(_GIVEN), first(["suffix"]))
    elif whole := next((fields[name] for name in _WHOLE if fields.get(name)), None):
        yield from read_name(whole) if isinstance(whole, str) and "author" not in fields else people(whole)
    elif all(str(key).isdigit() for key in value):
        yield from _of_list(value.values())
    elif given := first(_GIVEN):
        yield from read_name(given)


def _of_string(text: str) -> Iterable[Person]:
    text = text.translate(_SEPARATORS).strip()
    if placeholder(text):
        return ()
    if text[0] in "[{\"'" and (value := _literal(text)) is not None:
        return people(value)
    if "<" in text or "&" in text:
        text = clean(text)
    text = _LABEL.sub("", _ET_AL.sub("", text)).strip(" ,;&")
    return [person for name in _names(text) for person in read_name(name)]


def _literal(text: str) -> Any:
    """What JSON or Python (pandas, NumPy) wrote into the string; None where it is no such thing."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(re.sub(r"(['\"])\s+(?=['\"])", r"\1, ", text))
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            return None
    return value if isinstance(value, list | tuple | dict | str) else []


def _names(text: str) -> list[str]:
    """The string taken apart, a name each; what stands in braces is one."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    wrapped = any(line.rstrip().endswith((",", " and", "&")) for line in lines[:-1])
    if len(lines) > 1 and not wrapped and not any(line.strip()[0].islower() for line in lines):
        return [name for line in lines for name in _names(line)]
    text = " ".join(text.split())
    if ";" in text or "|" in text:
        parts = _split(text, _SEMICOLON)
        return [name for part in parts for name in _joined(part)]
    parts = _split(text, _AND)
    if len(parts) > 1:
        if any(GROUP.search(part) for part in parts) and text.count(",") == 0 and len(parts) == 2:
            return [text] if GROUP.search(parts[0]) and parts[0][0] != "{" else parts
        return [name for part in parts for name in _of_part(part, bibtex=_is_bibtex(parts))]
    return _of_part(text, bibtex=False)


def _joined(text: str) -> list[str]:
    parts = _split(text, _AND)
    return [text] if any(GROUP.search(part) for part in parts) else parts


def _is_bibtex(parts: list[str]) -> bool:
    """Whether "and" stands between all names, and a comma within one: "Moss, Ada and Fern, Bo"."""
    if all(part.count(",") <= 2 for part in parts) and sum("," in part for part in parts) > 1:
        return True
    with_comma = [part for part in parts if "," in part]
    return all(not _are_names(_split(part, _COMMA)) and part.count(",") <= 2 for part in with_comma)


def _of_part(text: str, bibtex: bool) -> list[str]:
    """The names of a string between whose names a comma may stand."""
    if bibtex or "," not in text:
        return [text]
    pieces: list[str] = []
    for piece in _split(text, _COMMA):
        if _DEGREE.fullmatch(piece):
            continue
        if pieces and SUFFIX.fullmatch(piece):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    if len(pieces) < 2 or _are_names(pieces):
        return pieces
    if len(pieces) == 2:
        return [", ".join(pieces)]
    if any(INITIALS.fullmatch(piece) for piece in pieces):
        names: list[str] = []
        for piece in pieces:
            if names and "," not in names[-1] and INITIALS.fullmatch(piece):
                names[-1] += f", {piece}"
            else:
                names.append(piece)
        return names
    # Of single words: "Moss, Ada, Fern, Bo" is taken to be two people, not four with one name each.
    if len(pieces) % 2 == 0 and not any(" " in piece for piece in pieces[1::2]):
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    return pieces


def _are_names(pieces: list[str]) -> bool:
    """Whether each piece is a name of its own: two words at least, one of which is no initial."""
    if len(pieces) == 2 and pieces[0].split()[0].lower() in PARTICLES and pieces[0][0].islower():
        return " " in pieces[0] and _has_given(pieces[1])
    return all(_has_given(piece) or bool(GROUP.search(piece)) for piece in pieces)


def _has_given(piece: str) -> bool:
    words = piece.split()
    return len(words) > 1 and not all(INITIALS.fullmatch(word) for word in words)


def _split(text: str, separator: re.Pattern[str]) -> list[str]:
    """The parts between separators that stand in no braces."""
    if "{" not in text:
        return [part for piece in separator.split(text) if (part := piece.strip())]
    parts, begin, depth, place = [], 0, 0, 0
    while place < len(text):
        sign = text[place]
        depth += (sign == "{") - (sign == "}" and depth > 0)
        if not depth and (match := separator.match(text, place)):
            parts.append(text[begin:place])
            begin = place = match.end()
        else:
            place += 1
    return [part for piece in (*parts, text[begin:]) if (part := piece.strip())]


_SEPARATORS = str.maketrans({"；": ";", "，": ",", "、": ";", "\xa0": " ", "·": "·", "•": ";"})
_SEMICOLON = re.compile(r"(?:(?<!\s)\s+)?[;|]+\s*(?:and\b\s*|&\s*)?")
_COMMA = re.compile(r"(?:(?<!\s)\s+)?,\s*")
_AND = re.compile(r"(?:(?:(?<!\s)\s+)?,|(?<!\s))\s++(?:and|AND|&|und|et)\s++(?!al\b)")
_LABEL = re.compile(r"(?:authors?\s*:|by\s*:?\s+(?=[A-Z]))\s*", re.IGNORECASE)
_ET_AL = re.compile(r"(?<![\s,;])[\s,;]++(?:and\s++)?(?:others|et\s++al\.?|\.\.\.|…)\s*+$", re.IGNORECASE)
_DEGREE = re.compile(r"(?:M\.?D|Ph\.?\s?D|M\.?Sc|B\.?Sc|M\.?P\.?H|M\.?A|DPhil|Dr|R\.?N|FRCP|MBBS)\.?")
