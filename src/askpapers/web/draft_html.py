"""Checks of drafts on the page: what is to be looked at first, and each sentence with the quotes that it stands on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from pathlib import Path

from askpapers.counts import counted
from askpapers.drafts.annotate import COMMENTED
from askpapers.drafts.findings import CheckedPart, CheckedSentence, DraftCheck, Finding
from askpapers.drafts.report import LABELS, quote_label, remarks
from askpapers.service.corpus_service import CorpusService
from askpapers.service.draft_checks import SUFFIXES, CheckedDraft, DraftChecks
from askpapers.web.citing import heading, one_line, opener
from askpapers.web.markup import Html, button, element, joined
from askpapers.web.streams import updates

_LONGEST = 90  # characters of a sentence that needs no look


def check_updates(
    service: CorpusService, checks: DraftChecks, files: Sequence[Path], pasted: str
) -> AsyncGenerator[Html, None]:
    """How far the check of a draft is, then what it found; or why there is none."""

    def show(checked: CheckedDraft) -> Html:
        return _html(checked.check, len(service.corpus.index.papers), checks.remember(checked))

    return updates(service, partial(checks.start, files, pasted), show)


def _html(checked: DraftCheck, papers: int, key: str) -> Html:
    problems = checked.problems
    rest = [one for one in checked.sentences if not one.is_problem]
    count = len(checked.sentences)
    counts = [
        element("li", element("b", f"{number:,}"), f" {LABELS[finding]}", data_finding=str(finding))
        for finding, number in checked.counts.items()
        if number
    ]
    passed = ", ".join(f"{number:,} {reason}" for reason, number in checked.passed_over.items())
    sentences = counted(count, "sentence")
    return element(
        "div",
        element(
            "p",
            f"{sentences} checked against {counted(papers, 'paper')}, {len(problems):,} to look at.",
            class_="coverage",
            role="status",
        ),
        element("ul", *counts, class_="counts") if counts else None,
        element("div", element("span", "Save: "), *_saves(checked), element("span", class_="notice"), class_="actions"),
        *(element("p", note, class_="note") for note in checked.notes),
        *(_problem(checked, sentence) for sentence in problems),
        element("h3", f"Nothing to look at ({len(rest):,})") if rest else None,
        element("ul", *(element("li", _line(checked, one)) for one in rest), class_="fine") if rest else None,
        element("p", f"Passed over: {passed}.", class_="tally") if passed else None,
        element(
            "p", "Papers are known by title and abstract: what only a full text says is not found.", class_="tally"
        ),
        class_="answer checked",
        data_check=key,
    )


def _saves(checked: DraftCheck) -> list[Html]:
    """Buttons for what can be saved; plain text has no comments."""
    kinds = [("html", "Report (HTML)"), ("json", "JSON")]
    if checked.draft.format in COMMENTED:
        kinds.insert(0, ("draft", f"The draft with comments ({SUFFIXES[checked.draft.format]})"))
    return [button(label, data_act="save-check", data_kind=kind) for kind, label in kinds]


def _problem(checked: DraftCheck, sentence: CheckedSentence) -> Html:
    return element(
        "div",
        element("p", element("span", f"line {sentence.line:,} ", class_="facts"), one_line(sentence.text), dir="auto"),
        *(_part(checked, sentence, part) for part in sentence.parts),
        class_="problem",
        data_finding=str(sentence.finding),
        role="group",
        aria_label=f"Line {sentence.line}: {LABELS[sentence.finding]}",
    )


def _part(checked: DraftCheck, sentence: CheckedSentence, part: CheckedPart) -> Html:
    label = element("b", LABELS[part.finding], class_="finding", data_finding=str(part.finding))
    statement = element("q", one_line(part.statement), dir="auto") if len(sentence.parts) > 1 else None
    quotes = [
        element(
            "blockquote",
            element("q", one_line(quote.text), dir="auto"),
            element(
                "p",
                f"{quote_label(part.finding)}: ",
                opener(heading(checked.papers[quote.paper]), quote),
                class_="why",
            ),
        )
        for quote in part.quotes
    ]
    said = (element("p", remark, class_="tally") for remark in remarks(part))
    return joined(element("p", label, " " if statement else None, statement), *said, *quotes)


def _line(checked: DraftCheck, sentence: CheckedSentence) -> Html:
    """A sentence that needs no look; where papers say it, it opens at the first quote."""
    words = " ".join(sentence.text.split())
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …"
    quotes = [quote for part in sentence.parts for quote in part.quotes]
    supported = sentence.finding is Finding.SUPPORTED and quotes
    shown = opener(words, quotes[0]) if supported else element("span", words, dir="auto")
    label = LABELS[sentence.finding] + ("" if sentence.is_cited else ", no citation")
    source = f": {heading(checked.papers[quotes[0].paper])}" if supported else ""
    return joined(shown, element("span", f" {label}{source}", class_="facts"))
