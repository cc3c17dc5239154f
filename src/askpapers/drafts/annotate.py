"""A copy of a draft with a comment behind every sentence that is to be looked at: Markdown, LaTeX and Word."""

from __future__ import annotations

import re

from askpapers.drafts.docx import annotate_docx
from askpapers.drafts.draft import Draft
from askpapers.drafts.findings import CheckedSentence, DraftCheck, Finding
from askpapers.drafts.report import LABELS, quote_label, remarks
from askpapers.errors import UsageError

COMMENTED = ("markdown", "latex", "docx")
"""The formats that have comments."""


def check_has_comments(draft: Draft) -> None:
    """Raise UsageError for plain text."""
    if draft.format not in COMMENTED:
        hint = "Give the draft as Markdown, LaTeX or .docx, or use --html FILE."
        raise UsageError("Plain text has no comments.", hint=hint)


def annotated(check: DraftCheck, content: bytes) -> bytes:
    """The copy; `content` is what the draft was read from. Raises UsageError for plain text, which has no comments."""
    draft = check.draft
    check_has_comments(draft)
    if draft.format == "docx":
        return annotate_docx(content, [(one.start, one.end, comment(check, one)) for one in own_problems(check)])
    text, added = draft.text, dict[int, str]()
    for sentence in own_problems(check):
        said = " ".join(comment(check, sentence).split())
        if draft.format == "markdown":
            inner = re.sub(r"-{2,}", "-", said).replace(">", "›").strip("-")
            added[sentence.end] = f" <!-- {inner} -->"
        else:
            line_end = text.find("\n", sentence.end)
            place = len(text) if line_end < 0 else line_end
            added[place] = f"{added.get(place, '')}\n% {said}"
    for place in sorted(added, reverse=True):
        text = text[:place] + added[place] + text[place:]
    return text.encode()


def own_problems(check: DraftCheck) -> list[CheckedSentence]:
    """The sentences to be looked at that stand in the draft itself, not in a file that it includes."""
    return [sentence for sentence in check.problems if not sentence.file]


def comment(check: DraftCheck, sentence: CheckedSentence) -> str:
    """What a comment on a sentence says."""
    lines = []
    for part in sentence.parts:
        if part.finding is Finding.SUPPORTED and not any(citation.differs for citation in part.citations):
            continue
        which = f" “{part.statement}”" if len(sentence.parts) > 1 else ""
        said = [f"ask check: {LABELS[part.finding]}{which}", *remarks(part)]
        for quote in part.quotes[:1]:
            paper = check.papers[quote.paper]
            said.append(f"{quote_label(part.finding)}: “{quote.text}” ({paper.title}, {paper.id})")
        lines.append("; ".join(said))
    return "\n".join(lines)
