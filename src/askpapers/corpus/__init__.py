"""Reads a corpus: folders or files of abstracts, to papers.

One abstract in five places is one paper with five sources. A file that cannot be read as what it claims to
be stops the reading with its name and line, and what is left out is listed with its reason: a silent gap would make
every "no paper says so" a lie.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from askpapers.corpus.documents import Document, documents_in
from askpapers.corpus.files import FileStamp, find_files, stamp_files
from askpapers.corpus.left_out import LeftOut
from askpapers.corpus.merge import Found, merge
from askpapers.corpus.recognition import PDF, recognise
from askpapers.corpus.records import Omitted
from askpapers.corpus.retractions import Retraction, Retractions, is_retraction_table, read_retractions
from askpapers.corpus.titles import Facts, is_facts, read_facts
from askpapers.datatypes import Paper
from askpapers.errors import CorpusError
from askpapers.metadata import NO_METADATA

__all__ = ["Corpus", "FileStamp", "LeftOut", "fingerprint", "places", "read_corpus", "stamp_files"]

KINDS = "text (.txt, .md), JSON lines (.jsonl, .jsonl.gz) and CSV"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The papers of a corpus in reading order, with what was read, what was left out, and what is to be said of it."""

    papers: tuple[Paper, ...]
    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def read_corpus(roots: Sequence[Path], progress: Callable[[int], None] | None = None) -> Corpus:
    """Read every file of the corpus.

    `progress` is told the number of abstracts read so far. Raises CorpusError when a root is missing, when
    a file cannot be read, and when no abstract is found.
    """
    stamps, folders = find_files(roots)
    gathered = _Gathered(progress, left_out=list(folders))
    for stamp in stamps:
        for document in documents_in(stamp.under(roots)):
            if isinstance(document, LeftOut):
                gathered.left_out.append(document)
            else:
                gathered.read(document)
    if not gathered.found:
        raise CorpusError(
            f"No abstract found in {', '.join(map(str, roots))}.{_reasons(gathered.left_out)}",
            hint=f"Put abstracts there as {KINDS}; in text, one a paragraph or behind 'Abstract:'.",
        )
    papers, more = merge(gathered.found, gathered.facts, Retractions(gathered.retractions))
    warnings = [*gathered.notes, *_warnings(gathered.left_out), *more]
    return Corpus(tuple(papers), stamps, tuple(warnings), tuple(gathered.left_out))


@dataclass(slots=True)
class _Gathered:
    """What is read of the documents, one after the other."""

    progress: Callable[[int], None] | None
    found: list[Found] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    retractions: list[Retraction] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, document: Document) -> None:
        known = recognise(document)
        if isinstance(known, str):
            self.left_out.append(LeftOut(document.place, 0, known))
            return
        if known is not PDF:
            self.notes += [f"{document.place}: {note}" for note in document.encoding.notes]
        if is_facts(document):
            self.facts += read_facts(document)
            return
        if is_retraction_table(document):
            self.retractions += read_retractions(document)
            return
        before = len(self.found), len(self.left_out)
        place = str(Path(document.place).absolute())
        for record in known.read(document):
            if isinstance(record, Omitted):
                self.left_out.append(LeftOut(document.place, record.line, record.reason))
            elif not record.text:
                self.left_out.append(LeftOut(document.place, record.line, "no abstract"))
            else:
                self.found.append(Found(place, record))
                if self.progress and len(self.found) % 1000 == 0:
                    self.progress(len(self.found))
        if (len(self.found), len(self.left_out)) == before:
            self.left_out.append(LeftOut(document.place, 0, "no abstract found in it"))
        elif known.note:
            self.notes.append(f"{document.place}: {known.note}")


def _warnings(left_out: Iterable[LeftOut]) -> list[str]:
    """What is left out, a line for each file and reason."""
    counted = Counter((item.file, item.reason if item.line else None) for item in left_out)
    whole = {item.file: item.reason for item in left_out if not item.line}
    return [
        f"{file}: {count:,} {'record is' if count == 1 else 'records are'} left out: {reason}"
        if reason
        else f"{file}: left out, {whole[file]}"
        for (file, reason), count in counted.items()
    ]


def _reasons(left_out: Sequence[LeftOut]) -> str:
    """The first reasons for which a corpus has no paper."""
    warnings = _warnings(left_out)
    more = f", and {len(warnings) - 3:,} more" if len(warnings) > 3 else ""
    return f" {'; '.join(warnings[:3])}{more}." if warnings else ""


def places(papers: Iterable[Paper]) -> str:
    """A sha256 over where the papers were read from, in order."""
    digest = hashlib.sha256()
    for paper in papers:
        digest.update(repr(paper.sources).encode())
    return digest.hexdigest()


def fingerprint(papers: Iterable[Paper]) -> str:
    """A sha256 over everything in the papers that an answer can show, in order."""
    digest = hashlib.sha256()
    for paper in papers:
        facts = (paper.id, paper.title, paper.year, paper.authors, paper.url, paper.abstract)
        digest.update(repr(facts if paper.metadata == NO_METADATA else (*facts, paper.metadata)).encode())
    return digest.hexdigest()
