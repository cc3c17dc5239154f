"""What a screening looks like on the page: one paper with the machine's quotes marked, and what can be decided."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from askpapers.datatypes import Paper
from askpapers.screening.decisions import reviewer_name
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.protocol import Criterion, Protocol
from askpapers.screening.report_text import MAY_STOP, nothing_left
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import CriterionVerdict, Label, PaperJudgement, Stage, Verdict
from askpapers.text import plain
from askpapers.web.citing import mark, one_line, prose, verbatim
from askpapers.web.markup import Html, button, element, joined, link
from askpapers.web.screening_foot import buttons_html, foot_html
from askpapers.web.screening_steps import ScreeningView

_VERDICTS = {Verdict.PASSED: ("✓", "passes"), Verdict.FAILED: ("✗", "fails"), Verdict.UNCLEAR: ("?", "unclear")}
_SEED = "A known paper of the protocol that the machine would exclude: decide on it, or change the criterion."
_AUTHORS = 8
_KEYS = 9  # criteria that have a key


def screening_html(view: ScreeningView) -> Html:
    """A screening; what stands in `now` is replaced after each decision, what is around it stays."""
    return element(
        "div",
        element("p", view.said, class_="said", role="status"),
        element("div", now_html(view), class_="now"),
        class_="screening answer",
        data_name=verbatim(view.name),
        data_version=view.version,
        data_reviewer=verbatim(view.task.reviewer),
    )


def now_html(view: ScreeningView) -> Html:
    """The paper or the pair to decide on, the buttons, and how far the screening is."""
    paper, blind = view.paper, view.is_blind
    shown = pair_html(view.pair) if view.pair else element("p", nothing_left(view.task), class_="note")
    return joined(
        _how_far(view),
        _paper(paper, view.task, blind) if paper else shown,
        _criteria(view.protocol, paper.judgement if paper and not blind else None) if paper else None,
        buttons_html(view),
        foot_html(view),
    )


def _how_far(view: ScreeningView) -> Html:
    stopping, task = view.report.stopping, view.task
    count = f"{stopping.decided:,} of {stopping.total:,} decided, {stopping.kept:,} kept"
    stop = " You may stop: see the report." if stopping.chance_of_less < MAY_STOP else ""
    tally = f"{count}. {view.left:,} left.{stop}"
    if task.stage is Stage.DUPLICATES:
        tally = f"Papers that may be the same, pairs left: {view.left:,}. Which one stays?"
    elif task.consensus:
        tally = f"Papers on which reviewers disagree: {view.left:,}. What is decided here counts."
    elif task.stage is Stage.FULL_TEXT:
        tally = f"Full texts: {view.left:,} left of {view.report.prisma.sought:,} that are sought."
    again = view.report.rechecked.papers if view.report.rechecked else 0
    blind = f"Decide once more, blind: the first decision stays. {again:,} checked again."
    return element(
        "div",
        element("h3", plain(view.protocol.title) or view.name, dir="auto"),
        element("progress", value=stopping.decided, max=max(1, stopping.total), aria_label=count),
        element("p", f"{task.reviewer}: " if task.reviewer else "", tally, class_="tally"),
        element("p", blind, class_="note") if task.recheck else None,
        class_="how-far",
    )


def _paper(screened: ScreenedPaper, task: Task, blind: bool) -> Html:
    paper, judgement = screened.paper, screened.judgement
    is_excluded_seed = screened.is_seed and not screened.outcome.votes and judgement.failed and not blind
    return element(
        "article",
        element("h2", link(plain(paper.title), paper.url), mark(paper), class_="title", dir="auto"),
        element("p", facts(paper), class_="facts", dir="auto"),
        element("p", _SEED, class_="note") if is_excluded_seed else None,
        None if blind else _machine(judgement),
        _votes(screened, task) if task.consensus or not (task.blind or task.recheck) else None,
        element(
            "p", prose(paper.abstract) if blind else marked_abstract(paper, judgement), class_="abstract", dir="auto"
        ),
        data_screened=verbatim(paper.id),
    )


def facts(paper: Paper) -> str:
    """Authors, year, venue and id of a paper on one line."""
    more = len(paper.authors) - _AUTHORS
    authors = ", ".join(paper.authors[:_AUTHORS]) + (f" and {more:,} more" if more > 0 else "")
    known = (authors, str(paper.year or ""), plain(paper.metadata.venue), paper.id)
    return " · ".join(fact for fact in known if fact)


def pair_html(pair: PossibleDuplicate) -> Html:
    """Two papers that may be the same, each with the button that keeps only it."""
    papers = ((1, pair.paper, pair.other), (2, pair.other, pair.paper))
    return element(
        "div",
        element("p", pair.why[:1].upper() + pair.why[1:], class_="machine"),
        *(_one_of(*p) for p in papers),
        class_="pair",
    )


def _one_of(number: int, stays: Paper, goes: Paper) -> Html:
    keep = button(
        "Keep only this one", element("kbd", str(number)), data_act="screen-decide",
        data_label=Label.DUPLICATE, data_paper=verbatim(goes.id), data_of=verbatim(stays.id), data_key=number,
    )  # fmt: skip
    return element(
        "article",
        element("h2", link(plain(stays.title), stays.url), mark(stays), class_="title", dir="auto"),
        element("p", facts(stays), class_="facts", dir="auto"),
        element("p", prose(stays.abstract), class_="abstract", dir="auto"),
        element("div", keep, class_="decide-one"),
    )


def _votes(screened: ScreenedPaper, task: Task) -> Html | None:
    """What each reviewer decided."""
    votes = screened.at_stage(task.stage).votes
    rows = [
        element(
            "li",
            element("b", reviewer_name(name)),
            f": {vote.label}{f' ({vote.reason})' if vote.reason else ''}",
            dir="auto",
        )
        for name, vote in votes.items()
    ]
    return element("ul", *rows, class_="votes") if rows else None


def _machine(judgement: PaperJudgement) -> Html:
    """What the machine says, with the first criterion that clearly fails, or else the first that is unclear."""
    unclear = (one for one in judgement.verdicts if one.verdict is Verdict.UNCLEAR)
    first = judgement.failed or next(unclear, None)
    why = f", by criterion {first.criterion.number}: {first.criterion.text}" if first else ""
    return element(
        "p", "The machine: ", element("b", str(judgement.label)), why, class_="machine", data_label=judgement.label
    )


def marked_abstract(paper: Paper, judgement: PaperJudgement) -> Html:
    """The abstract with the quotes marked that clear verdicts stand on, each with the number of its criterion."""
    quotes = [
        (evidence.quote.start, evidence.quote.end, one)
        for one in judgement.verdicts
        if one.verdict is not Verdict.UNCLEAR and (evidence := one.finding.evidence) and evidence.quote
    ]
    ends = sorted({0, len(paper.abstract), *(place for start, end, _ in quotes for place in (start, end))})
    return joined(*(_part(paper.abstract, start, end, quotes) for start, end in pairwise(ends)))


def _part(text: str, start: int, end: int, quotes: Sequence[tuple[int, int, CriterionVerdict]]) -> Html:
    shown = prose(text[start:end])
    over = [one for first, last, one in quotes if first <= start and end <= last]
    if not over:
        return shown
    fails = any(one.verdict is Verdict.FAILED for one in over)
    ending = [str(one.criterion.number) for _, last, one in quotes if last == end and one in over]
    return element("mark", shown, data_verdict="failed" if fails else "passed", data_of=", ".join(ending) or None)


def _criteria(protocol: Protocol, judgement: PaperJudgement | None) -> Html:
    """The criteria, each with a button that excludes by it and, unless that is hidden, what the machine found."""
    found = {one.criterion.number: one for one in judgement.verdicts} if judgement else {}
    rows = [_criterion(one, found.get(one.number), blind=judgement is None) for one in protocol.criteria]
    head = element("h3", "A number excludes by that criterion")
    return element("div", head, element("ul", *rows), class_="criteria")


def _criterion(criterion: Criterion, verdict: CriterionVerdict | None, *, blind: bool) -> Html:
    number, text = criterion.number, f"{'exclude: ' if criterion.excludes else ''}{criterion.text}"
    sign, word = _VERDICTS[verdict.verdict] if verdict else ("", "not judged any more")
    evidence = verdict.finding.evidence if verdict else None
    fails = button(
        str(number),
        data_act="screen-decide",
        data_label=Label.EXCLUDE,
        data_reason=number,
        data_key=number if number <= _KEYS else None,
        aria_label=f"Exclude by criterion {number}: {criterion.text}",
    )
    said = element(
        "span",
        element("span", sign, class_="sign", aria_hidden="true"),
        f" {word}{f': {verdict.finding.why}' if verdict else ''}",
        element("q", one_line(evidence.text), dir="auto") if evidence else None,
        class_="facts",
    )
    return element(
        "li",
        fails,
        element("div", element("span", text, dir="auto"), None if blind else said),
        data_verdict=verdict.verdict if verdict else None,
    )
