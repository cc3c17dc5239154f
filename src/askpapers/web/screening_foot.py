"""What stands below a paper that is screened: the buttons to decide by, other tasks, the report, files to save."""

from __future__ import annotations

from askpapers.export.screening import SCREENING_KINDS
from askpapers.screening.report_text import may_stop, report_sections
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import Label, Stage
from askpapers.web.citing import verbatim
from askpapers.web.markup import Html, button, element, joined
from askpapers.web.screening_steps import ScreeningView, decision_name, described

_INCLUDE, _EXCLUDE = (Label.INCLUDE, "Include", "i"), (Label.EXCLUDE, "Exclude", "e")
_DECISIONS = {
    Stage.ABSTRACT: (_INCLUDE, _EXCLUDE, (Label.UNCLEAR, "Unclear", "u")),
    Stage.FULL_TEXT: (_INCLUDE, _EXCLUDE, (Label.NOT_RETRIEVED, "Not retrieved", "n")),
}


def buttons_html(view: ScreeningView) -> Html:
    """The buttons that decide, with their keys, and the one that takes the last decision back."""
    shown: list[Html] = []
    if view.paper:
        shown = [_decision_button(word, key, label) for label, word, key in _DECISIONS[view.task.stage]]
        hint = "Reason to exclude, in words"
        shown.append(element("input", type="text", class_="reason", maxlength=1000, placeholder=hint, aria_label=hint))
    elif view.pair:
        two = {"data_paper": verbatim(view.pair.other.id), "data_of": verbatim(view.pair.paper.id)}
        shown = [_decision_button("Different papers", "d", Label.DIFFERENT, **two)]
    last = view.last
    undo = button(
        "Undo",
        element("kbd", "z"),
        data_act="screen-undo",
        data_key="z",
        data_last=verbatim(decision_name(last)),
        disabled=last is None,
        title=f"Take back: {described(last)}" if last else None,
    )
    return element("div", *shown, undo, class_="decide", role="group", aria_label="Decide")


def _decision_button(word: str, key: str, label: Label, **more: str) -> Html:
    sent = {"data_act": "screen-decide", "data_label": str(label), "data_key": key, **more}
    return button(word, element("kbd", key), **sent)


def foot_html(view: ScreeningView) -> Html:
    """The other tasks, the report and files; the task itself stands in data attributes, which a step sends back."""
    sections = [
        joined(element("h4", heading) if heading else None, element("ul", *(element("li", line) for line in lines)))
        for heading, lines in report_sections(view.report)
    ]
    summary = f"Report: PRISMA counts, when to stop ({may_stop(view.report.stopping)}), agreement"
    saves = [button(label, data_act="screen-save", data_kind=kind) for kind, (label, _) in SCREENING_KINDS.items()]
    task = view.task
    is_named = task.reviewer and task.reviewer in view.reviewers
    return element(
        "div",
        *(element("p", note, class_="note") for note in view.notes),
        _tasks(view),
        element("details", element("summary", summary), *sections, class_="report"),
        element("div", element("span", "Save all with labels and reasons as "), *saves, class_="actions"),
        element(
            "div",
            _unblind(view),
            button(f"Rename {view.task.reviewer}", data_act="screen-rename-reviewer") if is_named else None,
            button("Change the protocol or your name", data_act="screen-protocol"),
            class_="actions",
        ),
        element("p", "In a terminal: ", element("code", view.command), class_="tally"),
        class_="about-screening",
        data_stage=task.stage,
        data_consensus="yes" if task.consensus else "",
        data_recheck="yes" if task.recheck else "",
        data_unblind="" if task.blind else "yes",
    )


def _tasks(view: ScreeningView) -> Html:
    """What can be done besides: each stage, and what reviewers disagree on."""
    prisma, reviewer = view.report.prisma, view.task.reviewer
    tasks = [("Titles and abstracts", Task(reviewer))]
    if view.pairs or view.task.stage is Stage.DUPLICATES:
        tasks.insert(0, (f"Possible duplicates ({view.pairs:,})", Task(reviewer, Stage.DUPLICATES)))
    if prisma.conflicts:
        tasks.append((f"Disagreements ({prisma.conflicts:,})", Task(reviewer, consensus=True)))
    if prisma.sought:
        tasks.append((f"Full texts ({prisma.full_texts.undecided:,})", Task(reviewer, Stage.FULL_TEXT)))
    if conflicts := prisma.full_texts.conflicts:
        tasks.append((f"Disagreements on full texts ({conflicts:,})", Task(reviewer, Stage.FULL_TEXT, consensus=True)))
    tasks.append(("Check decisions again, blind", Task(reviewer, recheck=True)))
    return element("div", *(_task(name, task, view.task) for name, task in tasks), class_="actions tasks")


def _task(name: str, task: Task, now: Task) -> Html:
    is_now = (task.stage, task.consensus, task.recheck) == (now.stage, now.consensus, now.recheck)
    return button(
        name,
        data_act="screen-task",
        data_stage=task.stage,
        data_consensus="yes" if task.consensus else "",
        data_recheck="yes" if task.recheck else "",
        aria_pressed="true" if is_now else "false",
    )


def _unblind(view: ScreeningView) -> Html | None:
    if len({*view.reviewers, view.task.reviewer}) < 2:
        return None
    word = "Show what others decided" if view.task.blind else "Hide what others decided"
    return button(word, data_act="screen-unblind", data_unblind="yes" if view.task.blind else "")
