"""The report as one HTML page that needs nothing beside it: plots, figures, and every question.

Here are its values; the markup is in `templates/`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from askpapers.counts import counted
from askpapers.datatypes import Paper
from askpapers.evaluation.gates import Change, Judged
from askpapers.evaluation.metrics import says, verbatim
from askpapers.evaluation.replies import Quoted, Reply
from askpapers.evaluation.report import content, plots
from askpapers.evaluation.report.content import Report
from askpapers.evaluation.rightness import is_right, wrong_questions
from askpapers.evaluation.runs import Outcome
from askpapers.evaluation.scoring import METRICS
from askpapers.evaluation.suites import Case
from askpapers.templates import environment

Pieces = Sequence[tuple[str, bool]]
"""A text in pieces, each with whether it is an expected fact."""

_AROUND = 140  # characters of an abstract shown on either side of a quote
_OUTCOMES = {
    "": "every outcome",
    "wrong": "not right",
    "lost": "lost since accepted",
    "won": "won since accepted",
    "refused": "refused",
    "answered": "answered",
    "read": "only read, for their intent",
    "draft": "drafts",
}


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote, with what is around it in the paper where it is verbatim."""

    paper: str
    pieces: Pieces
    verbatim: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement with the quotes that no statement before it has; without `pieces` where its quote has its words."""

    pieces: Pieces
    verdict: str | None
    quotes: Sequence[ShownQuote]


@dataclass(frozen=True, slots=True)
class Card:
    """A question of a suite. `outcomes` is what it can be filtered by; `statements` are those of an answer."""

    suite: str
    outcome: Outcome
    change: Change | None
    outcomes: Sequence[str]
    statements: Sequence[ShownStatement]


def html_page(report: Report, papers: Mapping[str, Paper]) -> str:
    """The page. Values can only become text, and no script but the page's own may run."""
    templates = environment("askpapers.evaluation.report")
    templates.filters |= {"counted": counted, "sha256": _sha256}
    shown = [judged for judged in report.suites if not judged.run.suite.held_back]
    suites = [judged.run.suite.name for judged in shown]
    intents = sorted({outcome.case.intent for judged in shown for outcome in judged.run.outcomes})
    return templates.get_template("report.html").render(
        report=report,
        papers=papers,
        content=content,
        plots=plots,
        metrics=METRICS,
        shown=shown,
        wrong_questions=wrong_questions,
        choices={
            "suite": {"": "every suite", **dict(zip(suites, suites, strict=True))},
            "intent": {"": "every intent", **dict(zip(intents, intents, strict=True))},
            "outcome": _OUTCOMES,
        },
        cards=(card for judged in shown for card in _cards(judged, papers)),
        has_fact=_has_fact,
    )


def _sha256(script: str) -> str:
    """The digest of a script, as a Content-Security-Policy names it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _cards(judged: Judged, papers: Mapping[str, Paper]) -> Iterator[Card]:
    changes = {change.outcome.case.id: change for change in (*judged.lost, *judged.won)}
    for outcome in judged.run.outcomes:
        change = changes.get(outcome.case.id)
        statements = list(_statements(outcome, papers)) if outcome.reply.answered else ()
        yield Card(judged.run.suite.name, outcome, change, list(_outcomes(outcome, change)), statements)


def _outcomes(outcome: Outcome, change: Change | None) -> Iterator[str]:
    if change:
        yield "won" if change.net > 0 else "lost"
    if not is_right(outcome):
        yield "wrong"
    yield "read" if outcome.case.answerable is None else "answered" if outcome.reply.answered else "refused"
    if outcome.case.draft:
        yield "draft"


def _statements(outcome: Outcome, papers: Mapping[str, Paper]) -> Iterator[ShownStatement]:
    case, reply = outcome.case, outcome.reply
    if not reply.statements:
        yield ShownStatement(_pieces(reply.text, case), None, ())
    shown: set[Quoted] = set()
    for statement in reply.statements:
        quotes = [citation for citation in statement.citations if citation is not None]
        # An extractive answer: the quote says it.
        pieces = [] if [quote.text for quote in quotes] == [statement.text] else _pieces(statement.text, case)
        new = [quote for quote in dict.fromkeys(quotes) if quote not in shown]
        shown.update(new)
        yield ShownStatement(pieces, statement.verdict, [_quote(quote, case, papers) for quote in new])


def _quote(quote: Quoted, case: Case, papers: Mapping[str, Paper]) -> ShownQuote:
    pieces = _pieces(quote.text, case)
    paper = papers.get(quote.paper)
    if paper is None or not verbatim(quote, {paper.id: paper.abstract}):
        return ShownQuote(quote.paper, pieces, verbatim=False)
    start, end = quote.start or 0, quote.end or 0
    before = ("…" if start > _AROUND else "") + paper.abstract[max(0, start - _AROUND) : start]
    after = paper.abstract[end : end + _AROUND] + ("…" if end + _AROUND < len(paper.abstract) else "")
    return ShownQuote(quote.paper, pieces, True, before, after)


def _pieces(text: str, case: Case) -> Pieces:
    """A text with the first occurrence of each expected fact apart."""
    spans: list[tuple[int, int]] = []
    for fact in case.facts:
        places = [text.casefold().find(option.casefold()) for option in fact]
        found = [(at, at + len(option)) for at, option in zip(places, fact, strict=True) if at >= 0]
        if found and len(text.casefold()) == len(text):
            spans.append(max(found, key=lambda span: span[1] - span[0]))
    pieces, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            pieces += [(text[done:start], False), (text[start:end], True)]
            done = end
    return [*pieces, (text[done:], False)]


def _has_fact(reply: Reply, fact: Sequence[str]) -> bool:
    return any(says(reply.full_text, option) for option in fact)
