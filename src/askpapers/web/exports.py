"""Answers to take along: text with citations, Markdown, BibTeX of exactly the cited papers, CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers import formats, render
from askpapers.datatypes import Answer, Paper, Status
from askpapers.errors import UsageError
from askpapers.text import plain, printable

_LONGEST_NAME = 50


def export(kind: str, answers: Sequence[Answer]) -> tuple[str, str]:
    """A file name, and what to write to it. Raises UsageError for another kind than text, markdown, bibtex, csv."""
    if not answers:
        raise UsageError("There is nothing to export yet.", hint="Ask a question first.")
    name = _name(answers[0].question)
    match kind:
        case "text":
            return f"{name}.txt", "\n\n".join(text(answer) for answer in answers)
        case "markdown":
            return f"{name}.md", "\n---\n\n".join(render.markdown(answer) for answer in answers)
        case "bibtex":
            return f"{name}.bib", formats.bibtex(_cited(answers))
        case "csv":
            return f"{name}.csv", formats.table(answers[-1])
    raise UsageError(f"“{kind}” is no kind of export.", hint="Known: text, markdown, bibtex, csv.")


def text(answer: Answer) -> str:
    """An answer as plain text: the question, the statements with their numbers, the sources with their quotes."""
    if answer.is_guidance:
        return printable(f"{answer.question}\n\n{answer.text}\n")
    if answer.status is Status.NOT_IN_CORPUS:
        checked = f" ({answer.coverage})" if answer.coverage else ""
        near = [f"- {m.quote.paper} ({m.why}): “{_line(m.quote.text)}”" for m in answer.closest]
        return printable("\n".join([answer.question, "", f"Not in this corpus{checked}.", *near])) + "\n"
    papers = {found.paper.id: found.paper for found in answer.papers}
    said = render.coverage_line(answer) if answer.coverage else answer.text
    sources = [
        f"[{c.number}] {_reference(papers[c.quote.paper])}\n    “{_line(c.quote.text)}”" for c in answer.citations
    ]
    return printable("\n".join([answer.question, "", said, "", *sources])) + "\n"


def _cited(answers: Sequence[Answer]) -> list[Paper]:
    papers = {found.paper.id: found.paper for answer in answers for found in answer.papers if found.citations}
    return list(papers.values())


def _reference(paper: Paper) -> str:
    authors = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    parts = (authors, plain(paper.title) + (f" ({paper.year})" if paper.year else ""), paper.id, paper.url or "")
    return ". ".join(part for part in parts if part)


def _line(quote: str) -> str:
    return " ".join(quote.split())


def _name(question: str) -> str:
    """A file name that says what was asked, made of letters, digits and hyphens only."""
    return re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "answer"
