"""The values that the records of papers have of a field: from when to when, how many, or each with its papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.answering.guidance import Guidance
from askpapers.answering.record_question import Field, MetadataQuestion, RecordIntent
from askpapers.answering.record_sentences import field_name
from askpapers.counts import counted
from askpapers.coverage import Coverage
from askpapers.datatypes import Paper
from askpapers.index.facets import Facet
from askpapers.index.papers import PaperStore

MOST_LISTED = 1_000
"""Papers of an answer; `ask papers` lists more."""
FACETS = {
    Field.AUTHORS: Facet.AUTHOR,
    Field.YEAR: Facet.DATE,
    Field.VENUE: Facet.VENUE,
    Field.TAGS: Facet.TAG,
    Field.DOI: Facet.DOI,
}
"""The fields whose values are counted."""
_TALLIED = 20  # values of a tally


@dataclass(frozen=True, slots=True)
class RecordPapers:
    """The papers that a question is about: their rows, and how many were looked at."""

    rows: tuple[int, ...]
    coverage: Coverage
    topical: bool = False

    def __str__(self) -> str:
        """In words: "34 papers", "3 papers by Moss", "3 matching papers"."""
        if not self.topical:
            return self.coverage.papers
        return counted(len(self.rows), "matching paper")


class FieldValues:
    """Tells the values of a field of the papers of an index."""

    def __init__(self, papers: PaperStore) -> None:
        """Tell them of these papers."""
        self._papers = papers

    def answer(self, question: MetadataQuestion, papers: RecordPapers) -> Guidance:
        """The years from the first to the last, how many values there are, or each with the number of its papers."""
        field = Field.YEAR if question.intent is RecordIntent.SPAN else question.field
        counts = self._counts(field, papers)
        if not counts:
            return self.none_given(field)
        if question.intent is RecordIntent.SPAN:
            return self._span(sorted(year for year, _ in counts), papers)
        if question.intent is RecordIntent.DISTINCT:
            number = f"{len(counts):,}" if len(counts) > 1 else "one of"
            return Guidance(f"The records of {papers} give {number} {field_name(field)}.", "metadata", answered=True)
        return self._tally(counts, question, papers)

    def none_given(self, field: Field) -> Guidance:
        """The reply where no paper gives a field."""
        text = f"The files do not give {field_name(field)} (0 of {counted(len(self._papers), 'paper')})."
        return Guidance(text, "metadata", answered=False)

    def _span(self, years: Sequence[str], papers: RecordPapers) -> Guidance:
        missing = sum(not self._papers.years[row] for row in papers.rows)
        span = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]} alone"
        lacking = f" {missing:,} of them {'gives' if missing == 1 else 'give'} no year." if missing else ""
        return Guidance(f"{_capital(str(papers))}, from {span}.{lacking}", "metadata", answered=True)

    def _tally(self, counts: list[tuple[str, int]], question: MetadataQuestion, papers: RecordPapers) -> Guidance:
        if question.field is Field.YEAR and not question.ranked:
            counts = sorted(counts)
        most = question.most or (len(counts) if question.field is Field.YEAR else _TALLIED)
        lines = [f"  {self._shown(question.field, value)}: {count:,}" for value, count in counts[:most]]
        if len(counts) > most and not question.most:
            lines.append(f"  and {len(counts) - most:,} more")
        without = self._papers.facets.without(FACETS[question.field])
        if missing := sum(row in without for row in papers.rows):
            lines.append(f"{missing:,} of {len(papers.rows):,} papers do not give {question.field}.")
        lead = f"{_capital(field_name(question.field))} of {papers}, with the number of papers of each:"
        listed = papers_at(papers.rows, self._papers) if question.topical else ()
        coverage = papers.coverage if question.topical else None
        return Guidance("\n".join([lead, *lines]), "metadata", True, listed, coverage=coverage)

    def _counts(self, field: Field, papers: RecordPapers) -> list[tuple[str, int]]:
        """The values that papers have, and how many have each, most first."""
        if field is not Field.YEAR:
            among = None if len(papers.rows) == len(self._papers) else frozenset(papers.rows)
            return self._papers.facets.counts(FACETS[field], among)
        years = Counter(str(year) for row in papers.rows if (year := int(self._papers.years[row])))
        return sorted(years.items(), key=lambda item: (-item[1], item[0]))

    def _shown(self, field: Field, value: str) -> str:
        return value if field is Field.YEAR else self._papers.facets.shown(FACETS[field], value)


def papers_at(rows: Sequence[int], papers: PaperStore) -> tuple[Paper, ...]:
    """The papers of rows, as many as an answer lists."""
    return tuple(papers.at(row) for row in rows[:MOST_LISTED])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
