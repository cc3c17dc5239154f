"""A step of a screening on the page: what a press does, and what is shown then.

Nothing is done that another window or a terminal did meanwhile. What is shown is a paper with the machine's quotes
marked, or a pair of papers that may be the same, and what can be decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from askpapers.datatypes import Paper
from askpapers.errors import UsageError
from askpapers.export.screening import SCREENING_KINDS
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import reviewer_name
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.outcomes import NOTHING
from askpapers.screening.protocol import Protocol
from askpapers.screening.report import Report
from askpapers.screening.report_text import MAY_STOP, may_stop, nothing_left, report_sections
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Screening, Task
from askpapers.screening.verdicts import Label, PaperJudgement, Stage, Verdict
from askpapers.service.protocols import PASTED
from askpapers.text import plain, printable
from askpapers.web.messages import ScreeningStep
from askpapers.web.rendering import Html, render

_ELSEWHERE = "in another window or a terminal"
_INCLUDE, _EXCLUDE = (Label.INCLUDE, "Include", "i"), (Label.EXCLUDE, "Exclude", "e")
_DECISIONS = {
    Stage.ABSTRACT: (_INCLUDE, _EXCLUDE, (Label.UNCLEAR, "Unclear", "u")),
    Stage.FULL_TEXT: (_INCLUDE, _EXCLUDE, (Label.NOT_RETRIEVED, "Not retrieved", "n")),
}


def described(decision: Decision) -> str:
    """A decision in words, with the paper's title."""
    return printable(f"“{plain(decision.title) or decision.paper}”: {decision.in_words}")


def decision_name(decision: Decision | None) -> str:
    """What a page calls the decision that it would take back."""
    return f"{decision.paper} {decision.label} {decision.at} {decision.id}" if decision else ""


def take_step(screening: Screening, sent: ScreeningStep) -> tuple[Screening, ScreenedPaper | None, str]:
    """Do what a page sent: the screening to go on with, a paper to show first, and what is to be said.

    Raises UsageError for what cannot be decided.
    """
    match sent.act:
        case "show":
            return screening, None, ""
        case "undo":
            return _undone(screening, sent.last)
        case label if screening.task.stage is Stage.DUPLICATES:
            return screening, None, _decided_pair(screening, sent, Label(label))
        case label:
            return screening, None, _decided(screening, sent, Label(label))


def _undone(screening: Screening, name: str) -> tuple[Screening, ScreenedPaper | None, str]:
    """Take the decision of a name back, where it is the reviewer's last; go on where it was made."""
    last = screening.log.last_of(screening.task.reviewer)
    if last is None or decision_name(last) != name:
        return screening, None, f"Nothing was taken back: the last decision was made {_ELSEWHERE}."
    screening.undo()
    task = replace(screening.task, stage=last.stage, consensus=last.consensus, recheck=last.recheck)
    screening, first = screening.doing(task), None
    if last.is_vote and last.stage is not Stage.DUPLICATES:
        with suppress(UsageError):  # it may be in the corpus no more
            first = screening.find(last.paper)
    return screening, first, f"Taken back: {described(last)}."


def _decided(screening: Screening, sent: ScreeningStep, label: Label) -> str:
    """Decide on a paper, unless that was done meanwhile; what is to be said of it, or ""."""
    screened = screening.find(sent.paper)
    if before := _decided_before(screening, screened.paper.id):
        return f"Nothing was decided: {described(before)}, {_ELSEWHERE}."
    screening.decide(screened, label, sent.reason)
    return ""


def _decided_before(screening: Screening, paper: str) -> Decision | None:
    """The decision for which a paper is no more the reviewer's to decide."""
    task, log = screening.task, screening.log
    if task.recheck:
        return log.rechecked.get(paper)
    outcome = log.outcomes(task.stage).get(paper, NOTHING)
    if task.consensus or outcome.is_open_to(task.reviewer):
        return outcome.consensus
    return outcome.consensus or outcome.votes.get(task.reviewer) or next(iter(outcome.votes.values()))


def _decided_pair(screening: Screening, sent: ScreeningStep, label: Label) -> str:
    wanted = {sent.paper, sent.of}
    if not any(wanted == {pair.paper.id, pair.other.id} for pair in screening.possible_duplicates()):
        return f"Nothing was decided: the two papers were decided on {_ELSEWHERE}."
    screening.decide_duplicate(sent.paper, sent.of, label)
    return ""


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """A screening as it is shown: by the protocol of a name, `paper` or a `pair` is to be decided on, or none is left.

    `version` is sent back with what is done, so that nothing is done to another state; `command` goes on in a terminal.
    `left` counts what the task has left, `pairs` what may be the same papers. `said` is what has just happened.
    """

    name: str
    version: str
    command: str
    protocol: Protocol
    task: Task
    reviewers: tuple[str, ...]
    paper: ScreenedPaper | None
    pair: PossibleDuplicate | None
    left: int
    pairs: int
    last: Decision | None
    report: Report
    said: str
    notes: tuple[str, ...] = ()

    @property
    def is_blind(self) -> bool:
        """Whether the paper is shown without what the machine makes of it."""
        return self.task.recheck or self.task.stage is Stage.FULL_TEXT


def screening_html(view: ScreeningView) -> Html:
    """A screening with what stands around the paper that is to be decided on."""
    return render("screening.html", **_values(view))


