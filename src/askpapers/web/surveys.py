"""A survey as a table that sorts: a row for each paper found, with what it says and how many were checked."""

from __future__ import annotations

from askpapers.datatypes import Answer, CitedPaper, Quote, Relevance
from askpapers.render import coverage_line
from askpapers.text import plain
from askpapers.web.citing import cite, emphasised, opens
from askpapers.web.markup import Html, element, joined

MOST_ROWS = 500
"""Rows on the page; the CSV has all of them."""
_PAGE = 25
_COLUMNS = (("paper", "Paper", "text"), ("year", "Year", "number"), ("found", "Found", "text"), ("quote", "Quote", ""))


def survey(name: str, answer: Answer) -> Html:
    """The table of a survey under its coverage line; rows after the first page wait hidden."""
    quote_of = {c.number: c.quote for c in answer.citations}
    citation_of = {c.number: c for c in answer.citations}
    rows = [
        _row(
            name,
            place,
            found,
            quote_of[found.citations[0]],
            cite(name, citation_of[found.citations[0]], found.paper),
            answer,
        )
        for place, found in enumerate(answer.papers[:MOST_ROWS])
    ]
    head = element("tr", *(_column(*column) for column in _COLUMNS))
    return element(
        "div",
        element("p", coverage_line(answer), class_="coverage"),
        element("table", element("thead", head), element("tbody", *rows), class_="survey"),
        _more(len(rows), len(answer.papers)),
        class_="surveyed",
        data_page=_PAGE,
    )


def _column(key: str, label: str, kind: str) -> Html:
    if not kind:
        return element("th", label, scope="col")
    button = element("button", label, type="button", data_sort=key, data_kind=kind)
    return element("th", button, scope="col", aria_sort="none")


def _row(name: str, place: int, found: CitedPaper, quote: Quote, mark: Html, answer: Answer) -> Html:
    paper, match = found.paper, found.relevance is Relevance.MATCH
    title = plain(paper.title)
    opener = element("button", title, type="button", class_="opener", dir="auto", **opens(quote))
    more = len(found.citations) - 1
    return element(
        "tr",
        element("td", opener, data_label="Paper", data_value=title.casefold()),
        element("td", str(paper.year or "–"), data_label="Year", data_value=paper.year or 0, class_="year"),
        element(
            "td",
            element("span", "match" if match else "mention", class_="match" if match else "mention"),
            data_label="Found",
            data_value=f"{0 if match else 1}{place:07}",
        ),
        element(
            "td",
            element("q", emphasised(" ".join(quote.text.split()), answer.emphasis), dir="auto"),
            " ",
            mark,
            f" and {more} more" if more else None,
            data_label="Quote",
        ),
        hidden=place >= _PAGE,
    )


def _more(shown: int, total: int) -> Html | None:
    cut = element("p", f"The best {shown:,} of {total:,} are shown; the CSV has all.") if total > shown else None
    if shown <= _PAGE:
        return cut
    button = element("button", f"Show more ({_PAGE} of {shown:,} shown)", type="button", class_="more", data_act="more")
    return joined(button, cut)
