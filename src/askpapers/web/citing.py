"""Citation numbers, quotes and verdicts: the small parts that every kind of answer is made of."""

from __future__ import annotations

import urllib.parse

from askpapers.datatypes import Citation, Paper, Quote, Statement, Verdict
from askpapers.text import plain
from askpapers.web.markup import Html, element, joined
from askpapers.web.prose import one_line

_VERDICTS = {
    Verdict.SUPPORTED: ("✓", "supported"),
    Verdict.PARTIAL: ("◐", "partly supported"),
    Verdict.UNSUPPORTED: ("✗", "unsupported"),
}


def cite(name: str, citation: Citation, paper: Paper) -> Html:
    """A citation number: its quote shows under the pointer or focus, a click opens the paper at it."""
    quote = citation.quote
    tip = f"tip-{name}-{citation.number}"
    number = element(
        "button",
        str(citation.number),
        type="button",
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


def byline(paper: Paper) -> str:
    """The first author, the year and the venue of a paper, as far as they are known."""
    others = " et al." if len(paper.authors) > 1 else ""
    facts = (paper.authors[0] + others if paper.authors else "", str(paper.year or ""), plain(paper.metadata.venue))
    return " · ".join(fact for fact in facts if fact)


def mark(paper: Paper) -> Html | None:
    """What has to be known of a paper, as a chip beside its title: that it was retracted."""
    return element("span", paper.mark, class_="marked", title=paper.metadata.notice_details) if paper.mark else None
