"""Reads XML of papers: PubMed, JATS, Atom (arXiv), OAI-PMH, EndNote, DBLP, RSS of journals, the ACL Anthology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any

from lxml import etree

from askpapers.corpus.documents import Document
from askpapers.corpus.json_records import read_element
from askpapers.corpus.json_stream import Element
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.xml_flavours import XML_FLAVOURS, XmlFlavour
from askpapers.corpus.xml_stream import XmlRecord, root_of, xml_records
from askpapers.errors import CorpusError
from askpapers.identifiers import arxiv_of

_INLINE = ("i", "b", "italic", "bold", "sub", "sup", "p", "title", "sec", "list", "list-item", "br", "h3", "h4", "div")
_LEFT_OUT = ("xref", "fn", "tex-math", "annotation", "CopyrightInformation", "object-id", "label")
_ATTRIBUTE = re.compile(r"(?:(.*)/)?@([\w{}:/.-]+)")
_FAMILY = ("LastName", "surname", "keyname", "last", "family")
_GIVEN = ("ForeName", "given-names", "forenames", "first", "FirstName", "given", "Initials")
_GROUP = ("CollectiveName", "collab", "string-name", "name")


def looks_like(head: str) -> bool:
    """Whether a file that begins so is XML of one of the kinds that are read."""
    return bool(_flavours(root_of(head)))


def read_xml(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of an XML file. Memory grows with its largest record only.

    Damaged records are left out. Raises CorpusError where the file is no XML.
    """
    root = root_of(document.head)
    if not root:
        raise CorpusError(f"{document.place} is not XML.", hint="Export it anew, or move it out of the corpus.")
    flavours = _flavours(root)
    tags = tuple(tag for flavour in flavours for tag in flavour.tags)
    found = False
    with document.characters() as stream:
        for record in xml_records(stream, tags) if tags else ():
            found = True
            yield record if isinstance(record, Omitted) else _read(record, flavours)
    if not found:
        yield Omitted(0, f"XML of a kind that is not read, or without records (<{root}>)")


def _flavours(root: str) -> tuple[XmlFlavour, ...]:
    return tuple(flavour for flavour in XML_FLAVOURS if root in flavour.roots)


def _read(record: XmlRecord, flavours: Iterable[XmlFlavour]) -> Record | Omitted:
    element = record.element
    if element.find("{*}header[@status='deleted']") is not None:
        return Omitted(record.line, "a deleted record")
    flavour = next(flavour for flavour in flavours if _local(element) in flavour.tags)
    return read_element(Element(_fields(element, flavour), "", _line(record, flavour)))


def _line(record: XmlRecord, flavour: XmlFlavour) -> int:
    """The line on which the abstract begins."""
    for path in flavour.fields["abstract"]:
        for found in filter(_abstract, record.element.iterfind(_steps(path)[0])):
            texts = (
                e for e in found.iter() if isinstance(e.tag, str) and not _is_heading(e) and (e.text or "").strip()
            )
            return record.line_of(next(texts, found))
    return record.line


def _is_heading(element: Any) -> bool:
    return _local(element) == "title"


def _fields(element: Any, flavour: XmlFlavour) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, paths in flavour.fields.items():
        values = (value for path in paths for value in _values(element, path, name))
        if value := next(filter(None, values), ""):
            fields[name] = value
    for name, paths in flavour.lists.items():
        fields[name] = [value for path in paths for value in _values(element, path, name) if value]
    for name, paths in (("authors", flavour.people), ("editors", flavour.editors)):
        found = (list(filter(None, map(_person, element.iterfind(_steps(path)[0])))) for path in paths)
        fields[name] = next(filter(None, found), fields.get(name))
    if flavour.title_ends and "title" in fields:
        title = fields["title"].removesuffix(".")
        fields["title"] = title[1:-1] if title[:1] + title[-1:] == "[]" else title  # PubMed's of translated titles
    if flavour.type:
        fields["type"] = [flavour.type]
    if arxiv_of(fields.get("arxivid", "")):
        fields.pop("id", None)  # it has the version in it
        fields["type"] = ["preprint"]
    return {name: value for name, value in fields.items() if value}


def _values(element: Any, path: str, name: str) -> Iterator[Any]:
    steps, attribute = _steps(path)
    for found in element.iterfind(steps):
        if attribute:
            yield found.get(attribute) or ""
        elif path == ".":
            yield _local(found)
        elif name == "abstract":
            yield _abstract(found)
        elif name == "date":
            yield _date(found)
        else:
            yield _markup(found).strip()


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, str]:
    """A path as ElementPath, its names in any namespace, and the attribute at its end."""
    match = _ATTRIBUTE.fullmatch(path)
    way = (match[1] or ".") if match else path
    parts = way.replace("[@", "\0").split("/")
    steps = [part if part in ("..", "*", ".") else f"{{*}}{part}" for part in parts]
    return "/".join(steps).replace("\0", "[@"), match[2] if match else ""


def _abstract(element: Any) -> str:
    """The text of an abstract with its markup; labels of sections before them, as PubMed has them in attributes."""
    if element.get("abstract-type") in ("graphical", "teaser", "toc", "key-points", "summary", "executive-summary"):
        return ""
    parts = list(element.iterfind("{*}AbstractText"))
    if not parts:
        return _markup(element)
    return "\n".join(
        f"{escape(label.upper().rstrip(':'))}: {text}" if (label := part.get("Label") or "") else text
        for part in parts
        if (text := _markup(part).strip())
    )


def _date(element: Any) -> Any:
    parts = {_local(child).lower(): (child.text or "").strip() for child in element if isinstance(child.tag, str)}
    return parts if parts.get("year") else _markup(element).strip()


def _person(element: Any) -> Any:
    if element.get("ValidYN") == "N":
        return None
    parts = {_local(e): "".join(e.itertext()).strip() for e in element.iterdescendants() if isinstance(e.tag, str)}
    family = next(filter(None, map(parts.get, _FAMILY)), "")
    if family:
        given = next(filter(None, map(parts.get, _GIVEN)), "")
        return {"family": family, "given": given, "suffix": parts.get("Suffix", parts.get("suffix", ""))}
    text = next(filter(None, map(parts.get, _GROUP)), "") or _markup(element).strip()
    return {"literal": text} if "CollectiveName" in parts or "collab" in parts else re.sub(r"\s\d{4}$", "", text)


def _markup(element: Any) -> str:
    """The text of an element, with the markup that has a meaning, as HTML."""
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        if isinstance(child.tag, str) and (name := _local(child)) not in _LEFT_OUT:
            inner = _markup(child)
            parts.append(f"<{name}>{inner}</{name}>" if name in _INLINE else inner)
        elif (child.tail or " ")[0] in ".,;:)":  # behind a mark of a footnote
            parts[-1] = parts[-1].rstrip()
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def _local(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
