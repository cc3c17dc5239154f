"""What has to be said of an answer whose papers were retracted or withdrawn, or about which a concern was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from askpapers.datatypes import CitedPaper, NearMiss, Paper
from askpapers.metadata import Notice
from askpapers.text import plain

_NAMED = 3  # papers, by their titles; further ones by their numbers
_PREDICATES = {
    Notice.RETRACTED: ("was retracted", "were retracted"),
    Notice.WITHDRAWN: ("was withdrawn", "were withdrawn"),
    Notice.CONCERN: ("has an expression of concern", "have an expression of concern"),
}


def cautions(papers: Sequence[CitedPaper]) -> tuple[str, ...]:
    """A note for each kind of notice that papers of an answer carry: how many of them, and which."""
    notes = []
    for notice, predicates in _PREDICATES.items():
        marked = [found for found in papers if found.paper.metadata.notice is notice]
        if marked:
            count = f"{len(marked):,} of the {len(papers):,} papers here" if len(papers) > 1 else "The paper here"
            named = [_named(found) for found in marked[:_NAMED]]
            numbers = [_numbers(found) or found.paper.id for found in marked[_NAMED:]]
            notes.append(f"{count} {predicates[len(marked) > 1]}: {'; '.join((*named, *numbers))}.")
    return tuple(notes)


def marks(papers: Iterable[Paper]) -> str:
    """How many papers carry which mark: "2 retracted, 1 withdrawn", or nothing."""
    counts = Counter(paper.mark for paper in papers if paper.mark)
    return ", ".join(f"{count:,} {mark}" for mark, count in counts.most_common())


def _named(found: CitedPaper) -> str:
    details = found.paper.metadata.notice_details
    title = f"{_numbers(found)} “{plain(found.paper.title)}”".strip()
    return f"{title} ({details})" if details else title


def _numbers(found: CitedPaper) -> str:
    return "".join(f"[{number}]" for number in found.citations)


def cautioned(misses: Sequence[NearMiss], by_id: Callable[[str], Paper]) -> tuple[NearMiss, ...]:
    """Near misses that say so where their paper was retracted or withdrawn."""
    papers = ((miss, by_id(miss.quote.paper)) for miss in misses)
    return tuple(replace(m, why=f"{m.why}; {p.mark}") if p.mark else m for m, p in papers)
