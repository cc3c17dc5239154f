"""Indexing against the model alone, and against LlamaIndex's own way over Chroma, in one run.

    python benchmarks/indexing.py corpus_10k.jsonl --papers 1000

The papers are cut out of a file of JSON lines (`_id`, `title`, `text`). Four ways are timed, each in its own process:

- *bare*: the embedded model on the very texts that are indexed, sentences and the corpus's words, by ONNX Runtime
  alone, one text at a time in as many threads as there are processors; no files, no database;
- *sentences*: the same of the sentences alone, without the words' own vectors, which other indexes do not have;
- *askpapers*: `ask index` of those papers, from nothing to an index that answers;
- *llama-index*: `VectorStoreIndex.from_documents` over a Chroma collection on disk, with the sentence splitter that
  gives it one sentence a node and the same ONNX file, run in padded batches of 32 by one session of as many threads, as
  Chroma's `ONNXMiniLM_L6_V2` does. Chroma's own file is not used: it would be fetched from the network.

Rates are of papers, since the ways differ in their texts. `of bare` is what the rate is of that of the first.
CPU seconds are beside the wall clock's, since only they can be compared on a machine that does something else as well.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WAYS = ("bare", "sentences", "askpapers", "llama-index")
_BATCH = 32


def read_papers(file: Path, count: int) -> list[dict[str, str]]:
    """The first papers of a file of JSON lines."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(count), lines, strict=False)]


def bare(file: Path, folder: Path, *, words: bool = True) -> int:
    """Embed the texts that an index of the file has, with or without those of its words. Returns how many."""
    from askpapers.corpus import read_corpus
    from askpapers.embedded import EmbeddedModel
    from askpapers.index.lexicon import Lexicon
    from askpapers.index.passages import embedded_text, passages_of

    papers = read_corpus([file]).papers
    texts = [embedded_text(paper, passage) for paper in papers for passage in passages_of(paper)]
    if words:
        texts += Lexicon.collect(papers, 0).surface.tolist()
    model = EmbeddedModel("minilm")
    model.run(texts[:2])  # loaded
    return _timed(lambda: model.run(texts), len(texts))


def sentences(file: Path, folder: Path) -> int:
    """Embed the sentences alone."""
    return bare(file, folder, words=False)


def askpapers(file: Path, folder: Path) -> int:
    """Build an index."""
    from askpapers.index.build import refresh
    from askpapers.index.embedder import MiniLM
    from askpapers.progress import no_progress

    embedder = MiniLM()
    embedder.embed(["loaded"])
    found: list[int] = []
    return _timed(lambda: found.append(refresh(folder, [file], embedder, no_progress).added), found)


def llama_index(file: Path, folder: Path) -> int:
    """LlamaIndex's own way over Chroma."""
    import chromadb
    from chromadb.config import Settings
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embedding = _padded_embedding()
    papers = read_papers(file, sys.maxsize)
    documents = [Document(text=f"{paper['title']}. {paper['text']}", id_=paper["_id"]) for paper in papers]
    splitter = SentenceSplitter(chunk_size=64, chunk_overlap=0)
    settings = Settings(anonymized_telemetry=False)
    collection = chromadb.PersistentClient(str(folder), settings=settings).create_collection("papers")
    context = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    embedding.get_text_embedding("loaded")

    def build() -> None:
        VectorStoreIndex.from_documents(
            documents, storage_context=context, embed_model=embedding, transformations=[splitter]
        )

    return _timed(build, collection.count)


def _padded_embedding() -> Any:
    import numpy as np

    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime
    from llama_index.core.embeddings import BaseEmbedding
    from tokenizers import Tokenizer

    from askpapers.embedded import ASSETS

    onnxruntime.disable_telemetry_events()
    session = onnxruntime.InferenceSession((ASSETS / "minilm" / "model.onnx").read_bytes())
    tokenizer = Tokenizer.from_str((ASSETS / "minilm" / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding(length=256)  # as Chroma's does
    names = {one.name for one in session.get_inputs()}

    class Padded(BaseEmbedding):
        """The model in padded batches."""

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows = tokenizer.encode_batch(texts)
            given = {
                "input_ids": np.array([row.ids for row in rows], dtype=np.int64),
                "attention_mask": np.array([row.attention_mask for row in rows], dtype=np.int64),
                "token_type_ids": np.zeros((len(rows), 256), dtype=np.int64),
            }
            found = session.run(["embedding"], {name: given[name] for name in names})[0]
            return [list(map(float, row)) for row in found]

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Padded(embed_batch_size=_BATCH)


def _timed(work: Callable[[], Any], counted: int | list[int] | Callable[[], int]) -> int:
    begin, cpu = time.perf_counter(), sum(os.times()[:4])  # with processes that were started
    work()
    took, busy = time.perf_counter() - begin, sum(os.times()[:4]) - cpu
    count = counted if isinstance(counted, int) else counted[0] if isinstance(counted, list) else counted()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"texts": count, "seconds": took, "cpu_seconds": busy, "peak_mb": peak}), flush=True)
    return count


def measured(way: str, file: Path) -> dict[str, float]:
    """One way, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, str(file), "--way", way, "--folder", str(Path(folder) / "index")],
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Time the three ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.way:
        {"bare": bare, "sentences": sentences, "askpapers": askpapers, "llama-index": llama_index}[given.way](
            given.corpus, given.folder
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "papers.jsonl"
        papers = read_papers(given.corpus, given.papers)
        file.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
        rows = {way: measured(way, file) for way in WAYS}
    base = rows["bare"]
    print(f"{'':12} {'texts':>7} {'s':>7} {'CPU s':>7} {'papers/s':>9} {'papers/CPU s':>13} {'peak MB':>8}   of bare")
    for way, row in rows.items():
        print(
            f"{way:12} {row['texts']:7,.0f} {row['seconds']:7.1f} {row['cpu_seconds']:7.1f}"
            f" {given.papers / row['seconds']:9.1f} {given.papers / row['cpu_seconds']:13.1f} {row['peak_mb']:8.0f}"
            f"   {base['cpu_seconds'] / row['cpu_seconds']:.2f} (CPU), {base['seconds'] / row['seconds']:.2f} (clock)"
        )
    ours, theirs = rows["askpapers"], rows["llama-index"]
    print(
        f"askpapers is {theirs['cpu_seconds'] / ours['cpu_seconds']:.1f} times (CPU) and"
        f" {theirs['seconds'] / ours['seconds']:.1f} times (clock) as fast as llama-index"
    )


if __name__ == "__main__":
    main()
