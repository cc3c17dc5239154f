"""Decisions that were made in another program: read from its export, and taken over.

Read are Rayyan (the notes of its CSV and RIS files), ASReview (the column of labels, the notes of RIS) and any CSV
file with a column of labels. Covidence writes a file for each list and no column: its list is given as one label.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from askpapers.corpus import read_corpus
from askpapers.errors import UsageError
from askpapers.screening.verdicts import Label
from askpapers.text import same_text_key

_LABELS = {
    **dict.fromkeys(("1", "1.0", "include", "included", "yes", "relevant", "true", "asreview_relevant"), Label.INCLUDE),
    **dict.fromkeys(
        ("0", "0.0", "exclude", "excluded", "no", "irrelevant", "false", "asreview_irrelevant"), Label.EXCLUDE
    ),
    **dict.fromkeys(("maybe", "unclear", "unsure", "uncertain"), Label.UNCLEAR),
}
_COLUMNS = ("asreview_label", "included", "label_included", "label", "decision", "screening decision", "inclusion")
_REASON_COLUMNS = ("exclusion reason", "exclusion reasons", "reason", "exclusion_reason")
_LONGEST = 100_000  # characters of a cell
_VOTES = re.compile(r"RAYYAN-INCLUSION:\s*\{([^}]{0,5000})\}")
_VOTE = re.compile(r'"([^"]{1,200})"\s*=>\s*"?(\w+)')
_RAYYAN_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS:\s*([^|]{1,1000})")
_ASREVIEW = re.compile(r"\bASReview_(?:ir)?relevant\b", re.IGNORECASE)
_COVIDENCE_REASON = re.compile(r"Exclusion reason:\s*([^;]{1,500})")


@dataclass(frozen=True, slots=True)
class ImportedPaper:
    """A paper of an export: what it is called there, and each reviewer's label ("" where none is named)."""

    title: str
    doi: str = ""
    pmid: str = ""
    votes: Mapping[str, Label] | None = None
    reason: str = ""

    def label(self, reviewer: str | None) -> Label | None:
        """What a reviewer decided, or all of them alike; None where nothing was, or they disagree."""
        votes = self.votes or {}
        if reviewer is not None:
            return votes.get(reviewer)
        return next(iter(votes.values())) if len(set(votes.values())) == 1 else None


def read_export(file: Path, stated: Label | None = None) -> Iterator[ImportedPaper]:
    """The papers of an export with their labels; `stated` is that of all papers of a list without labels.

    Raises UsageError for a table that cannot be read and for a file without labels, CorpusError for other files.
    """
    hint = "Give an export of Rayyan or ASReview (.csv, .ris), or a list with --as include, exclude or unclear."
    try:
        is_table = file.suffix.casefold() in (".csv", ".tsv")
        papers = list(_of_table(file, stated) if is_table else _of_records(file, stated))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"Cannot read {file}: {error}.", hint=hint) from error
    if not any(paper.votes for paper in papers):
        raise UsageError(f"{file} has no decisions: {len(papers)} papers, none with a label.", hint=hint)
    yield from papers


def _of_table(file: Path, stated: Label | None) -> Iterator[ImportedPaper]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t" if file.suffix.casefold() == ".tsv" else ","):
            cells = {
                name.strip().casefold(): (cell or "")[:_LONGEST]
                for name, cell in row.items()
                if isinstance(name, str) and isinstance(cell, str | None)
            }
            label = next(
                (found for name in _COLUMNS if (found := _LABELS.get(cells.get(name, "").strip().casefold()))), None
            )
            reason = next((cells[name].strip() for name in _REASON_COLUMNS if cells.get(name, "").strip()), "")
            note = cells.get("notes", "") or cells.get("note", "")
            title = cells.get("title", "") or cells.get("primary_title", "")
            ids = cells.get("doi", "").strip(), (cells.get("pubmed_id") or cells.get("pmid") or "").strip()
            yield _paper(title, ids, note, label or stated, reason)


def _of_records(file: Path, stated: Label | None) -> Iterator[ImportedPaper]:
    for paper in read_corpus([file]).papers:
        notes = " | ".join(
            text for name, text in paper.metadata.extra if name.rpartition(":")[2] in ("N1", "note", "annote")
        )
        yield _paper(paper.title, (paper.metadata.doi, paper.metadata.pmid), notes, stated, "")


def _paper(title: str, ids: tuple[str, str], note: str, label: Label | None, reason: str) -> ImportedPaper:
    votes = {} if label is None else {"": label}
    if match := _VOTES.search(note):
        found = _VOTE.findall(match[1])
        votes = {name: known for name, word in found if (known := _LABELS.get(word.casefold()))} or votes
    elif match := _ASREVIEW.search(note):
        votes = {"": _LABELS[match.group().casefold()]}
    given = _RAYYAN_REASONS.search(note) or _COVIDENCE_REASON.search(note)
    reason = reason or (", ".join(part.strip() for part in given[1].split(",")) if given else "")
    return ImportedPaper(title, *ids, votes, reason)


def is_titled(title: str, other: str) -> bool:
    """Whether two titles are the same but for white space, letter case and a full stop."""
    one, another = (same_text_key(text.rstrip(". ")) for text in (title, other))
    return bool(one) and one == another
