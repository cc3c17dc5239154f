"""The small parts that every kind of answer is made of: citation numbers, quotes and verdicts, the text of a paper.

The text of a paper is shown as it reads: mathematics as characters, the labels of its sections set off.
"""

from __future__ import annotations

import functools
import re
import urllib.parse
from collections.abc import Callable

from askpapers.datatypes import Citation, Paper, Quote, Statement, Verdict
from askpapers.tables.words import SECTION_LABEL
from askpapers.text import plain, sentences, stem, words
from askpapers.text.latex import math_spans, undo_latex
from askpapers.web.markup import Html, button, element, joined

_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]{1,60})\}|(\\[A-Za-z]{1,20}|[A-Za-z0-9*+'-]))")
_LATEX = re.compile(r"\\[A-Za-z]|[\^_]")
_RAISED, _LOWERED, _END = "\ue000", "\ue001", "\ue002"
_MOST_GROUPS = 30  # braces of a formula: deeper ones are shown as they are
_VERDICTS = {
    Verdict.SUPPORTED: ("✓", "supported"),
    Verdict.PARTIAL: ("◐", "partly supported"),
    Verdict.UNSUPPORTED: ("✗", "unsupported"),
}


def cite(name: str, citation: Citation, paper: Paper) -> Html:
    """A citation number: its quote shows under the pointer or focus, a click opens the paper at it."""
    quote = citation.quote
    tip = f"tip-{name}-{citation.number}"
    number = button(
        str(citation.number),
        class_="cite",
        aria_label=f"Source {citation.number}: {heading(paper)}",
        aria_describedby=tip,
        **opens(quote),
    )
    shown = element(
        "span",
        element("q", one_line(quote.text)),
        element("span", heading(paper), class_="of"),
        class_="tip",
        role="tooltip",
        id=tip,
    )
    return joined(number, shown, mark(paper))


def opens(quote: Quote) -> dict[str, str | int]:
    """What an element needs for a click on it to open a paper at a quote."""
    place = {"data_start": quote.start, "data_end": quote.end}
    return {"data_open": verbatim(quote.paper), "data_quote": verbatim(quote.text), **place}


def opener(text: str, to: Quote | str) -> Html:
    """A button that opens a paper at a quote, or by its id."""
    place = {"data_open": verbatim(to)} if isinstance(to, str) else opens(to)
    return button(text, class_="opener", dir="auto", **place)


def verbatim(text: str) -> str:
    """A text for an attribute that comes back to the server as it is, control characters and all."""
    return urllib.parse.quote(text, safe=" ")


def read_verbatim(attribute: str) -> str:
    """The text that `verbatim` wrote."""
    return urllib.parse.unquote(attribute)


def verdict(statement: Statement) -> Html:
    """The verdict: a quiet sign for all, with the word beside it where it is not "supported"."""
    sign, word = _VERDICTS[statement.verdict]
    full = word + (f"; not in the source: {', '.join(statement.missing)}" if statement.missing else "")
    if statement.repaired:
        full += "; the citation was put right"
    quiet = statement.verdict is Verdict.SUPPORTED and not statement.repaired
    return element(
        "span",
        element("span", sign, aria_hidden="true", class_="sign"),
        element("span", full, class_="word"),
        class_="verdict quiet" if quiet else "verdict",
        title=f"{full} (support {statement.support:.2f})",
    )


def heading(paper: Paper) -> str:
    """A paper's title as it reads, with its year, and what has to be known of it: that it was retracted."""
    return plain(paper.title) + (f" ({paper.year})" if paper.year else "") + (f" [{paper.mark}]" if paper.mark else "")


def byline(paper: Paper, *, with_year: bool = True) -> str:
    """The first author, the year and the venue of a paper, as far as they are known."""
    others = " et al." if len(paper.authors) > 1 else ""
    year = str(paper.year or "") if with_year else ""
    facts = (paper.authors[0] + others if paper.authors else "", year, plain(paper.metadata.venue))
    return " · ".join(fact for fact in facts if fact)


def mark(paper: Paper) -> Html | None:
    """What has to be known of a paper, as a chip beside its title: that it was retracted."""
    return element("span", paper.mark, class_="marked", title=paper.metadata.notice_details) if paper.mark else None


def prose(text: str, stems: frozenset[str] = frozenset()) -> Html:
    """A text of a paper with its LaTeX as characters, its labels set off, and in bold the words that have these stems.

    What is no LaTeX and no label is shown as it is, white space too.
    """
    parts: list[Html] = []
    last = 0
    for start, end in _labels(text):
        parts += [_with_mathematics(text[last:start], stems), element("b", text[start:end], class_="section")]
        last = end
    return joined(*parts, _with_mathematics(text[last:], stems))


def one_line(text: str, stems: frozenset[str] = frozenset()) -> Html:
    """The same with one space for all white space."""
    return prose(" ".join(text.split()), stems)


def _labels(text: str) -> list[tuple[int, int]]:
    """Where the labels of sections stand ("METHODS:"): at the beginning of a sentence."""
    found = (SECTION_LABEL.match(text, start, end) for start, end in sentences(text)) if ":" in text else ()
    return [(match.start(), match.start() + len(match.group().rstrip())) for match in found if match]


def _with_mathematics(text: str, stems: frozenset[str]) -> Html:
    parts: list[Html] = []
    last = 0
    for start, end, dollars in math_spans(text) if "$" in text else ():
        formula = text[start + dollars : end - dollars]
        foreign = "{" in formula and not _LATEX.search(formula)  # another language's braces
        shown = joined(text[start:end]) if foreign else element("span", _mathematics(formula), class_="math")
        parts += [_emphasised(undo_latex(text[last:start]), stems), shown]
        last = end
    return joined(*parts, _emphasised(undo_latex(text[last:]), stems))


def _mathematics(latex: str) -> Html:
    """A formula in characters, with its indices and powers."""
    if latex.count("{") > _MOST_GROUPS:
        return joined(latex)
    marked = _SCRIPT.sub(
        lambda m: f"{_RAISED if m[1] == '^' else _LOWERED}{m[2] or m[3]}{_END}", latex.replace("\\%", "%")
    )
    parts: list[str | Html] = []
    for piece in re.split(f"([{_RAISED}{_LOWERED}][^{_END}]*{_END})", _converter()(marked.replace("%", "\\%"))):
        tag = {_RAISED: "sup", _LOWERED: "sub"}.get(piece[:1])
        parts.append(element(tag, piece.strip(_RAISED + _LOWERED + _END)) if tag else piece)
    return joined(*parts)


@functools.cache
def _converter() -> Callable[[str], str]:
    from pylatexenc.latex2text import LatexNodes2Text

    convert: Callable[[str], str] = LatexNodes2Text(math_mode="text").latex_to_text
    return convert


def _emphasised(text: str, stems: frozenset[str]) -> Html:
    if not stems:
        return joined(text)
    parts: list[Html | str] = []
    last = 0
    for word, start, end in words(text):
        if stem(word.casefold()) in stems:
            parts += [text[last:start], element("b", word)]
            last = end
    return joined(*parts, text[last:])
