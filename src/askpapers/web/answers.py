"""An answer as the page shows it: statements with their numbers and verdicts, refusals, comparisons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from askpapers.datatypes import Answer, Citation, Compared, NearMiss, Paper, Statement, Status, Verdict
from askpapers.events import Condensed, Delta, Event, Finished, Said, Undone, Withdrawn
from askpapers.export import KINDS
from askpapers.web.citing import cite, opens, verdict
from askpapers.web.markup import Html, element, joined
from askpapers.web.papers import listed
from askpapers.web.surveys import survey
from askpapers.web.work import Progressed

_NUMBERED = re.compile(r"\s*([1-9]\d?)\. ")
_TELLS = {"asked": "asked for", "what": "what it is", "how": "how it works", "result": "what came of it"}
_MOST_RECORDS = 100  # papers listed of an answer from records; the exports have all


@dataclass(frozen=True, slots=True)
class Underway:
    """What is known of an answer that is still coming about."""

    question: str
    searched: str | None = None
    said: tuple[Said, ...] = ()
    words: str = ""
    doing: str = "Looking through the papers"
    finished: Answer | None = field(default=None)

    def after(self, event: Event | Progressed) -> Underway:
        """What is known after one more event."""
        match event:
            case Condensed(question):
                return replace(self, searched=question)
            case Delta(text):
                return replace(self, words=self.words + text)
            case Said():
                return replace(self, said=(*self.said, event), words="")
            case Undone():
                return replace(self, words="")
            case Withdrawn(why):
                return replace(self, said=(), words="", doing=why)
            case Finished(answer):
                return replace(self, finished=answer)
            case Progressed(stage, done, total):
                return replace(self, doing=f"{stage}: {done:,} of {total:,}" if total else stage)


def underway(name: str, state: Underway) -> Html:
    """An answer that is coming about."""
    shown = state.said[:50]  # more is a survey, which becomes a table when it is done
    numbers = {c.number: c for said in shown for c in said.citations}
    titles = {p.id: p for said in shown for p in said.papers}
    body = joined(
        _paragraphs(name, [said.statement for said in shown], numbers, titles),
        element("p", state.words, class_="writing") if state.words else None,
        element("p", element("span", class_="spinner", aria_hidden="true"), f"{state.doing} …", class_="doing"),
    )
    return _turn(name, state.question, state.searched, body, busy=True)


def turn(name: str, answer: Answer, *, thumb: str = "", titles: Mapping[str, str] = MappingProxyType({})) -> Html:
    """A question and its finished answer, with what can be done with it.

    `titles` are those of papers that are near misses, by id; an answer has only their ids.
    """
    if answer.is_guidance:
        records = [found.paper for found in answer.papers]
        more = len(records) > _MOST_RECORDS
        body = joined(
            *(_guidance(line, answer) for line in answer.text.split("\n") if line.strip()),
            listed(records[:_MOST_RECORDS], more=more) if records else None,
        )
    elif _is_refusal(answer):
        body = _refusal(answer, titles)
    elif answer.coverage:
        body = survey(name, answer)
    elif answer.comparison:
        body = _comparison(name, answer, answer.comparison)
    else:
        numbers = {c.number: c for c in answer.citations}
        papers = {p.paper.id: p.paper for p in answer.papers}
        body = joined(_paragraphs(name, answer.statements, numbers, papers), _tally(answer))
    notes = () if _is_refusal(answer) else _notes(answer)
    below = joined(body, *notes, _actions(answer, thumb), _made_by(answer))
    return _turn(name, answer.question, answer.searched, below, busy=False)


def failure(name: str, question: str, what: str, hint: str) -> Html:
    """A question that could not be answered because something is wrong."""
    body = element("div", element("p", what, class_="what"), element("p", hint), class_="failed", role="alert")
    return _turn(name, question, None, body, busy=False)


def _turn(name: str, question: str, searched: str | None, body: Html, *, busy: bool) -> Html:
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
    buttons = [element("button", q, type="button", class_="suggested", data_question=q, dir="auto") for q in suggested]
    return element("p", line, " " if buttons else None, *buttons, class_="guidance")


def _paragraphs(
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
            element("span", statement.text, dir="auto"),
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


def _tally(answer: Answer) -> Html:
    count = len(answer.statements)
    good = sum(s.verdict is Verdict.SUPPORTED for s in answer.statements)
    said = "1 statement" if count == 1 else f"{count} statements"
    return element("p", f"{said}, {good} supported by the quoted sources.", class_="tally")


def _refusal(answer: Answer, titles: Mapping[str, str]) -> Html:
    checked = f" {answer.coverage}." if answer.coverage else ""
    closest = [_near(miss, titles.get(miss.quote.paper, miss.quote.paper)) for miss in answer.closest]
    return element(
        "div",
        element("h3", "Not in this corpus"),
        element("p", f"No paper here answers this.{checked}"),
        *_notes(answer),
        joined(element("p", "The closest that it has:", class_="lead"), element("ul", *closest)) if closest else None,
        class_="refusal",
    )


def _is_refusal(answer: Answer) -> bool:
    return answer.status is Status.NOT_IN_CORPUS and not answer.is_guidance


def _notes(answer: Answer) -> tuple[Html, ...]:
    return tuple(element("p", note, class_="note") for note in answer.notes)


def _near(miss: NearMiss, title: str) -> Html:
    opener = element("button", title, type="button", class_="opener", **opens(miss.quote))
    return element(
        "li",
        element("blockquote", " ".join(miss.quote.text.split()), dir="auto"),
        element("p", opener, f": {miss.why}", class_="why"),
    )


def _comparison(name: str, answer: Answer, comparison: Compared) -> Html:
    statement_of = {s.citations[0]: s for s in answer.statements}
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}

    def cell(number: int | None, side: str) -> Html:
        if number is None or number not in statement_of:
            return element("td", element("span", "nothing found", class_="nothing"), data_label=side)
        statement, citation = statement_of[number], citation_of[number]
        mark = cite(name, citation, paper_of[citation.quote.paper])
        return element("td", statement.text, " ", mark, verdict(statement), data_label=side)

    first, second = comparison.sides
    rows = [
        element(
            "tr",
            element("th", _TELLS.get(row.tells, row.tells), scope="row"),
            cell(row.citations[0], first),
            cell(row.citations[1], second),
        )
        for row in comparison.rows
    ]
    head = element("tr", element("td"), element("th", first, scope="col"), element("th", second, scope="col"))
    shared = ", ".join(comparison.shared)
    return joined(
        element("table", element("thead", head), element("tbody", *rows), class_="comparison"),
        *(element("p", f"“{side}” is not in this corpus.", class_="missing") for side in comparison.missing),
        element("p", f"Words that both papers use: {shared}", class_="tally") if shared else None,
    )


def _actions(answer: Answer, thumb: str) -> Html:
    there = answer.status is Status.ANSWERED
    often = ("markdown", *(("bibtex", "csv") if there else ()))
    seldom = ("ris", "xlsx", "csl", "json") if there else ("json",)
    thumbs = [("up", "Good"), ("down", "Bad")]
    return element(
        "div",
        element("button", "Copy with citations", type="button", data_act="copy"),
        *map(_export, often),
        element("details", element("summary", "More formats"), *map(_export, seldom), class_="formats"),
        element("button", "Link to this question", type="button", data_act="link"),
        element("span", *(_thumb(act, label, thumb == act) for act, label in thumbs), class_="thumbs"),
        element("span", class_="told", role="status"),
        class_="actions",
    )


def _export(name: str) -> Html:
    return element("button", KINDS[name].label, type="button", data_act="export", data_kind=name)


def _thumb(act: str, label: str, pressed: bool) -> Html:
    return element(
        "button",
        label,
        type="button",
        class_="thumb",
        data_act=act,
        aria_pressed="true" if pressed else "false",
        title=f"{label} answer: kept with a comment, for evaluation",
    )


def _made_by(answer: Answer) -> Html:
    """What made the answer: everything that would have to be the same to get it again."""
    engine, usage = answer.engine, answer.usage
    evidence = f" ({usage.evidence_tokens:,} of papers)" if usage.evidence_tokens else ""
    tokens = f"{usage.prompt_tokens:,} read{evidence}, {usage.completion_tokens:,} written"
    tokens += (" (estimated)" if usage.estimated else "") + (
        f", {usage.cost_usd:.4f} US dollars" if usage.cost_usd is not None else ""
    )
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
    rows = [joined(element("dt", name), element("dd", value)) for name, value in facts.items() if value]
    return element("details", element("summary", "How this was made"), element("dl", *rows), class_="made")
