"""What is said of answers and papers in plain text, the same on terminal and page, in files and for MCP."""

from __future__ import annotations

from collections import Counter

from askpapers.answering.cautions import marks
from askpapers.answering.statements import sides_in_words
from askpapers.datatypes import Answer, Paper, Quote, Relevance, Statement, Verdict
from askpapers.text import plain, printable

_MARKS = {Verdict.SUPPORTED: "", Verdict.PARTIAL: "partly supported", Verdict.UNSUPPORTED: "unsupported"}
DIMENSIONS = {"asked": "asked for", "what": "what it is", "how": "how it works", "result": "what came of it"}


def doubt(statement: Statement) -> str:
    """What is to be said of a statement besides itself: "partly supported; not in the source: 44%", or nothing."""
    missing = f"; not in the source: {', '.join(map(printable, statement.missing))}" if statement.missing else ""
    mark = _MARKS[statement.verdict]
    return f"{mark}{missing}" if mark else "citation repaired" if statement.repaired else ""


def doubted(answer: Answer) -> str:
    """The text of an answer with a word behind each sentence that is not supported, so that no copy loses it."""
    text = answer.text
    for statement in answer.statements:
        if mark := _MARKS[statement.verdict]:
            cited = f"{statement.text} {''.join(f'[{n}]' for n in statement.citations)}".strip()
            text = text.replace(cited, f"{cited} ({mark})", 1)
    return text


def coverage_line(answer: Answer) -> str:
    """Say how many papers a survey checked and found: "34 of 34 papers checked: 4 match, 2 mention"."""
    assert answer.coverage
    if stances := Counter(p.stance for p in answer.papers if p.stance):
        found = sides_in_words(stances)
    else:
        matches = sum(p.relevance is Relevance.MATCH for p in answer.papers)
        mentions = len(answer.papers) - matches
        found = f"{matches} match" + (f", {mentions} mention" if mentions else "")
    marked = marks(p.paper for p in answer.papers)
    return f"{answer.coverage}: {found}" + (f"; of these {marked}" if marked else "")


def short_authors(paper: Paper) -> str:
    """The authors in a few words: "Moss", "Moss and Ng", "Moss et al."."""
    people = paper.metadata.people
    names = [person.family for person in people] if people else list(paper.authors)
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)


def title_and_year(paper: Paper) -> str:
    """The title and the year of a paper on a line, as they are shown."""
    return printable(plain(paper.title)) + (f" ({paper.year})" if paper.year else "")


def place(quote: Quote) -> str:
    """Where a quote stands: file, line and characters."""
    return f"{printable(quote.source.file)}:{quote.source.line}, characters {quote.start}–{quote.end}"


def one_line(text: str) -> str:
    """A text as it is shown on one line."""
    return " ".join(printable(text).split())
