"""Why a filter admits no paper: a name that no paper has, with the nearest ones, or files that give no names."""

from __future__ import annotations

from collections.abc import Iterator

from askpapers.counts import counted
from askpapers.datatypes import Filter
from askpapers.index.facets import Facet
from askpapers.index.papers import PaperStore

_NAMED = {
    Facet.AUTHOR: ("authors", "is by"),
    Facet.VENUE: ("venues", "is in"),
    Facet.TAG: ("tags or categories", "is tagged"),
}


def unmet(papers: PaperStore, within: Filter) -> str | None:
    """What is to be said where no paper has a name that a filter asks for; None where each has one."""
    return next(_unmet(papers, within), None)


def _unmet(papers: PaperStore, within: Filter) -> Iterator[str]:
    facets = papers.facets
    for kind, names in ((Facet.AUTHOR, within.authors), (Facet.VENUE, within.venues), (Facet.TAG, within.tags)):
        if not names or any(facets.find(kind, name) for name in names):
            continue
        what, has = _NAMED[kind]
        missing = len(facets.without(kind))
        if missing == len(papers):
            yield f"The files do not give {what} (0 of {counted(missing, 'paper')})."
            continue
        near = facets.nearest(kind, names[0])
        nearest = f"; the nearest names: {', '.join(near)}" if near else ""
        without = f" {missing:,} of {len(papers):,} papers do not give {what}." if missing else ""
        yield f"No paper here {has} {' or '.join(names)}{nearest}.{without}"
    if within.notices and not facets.rows(Facet.NOTICE, within.notices):
        yield f"None of the {len(papers):,} papers is marked as {' or '.join(sorted(within.notices))}."
    if within.further:
        yield from _unmet(papers, within.further)
