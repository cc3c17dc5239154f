"""Reads PubMed's "Abstract (text)" format: numbered records of paragraphs, from the citation to "PMID: 1"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from askpapers.corpus.cleaning import clean_line
from askpapers.corpus.dates import read_date
from askpapers.corpus.documents import Document
from askpapers.corpus.fields import Field, at_least_one, doi_in, made_record, pages_of
from askpapers.corpus.notices import notice_of_types
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted, Record
from askpapers.metadata import Metadata

_CITATION = re.compile(r"\s*(?P<number>\d{1,6})\.\s+\S.*?\b(?:1[5-9]|20)\d\d\b", re.DOTALL)
_IDS = re.compile(r"(?:DOI|PMCID|PMID): ?\S")
_PMID = re.compile(r"^PMID: ?(\d+)", re.MULTILINE)
_SURE = re.compile(r"^(?:PMID: ?\d|Author information:\s*\n\(1\))", re.MULTILINE)
_PLACE = re.compile(
    r"(?P<venue>.+?)\.\s+(?P<date>(?:1[5-9]|20)\d\d[^;:.]*)[;:.]?"
    r"(?P<volume>[^(:;.]*)(?:\((?P<issue>[^)]*)\))?(?::(?P<pages>[^.;]*))?"
)
_NOTE = re.compile(
    r"Author information:|Collaborators?:|Conflict of interest statement|Copyright\b|©|\(c\) \d"
    r"|(?:Erratum|Comments?|Updated?|Retraction|Expression of concern|Correct\w+|Corrigendum|Republished|Summary)"
    r"[\w ]* (?:in|on|of|from|for)\s*\n|\[(?:Article in|No authors listed|Indexed for)",
)
_NOTICES = {"Retraction in": "retraction", "Expression of concern in": "expression of concern"}
_MARKS = re.compile(r"(?:\(\w{1,3}\)|#)+")
_NAME = re.compile(r"[^\d.:]{1,60} [^\W\d_](?:[^\W\d_]|-){0,3}(?: (?:Jr|Sr|II|III|IV|2nd|3rd))?")
_LABEL = re.compile(r"[A-Z][A-Z &/,'()-]{2,60}: ")
_ADDRESS = "https://pubmed.ncbi.nlm.nih.gov/{}/"


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: int
    text: str

    @property
    def joined(self) -> str:
        return " ".join(self.text.split())


def looks_like_pubmed_text(head: str) -> bool:
    """Whether a document that begins so is PubMed's text: a citation "1. J Walls. 2019", then "PMID: 1" or the like."""
    return bool(_CITATION.match(head.lstrip().partition("\n\n")[0])) and bool(_SURE.search(head))


def read_pubmed_text(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a file of PubMed's text format."""
    return at_least_one(_records(document), "record of PubMed's text format")


def _records(document: Document) -> Iterator[Record | Omitted]:
    record: list[_Paragraph] = []
    number, has_ids = 0, False
    for paragraph in _paragraphs(document.lines()):
        citation = _CITATION.match(paragraph.text)
        if citation and (not record or has_ids or int(citation["number"]) == number + 1):
            if record:
                yield _record(record)
            record, number, has_ids = [], int(citation["number"]), False
        elif not record:
            continue
        record.append(paragraph)
        has_ids = has_ids or bool(_IDS.match(paragraph.text))
    if record:
        yield _record(record)


def _paragraphs(lines: Iterable[tuple[int, str]]) -> Iterator[_Paragraph]:
    begins, found = 0, []
    for number, line in lines:
        if line.strip():
            begins = begins or number
            found.append(line.rstrip())
        elif found:
            yield _Paragraph(begins, "\n".join(found))
            begins, found = 0, []
    if found:
        yield _Paragraph(begins, "\n".join(found))


def _record(paragraphs: list[_Paragraph]) -> Record | Omitted:
    citation, *others = paragraphs
    title, others = (others[0].joined, others[1:]) if others else ("", others)
    notes = [paragraph for paragraph in others if _NOTE.match(paragraph.text)]
    ids = "\n".join(paragraph.text for paragraph in others if _IDS.match(paragraph.text))
    content = [p for p in others if not _NOTE.match(p.text) and not _IDS.match(p.text)]
    authors: list[str] = []
    if content and content[0] in others[:2]:
        has_affiliations = any(note.text.startswith("Author information:") for note in notes)
        authors = _authors(content[0].joined, is_certain=has_affiliations and len(content) > 1)
        content = content[1:] if authors else content
    abstract = Field("abstract", "\n".join(_unwrapped(p.text) for p in content), content[0].line) if content else None
    pmid = match[1] if (match := _PMID.search(ids)) else ""
    kinds = [kind for begin, kind in _NOTICES.items() for note in notes if note.text.startswith(begin)]
    metadata = replace(
        _place(citation.joined),
        type="article-journal",
        doi=doi_in(ids, citation.joined),
        pmid=pmid,
        people=people(authors),
        notice=notice_of_types(kinds),
        extra=tuple(("pubmed:note", note.joined) for note in notes),
    )
    url = _ADDRESS.format(pmid) if pmid else ""
    title = clean_line(title).rstrip(". ")
    return made_record(abstract, citation.line, Record("", 0, id=pmid, title=title, url=url, metadata=metadata))


def _place(citation: str) -> Metadata:
    """Where and when it came out, from "1. J Walls. 2019 May 3;12(2):1-9. doi: 10.1000/x1."."""
    citation = citation.partition(". ")[2]
    match = _PLACE.match(citation)
    if match is None:
        return Metadata(venue=citation.partition(".")[0], date=read_date(citation))
    venue, date, volume, issue, pages = ((part or "").strip() for part in match.groups())
    return Metadata(venue=venue, date=read_date(date), volume=volume, issue=issue, pages=pages_of(pages))


def _authors(text: str, *, is_certain: bool) -> list[str]:
    """The names of a paragraph of authors; none where it is another one, the abstract of a work without authors."""
    names = [name for name in re.split(r"[,;]\s*", _MARKS.sub("", text).strip(" .")) if name]
    alike = sum(1 for name in names if _NAME.fullmatch(name))
    return names if is_certain or alike > len(names) / 2 else []


def _unwrapped(text: str) -> str:
    """A paragraph without its line breaks, but for those before the label of a section."""
    lines = text.split("\n")
    parts = [
        line.strip() if not number or _LABEL.match(line) else f"\0{line.strip()}" for number, line in enumerate(lines)
    ]
    return "\n".join(parts).replace("\n\0", " ")
