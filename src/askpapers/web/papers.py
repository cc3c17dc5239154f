"""The corpus on the page: what it is about, one paper with a quote lit up in it, and lists of papers.

The example questions are made from the overview and the papers that it shows; nothing is asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from askpapers.answering.about import span_of, year_bars
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Paper
from askpapers.export import KINDS
from askpapers.index.overview import Overview, TypicalPaper
from askpapers.index.similar import SimilarPaper
from askpapers.text import plain
from askpapers.web.rendering import Html, render

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
        if counts
    ]
    years = [f"{count.year}: {count.papers:,}" for count in overview.years]
    return render(
        "overview.html",
        overview=overview,
        span=span_of(overview),
        years=", ".join(years) if len(years) > 1 else "",
        bars=year_bars(overview.years),
        facts=facts,
        examples=examples,
    )


def source(paper: Paper, quote: str = "", start: int = 0, end: int = 0) -> Html:
    """A paper with its whole abstract, and a quote highlighted in it at its offsets.

    Where the abstract changed since the answer was given the quote is looked for, and what was found is said.
    """
    abstract, warning = paper.abstract, ""
    if quote and abstract[start:end] != quote:
        start = abstract.find(quote)
        end = start + len(quote)
        warning = "The abstract has changed since this answer was given."
        if start < 0:
            start = end = 0
            warning += f" The quote is no longer in it: “{quote}”"
    end = max(start, end)
    facts = (", ".join(paper.authors), str(paper.year or ""), plain(paper.metadata.venue))
    return render(
        "source.html",
        paper=paper,
        facts=" · ".join(filter(None, facts)),
        warning=warning,
        before=abstract[:start],
        quoted=abstract[start:end],
        after=abstract[end:],
        places=[f"{source.file}:{source.line}" for source in paper.sources],
        kinds=[(kind, KINDS[kind].label) for kind in ("bibtex", "ris", "csl")],
    )


def gone(name: str) -> Html:
    """What stands in the place of a paper that is no longer in the corpus."""
    return render("notes.html", texts=[f"The paper {name} is no longer in this corpus."])


def similar(found: Sequence[SimilarPaper]) -> Html:
    """Papers that are similar to the one that is open, each to be opened at its nearest sentence."""
    return render("similar.html", found=found)


def listed(papers: Sequence[Paper], *, more: bool, note: str = "") -> Html:
    """A list of papers to open or to restrict questions to, under a note where there is one."""
    return render("papers.html", papers=papers, more=more, texts=[note] if note else [])
