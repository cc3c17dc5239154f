"""The passages of an index in a LlamaIndex vector store that a program gave: written to it, and looked up in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import BasePydanticVectorStore, VectorStoreQuery

from askpapers.errors import AskPapersError, VectorStoreError
from askpapers.index.generation import Index
from askpapers.progress import Progress

_BATCH = 500  # nodes asked for or added at once


class NodeStore:
    """A vector store that a program gave, brought in step with each generation of the index.

    A node is a passage: its id is made of the passage's key, which changes with the text, `ref_doc_id` is the paper.
    Ids are UUIDs, which every store takes. What else the store holds is left alone, and skipped when it is found.
    """

    def __init__(self, store: BasePydanticVectorStore) -> None:
        """Use a store; nothing is sent yet."""
        self._store = store
        self._written: dict[str, str] = {}  # the paper of each node that is known to be there, by the node's id

    def bring_in_step(self, index: Index, progress: Progress) -> None:
        """Write the nodes that the store does not have, and delete those of papers that changed or are gone.

        A store that cannot be asked for its nodes is given all of them, once. Raises VectorStoreError.
        """
        wanted = dict(_nodes_of(index))  # in the order of the passages
        with self._translated():
            missing = self._missing(wanted)
            stale = {paper for node, paper in self._written.items() if node not in wanted}
            if missing and not self._is_empty(index):
                stale |= {wanted[node] for node in missing}
            self._written = {}  # what is there is not known until all is done
            for paper in stale:
                self._store.delete(paper)
            rows = [row for row, (node, paper) in enumerate(wanted.items()) if node in missing or paper in stale]
            for begin in range(0, len(rows), _BATCH):
                self._store.add([_node(index, row) for row in rows[begin : begin + _BATCH]])
                progress("Storing vectors", min(begin + _BATCH, len(rows)), len(rows))
        self._written = wanted

    def _missing(self, wanted: Mapping[str, str]) -> set[str]:
        unknown = [node for node in wanted if node not in self._written]
        missing = set(unknown)
        for begin in range(0, len(unknown), _BATCH):
            try:
                missing -= {node.node_id for node in self._store.get_nodes(unknown[begin : begin + _BATCH])}
            except NotImplementedError:
                break
        return missing

    def _is_empty(self, index: Index) -> bool:
        return not self._ask(np.asarray(index.vectors[0], dtype=np.float32), 1)

    def nearest_keys(self, vector: npt.NDArray[np.float32], k: int) -> list[str]:
        """See `NearestKeys`; what else the store holds is left out. Raises VectorStoreError."""
        with self._translated():
            return [key for node in self._ask(vector, k) if (key := _key_of(node))]

    def _ask(self, vector: npt.NDArray[np.float32], k: int) -> list[str]:
        found = self._store.query(VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=k))
        return list(found.ids) if found.ids is not None else [node.node_id for node in found.nodes or ()]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the store raises into a VectorStoreError: it is of any library."""
        try:
            yield
        except AskPapersError:
            raise
        except Exception as error:
            raise VectorStoreError(
                f"The vector store {type(self._store).__name__} failed: {type(error).__name__}: {error}.",
                hint="See that it can be reached and takes vectors of this length, or open the corpus without it.",
            ) from error


def _nodes_of(index: Index) -> Iterator[tuple[str, str]]:
    """The id of each passage's node, and the id of its paper."""
    paper_ids = [paper for paper, _ in index.papers.ids_and_years()]
    for passage in index.passages:
        yield _id_of(passage["key"].decode()), paper_ids[int(passage["paper"])]


def _node(index: Index, row: int) -> BaseNode:
    passage = index.passages[row]
    paper, start, end = index.papers.at(int(passage["paper"])), int(passage["start"]), int(passage["end"])
    year = {"year": paper.year} if paper.year else {}
    return TextNode(
        id_=_id_of(passage["key"].decode()),
        text=paper.abstract[start:end],
        start_char_idx=start,
        end_char_idx=end,
        metadata={"paper": paper.id, "title": paper.title, "start": start, "end": end, **year},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper.id)},
        embedding=index.vectors[row].astype(np.float32).tolist(),
    )


def _id_of(key: str) -> str:
    return str(uuid.UUID(hex=key * 2))


def _key_of(node: str) -> str | None:
    """The key that a node's id was made of; None for another node."""
    digits = node.replace("-", "")
    return digits[:16] if len(digits) == 32 and digits[:16] == digits[16:] else None
