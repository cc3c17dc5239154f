"""The corpus on the page: what it is about, one paper with a quote lit up in it, and lists of papers.

The example questions are made from the overview and the papers that it shows; nothing is asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from askpapers.answering.about import span_of, year_bars
from askpapers.corpus.titles import introduced_names
from askpapers.counts import counted
from askpapers.datatypes import Paper
from askpapers.export import KINDS
from askpapers.index.overview import Overview, PaperTopic, TypicalPaper
from askpapers.research.similar import SimilarPaper
from askpapers.text import plain
from askpapers.web.citing import heading, mark, one_line, opener, prose, verbatim
from askpapers.web.markup import Html, button, element, escaped, joined, link

_SHOWN = 2  # typical papers of a topic
_NAMED = 30  # papers of a topic, or titles, that are looked at for names


def example_questions(overview: Overview, find: Callable[[str], Paper | None]) -> list[str]:
    """Up to three questions: a survey of the largest topic, a definition, a comparison of two things of one topic."""
    groups = [topic.typical for topic in overview.topics] or [overview.titles]
    named = [list(dict.fromkeys(_named(group, find))) for group in groups]
    surveys = (topic.question for topic in overview.topics)
    definitions = (f"What is {name}?" for names in named for name in names)
    pairs = [pair for names in named for pair in pairwise(names)] or pairwise(name for names in named for name in names)
    comparisons = (f"Compare {one} and {other}" for one, other in pairs)
    return [*islice(surveys, 1), *islice(definitions, 1), *islice(comparisons, 1)]


def _named(papers: tuple[TypicalPaper, ...], find: Callable[[str], Paper | None]) -> Iterator[str]:
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
    years = ", ".join(f"{count.year}: {count.papers:,}" for count in overview.years)
    return element(
        "span",
        year_bars(overview.years),
        role="img",
        aria_label=f"Papers by year: {years}",
        title=years,
        class_="years",
    )


def _example(question: str) -> Html:
    return button(question, class_="example", data_question=question, dir="auto")


def _topic(topic: PaperTopic) -> Html:
    return element(
        "li",
        button(topic.name, class_="topic", data_question=topic.question, title=topic.question, dir="auto"),
        element("span", f" {counted(topic.papers, 'paper')}, such as ", class_="facts"),
        *map(_opener, topic.typical[:_SHOWN]),
    )


def _opener(paper: TypicalPaper) -> Html:
    title = paper.title + (f" ({paper.year})" if paper.year else "") + (f" [{paper.mark}]" if paper.mark else "")
    return opener(title, paper.id)


def source(paper: Paper, quote: str = "", start: int = 0, end: int = 0) -> Html:
    """A paper with its whole abstract, and a quote highlighted in it at its offsets.

    Where the abstract changed since the answer was given the quote is looked for, and what was found is said.
    """
    abstract, warning = paper.abstract, None
    if quote and abstract[start:end] != quote:
        start = abstract.find(quote)
        end = start + len(quote)
        warning = "The abstract has changed since this answer was given."
        if start < 0:
            start = end = 0
            warning += f" The quote is no longer in it: “{quote}”"
    marked = element("mark", prose(abstract[start:end]), id="quote", tabindex="-1") if end > start else None
    facts = [", ".join(paper.authors), str(paper.year or ""), plain(paper.metadata.venue)]
    return element(
        "div",
        element("h2", link(plain(paper.title), paper.url), dir="auto", class_="title"),
        element("p", " · ".join(fact for fact in facts if fact), class_="facts"),
        _notice(paper),
        element("p", warning, class_="note") if warning else None,
        element("p", prose(abstract[:start]), marked, prose(abstract[end:]), class_="abstract", dir="auto"),
        _files(paper),
        element(
            "div",
            button("Ask only this paper", data_act="only", data_paper=verbatim(paper.id)),
            *(_cite(paper, kind) for kind in ("bibtex", "ris", "csl")),
            button("Similar papers", data_act="similar", data_paper=verbatim(paper.id)),
            class_="actions",
        ),
        element("div", class_="similar", role="status"),
        class_="paper",
        data_paper=verbatim(paper.id),
        data_title=plain(paper.title),
    )


def _notice(paper: Paper) -> Html | None:
    details = paper.metadata.notice_details
    text = f"{paper.mark.capitalize()}{f' ({details})' if details else ''}."
    return element("p", text, class_="note") if paper.mark else None


def gone(name: str) -> Html:
    """What stands in the place of a paper that is no longer in the corpus."""
    return element("p", f"The paper {name} is no longer in this corpus.", class_="note")


def similar(found: Sequence[SimilarPaper]) -> Html:
    """Papers that are similar to the one that is open, each to be opened at its nearest sentence."""
    rows = [
        element(
            "li",
            opener(heading(one.paper), one.quote),
            element("span", f" similarity {one.similarity:.2f}", class_="facts"),
            element("q", one_line(one.quote.text), dir="auto"),
        )
        for one in found
    ]
    return element("ul", *rows) if rows else element("p", "There is no other paper.", class_="note")


def listed(papers: Sequence[Paper], *, more: bool) -> Html:
    """A list of papers to open or to restrict questions to."""
    if not papers:
        return element("p", "No paper fits.", class_="note")
    rows = [
        element(
            "li",
            opener(plain(p.title), p.id),
            mark(p),
            element("span", " · ".join(part for part in (str(p.year or ""), p.id) if part), class_="facts"),
            button(
                "Ask only this",
                class_="only",
                data_act="only",
                data_paper=verbatim(p.id),
                aria_label=f"Ask only this paper: {heading(p)}",
            ),
            data_title=plain(p.title),
        )
        for p in papers
    ]
    count = f"The first {len(papers):,} papers" if more else counted(len(papers), "paper")
    return joined(element("p", count, class_="tally", role="status"), element("ul", *rows, class_="papers"))


def _cite(paper: Paper, kind: str) -> Html:
    attributes = {"data_act": "cite-paper", "data_kind": kind, "data_paper": verbatim(paper.id)}
    return button(KINDS[kind].label, **attributes)


def _files(paper: Paper) -> Html | None:
    if not paper.sources:
        return None
    first, *others = (f"{source.file}:{source.line}" for source in paper.sources)
    more = element("details", element("summary", f"and {len(others)} more"), *_lines(others)) if others else None
    return element("div", escaped(first), more, class_="files")


def _lines(texts: Sequence[str]) -> list[Html]:
    return [element("div", text) for text in texts]
