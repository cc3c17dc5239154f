"""Answers as a person reads them on a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from askpapers.answer_text import (
    DIMENSIONS,
    coverage_line,
    doubt,
    doubted,
    one_line,
    place,
    short_authors,
    title_and_year,
)
from askpapers.answering.confidence import confidence_note, confidence_word
from askpapers.counts import counted
from askpapers.datatypes import (
    Answer,
    CitedPaper,
    Compared,
    Paper,
    Quote,
    Relevance,
    Stance,
    Statement,
    Status,
    Verdict,
)
from askpapers.text import plain, printable, stem, words

_HEADINGS = {
    Relevance.MATCH: "Match",
    Relevance.MENTION: "Mention",
    Stance.YES: "Yes",
    Stance.NO: "No",
    Stance.MIXED: "Mixed",
}
_GREEN = (Relevance.MATCH, Stance.YES)
_MARKER = re.compile(r"\[\d+\]")


def print_answer(answer: Answer, console: Console, top: int) -> None:
    """Print an answer; a survey shows its first `top` papers and says how many more there are."""
    if answer.is_guidance:
        console.print(Text(printable(answer.text)))
        _print_notes(answer, console)
        _print_records(answer.papers, console, top)
    elif answer.status is Status.NOT_IN_CORPUS:
        _print_refusal(answer, console)
    elif answer.coverage:
        _print_survey(answer, console, top)
    elif answer.comparison:
        _print_comparison(answer, answer.comparison, console)
    else:
        _print_statements(answer, console)


def _print_records(papers: Sequence[CitedPaper], console: Console, top: int) -> None:
    """Print the papers of an answer from records, each with the place of its record."""
    for number, found in enumerate(papers[:top], start=1):
        paper = found.paper
        console.print(Text(f"[{number}] ", style="cyan").append(heading(paper)))
        told = (
            short_authors(paper),
            paper.metadata.venue,
            paper.id,
            *(f"{s.file}:{s.line}" for s in paper.sources[:1]),
        )
        line = " · ".join(printable(plain(part)) for part in told if part)
        console.print(Padding(Text(line, style="dim"), (0, 4), expand=False))
    _print_how_many_more(len(papers), top, console)


def _print_how_many_more(count: int, top: int, console: Console) -> None:
    if count > top:
        console.print(Text(f"and {count - top:,} more (--top {count} shows all)", style="dim"))


def _print_statements(answer: Answer, console: Console) -> None:
    for paragraph in printable(doubted(answer)).split("\n\n"):
        text = Text(paragraph)
        text.highlight_regex(_MARKER, "cyan")
        console.print(text)
        console.print()
    print_evidence(answer, console)


def print_evidence(answer: Answer, console: Console, *, doubts_told: bool = False) -> None:
    """Print what an answer's sentences stand on: doubts, where they were not told, notes, quotes and places."""
    doubtful = [s for s in answer.statements if s.verdict is not Verdict.SUPPORTED]
    for statement in () if doubts_told else doubtful:
        console.print(Text(f"{doubt(statement)}: {printable(statement.text)}", style="yellow"))
    _print_notes(answer, console)
    count = len(answer.statements)
    said = counted(count, "statement")
    usage = answer.usage
    tokens = (
        f" ({usage.prompt_tokens:,} tokens read, {usage.completion_tokens:,} written)" if usage.prompt_tokens else ""
    )
    by = f", written by {printable(answer.engine.model)}{tokens}" if answer.engine.model else ""
    supported = f"{said}{by}, {count - len(doubtful)} supported by the quotes below."
    console.print(Text(supported, style="dim"), end="\n\n")
    for citation in answer.citations:
        paper = next(p.paper for p in answer.papers if p.paper.id == citation.quote.paper)
        _print_source(f"[{citation.number}] ", paper, citation.quote, answer, console)


def _print_notes(answer: Answer, console: Console) -> None:
    for note in answer.notes:
        console.print(Text(f"note: {one_line(note)}", style="yellow"))


