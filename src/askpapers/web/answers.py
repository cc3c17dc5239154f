"""An answer as the page shows it: statements with their numbers and verdicts, refusals, comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from askpapers.datatypes import Answer, Citation, NearMiss, Paper, Statement, Status
from askpapers.web.answer_foot import actions, cards
from askpapers.web.answer_tables import comparison, survey
from askpapers.web.citing import cite, heading, one_line, opener, prose, verdict
from askpapers.web.markup import Html, button, element, joined
from askpapers.web.papers import listed
from askpapers.web.stored_turns import StoredTurn

_NUMBERED = re.compile(r"\s*([1-9]\d?)\. ")
_ABOUT = "What is this corpus about?"
_ASK_ALL = ("ask-all", "Ask all papers")  # the script shows it where a filter is set
_MOST_RECORDS = 100  # papers listed of an answer from records; the exports have all


def turn(stored: StoredTurn, *, titles: Mapping[str, str] = MappingProxyType({})) -> Html:
    """A question and its finished answer, with what can be done with it.

    `titles` are those of papers that are near misses, by id; an answer has only their ids.
    """
    name, answer = stored.name, stored.answer
    if answer.is_guidance:
        records = [found.paper for found in answer.papers]
        more = len(records) > _MOST_RECORDS
        body = joined(
            *(_guidance(line, answer) for line in answer.text.split("\n") if line.strip()),
            listed(records[:_MOST_RECORDS], more=more) if records else None,
            None if records or answer.suggestions else _ways([_ASK_ALL], answer),
        )
    elif _is_refusal(answer):
        body = _refusal(answer, titles)
    elif answer.coverage:
        body = survey(stored)
    elif answer.comparison:
        body = joined(comparison(name, answer, answer.comparison), cards(answer))
    else:
        numbers = {c.number: c for c in answer.citations}
        papers = {p.paper.id: p.paper for p in answer.papers}
        body = joined(paragraphs(name, answer.statements, numbers, papers), cards(answer))
    notes = () if _is_refusal(answer) else _notes(answer)
    below = joined(body, *notes, actions(answer, stored.thumb))
    return framed(name, answer.question, answer.searched, below, busy=False)


def near_miss_titles(answer: Answer, find: Callable[[str], Paper | None]) -> dict[str, str]:
    """The titles of an answer's near misses by id; `find` gives the corpus's papers."""
    papers = (find(paper) for paper in {miss.quote.paper for miss in answer.closest})
    return {paper.id: heading(paper) for paper in papers if paper}


def framed(name: str, question: str, searched: str | None, body: Html, *, busy: bool) -> Html:
    """A question with what stands below it."""
    completed = searched if searched and searched != question else None
    return element(
        "article",
        element("h2", question, class_="asked", dir="auto"),
        element("p", "Searched for: ", element("q", completed), class_="searched") if completed else None,
        element("div", body, class_="answer", aria_busy="true" if busy else None),
        class_="turn",
        id=f"turn-{name}",
        data_turn=name,
        aria_label="Question and answer",
    )


def _guidance(line: str, answer: Answer) -> Html:
    """A line of a reply; where it begins with the number of a suggested question, with a button that asks it."""
    number = _NUMBERED.match(line)
    suggested = answer.suggestions[int(number[1]) - 1 : int(number[1])] if number else ()
    buttons = [button(q, class_="suggested", data_question=q, dir="auto") for q in suggested]
    return element("p", line, " " if buttons else None, *buttons, class_="guidance")


def paragraphs(
    name: str, statements: Sequence[Statement], citations: dict[int, Citation], papers: dict[str, Paper]
) -> Html:
    """A paragraph for each run of statements that cite the same paper, as in the answer's text."""
    paragraphs: list[tuple[set[str], list[Html]]] = []
    for statement in statements:
        cited = [citations[n] for n in statement.citations if n in citations]
        about = {c.quote.paper for c in cited}
        marks = [cite(name, c, papers[c.quote.paper]) for c in cited if c.quote.paper in papers]
        said = element(
            "span",
            element("span", prose(statement.text), dir="auto"),
            " ",
            *marks[:-1],
            element("span", *marks[-1:], verdict(statement), class_="together"),
            " ",
            class_="statement",
            data_verdict=str(statement.verdict),
        )
        if paragraphs and paragraphs[-1][0] & about:
            paragraphs[-1][1].append(said)
        else:
            paragraphs.append((about, [said]))
    return joined(*(element("p", *said) for _, said in paragraphs))


def _refusal(answer: Answer, titles: Mapping[str, str]) -> Html:
    checked = f" {answer.coverage}." if answer.coverage else ""
    closest = [_near(miss, titles.get(miss.quote.paper, miss.quote.paper)) for miss in answer.closest]
    return element(
        "div",
        element("h3", "Not in this corpus"),
        element("p", f"No paper here answers this.{checked}"),
        *_notes(answer),
        joined(element("p", "The closest that it has:", class_="lead"), element("ul", *closest)) if closest else None,
        _ways_on(answer),
        class_="refusal",
    )


def _ways_on(answer: Answer) -> Html:
    """What a reader can do when the corpus does not answer."""
    ways = [_ASK_ALL, ("look-up", "Find the nearest papers")]
    if not answer.coverage:
        ways.append(("survey", "Look through every paper"))
    return _ways(ways, answer, button(_ABOUT, class_="way", data_question=_ABOUT))


def _ways(ways: Sequence[tuple[str, str]], answer: Answer, *more: Html) -> Html:
    asked = answer.searched or answer.question
    buttons = [button(label, data_act=act, data_words=asked, class_="way") for act, label in ways]
    return element("p", *buttons, *more, class_="ways", aria_label="What to do next", role="group")


def _is_refusal(answer: Answer) -> bool:
    return answer.status is Status.NOT_IN_CORPUS and not answer.is_guidance


def _notes(answer: Answer) -> tuple[Html, ...]:
    return tuple(element("p", note, class_="note") for note in answer.notes)


def _near(miss: NearMiss, title: str) -> Html:
    return element(
        "li",
        element("blockquote", one_line(miss.quote.text), dir="auto"),
        element("p", opener(title, miss.quote), " ", element("span", miss.why), class_="why"),
    )
