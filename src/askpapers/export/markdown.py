"""Answers and lists of papers in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from askpapers.answer_text import DIMENSIONS, coverage_line, doubt, doubted, title_and_year
from askpapers.answering.confidence import confidence_note, confidence_word
from askpapers.datatypes import Answer, CitedPaper, Compared, Paper, Status, Verdict
from askpapers.export.entries import place_of
from askpapers.export.values import one_line
from askpapers.text import printable

_WEB_ADDRESS = re.compile(r"https?://[\w./?=&%#~:+@-]+")


def answers_markdown(answers: Sequence[Answer]) -> str:
    """The answers one after the other, a line between them."""
    return "\n---\n\n".join(map(markdown, answers))


def papers_markdown(papers: Iterable[Paper]) -> str:
    """A numbered list of papers, with authors, venue, ids and the place of the record."""
    return "".join(
        f"{number}. {_linked(paper)}  \n   {_facts(paper)}\n" for number, paper in enumerate(papers, start=1)
    )


def markdown(answer: Answer) -> str:
    """An answer in Markdown, with its sources as a numbered list of block quotes and their places."""
    lines = [f"**{escaped(answer.question)}**", ""]
    if answer.is_guidance:
        listed = papers_markdown(found.paper for found in answer.papers)
        return "\n".join([*lines, escaped(answer.text), "", listed, *_notes(answer)]).rstrip() + "\n"
    if answer.status is Status.NOT_IN_CORPUS:
        checked = f" ({answer.coverage})" if answer.coverage else ""
        lines += [f"*Not in this corpus{checked}.*", "", *_notes(answer)]
        for miss in answer.closest:
            lines += [
                f"- {escaped(f'{miss.title or miss.quote.paper}: {miss.why}')}",
                f"  > {escaped(one_line(miss.quote.text))}",
            ]
            lines += ["", f"  {escaped(place_of(miss.quote))}"]
        return "\n".join(lines) + "\n"
    if answer.comparison:
        lines += _comparison(answer, answer.comparison)
    else:
        lines += [coverage_line(answer) if answer.coverage else escaped(doubted(answer)), ""]
    lines += _sources(answer)
    if note := confidence_note(found.confidence for found in answer.papers):
        lines += [f"*{note}*", ""]
    for statement in answer.statements:
        if statement.verdict is not Verdict.SUPPORTED:
            lines += [f"*{escaped(doubt(statement))}:* {escaped(statement.text)}", ""]
    lines += _notes(answer)
    return "\n".join(lines).rstrip() + "\n"


def _sources(answer: Answer) -> Iterator[str]:
    cited = {found.paper.id: found for found in answer.papers}
    for citation in answer.citations:
        found, quote = cited[citation.quote.paper], citation.quote
        yield f"{citation.number}. {_relevance(found)}{_linked(found.paper)}"
        yield from ("", f"   > {escaped(one_line(quote.text))}", "")
        yield from (f"   {escaped(f'{one_line(quote.paper)} · {place_of(quote)}')}", "")


def _notes(answer: Answer) -> list[str]:
    return [line for note in answer.notes for line in (f"*note:* {escaped(one_line(note))}", "")]


def _comparison(answer: Answer, comparison: Compared) -> list[str]:
    text_of = {s.citations[0]: s.text for s in answer.statements}
    sides = comparison.sides
    lines = ["| | " + " | ".join(map(escaped, sides)) + " |", "| --- |" + " --- |" * len(sides)]
    for row in comparison.rows:
        cells = [f"{escaped(text_of[n])} [{n}]" if n else "nothing found" for n in row.citations]
        lines.append(f"| {DIMENSIONS[row.tells]} | " + " | ".join(cells) + " |")
    lines += ["", *(f"“{escaped(side)}” is not in this corpus." for side in comparison.missing)]
    if comparison.shared:
        lines.append(f"Words that both papers use: {', '.join(comparison.shared)}")
    return [*lines, ""]


def _relevance(found: CitedPaper) -> str:
    verdict = found.stance or found.relevance
    sure = "" if found.confidence is None else f", {confidence_word(found.confidence)}"
    return f"({verdict}{sure}) " if verdict else ""


def _linked(paper: Paper) -> str:
    name = re.sub(r"([\[\]])", r"\\\1", escaped(title_and_year(paper)))  # a bracket would end the link
    linked = f"[{name}]({paper.url})" if paper.url and _WEB_ADDRESS.fullmatch(paper.url) else name
    return linked + (f" **[{paper.mark.upper()}]**" if paper.mark else "")


def _facts(paper: Paper) -> str:
    metadata = paper.metadata
    places = (f"{source.file}:{source.line}" for source in paper.sources[:1])
    facts = (", ".join(paper.authors), metadata.venue, metadata.doi and f"doi:{metadata.doi}", paper.id, *places)
    return escaped(" · ".join(one_line(fact) for fact in facts if fact))


def escaped(text: str) -> str:
    """The text without what Markdown would read as its own signs."""
    return re.sub(r"([\\`*_<>|#])", r"\\\1", printable(text))
