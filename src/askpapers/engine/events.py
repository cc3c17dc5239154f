"""The parts of a finished answer: events for its statements, and nodes for its sources."""

from __future__ import annotations

from collections.abc import Iterator

from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from askpapers.contract import source_dict
from askpapers.datatypes import Answer
from askpapers.events import SentenceChecked


def source_nodes(answer: Answer) -> list[NodeWithScore]:
    """The citations of an answer as LlamaIndex has sources: the text of a node is the quote.

    Its score is the support of the best supported statement that cites it; its metadata has the citation's number.
    """
    title_of = {p.paper.id: p.paper.title for p in answer.papers}
    nodes = []
    for citation in answer.citations:
        quote = citation.quote
        place = {"paper": quote.paper, "start": quote.start, "end": quote.end, "number": citation.number}
        node = TextNode(
            id_=f"{quote.paper}:{quote.start}-{quote.end}",
            text=quote.text,
            start_char_idx=quote.start,
            end_char_idx=quote.end,
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=quote.paper)},
            metadata={**place, "title": title_of.get(quote.paper, ""), **source_dict(quote.source)},
        )
        support = max((s.support for s in answer.statements if citation.number in s.citations), default=0.0)
        nodes.append(NodeWithScore(node=node, score=support))
    return nodes


def statement_events(answer: Answer) -> Iterator[SentenceChecked]:
    """The statements of an answer, each with what it cites."""
    citation_of = {c.number: c for c in answer.citations}
    paper_of = {p.paper.id: p.paper for p in answer.papers}
    for statement in answer.statements:
        citations = tuple(citation_of[n] for n in statement.citations)
        papers = tuple(paper_of[paper] for paper in dict.fromkeys(c.quote.paper for c in citations))
        yield SentenceChecked(statement, citations, papers)
