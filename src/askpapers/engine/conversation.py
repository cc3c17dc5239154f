"""A follow-up as the engine takes it: completed from the conversation, and restricted to its papers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from askpapers.answering.conversation import Conversation, FollowUp, called
from askpapers.answering.follow_up import resolve
from askpapers.answering.metadata_questions import read_metadata
from askpapers.answering.query import read_query
from askpapers.datatypes import Filter, Turn
from askpapers.engine.asked import Asked
from askpapers.errors import ModelError
from askpapers.events import Condensed, Event, Withdrawn


def follow_up(asked: Asked, history: Sequence[Turn]) -> Generator[Event, None, FollowUp]:
    """Make a follow-up a question of its own: by rules, and in better words by the model where there is one."""
    turns = tuple(history) or _chosen(asked)
    follow = resolve(asked.query.text, Conversation(turns, asked.index.papers.get))
    by_rules = follow.unclear or follow.beyond is not None or read_metadata(follow.question)
    if asked.model and history and not by_rules:
        from askpapers.engine.modelled import condense

        try:
            with asked.timed("condensing"):
                follow = replace(follow, question=condense(asked, history, follow.question))
        except ModelError as error:
            asked.fall_back(error)
            yield Withdrawn(asked.notes[-1])
    if follow.question != asked.query.text and not follow.unclear:
        asked.searched, asked.query = follow.question, read_query(follow.question, asked.index)
        yield Condensed(follow.question)
    return follow


def _chosen(asked: Asked) -> tuple[Turn, ...]:
    """A first question about one paper that was chosen: "it" is this paper."""
    paper = asked.index.papers.get(next(iter(asked.within.papers))) if len(asked.within.papers) == 1 else None
    return (Turn(called(paper), "", papers=(paper.id,)),) if paper else ()


def narrowed(within: Filter, papers: Sequence[str]) -> Filter:
    """The filter, restricted further to these papers; where it admits none of them, it stays."""
    both = frozenset(papers) & within.papers if within.papers else frozenset(papers)
    return replace(within, papers=both) if both else within


def only_these(within: Filter) -> str:
    """What is told of a question that only papers of the conversation were looked at for."""
    count = len(within.papers)
    return f"Only {f'the {count} papers' if count > 1 else 'the paper'} that this refers to: the others were left out."