def now_html(view: ScreeningView) -> Html:
    """What changes with each decision: the paper or the pair, the buttons, and how far the screening is."""
    return render("screening_now.html", **_values(view))


def _values(view: ScreeningView) -> dict[str, Any]:
    task, stopping, rechecked = view.task, view.report.stopping, view.report.rechecked
    count = f"{stopping.decided:,} of {stopping.total:,} decided, {stopping.kept:,} kept"
    return {
        "view": view,
        "count": count,
        "tally": _tally(view, count),
        "rechecked": rechecked.papers if rechecked else 0,
        "nothing_left": nothing_left(task),
        "decisions": _DECISIONS.get(task.stage),
        "last_name": decision_name(view.last),
        "last_described": described(view.last) if view.last else "",
        "tasks": [*_tasks(view)],
        "may_stop": may_stop(stopping),
        "report": report_sections(view.report),
        "kinds": [(kind, label) for kind, (label, _) in SCREENING_KINDS.items()],
        "has_others": len({*view.reviewers, task.reviewer}) > 1,
        **(_paper_values(view, view.paper) if view.paper else {}),
    }


def _tally(view: ScreeningView, count: str) -> str:
    stopping, task = view.report.stopping, view.task
    if task.stage is Stage.DUPLICATES:
        return f"Papers that may be the same, pairs left: {view.left:,}. Which one stays?"
    if task.consensus:
        return f"Papers on which reviewers disagree: {view.left:,}. What is decided here counts."
    if task.stage is Stage.FULL_TEXT:
        return f"Full texts: {view.left:,} left of {view.report.prisma.sought:,} that are sought."
    stop = " You may stop: see the report." if stopping.chance_of_less < MAY_STOP else ""
    return f"{count}. {view.left:,} left.{stop}"


def _tasks(view: ScreeningView) -> Iterator[tuple[str, Task]]:
    """What can be done: each stage, and what reviewers disagree on."""
    prisma, reviewer = view.report.prisma, view.task.reviewer
    if view.pairs or view.task.stage is Stage.DUPLICATES:
        yield f"Possible duplicates ({view.pairs:,})", Task(reviewer, Stage.DUPLICATES)
    yield "Titles and abstracts", Task(reviewer)
    if prisma.conflicts:
        yield f"Disagreements ({prisma.conflicts:,})", Task(reviewer, consensus=True)
    if prisma.sought:
        yield f"Full texts ({prisma.full_texts.undecided:,})", Task(reviewer, Stage.FULL_TEXT)
    if conflicts := prisma.full_texts.conflicts:
        yield f"Disagreements on full texts ({conflicts:,})", Task(reviewer, Stage.FULL_TEXT, consensus=True)
    yield "Check decisions again, blind", Task(reviewer, recheck=True)


def _paper_values(view: ScreeningView, screened: ScreenedPaper) -> dict[str, Any]:
    """What is shown of a paper; where its screening is blind, nothing that the machine found."""
    paper, judgement, task = screened.paper, screened.judgement, view.task
    unclear = (one for one in judgement.verdicts if one.verdict is Verdict.UNCLEAR)
    judged = {} if view.is_blind else {one.criterion.number: one for one in judgement.verdicts}
    votes = screened.at_stage(task.stage).votes if task.consensus or not (task.blind or task.recheck) else {}
    return {
        "is_excluded_seed": screened.is_seed and not screened.outcome.votes and judgement.failed and not view.is_blind,
        "deciding": judgement.failed or next(unclear, None),
        "votes": [(reviewer_name(name), vote) for name, vote in votes.items()],
        "abstract": [(paper.abstract, None, "")] if view.is_blind else [*marked_abstract(paper, judgement)],
        "criteria": [(criterion, judged.get(criterion.number)) for criterion in view.protocol.criteria],
    }


def marked_abstract(paper: Paper, judgement: PaperJudgement) -> Iterator[tuple[str, Verdict | None, str]]:
    """The parts of an abstract: those that clear verdicts stand on, with the numbers of the criteria that end there."""
    quotes = [
        (evidence.quote.start, evidence.quote.end, one)
        for one in judgement.verdicts
        if one.verdict is not Verdict.UNCLEAR and (evidence := one.finding.evidence) and evidence.quote
    ]
    ends = sorted({0, len(paper.abstract), *(place for start, end, _ in quotes for place in (start, end))})
    for start, end in pairwise(ends):
        over = [(last, one) for first, last, one in quotes if first <= start and end <= last]
        verdicts = {one.verdict for _, one in over}
        verdict = Verdict.FAILED if Verdict.FAILED in verdicts else next(iter(verdicts), None)
        numbers = ", ".join(str(one.criterion.number) for last, one in over if last == end)
        yield paper.abstract[start:end], verdict, numbers


def failed_html(what: str, hint: str, text: str, name: str, taken: str = "") -> Html:
    """Why there is no screening by a text, with the line of it where that is one; `name`: it is stored under that.

    Another protocol has the name `taken`: it is replaced only by a press.
    """
    file, lines = name or PASTED, text.split("\n")
    number = what.removeprefix(f"{file}:").partition(":")[0]
    of_file = what.startswith(f"{file}:") and number.isascii() and number.isdecimal() and 0 < int(number) <= len(lines)
    line = f"{number}  {lines[int(number) - 1][:300]}" if of_file else ""
    return render("protocol_failed.html", what=what, hint=hint, line=line, name=name, taken=taken)
