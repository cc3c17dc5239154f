"""Reads a corpus: folders or files of abstracts, to papers.

One abstract in five places is one paper with five sources. A file that cannot be read as what it claims to
be stops the reading with its name and line, and what is left out is listed with its reason: a silent gap would make
every "no paper says so" a lie.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from askpapers.corpus.archives import documents_in
from askpapers.corpus.documents import Document
from askpapers.corpus.files import FileStamp, find_files, stamp_files
from askpapers.corpus.left_out import LeftOut, LeftOutList
from askpapers.corpus.merge import FileRecord, merge
from askpapers.corpus.recognition import KINDS_READ, PDF, recognise
from askpapers.corpus.records import Omitted
from askpapers.corpus.retractions import Retraction, Retractions, is_retraction_table, read_retractions
from askpapers.corpus.titles import Facts, is_facts, read_facts
from askpapers.corpus.traits import Traits, traits_of
from askpapers.corpus.unpacking import unpacked_size
from askpapers.datatypes import Paper
from askpapers.errors import NoPapersError
from askpapers.metadata import NO_METADATA
from askpapers.processes import in_chunks

__all__ = ["Corpus", "CorpusSoFar", "FileStamp", "LeftOut", "fingerprint", "places", "read_corpus", "stamp_files"]

_NAMED = 3  # reasons for which there is no paper
_STEP = 1000  # abstracts
_CHUNK = 500  # abstracts that a process is given at once, some 700 kB


@dataclass(frozen=True, slots=True)
class Corpus:
    """The papers of a corpus in reading order, with what was read, what was left out, and what is to be said of it."""

    papers: tuple[Paper, ...]
    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...]
    left_out: LeftOutList = field(default_factory=LeftOutList)


@dataclass(frozen=True, slots=True)
class CorpusSoFar:
    """What was read of a corpus so far, while reading goes on.

    `corpus` makes a corpus of it, with the stamps of all files. `characters` is the length of the abstracts, and
    `unread` the most bytes of files, unpacked, that may be left.
    """

    corpus: Callable[[], Corpus]
    characters: int
    unread: int


def read_corpus(roots: Sequence[Path], on_read: Callable[[int, CorpusSoFar], None] | None = None) -> Corpus:
    """Read every file of the corpus.

    `on_read` is told the number of abstracts read so far, after each thousand, and given what makes a corpus
    of them. Raises CorpusError when a root is missing, when a file cannot be read, and when no abstract is found.
    """
    stamps, folders = find_files(roots)
    gathered = _Gathered(stamps, on_read, sum(unpacked_size(stamp.under(roots), stamp.size) for stamp in stamps))
    for folder in folders:
        gathered.leave_out(folder)
    for stamp in stamps:
        for document in documents_in(stamp.under(roots)):
            if isinstance(document, LeftOut):
                gathered.leave_out(document)
            else:
                gathered.read(document)
    if not gathered.found:
        raise NoPapersError(
            f"No abstract found in {', '.join(map(str, roots))}.{_reasons(gathered.left_out)}",
            hint=f"Put files with abstracts there: {KINDS_READ} (abstracts one a paragraph or behind 'Abstract:').",
        )
    return gathered.corpus()


@dataclass(slots=True)
class _Gathered:
    """What is read of the documents, one after the other."""

    stamps: tuple[FileStamp, ...]
    on_read: Callable[[int, CorpusSoFar], None] | None
    size: int
    characters: int = 0
    found: list[FileRecord] = field(default_factory=list)
    traits: list[Traits] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    retractions: list[Retraction] = field(default_factory=list)
    left_out: LeftOutList = field(default_factory=LeftOutList)
    notes: list[str] = field(default_factory=list)

    def corpus(self) -> Corpus:
        """The papers of the records so far."""
        new = (found.record for found in islice(self.found, len(self.traits), None))
        for traits in in_chunks(traits_of, new, _CHUNK):
            self.traits += traits
        papers, more = merge(self.found, self.facts, Retractions(self.retractions), self.traits)
        return Corpus(tuple(papers), self.stamps, (*self.notes, *more), self.left_out)

    def so_far(self) -> CorpusSoFar:
        """The records so far, while there are more."""
        return CorpusSoFar(self.corpus, self.characters, max(0, self.size - self.characters))

    def leave_out(self, item: LeftOut) -> None:
        self.left_out.add(item.file, item.line, item.reason)

    def read(self, document: Document) -> None:
        known = recognise(document)
        if isinstance(known, str):
            self.left_out.add(document.place, 0, known)
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
                self.left_out.add(document.place, record.line, record.reason)
            elif not record.text:
                self.left_out.add(document.place, record.line, "no abstract")
            else:
                self.found.append(FileRecord(place, record))
                self.characters += len(record.text)
                if self.on_read and len(self.found) % _STEP == 0:
                    self.on_read(len(self.found), self.so_far())
        if (len(self.found), len(self.left_out)) == before:
            self.left_out.add(document.place, 0, "no abstract found in it")
        if known.note and len(self.found) > before[0]:
            self.notes.append(f"{document.place}: {known.note}")


def _reasons(left_out: LeftOutList) -> str:
    """The first reasons for which a corpus has no paper."""
    reasons = left_out.by_file()
    more = f", and {len(reasons) - _NAMED:,} more" if len(reasons) > _NAMED else ""
    return f" {'; '.join(reasons[:_NAMED])}{more}." if reasons else ""


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
