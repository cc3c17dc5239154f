"""Events of an answer that was made whole, and what becomes of a stream of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from llama_index.core.schema import NodeWithScore, TextNode

from askpapers.datatypes import Answer, Citation
from askpapers.events import Event, Finished, Said


def node_of(citation: Citation) -> NodeWithScore:
    """A citation as LlamaIndex has sources: a node with its paper, offsets and number."""
    quote = citation.quote
    place = {"paper": quote.paper, "start": quote.start, "end": quote.end, "number": citation.number}
    return NodeWithScore(node=TextNode(id_=f"{quote.paper}:{quote.start}-{quote.end}", text=quote.text, metadata=place))


def statement_events(answer: Answer) -> Iterator[Said]:
    """The statements of an answer, each with what it cites."""
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}
    for statement in answer.statements:
        citations = tuple(citation_of[n] for n in statement.citations)
        papers = tuple(paper_of[paper] for paper in dict.fromkeys(c.quote.paper for c in citations))
        yield Said(statement, citations, papers)


def last(events: Iterator[Event]) -> Answer:
    """The answer that a stream ends with."""
    finished = deque(events, maxlen=1).pop()
    assert isinstance(finished, Finished)
    return finished.answer
