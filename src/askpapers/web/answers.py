"""An answer as the page shows it: statements with their numbers and verdicts, surveys, comparisons, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from askpapers.answer_text import coverage_line
from askpapers.answering.confidence import DOUBTFUL, confidence_word
from askpapers.counts import counted
from askpapers.datatypes import Answer, Citation, CitedPaper, Compared, Paper, Relevance, Statement, Status, Verdict
from askpapers.export import KINDS
from askpapers.web.rendering import Html, byline, heading, render
from askpapers.web.stored_turns import StoredTurn

Paragraph = list[tuple[Statement, list[tuple[Citation, Paper]]]]
"""Statements, each with the quotes and papers that it cites."""
_NUMBERED = re.compile(r"\s*([1-9]\d?)\. ")
_FORMATS = ("markdown", "bibtex", "ris", "csl", "csv", "xlsx", "json")
_OF_REFUSALS = ("markdown", "json")
_MOST_RECORDS = 100  # papers listed of an answer from records; the exports have all
_MOST_ROWS = 500  # of a survey; the CSV has all of them
_NUMBERS = 3  # of a card; an answer may cite a paper many times


def turn(stored: StoredTurn, *, titles: Mapping[str, str] = MappingProxyType({})) -> Html:
    """A question and its finished answer, with what can be done with it.

    `titles` are those of papers that are near misses, by id; an answer has only their ids.
    """
    answer = stored.answer
    if answer.is_guidance:
        template, values = "guidance.html", _guidance(answer)
    elif answer.status is Status.NOT_IN_CORPUS:
        closest = [(miss, titles.get(miss.quote.paper, miss.quote.paper)) for miss in answer.closest]
        template, values = "refusal.html", {"closest": closest}
    elif answer.coverage:
        template, values = "survey.html", _survey(stored)
    elif answer.comparison:
        template, values = "comparison.html", _comparison(answer, answer.comparison)
    else:
        papers = [found.paper for found in answer.papers]
        template, values = "answer.html", {"statements": paragraphs(answer.statements, answer.citations, papers)}
    kinds = _FORMATS if answer.status is Status.ANSWERED else _OF_REFUSALS
    return render(
        template,
        **turn_values(stored.name, answer.question, answer.searched),
        answer=answer,
        asked=answer.searched or answer.question,
        cards=[*_cards(answer)],
        kinds=[(kind, KINDS[kind].label) for kind in kinds],
        made_by=_made_by(answer),
        thumb=stored.thumb,
        **values,
    )


def near_miss_titles(answer: Answer, find: Callable[[str], Paper | None]) -> dict[str, str]:
    """The titles of an answer's near misses by id; `find` gives the corpus's papers."""
    papers = (find(paper) for paper in {miss.quote.paper for miss in answer.closest})
    return {paper.id: heading(paper) for paper in papers if paper}


def turn_values(name: str, question: str, searched: str | None, *, busy: bool = False) -> dict[str, Any]:
    """The values of `turn.html`: a question, under the name of its turn."""
    return {"name": name, "question": question, "searched": searched, "busy": busy}


def paragraphs(
    statements: Sequence[Statement], citations: Sequence[Citation], papers: Sequence[Paper]
) -> list[Paragraph]:
    """Statements with what they cite, together where they run on about the same paper, as in the answer's text."""
    citation_of, paper_of = {c.number: c for c in citations}, {paper.id: paper for paper in papers}
    found: list[Paragraph] = []
    before: set[str] = set()
    for statement in statements:
        cited = [citation_of[n] for n in statement.citations if n in citation_of]
        if not before & {c.quote.paper for c in cited}:
            before = {c.quote.paper for c in cited}
            found.append([])
        found[-1].append((statement, [(c, paper_of[c.quote.paper]) for c in cited if c.quote.paper in paper_of]))
    return found


def _guidance(answer: Answer) -> dict[str, Any]:
    """The lines of a reply, each with the suggested question of which it has the number; and papers."""
    lines = []
    for line in filter(str.strip, answer.text.split("\n")):
        number = _NUMBERED.match(line)
        suggested = answer.suggestions[int(number[1]) - 1 : int(number[1])] if number else ()
        lines.append((line, "".join(suggested)))
    records = [found.paper for found in answer.papers]
    return {"lines": lines, "papers": records[:_MOST_RECORDS], "more": len(records) > _MOST_RECORDS}


