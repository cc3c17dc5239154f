"""The parts of a question, each drafted by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from llama_index.core.schema import NodeWithScore

from askpapers.answering.draft import Draft
from askpapers.answering.intent import read_intent
from askpapers.answering.parts import join
from askpapers.engine.asked import Asked


def draft_parts(
    asked: Asked,
    parts: Sequence[str],
    retrieve: Callable[[Asked], list[NodeWithScore]],
    extractive: Callable[[Asked, list[NodeWithScore]], Draft],
) -> Draft:
    """Draft a question's parts; one that the papers do not answer is named in the notes."""
    query, drafts = asked.query, list[Draft]()
    for part in parts:
        asked.query = replace(query, text=part, intent=read_intent(part))
        drafts.append(extractive(asked, retrieve(asked)))
    asked.query = query
    missing = [part for part, draft in zip(parts, drafts, strict=True) if not draft.statements]
    if len(missing) < len(parts):
        asked.notes += [f"Not in this corpus: “{part}”" for part in missing]
    return join(drafts)
