"""Nodes that others retrieved or changed, as the passages of papers that answers are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llama_index.core.schema import MetadataMode, NodeWithScore

from askpapers.datatypes import Paper, Source
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.passages import embedded_text, passages_of
from askpapers.retrieval import node_score, passage_node

_TITLES = ("title", "document_title", "file_name", "filename")
_FILES = ("file_path", "file_name", "filename", "source", "url")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages as `PaperRetriever` gives them, the papers of them that the index does not have, and whose they are.

    `node_of` has the id of the node that each passage was made of, by the passage's own.
    """

    passages: list[NodeWithScore]
    papers: Mapping[str, Paper]
    node_of: Mapping[str, str]


def evidence_of(nodes: Sequence[NodeWithScore], question: str, index: Index, embedder: Embedder) -> Evidence:
    """The passages of nodes, in the order of the nodes.

    A node of ours that has its text is a passage. Any other text is a paper of its own, named by the node's id and cut
    into sentences, so that a quote is a span of the node's text. Scores that a postprocessor gave are believed: they
    stand in for those of the papers.
    """
    nodes = list({node.node_id: node for node in nodes if _text(node).strip()}.values())
    own = {node.node_id for node in nodes if _is_passage(node, index)}
    given = _relative(nodes) if any(_is_rescored(node) for node in nodes if node.node_id in own) else None
    relative = given or _relative(nodes)
    papers = {node.node_id: _paper(node) for node in nodes if node.node_id not in own}
    cut = {paper.id: passages_of(paper) for paper in papers.values()}
    texts = [embedded_text(papers[passage.paper], passage) for passages in cut.values() for passage in passages]
    vectors = list(embedder.embed([question, *texts])) if texts else []
    cosines = iter([float(vectors[0] @ vector) for vector in vectors[1:]])
    cosine_of = {passage: next(cosines) for passages in cut.values() for passage in passages}
    passages: list[NodeWithScore] = []
    node_of: dict[str, str] = {}
    for node in nodes:
        score = relative[node.node_id]
        if node.node_id in own:
            data = node.metadata
            paper = index.papers.by_id(data["paper"])
            score = score if given else data["paper_score"]
            made = [passage_node(paper, data["start"], data["end"], score, data["cosine"])]
        else:
            paper = papers[node.node_id]
            made = [passage_node(paper, p.start, p.end, score, cosine_of[p]) for p in cut[paper.id]]
        passages += made
        node_of |= {passage.node_id: node.node_id for passage in made}
    return Evidence(passages, papers, node_of)


def _text(node: NodeWithScore) -> str:
    return node.node.get_content(metadata_mode=MetadataMode.NONE)


def _is_passage(node: NodeWithScore, index: Index) -> bool:
    """Whether a node is one of `PaperRetriever`, with the text that the paper has there."""
    data = node.metadata
    numbers = [data.get(name) for name in ("start", "end", "paper_score", "cosine")]
    paper = index.papers.get(str(data.get("paper")))
    if paper is None or not all(isinstance(number, int | float) for number in numbers):
        return False
    return isinstance(data["start"], int) and paper.abstract[data["start"] : data["end"]] == _text(node)


def _is_rescored(node: NodeWithScore) -> bool:
    data = node.metadata
    expected = node_score(data["paper_score"], data["cosine"])
    return node.score is not None and not math.isclose(node.score, expected, abs_tol=1e-6)


def _relative(nodes: Sequence[NodeWithScore]) -> dict[str, float]:
    """How good each node is among them, from 0 to 1: by its score, or by its place where not all have one."""
    scores = [node.score for node in nodes]
    known = [score for score in scores if score is not None and math.isfinite(score)]
    if len(known) < len(nodes) or len(set(known)) < 2:
        return {node.node_id: 1 - place / len(nodes) for place, node in enumerate(nodes)}
    low, high = min(known), max(known)
    return {node.node_id: (score - low) / (high - low) for node, score in zip(nodes, known, strict=True)}


def _paper(node: NodeWithScore) -> Paper:
    data = node.metadata
    title = next((str(data[name]) for name in _TITLES if data.get(name)), "")
    file = next((str(data[name]) for name in _FILES if data.get(name)), node.node.ref_doc_id or node.node_id)
    year = data.get("year")
    return Paper(
        id=node.node_id,
        title=title or node.node.ref_doc_id or node.node_id,
        abstract=_text(node),
        sources=(Source(file, 1),),
        year=year if isinstance(year, int) else None,
        url=str(data["url"]) if data.get("url") else None,
    )