def _survey(stored: StoredTurn) -> dict[str, Any]:
    answer, reviewed = stored.answer, stored.reviewed
    citation_of = {c.number: c for c in answer.citations}
    rows = [
        {
            "found": found,
            "citation": citation_of[found.citations[0]],
            "matches": found.relevance is Relevance.MATCH,
            "rejected": found.paper.id in stored.rejected,
            **_sureness(found),
        }
        for found in answer.papers[:_MOST_ROWS]
    ]
    return {
        "coverage": coverage_line(reviewed),
        "rejected": len(answer.papers) - len(reviewed.papers),
        "matches": sum(found.relevance is Relevance.MATCH for found in reviewed.papers),
        "rows": rows,
    }


def _sureness(found: CitedPaper) -> dict[str, str]:
    """How sure a survey is of a paper, in a word, and the chance; a mention that is doubtful is called one alone."""
    if found.confidence is None:
        return {"sureness": "", "chance": ""}
    word = confidence_word(found.confidence)
    if found.relevance is not Relevance.MATCH and not found.stance and word == DOUBTFUL:
        word = ""
    of = f"that it says “{found.stance}”" if found.stance else "that it is about what was asked"
    return {"sureness": word, "chance": f"The chance {of}: {found.confidence:.0%}"}


def _comparison(answer: Answer, compared: Compared) -> dict[str, Any]:
    """The sides that the corpus has, and for each row what is stated of each of them, or None."""
    statement_of = {s.citations[0]: s for s in answer.statements}
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}

    def cell(number: int | None) -> tuple[Statement, Citation, Paper] | None:
        if number is None or number not in statement_of:
            return None
        citation = citation_of[number]
        return statement_of[number], citation, paper_of[citation.quote.paper]

    there = [place for place, side in enumerate(compared.sides) if side not in compared.missing]
    return {
        "sides": [compared.sides[place] for place in there],
        "rows": [
            (row.tells, [(compared.sides[place], cell(row.citations[place])) for place in there])
            for row in compared.rows
        ],
    }


def _cards(answer: Answer) -> Iterator[dict[str, Any]]:
    """A card for each paper that is cited: title, first author, year, and how much of the answer rests on it."""
    quote_of = {c.number: c.quote for c in answer.citations}
    for one in answer.papers:
        if numbers := one.citations:
            facts = (byline(one.paper), _strength(answer, numbers))
            yield {
                "paper": one.paper,
                "quote": quote_of[numbers[0]],
                "numbers": ", ".join(map(str, numbers[:_NUMBERS])) + (" …" if len(numbers) > _NUMBERS else ""),
                "facts": " · ".join(filter(None, facts)),
            }


def _strength(answer: Answer, numbers: tuple[int, ...]) -> str:
    """How much of an answer the quotes of a paper support."""
    resting = [statement for statement in answer.statements if set(statement.citations) & set(numbers)]
    good = sum(statement.verdict is Verdict.SUPPORTED for statement in resting)
    if not resting:
        return ""
    every = counted(len(answer.statements), "statement")
    if good == len(resting):
        return f"supports {good} of {every}"
    return f"cited for {len(resting)} of {every}, supports {good}"


def _made_by(answer: Answer) -> list[tuple[str, str]]:
    """What made the answer: everything that would have to be the same to get it again."""
    engine, usage = answer.engine, answer.usage
    evidence = f" ({usage.evidence_tokens:,} of papers)" if usage.evidence_tokens else ""
    tokens = f"{usage.prompt_tokens:,} read{evidence}, {usage.completion_tokens:,} written"
    tokens += " (estimated)" if usage.estimated else ""
    tokens += f", {usage.cost_usd:.4f} US dollars" if usage.cost_usd is not None else ""
    facts = {
        "way": engine.synthesizer,
        "model": engine.llm or "none: the papers' own sentences",
        "prompts": engine.prompts,
        "tokens": tokens if usage.prompt_tokens or usage.completion_tokens else None,
        "embedder": engine.embedder,
        "index": engine.index,
        "read as": answer.intent,
        "time": ", ".join(f"{part} {ms:,.0f} ms" for part, ms in answer.timings_ms.items()),
    }
    return [(fact, value) for fact, value in facts.items() if value]
