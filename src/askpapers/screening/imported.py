"""Decisions that were made in another program: read from its export, each with the name of who decided.

Read are Rayyan (the notes of its CSV and RIS files), ASReview (the column of labels, the notes of RIS), and any table
with a column of labels, or one for each reviewer. Covidence writes a file for each list and no column: its
list is given as one label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from askpapers.corpus import read_corpus
from askpapers.counts import counted
from askpapers.errors import UsageError
from askpapers.screening.imported_rows import TABLES, TITLES, read_rows
from askpapers.screening.verdicts import Label
from askpapers.text import same_text_key

_LABELS = {
    **dict.fromkeys(("1", "1.0", "include", "included", "yes", "relevant", "true", "asreview_relevant"), Label.INCLUDE),
    **dict.fromkeys(
        ("0", "0.0", "exclude", "excluded", "no", "irrelevant", "false", "asreview_irrelevant"), Label.EXCLUDE
    ),
    **dict.fromkeys(("maybe", "unclear", "unsure", "uncertain"), Label.UNCLEAR),
}
_COLUMNS = (
    "asreview_label", "included", "label_included", "final_included", "included_final", "included_label", "include",
    "included_flag", "label", "decision", "screening decision", "inclusion",
)  # fmt: skip
_REASON_COLUMNS = ("exclusion reason", "exclusion reasons", "reason", "exclusion_reason")
# "label Ana", "decision (Bo)", "included: Cy", "vote_Di": a column for each reviewer; "reviewer 1" is a name itself.
_OF_REVIEWER = re.compile(
    r"(?:label|decision|included?|vote)(?:[ _:]{1,3}(?P<name>[^()]{1,100})| \((?P<in>[^()]{1,100})\))", re.IGNORECASE
)
_REVIEWER = re.compile(r"(?:reviewer|screener|rater)[ _]?\w{1,20}", re.IGNORECASE)
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
    votes: Mapping[str, Label] = field(default_factory=dict)
    reason: str = ""


def read_export(file: Path, stated: Label | None = None) -> Iterator[ImportedPaper]:
    """The papers of an export with their labels; `stated` is that of all papers of a list without labels.

    Raises UsageError for a table that cannot be read and for a file without labels, OptionalDependencyError for a
    workbook without openpyxl, CorpusError for other files.
    """
    is_table = file.suffix.casefold() in TABLES
    papers = list(_of_table(file, stated) if is_table else _of_records(file, stated))
    if not any(paper.votes for paper in papers):
        raise UsageError(
            f"{file} has no decisions: {counted(len(papers), 'paper')}, none with a label.",
            hint="Give an export of Rayyan or ASReview, or a list with --as include, exclude or unclear.",
        )
    yield from papers


def _of_table(file: Path, stated: Label | None) -> Iterator[ImportedPaper]:
    for row in read_rows(file):
        votes = {
            name: label for column, cell in row.items() if (name := _reviewer_of(column)) and (label := _label(cell))
        }
        cells = {column.casefold(): cell for column, cell in row.items()}
        label = next((found for name in _COLUMNS if (found := _label(cells.get(name, "")))), None)
        reason = next((cells[name].strip() for name in _REASON_COLUMNS if cells.get(name, "").strip()), "")
        note = cells.get("notes", "") or cells.get("note", "")
        title = next((cells[name] for name in TITLES if cells.get(name)), "")
        ids = cells.get("doi", "").strip(), (cells.get("pubmed_id") or cells.get("pmid") or "").strip()
        yield _paper(title, ids, note, votes or _alone(label or stated), reason)


def _of_records(file: Path, stated: Label | None) -> Iterator[ImportedPaper]:
    for paper in read_corpus([file]).papers:
        notes = " | ".join(
            text for name, text in paper.metadata.extra if name.rpartition(":")[2] in ("N1", "note", "annote")
        )
        yield _paper(paper.title, (paper.metadata.doi, paper.metadata.pmid), notes, _alone(stated), "")


def _paper(title: str, ids: tuple[str, str], note: str, votes: Mapping[str, Label], reason: str) -> ImportedPaper:
    if match := _VOTES.search(note):
        found = _VOTE.findall(match[1])
        votes = {name: known for name, word in found if (known := _LABELS.get(word.casefold()))} or votes
    elif match := _ASREVIEW.search(note):
        votes = {"": _LABELS[match.group().casefold()]}
    given = _RAYYAN_REASONS.search(note) or _COVIDENCE_REASON.search(note)
    reason = reason or (", ".join(part.strip() for part in given[1].split(",")) if given else "")
    return ImportedPaper(title, *ids, votes, reason)


def _label(cell: str) -> Label | None:
    return _LABELS.get(cell.strip().casefold())


def _alone(label: Label | None) -> dict[str, Label]:
    return {} if label is None else {"": label}


def _reviewer_of(column: str) -> str:
    """The reviewer whose decisions a column has, by its name; "" for another column."""
    if column.casefold() in _COLUMNS:
        return ""
    if match := _OF_REVIEWER.fullmatch(column):
        return (match["name"] or match["in"]).strip()
    return column if _REVIEWER.fullmatch(column) else ""


def is_titled(title: str, other: str) -> bool:
    """Whether two titles are the same but for white space, letter case and a full stop."""
    one, another = (same_text_key(text.rstrip(". ")) for text in (title, other))
    return bool(one) and one == another
