"""Answers and papers as other programs read them: CSV and BibTeX."""

from __future__ import annotations

import csv
import io
import itertools
import re
import string
import urllib.parse
from collections.abc import Sequence

from askpapers.datatypes import Answer, Paper
from askpapers.text import printable

_SAFE_IN_URL = "".join(set(string.punctuation) - set("{}\\"))  # BibTeX takes an address as it stands


def table(answer: Answer) -> str:
    """The papers of an answer as CSV, one a row, with the decisive quote and its place."""
    quote_of = {c.number: c.quote for c in answer.citations}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "title", "year", "authors", "url", "verdict", "quote", "file", "line"])
    for found in answer.papers:
        quote, paper = quote_of[found.citations[0]], found.paper
        writer.writerow(
            [
                *(_cell_text(v) for v in (paper.id, paper.title)),
                paper.year or "",
                *(_cell_text(v) for v in ("; ".join(paper.authors), paper.url or "", found.relevance or "")),
                *(_cell_text(v) for v in (quote.text, quote.source.file)),
                quote.source.line,
            ]
        )
    return out.getvalue()


def _cell_text(value: str) -> str:
    """A value as a spreadsheet shows it, never runs it: a formula's first sign gets an apostrophe."""
    value = printable(value)
    return f"'{value}" if value.lstrip()[:1] in tuple("=+-@＝＋－＠") else value


def bibtex(papers: Sequence[Paper]) -> str:
    """BibTeX entries for papers, each under its id."""
    entries = []
    for paper in papers:
        fields = {
            "title": f"{{{_tex(paper.title)}}}",
            "author": " and ".join(_tex(name) for name in paper.authors),
            "year": str(paper.year or ""),
            "url": urllib.parse.quote(printable(paper.url or ""), safe=_SAFE_IN_URL),
        }
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        key = re.sub(r"[^\w.:/-]", "-", paper.id)
        entries.append(f"@misc{{{key},\n{body}}}\n")
    return "\n".join(entries)


def _tex(text: str) -> str:
    """A text for BibTeX: LaTeX in it stays LaTeX, but for braces that would break the file."""
    text = printable(text).rstrip("\\")
    if not _balanced(text):
        text = re.sub(r"\\?[{}]", "", text)
    return re.sub(r"(?<!\\)\^", r"\\^{}", re.sub(r"(?<!\\)([&%#_$])", r"\\\1", text))


def _balanced(text: str) -> bool:
    """Whether every brace has its other half; to BibTeX a backslash before one makes no difference."""
    depths = list(itertools.accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)
