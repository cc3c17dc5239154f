"""What stands in the fields of a JSON record, however their names are written and however deep their values lie."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from askpapers.corpus.cleaning import placeholder

ABSTRACTS = (
    "abstract", "abstractnote", "abstracttext", "paperabstract", "abstracts", "relabs", "enabstracts", "abs", "ab",
    "abstractinvertedindex", "indexedabstract", "invertedabstract",
)  # fmt: skip
TITLES = (
    "title", "displayname", "titles", "headline", "papertitle", "articletitle", "documenttitle", "reltitle",
    "titledisplay", "maintitle", "ti",
)  # fmt: skip
_SIGNS_OF_A_RECORD = (
    "author", "authors", "creators", "creator", "authorships", "year", "doi", "issued", "publicationdate", "date",
    "published", "publicationyear", "paperid", "itemtype", "externalids", "authorsparsed",
)  # fmt: skip
_INNER_TEXTS = (
    "text", "value", "content", "full", "plaintext", "description", "", "title", "name", "displayname", "html", "p",
)  # fmt: skip
_LABELS = ("label", "heading", "section", "sectiontitle", "nlmcategory", "title", "name", "category")
_LANGUAGES = frozenset(
    "en de fr es pt it nl ru uk zh ja ko pl tr ar fa sv da no nb fi cs hu ro el he hi id vi ca hr sk sl sr bg lt lv et"
    " eng deu ger fra fre spa por ita nld dut rus zho chi jpn kor pol tur".split()
)
_DROPPED = str.maketrans("", "", " _-.@#$")


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """The name of a field as all writings of it compare: "Abstract Note", `abstractNote`, `dc:abstract_note`."""
    return name.rpartition(":")[2].translate(_DROPPED).casefold()


def is_abstract_name(name: str) -> bool:
    """Whether a field of that name holds an abstract."""
    return normal(name) in ABSTRACTS


def is_paper(record: Mapping[str, Any]) -> bool:
    """Whether an object is a record of a paper: it has a title, and an abstract or what else only a record has."""
    names = {normal(name) for name, value in record.items() if value}
    return not names.isdisjoint(TITLES) and not (names.isdisjoint(ABSTRACTS) and names.isdisjoint(_SIGNS_OF_A_RECORD))


def normalised(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields by their normal names; of two that become one the first that is not empty."""
    fields: dict[str, Any] = {}
    for name, value in record.items():
        key = normal(name)
        if key not in fields or fields[key] in ("", None, [], {}):
            fields[key] = value
    return fields


def at(fields: Mapping[str, Any], path: str) -> Any:
    """The value at a path of normal names, such as "journal.title"; None where there is none.

    The first name of the path is looked up in normalised fields. Of a list its first object goes on.
    """
    if "." not in path:
        return fields.get(path)
    first, *others = path.split(".")
    value = fields.get(first)
    if value is None:
        return None
    for name in others:
        if isinstance(value, list):
            value = next((item for item in value if isinstance(item, dict)), None)
        if not isinstance(value, dict):
            return None
        value = next((item for key, item in value.items() if normal(key) == name and item not in ("", None)), None)
    return value


def all_at(value: Any, path: str) -> Iterator[Any]:
    """Every value at a path, through all items of lists."""
    if isinstance(value, list):
        for item in value:
            yield from all_at(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        first, _, others = path.partition(".")
        for key, item in value.items():
            if normal(key) == first:
                yield from all_at(item, others)


def scalar(value: Any) -> str:
    """A string or a number as text; "" for anything else and for what stands for none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return "" if placeholder(text) else text


def line_of_text(value: Any) -> str:
    """The text of a field that has one of several forms: a string, {"value": ...}, {"en": ...}, the first of a list."""
    if isinstance(value, list):
        return next(filter(None, map(line_of_text, value)), "")
    if isinstance(value, dict):
        fields = normalised(value)
        inner = [fields[name] for name in _INNER_TEXTS if name in fields] or _in_a_language(fields)
        return next(filter(None, map(line_of_text, inner)), "")
    return scalar(value)


def _in_a_language(fields: Mapping[str, Any]) -> list[Any]:
    """The texts of {"de": "...", "en-US": "..."}, English first; none where the names are no languages."""
    if not fields or not all(name in _LANGUAGES or (len(name) == 4 and name[:2] in _LANGUAGES) for name in fields):
        return []
    return [fields[name] for name in sorted(fields, key=lambda name: not name.startswith("en"))]


def abstract_of(value: Any) -> str:
    """An abstract of whatever form.

    It may be a string, sentences or paragraphs in a list, sections with their labels, words with their positions
    (OpenAlex), or an object around any of these. What stands for none ("N/A", "[No abstract available]") is "".
    """
    if isinstance(value, str):
        if value.startswith('{"') and value.rstrip().endswith("}") and (index := _parsed(value)) is not None:
            return abstract_of(index)
        return "" if placeholder(value) else value
    if isinstance(value, list):
        return _joined(value)
    if isinstance(value, dict) and value:
        if is_inverted(value):
            return rebuilt(value)
        fields = normalised(value)
        if isinstance(index := fields.get("invertedindex"), dict):
            return rebuilt(index)
        for name in _INNER_TEXTS:
            if name in fields and (text := abstract_of(fields[name])):
                return text
        if translated := _in_a_language(fields):
            return next(filter(None, map(abstract_of, translated)), "")
        sections = {name: text for name, inner in value.items() if (text := abstract_of(inner))}
        return "\n".join(f"{_as_label(name)}: {text}" for name, text in sections.items())
    return ""


def _joined(values: list[Any]) -> str:
    if any(isinstance(value, dict) for value in values):
        sections = [(_label_of(value), abstract_of(value)) for value in values]
        return "\n".join(f"{label}: {text}" if label else text for label, text in sections if text)
    sentences = [text for value in values if (text := abstract_of(value).strip())]
    return " ".join(sentences)


def _label_of(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    fields = normalised(value)
    texts = [fields.get(name) for name in _LABELS]
    label = next((text for text in texts if isinstance(text, str) and text.strip() and len(text) < 80), "").strip()
    has_text = any(fields.get(name) for name in ("text", "value", "content", "full", "plaintext", "", "html", "p"))
    return _as_label(label) if has_text and label.lower() not in ("abstract", "summary", "unlabelled") else ""


def _as_label(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).rstrip(":").upper()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_inverted(value: Mapping[str, Any]) -> bool:
    """Whether an object gives the positions of words: {"Lichens": [0, 4], "grow": [1]}."""
    return all(isinstance(places, list) for places in value.values()) and any(
        isinstance(place, int) for places in value.values() for place in places
    )


def rebuilt(index: Mapping[str, Any]) -> str:
    """The text of words with their positions, in order; where a position has no word, nothing stands."""
    places = [
        (place, word)
        for word, positions in index.items()
        if isinstance(positions, list)
        for place in positions
        if isinstance(place, int) and not isinstance(place, bool)
    ]
    return " ".join(word for _, word in sorted(places, key=lambda found: found[0]))


def items(value: Any) -> Iterable[Any]:
    """The items of a list, or the one value that stands in its place."""
    return value if isinstance(value, list) else () if value is None else (value,)
