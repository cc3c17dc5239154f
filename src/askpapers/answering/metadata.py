"""Answers questions about records ("who wrote X", "how many papers are from 2021") from the records, exactly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from askpapers.answering.guidance import Guidance
from askpapers.answering.metadata_questions import Asks, Field, MetadataQuestion
from askpapers.answering.named_papers import find_subject
from askpapers.answering.query import Query
from askpapers.coverage import Coverage
from askpapers.datatypes import Filter, Paper
from askpapers.index.facets import Facet, authors_named
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.text import plain, terms

MOST_LISTED = 1_000
"""Papers of an answer; `ask papers` lists more."""
_MOST_NAMED = 50  # authors of one paper in a sentence
_TALLIED = 20  # values of a tally
_TOLD = 20  # papers of which a sentence each is told
_NEAR = 3  # papers that mention a name
_CALLED = re.compile(r"^(?:the|that|this) (?=.* (?:paper|article)$)| (?:paper|article)$", re.IGNORECASE)
_ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")
_FACETS = {
    Field.AUTHORS: Facet.AUTHOR,
    Field.YEAR: Facet.DATE,
    Field.VENUE: Facet.VENUE,
    Field.TAGS: Facet.TAG,
    Field.DOI: Facet.DOI,
}
_PLURAL = {Field.AUTHORS: "authors", Field.YEAR: "years", Field.VENUE: "venues", Field.TAGS: "tags or categories"}
_INTENTS = {False: "survey", True: "count"}
_PLACES = {1: "first author", -1: "last author"}


@dataclass(frozen=True, slots=True)
class _Papers:
    """The papers that a question is about: their rows, and how many were looked at."""

    rows: tuple[int, ...]
    coverage: Coverage
    topical: bool = False

    def __str__(self) -> str:
        """In words: "34 papers", "3 papers by Moss", "3 matching papers"."""
        if not self.topical:
            return self.coverage.papers
        return f"{len(self.rows):,} matching paper{'' if len(self.rows) == 1 else 's'}"


class RecordAnswerer:
    """Answers from the records of an index."""

    def __init__(self, index: Index, within: Filter, survey: Callable[[str], tuple[Sequence[str], Coverage]]) -> None:
        """Answer of the papers that `within` admits; `survey` gives the ids of those that match a topic."""
        self._papers = index.papers
        self._index = index
        self._within = within
        self._survey = survey

    def answer(self, query: Query) -> Guidance | None:
        """What the records say; None where it is no question about records, or names no paper that is here."""
        question = query.records
        if question is None or (query.newest is not None and question.asks is not Asks.PAPERS):
            return None
        if question.asks in (Asks.FIELD, Asks.IS_AUTHOR, Asks.HOW_MANY_AUTHORS):
            return self._of_some(question, query)
        papers = self._chosen(question)
        if question.topical and not papers.rows:
            return None
        match question.asks:
            case Asks.PAPERS if query.newest is not None:
                return self._extreme(papers, query.newest, query.count)
            case Asks.PAPERS:
                return self._list(question, papers)
            case Asks.LACKING | Asks.HAVING:
                return self._lacking(question, papers)
            case Asks.SPAN:
                return self._span(papers)
            case Asks.DISTINCT:
                return self._distinct(question, papers)
            case _:
                return self._tally(question, papers)

    def _chosen(self, question: MetadataQuestion) -> _Papers:
        """All papers, or those that a survey of the topic finds."""
        if question.topical:
            ids, coverage = self._survey(question.subject)
            return _Papers(tuple(self._papers.rows_of(ids)), coverage, topical=True)
        selection = select(self._papers, self._within)
        return _Papers(selection.rows, selection.coverage(len(selection.rows)))

    # ---- of single papers

    def _of_some(self, question: MetadataQuestion, query: Query) -> Guidance | None:
        papers: Sequence[Paper] = query.named.papers or find_subject(question.subject, self._index)
        if not papers and question.topical:
            papers = self._at(self._chosen(question).rows)
        if question.asks is Asks.IS_AUTHOR and not self._is_name(question.name, query.typed):
            return None
        if not papers:
            return self._no_such_paper(question) if _CALLED.search(question.subject) else None
        told = [self._tell(question, paper) for paper in papers[:_TOLD]]
        if not any(given for _, given in told):
            return Guidance(self._not_given(question.field, papers), "metadata", answered=False, papers=tuple(papers))
        text = "\n".join(text for text, _ in told)
        return Guidance(text, "metadata", answered=True, papers=tuple(papers[:_TOLD]))

    def _no_such_paper(self, question: MetadataQuestion) -> Guidance:
        """The reply about a paper that goes by no such name here, with those that mention the name."""
        name = _CALLED.sub("", question.subject)
        stems = [{int(row) for row in self._index.words.documents_with(stem)} for stem in terms(name)]
        naming = self._at(sorted(set.intersection(*stems))) if stems else ()
        near = tuple(nlargest(_NEAR, naming, key=lambda paper: f"{paper.title} {paper.abstract}".count(name)))
        mention = " These mention it:" if near else ""
        return Guidance(f"No paper here goes by the name “{name}”.{mention}", "metadata", False, near)

    def _is_name(self, name: str, typed: str) -> bool:
        """Whether it was typed with a capital, as names are, or an author here has it."""
        at = typed.casefold().find(name.casefold())
        return typed[at : at + 1].isupper() or bool(self._papers.facets.find(Facet.AUTHOR, name))

    def _tell(self, question: MetadataQuestion, paper: Paper) -> tuple[str, bool]:
        """A sentence about a paper, and whether its record gives what is asked for."""
        title, values = _titled(paper), values_of(paper, question.field)
        if not values:
            return f"The record of {title} does not give {question.field}.", question.field is Field.NOTICE
        match question.asks, question.field:
            case Asks.IS_AUTHOR, _:
                same = authors_named(paper, question.name)
                return f"{'Yes' if same else 'No'}: {title} is by {_joined(values)}.", True
            case Asks.HOW_MANY_AUTHORS, _:
                return f"{title} has {len(values):,} author{'s' if len(values) > 1 else ''}: {_joined(values)}.", True
            case _, Field.AUTHORS if question.place:
                one = values[0 if question.place == 1 else -1]
                return f"The {_PLACES[question.place]} of {title} is {one}.", True
            case _, Field.AUTHORS:
                return f"{title} is by {_joined(values)}.", True
            case _, Field.YEAR:
                return f"“{plain(paper.title)}” ({paper.id}) is from {values[0]}.", True
            case _, Field.VENUE:
                return f"{title} was published in {values[0]}.", True
            case _, Field.NOTICE:
                return f"{title} is {values[0]}.", True
            case _, Field.TITLE:
                return f"The title of {paper.id} is {values[0]}.", True
            case _, field:
                is_, name = (
                    ("are", "tags") if field is Field.TAGS else ("is", field.removeprefix("an ").removeprefix("a "))
                )
                return f"The {name} of {title} {is_} {_joined(values)}.", True

    def _not_given(self, field: Field, papers: Sequence[Paper]) -> str:
        """Why a field cannot be told: the files give it of no paper, or not of these."""
        titles = _joined([_titled(paper) for paper in papers[:3]])
        facet = _FACETS.get(field)
        if facet and len(self._papers.facets.without(facet)) == len(self._papers):
            return f"{titles}: the files do not give {_name(field)} (0 of {len(self._papers):,} papers)."
        records, do = ("records", "do") if len(papers) > 1 else ("record", "does")
        return f"The {records} of {titles} {do} not give {field}."

    # ---- of all papers

    def _list(self, question: MetadataQuestion, papers: _Papers) -> Guidance:
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

    def _extreme(self, papers: _Papers, newest: bool, count: int | None) -> Guidance:
        """The newest or oldest: so many as are asked for, else those of the year."""
        years = self._papers.years
        dates = self._dates()
        dated = [row for row in papers.rows if years[row]]
        if not dated:
            return Guidance(self._none_gives(Field.YEAR), "metadata", answered=False)
        dated.sort(key=lambda row: dates.get(row) or str(years[row]), reverse=newest)
        end = max if newest else min
        year = int(end(years[row] for row in dated))
        chosen = dated[:count] if count else [row for row in dated if years[row] == year]
        first, last = sorted((int(years[chosen[0]]), int(years[chosen[-1]])))
        of = "this corpus" if not papers.coverage.left_out.total else str(papers)
        span = f"from {first}" if first == last else f"from {first} to {last}"
        lines = [f"The {f'{len(chosen):,} ' if count else ''}{'newest' if newest else 'oldest'} of {of}, {span}."]
        if missing := len(papers.rows) - len(dated):
            lines.append(f"{missing:,} of {len(papers.rows):,} papers have no year.")
        return Guidance("\n".join(lines), "metadata", answered=True, papers=self._at(chosen))

    def _lacking(self, question: MetadataQuestion, papers: _Papers) -> Guidance:
        facet, lacking = _FACETS[question.field], question.asks is Asks.LACKING
        without = self._papers.facets.without(facet)
        rows = [row for row in papers.rows if (row in without) is lacking]
        if not rows and not lacking:
            return Guidance(self._none_gives(question.field), "metadata", answered=False)
        has = f"{'does' if len(rows) == 1 else 'do'} not give" if lacking else "gives" if len(rows) == 1 else "give"
        text = f"{len(rows):,} of {papers} {has} {question.field}."
        if not rows:
            text = f"Each of {papers} gives {question.field}."
        return Guidance(text, _INTENTS[question.counted], True, self._at(rows), coverage=papers.coverage)

    def _span(self, papers: _Papers) -> Guidance:
        years = sorted({int(self._papers.years[row]) for row in papers.rows} - {0})
        if not years:
            return Guidance(self._none_gives(Field.YEAR), "metadata", answered=False)
        missing = sum(not self._papers.years[row] for row in papers.rows)
        span = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]} alone"
        lacking = f" {missing:,} of them {'gives' if missing == 1 else 'give'} no year." if missing else ""
        return Guidance(f"{_capital(str(papers))}, from {span}.{lacking}", "metadata", answered=True)

    def _distinct(self, question: MetadataQuestion, papers: _Papers) -> Guidance:
        counts = self._counts(question.field, papers)
        if not counts:
            return Guidance(self._none_gives(question.field), "metadata", answered=False)
        name = f"{len(counts):,} {_plural(question.field)}" if len(counts) > 1 else f"one of {_plural(question.field)}"
        return Guidance(f"The records of {papers} give {name}.", "metadata", answered=True)

    def _tally(self, question: MetadataQuestion, papers: _Papers) -> Guidance:
        counts = self._counts(question.field, papers)
        if not counts:
            return Guidance(self._none_gives(question.field), "metadata", answered=False)
        if question.field is Field.YEAR and not question.ranked:
            counts = sorted(counts)
        most = question.most or (len(counts) if question.field is Field.YEAR else _TALLIED)
        lines = [f"  {self._shown(question.field, value)}: {count:,}" for value, count in counts[:most]]
        if len(counts) > most and not question.most:
            lines.append(f"  and {len(counts) - most:,} more")
        without = self._papers.facets.without(_FACETS[question.field])
        if missing := sum(row in without for row in papers.rows):
            lines.append(f"{missing:,} of {len(papers.rows):,} papers do not give {question.field}.")
        lead = f"{_capital(_plural(question.field))} of {papers}, with the number of papers of each:"
        listed = self._at(papers.rows) if question.topical else ()
        coverage = papers.coverage if question.topical else None
        return Guidance("\n".join([lead, *lines]), "metadata", True, listed, coverage=coverage)

    def _counts(self, field: Field, papers: _Papers) -> list[tuple[str, int]]:
        """The values that papers have, and how many have each, most first."""
        if field is not Field.YEAR:
            among = None if len(papers.rows) == len(self._papers) else frozenset(papers.rows)
            return self._papers.facets.counts(_FACETS[field], among)
        years: dict[str, int] = {}
        for row in papers.rows:
            if year := int(self._papers.years[row]):
                years[str(year)] = years.get(str(year), 0) + 1
        return sorted(years.items(), key=lambda item: (-item[1], item[0]))

    def _shown(self, field: Field, value: str) -> str:
        return value if field is Field.YEAR else self._papers.facets.shown(_FACETS[field], value)

    def _none_gives(self, field: Field) -> str:
        return f"The files do not give {_name(field)} (0 of {len(self._papers):,} papers)."

    def _dates(self) -> defaultdict[int, str]:
        """The date of each paper by its row; "" where it gives none."""
        return defaultdict(str, ((row, date) for date, row in self._papers.facets.dates()))

    def _at(self, rows: Sequence[int]) -> tuple[Paper, ...]:
        return tuple(self._papers.at(row) for row in rows[:MOST_LISTED])


def values_of(paper: Paper, field: Field) -> list[str]:
    """What the record of a paper gives of a field; [] where it gives nothing."""
    metadata = paper.metadata
    arxiv = metadata.arxiv or (paper.id if _ARXIV.fullmatch(paper.id) else "")
    link = (metadata.doi and f"https://doi.org/{metadata.doi}") or (arxiv and f"https://arxiv.org/abs/{arxiv}")
    values: dict[Field, Sequence[str]] = {
        Field.AUTHORS: paper.authors,
        Field.YEAR: [metadata.date or str(paper.year or "")],
        Field.VENUE: [metadata.venue],
        Field.DOI: [metadata.doi],
        Field.ARXIV: [arxiv],
        Field.PMID: [metadata.pmid],
        Field.LINK: [paper.url or link],
        Field.KEY: [metadata.key],
        Field.TAGS: [*metadata.categories, *metadata.tags],
        Field.TITLE: [f"“{plain(paper.title)}”"],
        Field.ID: [paper.id],
        Field.NOTICE: [f"marked as {metadata.notice}" if metadata.notice else "not marked as retracted or withdrawn"],
    }
    return [value for value in values[field] if value]


def _titled(paper: Paper) -> str:
    return f"“{plain(paper.title)}”" + (f" ({paper.year})" if paper.year else "")


def _joined(values: Sequence[str]) -> str:
    if len(values) > _MOST_NAMED:
        return f"{', '.join(values[:_MOST_NAMED])} and {len(values) - _MOST_NAMED:,} more"
    return " and ".join(part for part in (", ".join(values[:-1]), values[-1]) if part)


def _name(field: Field) -> str:
    return _PLURAL.get(field, str(field))


def _plural(field: Field) -> str:
    return _PLURAL[field]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
