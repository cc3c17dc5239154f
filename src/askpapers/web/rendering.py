"""How the page is shown: by the templates in `templates/`, which make markup, and nothing else does.

Here are the filters by which they show papers, quotes and verdicts. The text of a paper is shown as it reads:
mathematics as characters, the labels of its sections set off.
"""

from __future__ import annotations

import functools
import re
import urllib.parse
from collections.abc import Callable, Collection, Iterator
from typing import Any, NewType

from jinja2 import Environment

from askpapers.counts import counted
from askpapers.datatypes import Paper, Statement, Verdict
from askpapers.index.overview import TypicalPaper
from askpapers.tables.words import SECTION_LABEL
from askpapers.templates import environment
from askpapers.text import plain, sentences, stem, words
from askpapers.text.latex import math_spans, undo_latex

Html = NewType("Html", str)
"""What `render` made."""
ROWS_AT_ONCE = 25
"""Rows of a table that are shown before "Show more"."""
Piece = tuple[str, "str | tuple[Piece, ...]"]
"""A style and a text in it: "" for none, "label", "emphasis", "raised", "lowered"; in a "formula", pieces."""

_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]{1,60})\}|(\\[A-Za-z]{1,20}|[A-Za-z0-9*+'-]))")
_LATEX = re.compile(r"\\[A-Za-z]|[\^_]")
_RAISED, _LOWERED, _END = "\ue000", "\ue001", "\ue002"
_STYLES = {_RAISED: "raised", _LOWERED: "lowered"}
_AUTHORS = 8
_MOST_GROUPS = 30  # braces of a formula: deeper ones are shown as they are
_VERDICTS = {
    Verdict.SUPPORTED: ("✓", "supported"),
    Verdict.PARTIAL: ("◐", "partly supported"),
    Verdict.UNSUPPORTED: ("✗", "unsupported"),
}


def render(template: str, **values: Any) -> Html:
    """A template with some values in it."""
    return Html(_templates().get_template(template).render(values))


@functools.cache
def _templates() -> Environment:
    made = environment("askpapers.web")
    made.filters |= {
        "byline": byline,
        "counted": counted,
        "heading": heading,
        "pieces": pieces,
        "plain": plain,
        "record_line": _record_line,
        "thousands": "{:,}".format,
        "verbatim": verbatim,
        "verdict_words": _verdict_words,
    }
    made.globals |= {
        "rows_at_once": ROWS_AT_ONCE,
        "verdict_signs": {verdict: sign for verdict, (sign, _) in _VERDICTS.items()},
    }
    return made


def verbatim(text: str) -> str:
    """A text for an attribute that comes back to the server as it is, control characters and all."""
    return urllib.parse.quote(text, safe=" ")


def read_verbatim(attribute: str) -> str:
    """The text that `verbatim` wrote."""
    return urllib.parse.unquote(attribute)


def heading(paper: Paper | TypicalPaper) -> str:
    """A paper's title as it reads, with its year, and what has to be known of it: that it was retracted."""
    return plain(paper.title) + (f" ({paper.year})" if paper.year else "") + (f" [{paper.mark}]" if paper.mark else "")


def byline(paper: Paper, *, with_year: bool = True) -> str:
    """The first author, the year and the venue of a paper, as far as they are known."""
    others = " et al." if len(paper.authors) > 1 else ""
    year = str(paper.year or "") if with_year else ""
    facts = (paper.authors[0] + others if paper.authors else "", year, plain(paper.metadata.venue))
    return " · ".join(filter(None, facts))


def _record_line(paper: Paper) -> str:
    """Authors, year, venue and id of a paper."""
    more = len(paper.authors) - _AUTHORS
    authors = ", ".join(paper.authors[:_AUTHORS]) + (f" and {more:,} more" if more > 0 else "")
    return " · ".join(filter(None, (authors, str(paper.year or ""), plain(paper.metadata.venue), paper.id)))


def _verdict_words(statement: Statement) -> str:
    words = _VERDICTS[statement.verdict][1]
    missing = f"; not in the source: {', '.join(statement.missing)}" if statement.missing else ""
    return words + missing + ("; the citation was put right" if statement.repaired else "")


def pieces(text: str, stems: Collection[str] = ()) -> Iterator[Piece]:
    """A text of a paper with its LaTeX as characters, its labels, and the words that have some stems.

    What is no LaTeX and no label is as it was, white space too.
    """
    last = 0
    for start, end in _labels(text):
        yield from _with_mathematics(text[last:start], stems)
        yield "label", text[start:end]
        last = end
    yield from _with_mathematics(text[last:], stems)


def _labels(text: str) -> list[tuple[int, int]]:
    """Where the labels of sections stand ("METHODS:"): at the beginning of a sentence."""
    found = (SECTION_LABEL.match(text, start, end) for start, end in sentences(text)) if ":" in text else ()
    return [(match.start(), match.start() + len(match.group().rstrip())) for match in found if match]


def _with_mathematics(text: str, stems: Collection[str]) -> Iterator[Piece]:
    last = 0
    for start, end, dollars in math_spans(text) if "$" in text else ():
        formula = text[start + dollars : end - dollars]
        yield from _emphasised(undo_latex(text[last:start]), stems)
        if "{" in formula and not _LATEX.search(formula):  # another language's braces
            yield "", text[start:end]
        else:
            yield "formula", tuple(_mathematics(formula))
        last = end
    yield from _emphasised(undo_latex(text[last:]), stems)


def _mathematics(latex: str) -> Iterator[Piece]:
    """A formula in characters, with its indices and powers."""
    if latex.count("{") > _MOST_GROUPS:
        yield "", latex
        return
    marked = _SCRIPT.sub(
        lambda m: f"{_RAISED if m[1] == '^' else _LOWERED}{m[2] or m[3]}{_END}", latex.replace("\\%", "%")
    )
    for piece in re.split(f"([{_RAISED}{_LOWERED}][^{_END}]*{_END})", _converter()(marked.replace("%", "\\%"))):
        style = _STYLES.get(piece[:1], "")
        yield style, piece.strip(_RAISED + _LOWERED + _END) if style else piece


@functools.cache
def _converter() -> Callable[[str], str]:
    from pylatexenc.latex2text import LatexNodes2Text

    convert: Callable[[str], str] = LatexNodes2Text(math_mode="text").latex_to_text
    return convert


def _emphasised(text: str, stems: Collection[str]) -> Iterator[Piece]:
    last = 0
    for word, start, end in words(text) if stems else ():
        if stem(word.casefold()) in stems:
            yield from (("", text[last:start]), ("emphasis", word))
            last = end
    yield "", text[last:]
