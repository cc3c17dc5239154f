"""What a screening looks like on the page: one paper with the machine's quotes marked, and what can be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from askpapers.datatypes import Paper
from askpapers.export.screening import SCREENING_KINDS
from askpapers.screening.decision_lines import Decision
from askpapers.screening.protocol import Criterion, Protocol
from askpapers.screening.report import Report
from askpapers.screening.report_text import MAY_STOP, may_stop, report_sections
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.verdicts import CriterionVerdict, Label, PaperJudgement, Verdict
from askpapers.text import plain, printable
from askpapers.web.citing import mark, one_line, prose, verbatim
from askpapers.web.markup import Html, element, joined, link

_DECISIONS = ((Label.INCLUDE, "Include", "i"), (Label.EXCLUDE, "Exclude", "e"), (Label.UNCLEAR, "Unclear", "u"))
_VERDICTS = {Verdict.PASSED: ("✓", "passes"), Verdict.FAILED: ("✗", "fails"), Verdict.UNCLEAR: ("?", "unclear")}
_DONE = ("All papers are decided.", "Every decision was checked again.")
_SEED = "A known paper of the protocol that the machine would exclude: decide on it, or change the criterion."
_AUTHORS = 8
_KEYS = 9  # criteria that have a key


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """A screening as it is shown: by the protocol of a name, `paper` is to be decided on; None where none is left.

    `version` is sent back with what is done, so that nothing is done to another state; `command` goes on in a terminal.
    `said` is what has just happened; with `recheck` the paper is decided once more, blind.
    """

    name: str
    version: str
    command: str
    protocol: Protocol
    paper: ScreenedPaper | None
    left: int
    last: Decision | None
    report: Report
    said: str
    notes: tuple[str, ...] = ()
    recheck: bool = False


def described(decision: Decision) -> str:
    """A decision in words."""
    reason = f" ({decision.reason})" if decision.reason else ""
    again = ", in the re-check" if decision.recheck else ""
    return printable(f"“{plain(decision.title) or decision.paper}”: {decision.label}{reason}{again}")


def decision_name(decision: Decision | None) -> str:
    """What a page calls the decision that it would take back."""
    return f"{decision.paper} {decision.label} {decision.at}" if decision else ""


def screening_html(view: ScreeningView) -> Html:
    """A screening; what stands in `now` is replaced after each decision, what is around it stays."""
    return element(
        "div",
        element("p", view.said, class_="said", role="status"),
        element("div", now_html(view), class_="now"),
        class_="screening answer",
        data_name=verbatim(view.name),
        data_version=view.version,
    )


def now_html(view: ScreeningView) -> Html:
    """The paper to decide on, the buttons, and how far the screening is."""
    paper, blind = view.paper, view.recheck
    return joined(
        _how_far(view),
        _paper(paper, blind) if paper else element("p", _DONE[blind], class_="note"),
        _criteria(view.protocol, paper.judgement if paper and not blind else None) if paper else None,
        _buttons(view),
        _report(view),
    )


def _how_far(view: ScreeningView) -> Html:
    stopping = view.report.stopping
    count = f"{stopping.decided:,} of {stopping.total:,} decided, {stopping.kept:,} kept"
    again = view.report.rechecked.papers if view.report.rechecked else 0
    blind = f"Decide once more, blind: the first decision stays. {again:,} checked again."
    stop = " You may stop: see the report." if stopping.chance_of_less < MAY_STOP else ""
    return element(
        "div",
        element("h3", plain(view.protocol.title) or view.name, dir="auto"),
        element("progress", value=stopping.decided, max=max(1, stopping.total), aria_label=count),
        element("p", f"{count}. {view.left:,} left.{stop}", class_="tally"),
        element("p", blind, class_="note") if view.recheck else None,
        class_="how-far",
    )


def _paper(screened: ScreenedPaper, blind: bool) -> Html:
    paper, judgement = screened.paper, screened.judgement
    more = len(paper.authors) - _AUTHORS
    authors = ", ".join(paper.authors[:_AUTHORS]) + (f" and {more:,} more" if more > 0 else "")
    facts = (authors, str(paper.year or ""), plain(paper.metadata.venue), paper.id)
    return element(
        "article",
        element("h2", link(plain(paper.title), paper.url), mark(paper), class_="title", dir="auto"),
        element("p", " · ".join(fact for fact in facts if fact), class_="facts", dir="auto"),
        element("p", _SEED, class_="note") if screened.is_seed and not screened.decision and judgement.failed else None,
        None if blind else _machine(judgement),
        element(
            "p", prose(paper.abstract) if blind else marked_abstract(paper, judgement), class_="abstract", dir="auto"
        ),
        data_screened=verbatim(paper.id),
    )


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
    button = element(
        "button",
        str(number),
        type="button",
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
        button,
        element("div", element("span", text, dir="auto"), None if blind else said),
        data_verdict=verdict.verdict if verdict else None,
    )


def _buttons(view: ScreeningView) -> Html:
    keys = [
        element(
            "button", word, element("kbd", key), type="button", data_act="screen-decide", data_label=label, data_key=key
        )
        for label, word, key in _DECISIONS
    ]
    last = view.last
    undo = element(
        "button",
        "Undo",
        element("kbd", "z"),
        type="button",
        data_act="screen-undo",
        data_key="z",
        data_last=verbatim(decision_name(last)),
        disabled=last is None,
        title=f"Take back: {described(last)}" if last else None,
    )
    return element("div", *(keys if view.paper else []), undo, class_="decide", role="group", aria_label="Decide")


def _report(view: ScreeningView) -> Html:
    sections = [
        joined(element("h4", heading) if heading else None, element("ul", *(element("li", line) for line in lines)))
        for heading, lines in report_sections(view.report)
    ]
    summary = f"Report: PRISMA counts, when to stop ({may_stop(view.report.stopping)}), agreement"
    saves = [
        element("button", label, type="button", data_act="screen-save", data_kind=kind)
        for kind, (label, _) in SCREENING_KINDS.items()
    ]
    again = "Back to the rest" if view.recheck else "Check decisions again, blind"
    return element(
        "div",
        *(element("p", note, class_="note") for note in view.notes),
        element("details", element("summary", summary), *sections, class_="report"),
        element("div", element("span", "Save all with labels and reasons as "), *saves, class_="actions"),
        element(
            "div",
            element(
                "button", again, type="button", data_act="screen-again", data_recheck="" if view.recheck else "yes"
            ),
            element("button", "Change the protocol", type="button", data_act="screen-protocol"),
            class_="actions",
        ),
        element("p", "In a terminal: ", element("code", view.command), class_="tally"),
        class_="about-screening",
        data_recheck="yes" if view.recheck else "",
    )
