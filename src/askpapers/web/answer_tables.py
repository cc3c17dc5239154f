"""Answers that are tables: a survey, which sorts, with a row for each paper found; and two things side by side."""

from __future__ import annotations

from askpapers.answering.confidence import DOUBTFUL, confidence_word
from askpapers.datatypes import Answer, Citation, CitedPaper, Compared, Paper, Relevance
from askpapers.render import coverage_line
from askpapers.text import plain
from askpapers.web.citing import byline, cite, heading, one_line, opener, prose, verbatim, verdict
from askpapers.web.markup import Html, button, element, joined
from askpapers.web.stored_turns import StoredTurn

MOST_ROWS = 500
"""Rows on the page; the CSV has all of them."""
_PAGE = 25
_PICK = "Ask only the papers that are ticked, or make a table of them"
_COLUMNS = (("paper", "Paper", "text"), ("year", "Year", "number"), ("found", "Found", "text"), ("quote", "Quote", ""))
_TELLS = {"asked": "asked for", "what": "what it is", "how": "how it works", "result": "what came of it"}


def survey(stored: StoredTurn) -> Html:
    """The table of a survey under its coverage line; rows after the first page wait hidden."""
    answer, reviewed = stored.answer, stored.reviewed
    citation_of = {c.number: c for c in answer.citations}
    rows = [
        _row(stored, place, found, citation_of[found.citations[0]])
        for place, found in enumerate(answer.papers[:MOST_ROWS])
    ]
    head = element("tr", *(sortable(*column) for column in _COLUMNS))
    rejected = len(answer.papers) - len(reviewed.papers)
    matches = sum(found.relevance is Relevance.MATCH for found in reviewed.papers)
    return element(
        "div",
        element(
            "p", coverage_line(reviewed), f"; {rejected:,} rejected by you" if rejected else None, class_="coverage"
        ),
        element("table", element("thead", head), element("tbody", *rows), class_="survey"),
        more_rows(len(rows), len(answer.papers)),
        element(
            "div",
            element("span", class_="these", data_matches=matches),
            button("Ask only these", data_act="only-these"),
            button("As a table", data_act="to-table"),
            class_="actions with-these",
        ),
        class_="surveyed",
        data_page=_PAGE,
    )


def sortable(key: str, label: str, kind: str, *beside: Html) -> Html:
    """The head of a column that sorts by "text" or "number"; with no kind it does not."""
    if not kind:
        return element("th", label, *beside, scope="col")
    sorter = button(label, data_sort=key, data_kind=kind)
    return element("th", sorter, *beside, scope="col", aria_sort="none")


def _row(stored: StoredTurn, place: int, found: CitedPaper, citation: Citation) -> Html:
    paper, match = found.paper, found.relevance is Relevance.MATCH
    rejected = paper.id in stored.rejected
    reject = button(
        "Undo" if rejected else "Reject",
        class_="reject",
        data_act="reject",
        aria_label=f"{'Take back' if rejected else 'Reject'}: {heading(paper)}",
        title=None if rejected else "Not what you asked for: leave it out of this answer",
    )
    more = len(found.citations) - 1
    return element(
        "tr",
        _paper_cell(paper, citation, rejected=rejected),
        element("td", str(paper.year or "–"), data_label="Year", data_value=paper.year or 0, class_="year"),
        element(
            "td",
            _found(found),
            reject,
            data_label="Found",
            data_value=f"{0 if match else 1}{place:07}",
            class_="found",
        ),
        element(
            "td",
            element("q", one_line(citation.quote.text, stored.answer.emphasis), dir="auto"),
            " ",
            cite(stored.name, citation, paper),
            f" and {more} more" if more else None,
            data_label="Quote",
        ),
        hidden=place >= _PAGE,
        class_="rejected" if rejected else None,
        data_paper=verbatim(paper.id),
        data_title=plain(paper.title),
    )


def _paper_cell(paper: Paper, citation: Citation, *, rejected: bool) -> Html:
    """The title, which opens the paper at a quote, its authors and venue, and the box that chooses it."""
    title, by = plain(paper.title), byline(paper, with_year=False)  # the year has a column
    pick = element(
        "input", type="checkbox", class_="pick", disabled=rejected, aria_label=f"Choose {heading(paper)}", title=_PICK
    )
    return element(
        "td",
        pick,
        opener(title, citation.quote),
        element("span", by, class_="facts") if by else None,
        data_label="Paper",
        data_value=title.casefold(),
    )


def _found(found: CitedPaper) -> Html:
    """Whether a paper matches, and how sure the survey is, in a word; under the pointer the chance.

    A mention that is doubtful is called a mention alone.
    """
    match = found.relevance is Relevance.MATCH
    chance = word = None
    if found.confidence is not None:
        of = f"that it says “{found.stance}”" if found.stance else "that it is about what was asked"
        word, chance = confidence_word(found.confidence), f"The chance {of}: {found.confidence:.0%}"
    if not match and not found.stance and word == DOUBTFUL:
        word = None
    label = element("span", str(found.stance or found.relevance), class_="match" if match else "mention", title=chance)
    return joined(label, element("span", word, class_="sureness", title=chance) if word else None)


def more_rows(shown: int, total: int) -> Html | None:
    """A button that shows more of the rows that there are, and what is said where the page has not all."""
    cut = element("p", f"The best {shown:,} of {total:,} are shown; the CSV has all.") if total > shown else None
    if shown <= _PAGE:
        return cut
    more = button(f"Show more ({_PAGE} of {shown:,} shown)", class_="more", data_act="more")
    return joined(more, cut)


def comparison(name: str, answer: Answer, compared: Compared) -> Html:
    """Two things side by side; a side that the corpus does not have has no column, and a line that says so."""
    statement_of = {s.citations[0]: s for s in answer.statements}
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}

    def cell(number: int | None, side: str) -> Html:
        if number is None or number not in statement_of:
            return element("td", element("span", "–", aria_label="nothing found", role="img"), data_label=side)
        statement, citation = statement_of[number], citation_of[number]
        mark = cite(name, citation, paper_of[citation.quote.paper])
        return element("td", prose(statement.text), " ", mark, verdict(statement), data_label=side)

    there = [place for place, side in enumerate(compared.sides) if side not in compared.missing]
    rows = [
        element(
            "tr",
            element("th", _TELLS.get(row.tells, row.tells), scope="row"),
            *(cell(row.citations[place], compared.sides[place]) for place in there),
        )
        for row in compared.rows
    ]
    head = element("tr", element("td"), *(element("th", compared.sides[place], scope="col") for place in there))
    return joined(
        *(element("p", f"“{side}” is not in this corpus.", class_="missing") for side in compared.missing),
        element("table", element("thead", head), element("tbody", *rows), class_="comparison"),
    )
