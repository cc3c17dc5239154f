"""The kinds of files that answers and papers leave as: one table for the command line, the page and the API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from askpapers.datatypes import Answer, Paper
from askpapers.errors import UsageError
from askpapers.export.bibtex import bibtex
from askpapers.export.csl import csl
from askpapers.export.entries import Entry, entries_of_answers, entries_of_papers
from askpapers.export.json_files import answers_json, papers_json
from askpapers.export.markdown import answers_markdown, papers_markdown
from askpapers.export.ris import ris
from askpapers.export.tables import answers_table, csv_text, papers_table, quotes_table
from askpapers.export.text import answers_text, papers_text
from askpapers.export.workbook import workbook

_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Content:
    """What is exported: the answers, or where there are none the papers, and an entry for each paper.

    `notes` are what everyone has to be told about the corpus; JSON of papers has them.
    """

    entries: tuple[Entry, ...]
    answers: tuple[Answer, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def papers(self) -> list[Paper]:
        """The papers, in order."""
        return [entry.paper for entry in self.entries]


def content_of(answers: Sequence[Answer]) -> Content:
    """The answers and the papers that they cite. Raises UsageError where there is none."""
    if not answers:
        raise UsageError("There is nothing to export yet.", hint="Ask a question first.")
    return Content(entries_of_answers(answers), tuple(answers))


def list_of(papers: Iterable[Paper], notes: Iterable[str] = ()) -> Content:
    """Papers by themselves."""
    return Content(entries_of_papers(papers), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name, how a person calls it, how its files end, its media type, what writes it."""

    name: str
    label: str
    endings: tuple[str, ...]
    media_type: str
    write: Callable[[Content], str | bytes]
    binary: bool = False

    def bytes_of(self, content: Content) -> bytes:
        """The content as the bytes of a file of this kind."""
        written = self.write(content)
        return written if isinstance(written, bytes) else written.encode(errors="replace")


def _text(content: Content) -> str:
    return answers_text(content.answers) if content.answers else papers_text(content.papers)


def _markdown(content: Content) -> str:
    return answers_markdown(content.answers) if content.answers else papers_markdown(content.papers)


def _json(content: Content) -> str:
    return answers_json(content.answers) if content.answers else papers_json(content.papers, content.notes)


def _workbook(content: Content) -> bytes:
    sheets = [papers_table(content.entries)]
    if content.answers:
        sheets += [quotes_table(content.entries), answers_table(content.answers)]
    return workbook(sheets)


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    kind.name: kind
    for kind in (
        Kind("text", "Text", (".txt",), "text/plain", _text),
        Kind("markdown", "Markdown", (".md", ".markdown"), "text/markdown", _markdown),
        Kind("json", "JSON", (".json",), "application/json", _json),
        Kind("csv", "CSV", (".csv",), "text/csv", lambda content: csv_text(papers_table(content.entries))),
        Kind("xlsx", "Excel", (".xlsx",), _XLSX, _workbook, binary=True),
        Kind("bibtex", "BibTeX", (".bib",), "application/x-bibtex", lambda content: bibtex(content.entries)),
        Kind("ris", "RIS", (".ris",), "application/x-research-info-systems", lambda content: ris(content.entries)),
        Kind(
            "csl",
            "CSL JSON",
            (".csl.json",),
            "application/vnd.citationstyles.csl+json",
            lambda content: csl(content.entries),
        ),
    )
}


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises UsageError where there is none."""
    if name not in KINDS:
        raise UsageError(f"“{name}” is no kind of export.", hint=f"Known: {', '.join(KINDS)}.")
    return KINDS[name]


def kind_of_file(name: str) -> Kind | None:
    """The kind that a file's name ends as, the longest ending first; None where it ends as none."""
    endings = sorted(((ending, kind) for kind in KINDS.values() for ending in kind.endings), key=lambda e: -len(e[0]))
    return next((kind for ending, kind in endings if name.lower().endswith(ending)), None)


def file_name(question: str, kind: Kind) -> str:
    """A file name that says what was asked, made of letters, digits and hyphens only."""
    stem = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "answer"
    return f"{stem}{kind.endings[0]}"
