"""Reads and annotates Word documents, through python-docx (the extra `[docx]`): paragraphs, citation fields, comments.

The citations that Zotero, Mendeley and EndNote put into a document carry the record of the work, which is read.
Footnotes and endnotes are read behind the body, tables are not.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from askpapers.drafts.docx_citations import works_of_control, works_of_field
from askpapers.drafts.draft import Block, BlockBuilder, Entry, Kind, Link
from askpapers.drafts.mathematics import raised as raised_numbers
from askpapers.errors import OptionalDependencyError, UsageError
from askpapers.identifiers import identifiers_in

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 100_000_000  # bytes unpacked
_NOTES = ("footnote", "endnote")
_BETWEEN = "\n\n"
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


@dataclass(slots=True)
class _Paragraph:
    """A paragraph under way: its text, and its runs with the characters that each holds."""

    element: Any
    start: int
    builder: BlockBuilder = field(default_factory=BlockBuilder)
    runs: list[tuple[Any, int, int]] = field(default_factory=list)
    note: str = ""  # the label of the footnote that it is in


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
        label = paragraph.note or (str(number) if is_item else "")
        kind = Kind.PROSE
        if re.match(r"(?:Heading|Title|Subtitle|berschrift|Titre|TOC)", style) or "Heading" in style:
            kind = Kind.HEADING
        elif "Bibliography" in style:
            kind = Kind.REFERENCE
        end = paragraph.start + paragraph.builder.length
        if block := paragraph.builder.block(end, kind, label):
            blocks.append(block)
    left_out += ["a table"] * len(paragraphs[0].element.getroottree().findall(f".//{_W}tbl") if paragraphs else [])
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
    marks = {
        _note_label(mark): mark.getparent()
        for name in _NOTES
        for mark in document.element.body.iter(f"{_W}{name}Reference")
    }
    for label, element in _notes(document):
        if label in marks:
            paragraph = _Paragraph(element, place, note=label)
            found.append(paragraph)
            _read(element, found, [])
            paragraph.runs = [
                (marks[label], 0, paragraph.builder.length)
            ]  # a comment stands at the mark: none is within notes
            place += paragraph.builder.length + len(_BETWEEN)
    return found


def _note_label(element: Any) -> str:
    """The label of the mark of a note, or of a note: "^2", "^e2" of an endnote."""
    return f"^{'e' if 'endnote' in element.tag else ''}{element.get(f'{_W}id')}"


def _notes(document: Any) -> Iterator[tuple[str, Any]]:
    """The paragraphs of footnotes and endnotes with the labels of their notes."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        name = relation.reltype.rpartition("/")[2].removesuffix("s")
        if name in _NOTES and not relation.is_external:
            try:
                root = parse_xml(relation.target_part.blob)
            except (SyntaxError, ValueError):  # of lxml, where the part is damaged
                continue
            for note in root.iterfind(f"{_W}{name}"):
                for element in note.iter(f"{_W}p"):
                    yield _note_label(note), element


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
            _link(paragraph, begin, works_of_control(_value(child.find(f"{_W}sdtPr"), "tag")))
        elif name in ("hyperlink", "ins", "smartTag", "fldSimple"):
            begin = paragraph.builder.length
            _read(child, found, fields)
            if code := child.get(f"{_W}instr"):
                _link(paragraph, begin, works_of_field(code))
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
                    _link(paragraph, ended.begins[1], works_of_field(ended.code))
        elif name == "instrText" and fields:
            fields[-1].code += child.text or ""
        elif name.removesuffix("Reference") in _NOTES and name not in _NOTES:
            label, place = f"[{_note_label(child)}]", paragraph.start + paragraph.builder.length
            paragraph.builder.pieces.append(label)
            paragraph.builder.places.extend(range(place, place + len(label)))
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
