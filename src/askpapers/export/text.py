"""Answers and lists of papers as plain text, to be pasted anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from askpapers.answer_text import coverage_line, doubted
from askpapers.datatypes import Answer, Paper, Status
from askpapers.export.entries import place_of
from askpapers.export.values import one_line
from askpapers.text import plain, printable


def answers_text(answers: Sequence[Answer]) -> str:
    """The answers one after the other."""
    return "\n\n".join(map(answer_text, answers))


def papers_text(papers: Iterable[Paper]) -> str:
    """A reference on a line for each paper."""
    return "".join(f"{_reference(paper)}\n" for paper in papers)


def answer_text(answer: Answer) -> str:
    """The question, the statements with their numbers and doubts, the sources with their quotes and places."""
    if answer.is_guidance:
        listed = papers_text(found.paper for found in answer.papers)
        return printable("\n\n".join(filter(None, (answer.question, answer.text, listed.rstrip()))) + "\n")
    if answer.status is Status.NOT_IN_CORPUS:
        checked = f" ({answer.coverage})" if answer.coverage else ""
        near = [f"- {m.quote.paper} ({m.why}): “{one_line(m.quote.text)}”" for m in answer.closest]
        return printable("\n".join([answer.question, "", f"Not in this corpus{checked}.", *near])) + "\n"
    papers = {found.paper.id: found.paper for found in answer.papers}
    said = coverage_line(answer) if answer.coverage else doubted(answer)
    sources = [
        f"[{c.number}] {_reference(papers[c.quote.paper])}\n    “{one_line(c.quote.text)}”\n    {place_of(c.quote)}"
        for c in answer.citations
    ]
    return printable("\n".join([answer.question, "", said, "", *sources])) + "\n"


def _reference(paper: Paper) -> str:
    authors = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    title = plain(paper.title) + (f" ({paper.year})" if paper.year else "")
    notice = f" [{paper.mark.upper()}]" if paper.mark else ""
    return one_line(". ".join(part for part in (authors, title + notice, paper.id, paper.url or "") if part))
