"""Recognises the format of a document by how it begins. Its name decides only where more than one fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from askpapers.corpus import json_records, xml_records
from askpapers.corpus.bibtex import looks_like_bibtex, read_bibtex
from askpapers.corpus.documents import Document
from askpapers.corpus.endnote import looks_like_endnote, read_endnote
from askpapers.corpus.medline import looks_like_medline, read_medline
from askpapers.corpus.other_files import TEXT_ENDINGS, binary_kind, other_kind
from askpapers.corpus.pdf import read_pdf
from askpapers.corpus.pubmed_text import looks_like_pubmed_text, read_pubmed_text
from askpapers.corpus.records import Reader
from askpapers.corpus.ris import looks_like_ris, read_ris
from askpapers.corpus.tables import looks_like_table, read_csv
from askpapers.corpus.text_files import read_text
from askpapers.corpus.web_of_science import looks_like_web_of_science, read_web_of_science


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, whether a document that begins so is of it, its reader, how its names end.

    `note` is what is to be said of every document of it, such as that only a part of it is read.
    """

    name: str
    looks_like: Callable[[str], bool]
    read: Reader
    endings: tuple[str, ...] = ()
    note: str = ""


PDF = Format("PDF", lambda head: head.startswith("%PDF"), read_pdf, (".pdf",), "only the title and abstract are read")
TEXT = Format("text", lambda head: True, read_text, TEXT_ENDINGS)
FORMATS: tuple[Format, ...] = (
    Format("BibTeX", looks_like_bibtex, read_bibtex, (".bib", ".bibtex")),
    Format("RIS", looks_like_ris, read_ris, (".ris",)),
    Format("EndNote", looks_like_endnote, read_endnote, (".enw",)),
    Format("MEDLINE", looks_like_medline, read_medline, (".nbib", ".medline")),
    Format("Web of Science", looks_like_web_of_science, read_web_of_science, (".ciw",)),
    Format("PubMed text", looks_like_pubmed_text, read_pubmed_text),
    Format("JSON", json_records.looks_like, json_records.read_json, (".json", ".jsonl", ".ndjson")),
    Format("XML", xml_records.looks_like, xml_records.read_xml),
    Format("CSV", looks_like_table, read_csv, (".csv", ".tsv", ".tab")),
)
"""In the order in which they are tried; plain text, which fits everything, is tried last."""
KINDS_READ = ", ".join([*(known.name for known in (*FORMATS, PDF)), f"{TEXT.name} and notes"])
"""The formats by name."""


def recognise(document: Document) -> Format | str:
    """The format of a document, or why it is left out. Raises CorpusError where the document cannot be read."""
    if document.beginning.startswith(b"%PDF"):
        return PDF
    if kind := binary_kind(document.beginning):
        return kind
    fitting = [known for known in FORMATS if known.looks_like(document.head)]
    # What is named as a format that nothing of it shows is read as such, so that its reader says what is wrong.
    named = [known for known in FORMATS if document.suffix in known.endings]
    both = (known for known in fitting if known in named)
    found = next(chain(both, fitting, named), None)
    return found or other_kind(document.name, document.head) or TEXT
