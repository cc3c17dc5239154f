"""Papers as BibTeX: what BibTeX, biber, JabRef and Zotero read, in UTF-8."""

from __future__ import annotations

import itertools
import re
import string
import urllib.parse
from collections.abc import Iterable, Iterator

from askpapers.corpus.types import bibtex_type
from askpapers.export.entries import Entry
from askpapers.export.others import other_fields
from askpapers.export.values import authors_of, date_of, one_line, value
from askpapers.metadata import Metadata, Person
from askpapers.text import plain
from askpapers.text.latex import math_spans

_SAFE_IN_URL = "".join(set(string.punctuation) - set("{}\\"))  # BibTeX takes an address as it stands
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_VENUE = {"article": "journal", "misc": "journal", "unpublished": "journal", "techreport": "journal"}
_PUBLISHER = {"phdthesis": "school", "techreport": "institution"}


def bibtex(entries: Iterable[Entry]) -> str:
    """An entry for each paper; what an answer quotes of it is in `annote`, the verdict in `keywords`."""
    return "\n".join(map(_entry, entries))


def _entry(entry: Entry) -> str:
    metadata = entry.paper.metadata
    # A preprint with its number is `misc`, as arXiv itself writes it: styles ask a note of what is unpublished.
    kind = "misc" if metadata.type == "article" and metadata.arxiv else bibtex_type(metadata.type)
    if kind == "phdthesis" and "master" in dict(other_fields(metadata, "bibtex")).get("type", "").lower():
        kind = "mastersthesis"
    fields: dict[str, str] = {}
    for name, text in (*_fields(entry, kind), *_others(metadata)):
        if text and name not in fields:
            fields[name] = text
    # A month is a macro, which every style writes in its own way.
    body = "".join(f"  {name} = {text if name == 'month' else f'{{{text}}}'},\n" for name, text in fields.items())
    return f"@{kind}{{{entry.key},\n{body}}}\n"


def _fields(entry: Entry, kind: str) -> Iterator[tuple[str, str]]:
    paper, metadata = entry.paper, entry.paper.metadata
    yield "title", f"{{{_title(paper.title)}}}"
    yield "author", _names(authors_of(paper), parsed=bool(metadata.people))
    yield "editor", _names(metadata.editors, parsed=True)
    yield _VENUE.get(kind, "booktitle"), _tex(metadata.venue)
    yield _PUBLISHER.get(kind, "publisher"), _tex(metadata.publisher)
    yield "volume", _tex(metadata.volume)
    yield "number", _tex(metadata.issue)
    yield "pages", re.sub(r"(?<=\w)\s*[-–—]+\s*(?=\w)", "--", _tex(metadata.pages))
    date = date_of(paper)
    yield "year", date[0] if date else ""
    yield "month", _MONTHS[int(date[1]) - 1] if len(date) > 1 and 1 <= int(date[1]) <= 12 else ""
    yield "date", "-".join(date) if len(date) == 3 else ""  # BibTeX itself has no day
    yield "doi", _verbatim(metadata.doi)
    category = next((c for c in metadata.categories if re.fullmatch(r"[\w-]+(\.[\w-]+)?", c)), "")
    if metadata.arxiv:
        yield "eprint", _verbatim(metadata.arxiv)
        yield "archiveprefix", "arXiv"
        yield "primaryclass", _tex(category)
    yield "pmid", _tex(metadata.pmid)
    yield "url", _verbatim(paper.url or "")
    yield "language", _tex(metadata.language)
    yield "keywords", _keywords(tag for tag in entry.tags if not (metadata.arxiv and tag == category))
    yield "abstract", _tex(re.sub(r"\s*\n\s*", "\n\n", paper.abstract))  # a line break alone is a blank to BibTeX
    kept = [text for name, text in other_fields(metadata, "bibtex") if name == "annote"]
    yield "annote", "\n\n".join(_tex(note) for note in (*kept, *entry.notes))


def _others(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """The fields that have no place in a record."""
    for name, text in other_fields(metadata, "bibtex"):
        field = name.lower()
        if re.fullmatch(r"[a-z][\w.:+-]*", field) and field != "month":
            yield field, _verbatim(text) if field in ("file", "url", "pdf") else _tex(text)


def _keywords(tags: Iterable[str]) -> str:
    tags = list(tags)
    return _tex(("; " if any("," in tag for tag in tags) else ", ").join(tags))


def _names(people: Iterable[Person], *, parsed: bool) -> str:
    return " and ".join(_name(person, parsed) for person in people)


def _name(person: Person, parsed: bool) -> str:
    """A name as "family, given"; one that is not taken apart in braces, if it is known to be whole."""
    family, given = _tex(one_line(plain(person.family))), _tex(one_line(plain(person.given)))
    if given:
        return f"{_guarded(family)}, {_guarded(given)}"
    return f"{{{family}}}" if (parsed and " " in family) or "," in family else _guarded(family)


def _guarded(name: str) -> str:
    """A part of a name; in braces where BibTeX would take it apart at "and" or a comma."""
    return f"{{{name}}}" if re.search(r"(?i)\band\b|,", name) else name


def _title(text: str) -> str:
    return _tex(one_line(text))


def _verbatim(text: str) -> str:
    return urllib.parse.quote(one_line(text), safe=_SAFE_IN_URL + " ") if re.search(r"[{}\\]", text) else one_line(text)


def _tex(text: str) -> str:
    """A text for BibTeX: LaTeX in it stays LaTeX, but for braces that would break the file."""
    text = value(text)
    if not _balanced(text):
        text = re.sub(r"\\?[{}]", "", text)
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\\Z", r"\1", text.strip())
    pieces, last = [], 0
    for begin, end, _ in math_spans(text):
        pieces += [_escaped(text[last:begin]), text[begin:end]]
        last = end
    return "".join((*pieces, _escaped(text[last:])))


def _escaped(text: str) -> str:
    text = re.sub(r"(?<!\\)([&%#_$])", r"\\\1", text)
    text = re.sub(r"(?<!\\)\^", r"\\^{}", text)
    return re.sub(r"(?<![^\s(\[])~(?=\S)", r"\\textasciitilde{}", text)  # "~ 10"; elsewhere it is LaTeX's blank


def _balanced(text: str) -> bool:
    """Whether every brace has its other half; to BibTeX a backslash before one makes no difference."""
    depths = list(itertools.accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)
