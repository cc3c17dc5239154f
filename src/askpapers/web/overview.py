"""The page's first screen: what the corpus is about, topics that a click surveys, papers that a click opens, questions.

The example questions are made from the overview and the papers that it shows; nothing is asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, pairwise

from askpapers.answering.about import span_of, year_bars
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Paper
from askpapers.index.overview import Overview, PaperTopic, TypicalPaper
from askpapers.web.citing import verbatim
from askpapers.web.markup import Html, element, joined

_SHOWN = 2  # typical papers of a topic
_NAMED = 30  # papers of a topic, or titles, that are looked at for names


def example_questions(overview: Overview, find: Callable[[str], Paper | None]) -> list[str]:
    """Up to three questions: a survey of the largest topic, a definition, a comparison of two things of one topic."""
    groups = [topic.typical for topic in overview.topics] or [overview.titles]
    named = [list(dict.fromkeys(_names(group, find))) for group in groups]
    surveys = (topic.question for topic in overview.topics)
    definitions = (f"What is {name}?" for names in named for name in names)
    pairs = [pair for names in named for pair in pairwise(names)] or pairwise(name for names in named for name in names)
    comparisons = (f"Compare {one} and {other}" for one, other in pairs)
    return [*islice(surveys, 1), *islice(definitions, 1), *islice(comparisons, 1)]


def _names(papers: tuple[TypicalPaper, ...], find: Callable[[str], Paper | None]) -> Iterator[str]:
    """What papers introduce under a name of one word ("Codex"), a paper's first; or under one that is in its title."""
    for paper in filter(None, map(find, (paper.id for paper in papers[:_NAMED]))):
        for name in introduced_names(paper.abstract)[:1]:
            if len(name.split()) == 1 or (name in paper.title and "(" not in name):
                yield name


def overview_html(overview: Overview, examples: list[str]) -> Html:
    """The overview of a corpus, with questions to begin with; of a small corpus, its titles."""
    facts = [
        (label, ", ".join(f"{count.name} ({count.papers:,})" for count in counts))
        for label, counts in (("Authors with most papers", overview.authors), ("Venues", overview.venues))
    ]
    return joined(
        element("h2", "What these papers are about", id="about-title"),
        element("p", f"{span_of(overview)}. ", _years(overview), class_="tally"),
        *(element("p", f"{label}: {names}.", class_="tally") for label, names in facts if names),
        element("div", *map(_example, examples), class_="examples") if examples else None,
        element("h3", "Topics") if overview.topics else None,
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


def _example(question: str) -> Html:
    return element("button", question, type="button", class_="example", data_question=question, dir="auto")


def _topic(topic: PaperTopic) -> Html:
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
        *map(_opener, topic.typical[:_SHOWN]),
    )


def _opener(paper: TypicalPaper) -> Html:
    title = paper.title + (f" ({paper.year})" if paper.year else "") + (f" [{paper.mark}]" if paper.mark else "")
    return element("button", title, type="button", class_="opener", data_open=verbatim(paper.id), dir="auto")
