"""Drafts of questions that are taken apart: the sides that papers take of a yes/no question, and a question's parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llama_index.core.schema import NodeWithScore

from askpapers.answering.draft import Draft
from askpapers.answering.named_papers import find_subject
from askpapers.answering.parts import join
from askpapers.answering.stances import StanceReader, draft_of_stances, note_of_no_side
from askpapers.answering.statements import read_statement
from askpapers.answering.topic import read_topic
from askpapers.engine.asked import Asked
from askpapers.grounding.names import names
from askpapers.index.selection import select


def draft_sides(asked: Asked) -> Draft | None:
    """How many papers say yes, how many no, each with its sentence; None where no paper takes a side.

    Then a note says so, unless the question is about a thing that one paper introduces.

    None, too, for a question about papers that it names or that a conversation is about, and where a model answers.
    """
    question = asked.query.undated
    statement = read_statement(question)
    if not statement or asked.model or asked.admitted.papers:
        return None
    topic = asked.topic(read_topic(question))
    selection = select(asked.index.papers, asked.admitted)
    found, read = StanceReader(asked.judge(), asked.parts.check).read(question, statement, topic, selection.rows)
    coverage = selection.coverage(read, asked.index.embedded_papers)
    if not found:
        if not any(find_subject(name, asked.index) for name in names(question)):  # else one paper knows the fact
            asked.notes.append(note_of_no_side(question, coverage))
        return None
    return draft_of_stances(question, found, coverage, topic)


def draft_parts(
    asked: Asked,
    parts: Sequence[str],
    retrieve: Callable[[Asked], list[NodeWithScore]],
    extractive: Callable[[Asked, list[NodeWithScore]], Draft],
) -> Draft:
    """Draft a question's parts; one that the papers do not answer is named in the notes."""
    each = [asked.asking(asked.query.with_text(part)) for part in parts]
    drafts = [extractive(one, retrieve(one)) for one in each]
    missing = [part for part, draft in zip(parts, drafts, strict=True) if not draft.statements]
    if len(missing) < len(parts):
        asked.notes += [f"Not in this corpus: “{part}”" for part in missing]
    return join(drafts)