def _print_survey(answer: Answer, console: Console, top: int) -> None:
    console.print(Text(coverage_line(answer), style="bold"), end="\n\n")
    _print_notes(answer, console)
    quote_of = {c.number: c.quote for c in answer.citations}
    heading = None
    words = {p.paper.id: confidence_word(p.confidence) for p in answer.papers[:top] if p.confidence is not None}
    width = max(map(len, words.values()), default=0)
    for found in answer.papers[:top]:
        group = found.stance or found.relevance
        if group != heading and group:
            heading = group
            console.print(Text(_HEADINGS[heading], style="bold green" if heading in _GREEN else "bold"))
        number = found.citations[0]
        word = f"{words.get(found.paper.id, '').ljust(width)} · " if words else ""
        _print_source(f"[{number}] ", found.paper, quote_of[number], answer, console, word)
    if note := confidence_note(p.confidence for p in answer.papers[:top]):
        console.print(Text(note, style="dim"))
    _print_how_many_more(len(answer.papers), top, console)


def _print_comparison(answer: Answer, comparison: Compared, console: Console) -> None:
    text_of = {s.citations[0]: s for s in answer.statements}
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, pad_edge=False)
    table.add_column("", style="dim", no_wrap=True)
    for side in comparison.sides:
        table.add_column(Text(printable(side)), ratio=1)
    for row in comparison.rows:
        cells = [_cell(text_of[n], n) if n else Text("nothing found", style="dim") for n in row.citations]
        table.add_row(DIMENSIONS[row.tells], *cells)
    console.print(table)
    for side in comparison.missing:
        console.print(Text(f"“{printable(side)}” is not in this corpus.", style="bold yellow"))
    if comparison.shared:
        console.print(Text("Words that both papers use: ", style="dim").append(", ".join(comparison.shared)))
    console.print()
    for paper in answer.papers:  # the cells are the quotes: only their places are left to say
        console.print(heading(paper.paper))
        for citation in answer.citations:
            if citation.quote.paper == paper.paper.id:
                line = Text(f"[{citation.number}] ", style="cyan").append(place(citation.quote), style="dim")
                console.print(Padding(line, (0, 4), expand=False))


def _cell(statement: Statement, number: int) -> Text:
    told = f" ({doubt(statement)})" if doubt(statement) else ""
    return Text(printable(statement.text)).append(f" [{number}]", style="cyan").append(told, style="yellow")


def _print_refusal(answer: Answer, console: Console) -> None:
    checked = f" ({answer.coverage})" if answer.coverage else ""
    refusal = Text("Not in this corpus.", style="bold yellow")
    console.print(Text.assemble(refusal, f" No paper here answers this{checked}."))
    _print_notes(answer, console)
    for statement in answer.statements:
        console.print(Text(": ".join(filter(None, (doubt(statement), printable(statement.text)))), style="dim"))
    if answer.closest:
        console.print("\nThe closest that it has:\n")
    for miss in answer.closest:
        console.print(Padding(Text(f"“{one_line(miss.quote.text)}”"), (0, 2), expand=False))
        why = f"{miss.title or miss.quote.paper}: {miss.why}"
        console.print(Padding(Text(printable(why)), (0, 2), expand=False))
        where = f"{printable(miss.quote.paper)} · {place(miss.quote)}"
        console.print(Padding(Text(where, style="dim"), (0, 2), expand=False), end="\n\n")


def _print_source(number: str, paper: Paper, quote: Quote, answer: Answer, console: Console, word: str = "") -> None:
    console.print(Text(number, style="cyan").append(heading(paper)))
    text = Text("“").append(_emphasised(one_line(quote.text), answer.emphasis)).append("”")
    console.print(Padding(text, (0, 4), expand=False))
    console.print(Padding(Text(f"{word}{printable(paper.id)} · {place(quote)}", style="dim"), (0, 4), expand=False))
    console.print()


def _emphasised(quote: str, stems: frozenset[str]) -> Text:
    text = Text(quote)
    for word, start, end in words(quote):
        if stem(word.casefold()) in stems:
            text.stylize("bold", start, end)
    return text


def heading(paper: Paper) -> Text:
    """A paper's title and year, and what has to be known of it: that it was retracted."""
    return Text(title_and_year(paper), style="bold").append(
        f" [{paper.mark.upper()}]" if paper.mark else "", style="bold red"
    )
