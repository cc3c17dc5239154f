"""Reads and annotates Word documents, through python-docx (the extra `[docx]`): paragraphs, citation fields, comments.

The citations that Zotero, Mendeley and EndNote put into a document carry the record of the work, which is read.
Footnotes and tables are not.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from askpapers.corpus.people import people
from askpapers.drafts.bibliography import entry_of_csl
from askpapers.drafts.draft import Block, BlockBuilder, Entry, Kind, Link
from askpapers.drafts.mathematics import raised as raised_numbers
from askpapers.errors import OptionalDependencyError, UsageError
from askpapers.identifiers import identifiers_in

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 100_000_000  # bytes unpacked
_MENDELEY = "MENDELEY_CITATION_v3_"
_ENDNOTE = re.compile(r"<Cite\b.*?</Cite>", re.DOTALL)
_BETWEEN = "\n\n"
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


@dataclass(slots=True)
class _Paragraph:
    """A paragraph under way: its text, and its runs with the characters that each holds."""

    element: Any
    start: int
    builder: BlockBuilder = field(default_factory=BlockBuilder)
    runs: list[tuple[Any, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """A field of Word: its code, and where what it shows begins."""

    code: str = ""
    begins: tuple[int, int] | None = None  # the number of its paragraph, the place in it


def read_docx(content: bytes) -> tuple[str, list[Block], list[str]]:
    """The text of a document, its blocks, and what was left out.

    Raises UsageError for what is no document of Word, OptionalDependencyError without python-docx.
    """
    paragraphs = _paragraphs(_opened(content))
    text = _BETWEEN.join("".join(paragraph.builder.pieces) for paragraph in paragraphs)
    blocks, left_out, number = [], list[str](), 0
    for paragraph in paragraphs:
        properties = paragraph.element.find(f"{_W}pPr")
        style = _value(properties, "pStyle")
        is_item = style.startswith("ListNumber") or (
            properties is not None and properties.find(f"{_W}numPr") is not None
        )
        number = number + 1 if is_item else 0
        kind = Kind.PROSE
        if re.match(r"(?:Heading|Title|Subtitle|berschrift|Titre|TOC)", style) or "Heading" in style:
            kind = Kind.HEADING
        elif "Bibliography" in style:
            kind = Kind.REFERENCE
        end = paragraph.start + paragraph.builder.length
        if block := paragraph.builder.block(end, kind, str(number) if is_item else ""):
            blocks.append(block)
    left_out += ["a table"] * len(paragraphs[0].element.getroottree().findall(f".//{_W}tbl") if paragraphs else [])
    if paragraphs and paragraphs[0].element.getroottree().find(f".//{_W}footnoteReference") is not None:
        left_out.append("footnotes")
    return text, blocks, left_out


def annotate_docx(content: bytes, comments: list[tuple[int, int, str]]) -> bytes:
    """A copy of the document with a comment on each span (start, end, what it says) of the text of `read_docx`."""
    from docx.text.run import Run

    document = _opened(content)
    paragraphs = _paragraphs(document)
    for start, end, remark in comments:
        for paragraph in paragraphs:
            first, last = start - paragraph.start, end - paragraph.start
            runs = [run for run, begins, ends in paragraph.runs if begins < last and ends > first]
            if runs:
                parent: Any = None  # a run needs its parent only for parts that comments do not touch
                marked = [Run(runs[0], parent), Run(runs[-1], parent)]
                document.add_comment(marked, text=remark, author="ask check", initials="ask")
                break
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _opened(content: bytes) -> Any:
    try:
        import docx
    except ImportError as error:
        raise OptionalDependencyError(
            "Word documents need python-docx.", hint="Install it: pip install 'askpapers[docx]'"
        ) from error
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                raise UsageError("The document unpacks to over 100 MB.", hint="Leave its pictures out.")
        return docx.Document(io.BytesIO(content))
    except UsageError:
        raise
    except Exception as error:  # of zipfile, lxml and python-docx: whatever a damaged file does to them
        raise UsageError(
            "The document cannot be read: it is damaged, encrypted or not .docx.", hint="Save it again as .docx."
        ) from error


def _paragraphs(document: Any) -> list[_Paragraph]:
    """The paragraphs of the body in order, not those in tables and boxes."""
    found, fields, place = list[_Paragraph](), list[_Field](), 0
    for element in document.element.body.iter(f"{_W}p"):
        if any(parent.tag in (f"{_W}tbl", f"{_W}txbxContent") for parent in element.iterancestors()):
            continue
        paragraph = _Paragraph(element, place)
        found.append(paragraph)
        _read(element, found, fields)
        place += paragraph.builder.length + len(_BETWEEN)
    return found


def _read(element: Any, found: list[_Paragraph], fields: list[_Field]) -> None:
    """Read what is in a paragraph, through hyperlinks, insertions and content controls; deletions are not read."""
    paragraph = found[-1]
    for child in element:
        name = child.tag.removeprefix(_W) if isinstance(child.tag, str) else ""
        if name == "r":
            _run(child, found, fields)
        elif name == "sdt":
            begin = paragraph.builder.length
            for content in child.iterfind(f"{_W}sdtContent"):
                _read(content, found, fields)
            _link(paragraph, begin, _of_mendeley(_value(child.find(f"{_W}sdtPr"), "tag")))
        elif name in ("hyperlink", "ins", "smartTag", "fldSimple"):
            begin = paragraph.builder.length
            _read(child, found, fields)
            if code := child.get(f"{_W}instr"):
                _link(paragraph, begin, _of_code(code))
            target = _target(child)
            if ids := identifiers_in(target):
                _link(paragraph, begin, (Entry(ids=ids, text=target),))


def _target(element: Any) -> str:
    """The address of a hyperlink."""
    relation = element.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
    part = getattr(element, "part", None) if relation else None
    return str(part.rels[relation].target_ref) if part is not None and relation in part.rels else ""


def _run(run: Any, found: list[_Paragraph], fields: list[_Field]) -> None:
    paragraph = found[-1]
    begin = paragraph.builder.length
    raised = _value(run.find(f"{_W}rPr"), "vertAlign") == "superscript"
    for child in run:
        name = child.tag.removeprefix(_W) if isinstance(child.tag, str) else ""
        if name == "fldChar":
            kind = child.get(f"{_W}fldCharType")
            if kind == "begin":
                fields.append(_Field())
            elif kind == "separate" and fields:
                fields[-1].begins = (len(found), paragraph.builder.length)
            elif kind == "end" and fields:
                ended = fields.pop()
                if ended.begins and ended.begins[0] == len(found):
                    _link(paragraph, ended.begins[1], _of_code(ended.code))
        elif name == "instrText" and fields:
            fields[-1].code += child.text or ""
        elif name in ("t", *_SIGNS) and not (fields and fields[-1].begins is None):
            shown = (child.text or "") if name == "t" else _SIGNS[name]
            if raised and re.fullmatch(r"[\d,\s–-]+", shown):
                shown = raised_numbers(shown)
            builder = paragraph.builder
            place = paragraph.start + builder.length
            builder.pieces.append(shown)
            builder.places.extend(range(place, place + len(shown)))
    if paragraph.builder.length > begin:
        paragraph.runs.append((run, begin, paragraph.builder.length))


def _link(paragraph: _Paragraph, begin: int, entries: tuple[Entry, ...]) -> None:
    if entries and paragraph.builder.length > begin:
        paragraph.builder.links.append(Link(begin, paragraph.builder.length, entries))


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}") if element is not None else None
    return str(found.get(f"{_W}val") or "") if found is not None else ""


def _of_code(code: str) -> tuple[Entry, ...]:
    """The works that a field cites: of Zotero and Mendeley CSL's JSON, of EndNote its XML."""
    if "CSL_CITATION" in code and "{" in code:
        return _of_json(code[code.index("{") :])
    return tuple(_of_endnote(cite) for cite in _ENDNOTE.findall(code)) if "EN.CITE" in code else ()


def _of_mendeley(tag: str) -> tuple[Entry, ...]:
    if not tag.startswith(_MENDELEY):
        return ()
    try:
        return _of_json(base64.b64decode(tag.removeprefix(_MENDELEY)).decode())
    except ValueError:
        return ()


def _of_json(text: str) -> tuple[Entry, ...]:
    try:
        citation, _ = json.JSONDecoder().raw_decode(text)
        items = [item["itemData"] for item in citation["citationItems"] if isinstance(item["itemData"], dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    return tuple(map(entry_of_csl, items))


def _of_endnote(cite: str) -> Entry:
    def first(name: str) -> str:
        match = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", cite, re.DOTALL)
        return re.sub(r"<[^>]+>", "", match[1]).strip() if match else ""

    author, year = first("Author") or first("author"), first("Year") or first("year")
    return Entry(
        title=first("title"),
        families=tuple(person.family for person in people(author)),
        year=int(year) if re.fullmatch(r"\d{4}", year) else None,
        ids=identifiers_in(first("electronic-resource-num"), first("url")),
    )
