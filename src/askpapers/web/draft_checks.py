"""Checks of drafts on the page: what is to be looked at first, and each sentence with the quotes that it stands on."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from askpapers.drafts.annotate import COMMENTED, annotated
from askpapers.drafts.checking import check_draft
from askpapers.drafts.findings import CheckedPart, CheckedSentence, DraftCheck, Finding
from askpapers.drafts.reading import read_draft
from askpapers.drafts.report import LABELS, check_dict, html_page, quote_label, remarks
from askpapers.errors import UsageError
from askpapers.export.json_files import json_text
from askpapers.web.citing import heading, one_line, opens
from askpapers.web.desk import Desk
from askpapers.web.markup import Html, element, joined
from askpapers.web.streams import updates
from askpapers.web.work import ProgressCall

PASTED = "The pasted text"
_BIBLIOGRAPHIES = (".bib", ".bbl", ".json")
_LONGEST = 90  # characters of a sentence that needs no look
_MOST, _MOST_BYTES = 16, 50_000_000  # checks that are remembered, and bytes of their drafts
_SUFFIXES = {"markdown": ".md", "latex": ".tex", "docx": ".docx"}


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A check, and what its draft was read from."""

    check: DraftCheck
    content: bytes

    def file(self, kind: str) -> tuple[str, bytes]:
        """A file to save, as `ask check` writes it: its name and content. Raises UsageError for no kind of file.

        `kind` is "html" or "json" for the report, "draft" for a copy of the draft with comments.
        """
        draft = self.check.draft
        stem, suffix = Path(draft.name).stem, Path(draft.name).suffix
        if draft.name == PASTED:
            stem, suffix = "draft", _SUFFIXES.get(draft.format, "")
        match kind:
            case "html":
                return f"{stem}-check.html", html_page(self.check).encode(errors="replace")
            case "json":
                return f"{stem}-check.json", json_text(check_dict(self.check)).encode(errors="replace")
            case "draft":
                return f"{stem}-checked{suffix}", annotated(self.check, self.content)
        raise UsageError(f"“{kind}” is no kind of file here.", hint="Known: html, json, draft.")


class DraftChecks:
    """Checks drafts against the corpus of a desk. The last ones can be saved, by whoever has the key of one."""

    def __init__(self, desk: Desk) -> None:
        """Check what a desk's corpus says; nothing is remembered yet."""
        self._desk = desk
        self._recent: OrderedDict[str, CheckedDraft] = OrderedDict()
        self._remembering = threading.Lock()

    def shown(self, files: Sequence[Path], pasted: str) -> AsyncGenerator[Html, None]:
        """How far the check of a draft is, then what it found; or why there is none."""

        def show(checked: CheckedDraft) -> Html:
            return _html(checked.check, len(self._desk.corpus.index.papers), self._remember(checked))

        check = partial(self.checked, files, pasted)
        return updates(self._desk, partial(self._desk.answering.start, lambda told: iter([check(told)]), "check"), show)

    def file(self, key: str, kind: str) -> tuple[str, bytes]:
        """A file of a check that is remembered; see `CheckedDraft.file`. Raises UsageError where it is not."""
        with self._remembering:
            checked = self._recent.get(key)
        if checked is None:
            raise UsageError("This check is not remembered any more.", hint="Check the draft again.")
        return checked.file(kind)

    def _remember(self, checked: CheckedDraft) -> str:
        """Remember a check in place of the oldest; the key by which it is found cannot be guessed."""
        key = secrets.token_urlsafe()
        with self._remembering:
            self._recent[key] = checked
            while len(self._recent) > _MOST or sum(len(one.content) for one in self._recent.values()) > _MOST_BYTES:
                self._recent.popitem(last=False)
        return key

    def checked(self, paths: Sequence[Path], pasted: str, progress: ProgressCall) -> CheckedDraft:
        """Check a draft: a pasted text, or the one file beside bibliographies. Places are as a stranger may see them.

        Raises UsageError where there is no draft or more than one, and what `read_draft` raises.
        """
        bibliographies = [path for path in paths if path.suffix.lower() in _BIBLIOGRAPHIES]
        drafts = [path for path in paths if path not in bibliographies]
        if len(drafts) + bool(pasted.strip()) != 1:
            raise UsageError(
                "There is no draft." if not drafts else "There is more than one draft.",
                hint="Give one: a file, or a pasted text; bibliographies (.bib, .bbl, CSL JSON) may come with it.",
            )
        name, content = (
            (drafts[0].name, drafts[0].read_bytes()) if drafts else (PASTED, pasted.encode(errors="replace"))
        )
        corpus = self._desk.opened(progress)
        draft = read_draft(name, content, None, bibliographies)
        check = check_draft(draft, corpus.index, corpus.embedder, corpus.support_check, progress)
        return CheckedDraft(replace(check, sentences=tuple(map(self._as_seen, check.sentences))), content)

    def _as_seen(self, sentence: CheckedSentence) -> CheckedSentence:
        """The sentence with the files of its quotes as a stranger may see them."""
        quote = self._desk.places.quote
        parts = (replace(part, quotes=tuple(map(quote, part.quotes))) for part in sentence.parts)
        return replace(sentence, parts=tuple(parts))


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
    sentences = "1 sentence" if count == 1 else f"{count:,} sentences"
    return element(
        "div",
        element(
            "p",
            f"{sentences} checked against {papers:,} papers, {len(problems):,} to look at.",
            class_="coverage",
            role="status",
        ),
        element("ul", *counts, class_="counts") if counts else None,
        element("div", element("span", "Save: "), *_saves(checked), element("span", class_="told"), class_="actions"),
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
        kinds.insert(0, ("draft", f"The draft with comments ({_SUFFIXES[checked.draft.format]})"))
    return [element("button", label, type="button", data_act="save-check", data_kind=kind) for kind, label in kinds]


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
                element("button", heading(checked.papers[quote.paper]), type="button", class_="opener", **opens(quote)),
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
    shown = (
        element("button", words, type="button", class_="opener", dir="auto", **opens(quotes[0]))
        if supported
        else element("span", words, dir="auto")
    )
    label = LABELS[sentence.finding] + ("" if sentence.is_cited else ", no citation")
    source = f": {heading(checked.papers[quotes[0].paper])}" if supported else ""
    return joined(shown, element("span", f" {label}{source}", class_="facts"))
