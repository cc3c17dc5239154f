"""What the corpus is about, on the page's first screen: topics that a click surveys, with papers that a click opens."""

from __future__ import annotations

from askpapers.answering.about import span_of, year_bars
from askpapers.index.overview import Overview, PaperTopic, TypicalPaper
from askpapers.web.citing import verbatim
from askpapers.web.markup import Html, element, joined

_SHOWN = 2  # typical papers of a topic


def overview_html(overview: Overview) -> Html:
    """The overview of a corpus; of a small one, its titles."""
    facts = [
        (label, ", ".join(f"{count.name} ({count.papers:,})" for count in counts))
        for label, counts in (("Authors with most papers", overview.authors), ("Venues", overview.venues))
    ]
    return joined(
        element("h2", "What these papers are about", id="about-title"),
        element("p", f"{span_of(overview)}. ", _years(overview), class_="tally"),
        *(element("p", f"{label}: {names}.", class_="tally") for label, names in facts if names),
        element("ol", *map(_topic, overview.topics), class_="topics") if overview.topics else None,
        element("ul", *(element("li", _opener(p)) for p in overview.titles), class_="topics")
        if overview.titles
        else None,
        element("p", f"In none of these topics: {overview.other:,}.", class_="tally") if overview.other else None,
        element("details", element("summary", "How topics are made"), element("p", overview.method), class_="made")
        if overview.topics
        else None,
    )


def _years(overview: Overview) -> Html | None:
    if len(overview.years) < 2:
        return None
    told = ", ".join(f"{count.year}: {count.papers:,}" for count in overview.years)
    return element(
        "span", year_bars(overview.years), role="img", aria_label=f"Papers by year: {told}", title=told, class_="years"
    )


def _topic(topic: PaperTopic) -> Html:
    typical = [part for paper in topic.typical[:_SHOWN] for part in (_opener(paper), "; ")][:-1]
    return element(
        "li",
        element(
            "button",
            topic.name,
            type="button",
            class_="topic",
            data_question=topic.question,
            title=topic.question,
            dir="auto",
        ),
        element("span", f" {topic.papers:,} paper{'s' if topic.papers != 1 else ''}, such as ", class_="facts"),
        *typical,
    )


def _opener(paper: TypicalPaper) -> Html:
    title = paper.title + (f" ({paper.year})" if paper.year else "") + (f" [{paper.mark}]" if paper.mark else "")
    return element("button", title, type="button", class_="opener", data_open=verbatim(paper.id), dir="auto")
