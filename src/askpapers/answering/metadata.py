"""Answers questions about records ("who wrote X", "how many papers are from 2021") from the records, exactly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from heapq import nlargest

from askpapers.answering.guidance import Guidance
from askpapers.answering.named_papers import find_subject, is_name
from askpapers.answering.query import Query
from askpapers.answering.record_question import Field, MetadataQuestion, RecordIntent
from askpapers.answering.record_sentences import describe, field_name, joined, titled
from askpapers.answering.record_values import FACETS, MOST_LISTED, FieldValues, RecordPapers, papers_at
from askpapers.answering.years import A_YEAR, at_the_end
from askpapers.counts import counted
from askpapers.coverage import Coverage
from askpapers.datatypes import Filter, Paper
from askpapers.index.facets import Facet
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.text import sentences, terms

_MOST_DESCRIBED = 20  # papers, a sentence on each
_NEAR = 3  # papers that mention a name
_CALLED = re.compile(
    r"^(?:the|that|this) (?=.* (?:paper|article|study|work)$)| (?:paper|article|study|work)$", re.IGNORECASE
)
_INTENTS = {False: "survey", True: "count"}


class RecordAnswerer:
    """Answers from the records of an index."""

    def __init__(self, index: Index, within: Filter, survey: Callable[[str], tuple[Sequence[str], Coverage]]) -> None:
        """Answer of the papers that `within` admits; `survey` gives the ids of those that match a topic."""
        self._papers = index.papers
        self._values = FieldValues(index.papers)
        self._index = index
        self._within = within
        self._survey = survey

    def answer(self, query: Query) -> Guidance | None:
        """What the records say; None where it is no question about records, or names no paper that is here."""
        question = query.records
        if question is None or (query.newest is not None and question.intent is not RecordIntent.PAPERS):
            return None
        if question.intent in (RecordIntent.FIELD, RecordIntent.IS_AUTHOR, RecordIntent.HOW_MANY_AUTHORS):
            return self._of_some(question, query)
        papers = self._chosen(question)
        if question.topical and not papers.rows:
            return None
        match question.intent:
            case RecordIntent.PAPERS if query.newest is not None:
                return self._extreme(papers, query.newest, query.count)
            case RecordIntent.PAPERS:
                return self._list(question, papers)
            case RecordIntent.LACKING | RecordIntent.HAVING:
                return self._lacking(question, papers)
            case _:
                return self._values.answer(question, papers)

    def _chosen(self, question: MetadataQuestion) -> RecordPapers:
        """All papers, or those that a survey of the topic finds."""
        if question.topical:
            ids, coverage = self._survey(question.subject)
            return RecordPapers(tuple(self._papers.rows_of(ids)), coverage, topical=True)
        selection = select(self._papers, self._within)
        return RecordPapers(selection.rows, selection.coverage(len(selection.rows)))

    # ---- of single papers

    def _of_some(self, question: MetadataQuestion, query: Query) -> Guidance | None:
        papers: Sequence[Paper] = query.named.papers or find_subject(question.subject, self._index)
        called, is_called = _CALLED.subn("", question.subject)
        named = is_name(called, query.typed, self._index)
        if not papers and (question.topical or (is_called and not named)):  # "the study on newts", "the newt study"
            papers = self._at(self._chosen(replace(question, topical=True, subject=called)).rows)
        if question.intent is RecordIntent.IS_AUTHOR and not self._is_person(question.name, query.typed):
            return None
        if not papers:
            return self._no_such_paper(question, called, is_called=bool(is_called)) if is_called or named else None
        described = [describe(question, paper) for paper in papers[:_MOST_DESCRIBED]]
        if not any(given for _, given in described):
            return Guidance(self._not_given(question.field, papers), "metadata", answered=False, papers=tuple(papers))
        text = "\n".join(text for text, _ in described)
        return Guidance(text, "metadata", answered=True, papers=tuple(papers[:_MOST_DESCRIBED]))

    def _no_such_paper(self, question: MetadataQuestion, name: str, *, is_called: bool) -> Guidance | None:
        """The reply about a paper that goes by no such name here, with those that mention the name.

        None where papers may tell what is asked of a thing: when it was released.
        """
        stems = [{int(row) for row in self._index.words.documents_with(stem)} for stem in terms(name)]
        naming = self._at(sorted(set.intersection(*stems))) if stems else ()
        if question.field is Field.YEAR and not is_called and _dates(name, naming):
            return None
        near = tuple(nlargest(_NEAR, naming, key=lambda paper: f"{paper.title} {paper.abstract}".count(name)))
        lacking = f" {self._values.none_given(question.field).text}" if self._gives_none(question.field) else ""
        mention = " These mention it:" if near else ""
        return Guidance(f"No paper here goes by the name “{name}”.{lacking}{mention}", "metadata", False, near)

    def _is_person(self, name: str, typed: str) -> bool:
        """Whether it was typed with a capital, as names are, or an author here has it."""
        at = typed.casefold().find(name.casefold())
        return typed[at : at + 1].isupper() or bool(self._papers.facets.find(Facet.AUTHOR, name))

    def _not_given(self, field: Field, papers: Sequence[Paper]) -> str:
        """Why a field cannot be told: the files give it of no paper, or not of these."""
        titles = joined([titled(paper) for paper in papers[:3]])
        if self._gives_none(field):
            return f"{titles}: the files do not give {field_name(field)} (0 of {counted(len(self._papers), 'paper')})."
        records, do = ("records", "do") if len(papers) > 1 else ("record", "does")
        return f"The {records} of {titles} {do} not give {field}."

    def _gives_none(self, field: Field) -> bool:
        """Whether no paper gives a field, of those whose values are counted."""
        facet = FACETS.get(field)
        return facet is not None and len(self._papers.facets.without(facet)) == len(self._papers)

    # ---- of all papers

    def _list(self, question: MetadataQuestion, papers: RecordPapers) -> Guidance:
        coverage, counted = papers.coverage, question.counted
        intent = _INTENTS[counted]
        left_out = f"; {coverage.left_out}" if coverage.left_out.total else ""
        if not papers.rows:
            return Guidance(
                f"There are no {coverage.papers.removeprefix('0 ')}{left_out}.", intent, False, coverage=coverage
            )
        more = ""
        if len(papers.rows) > MOST_LISTED and not counted:
            more = f" The first {MOST_LISTED:,} are given here; all of them: ask papers."
        there = "There is" if len(papers.rows) == 1 else "There are"
        everything = counted and not left_out  # all papers of a corpus are no help with their number
        rows = papers.rows
        if question.field is Field.YEAR:
            rows = tuple(sorted(rows, key=self._dates().__getitem__, reverse=True))
        listed = () if everything else self._at(rows)
        return Guidance(f"{there} {coverage.papers}{left_out}.{more}", intent, True, listed, coverage=coverage)

    def _extreme(self, papers: RecordPapers, newest: bool, count: int | None) -> Guidance:
        """The newest or oldest: so many as are asked for, else those of the year."""
        years, dates = self._papers.years, self._dates()
        dated = [(dates[row] or str(years[row]), row) for row in papers.rows if years[row]]
        if not dated:
            return self._values.none_given(Field.YEAR)
        chosen, span = at_the_end(dated, newest=newest, count=count)
        of = "this corpus" if not papers.coverage.left_out.total else str(papers)
        lines = [f"The {f'{len(chosen):,} ' if count else ''}{'newest' if newest else 'oldest'} of {of}, {span}."]
        if missing := len(papers.rows) - len(dated):
            lines.append(f"{missing:,} of {len(papers.rows):,} papers have no year.")
        return Guidance("\n".join(lines), "metadata", answered=True, papers=self._at(chosen))

    def _lacking(self, question: MetadataQuestion, papers: RecordPapers) -> Guidance:
        facet, lacking = FACETS[question.field], question.intent is RecordIntent.LACKING
        without = self._papers.facets.without(facet)
        rows = [row for row in papers.rows if (row in without) is lacking]
        if not rows and not lacking:
            return self._values.none_given(question.field)
        has = f"{'does' if len(rows) == 1 else 'do'} not give" if lacking else "gives" if len(rows) == 1 else "give"
        text = f"{len(rows):,} of {papers} {has} {question.field}."
        if not rows:
            text = f"Each of {papers} gives {question.field}."
        return Guidance(text, _INTENTS[question.counted], True, self._at(rows), coverage=papers.coverage)

    def _dates(self) -> defaultdict[int, str]:
        """The date of each paper by its row; "" where it gives none."""
        return defaultdict(str, ((row, date) for date, row in self._papers.facets.dates()))

    def _at(self, rows: Sequence[int]) -> tuple[Paper, ...]:
        return papers_at(rows, self._papers)


def _dates(name: str, papers: Sequence[Paper]) -> bool:
    """Whether a sentence of these papers names something and a year."""
    told = (paper.abstract[a:b] for paper in papers for a, b in sentences(paper.abstract))
    return any(name.casefold() in sentence.casefold() and A_YEAR.search(sentence) for sentence in told)
