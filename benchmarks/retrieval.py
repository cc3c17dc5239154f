"""Measures retrieval on a set in BEIR's layout: dense, lexical and fused, by paper.

    python benchmarks/retrieval.py FOLDER [--qrels qrels/test.tsv] [--index FOLDER]

The whole product is in the way: files are read, cut, embedded and indexed as `ask index` does it.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import AP, R, ScoredDoc, nDCG

from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
from askpapers.index.generation import Index, current_generation
from askpapers.retrieval import find_candidates

MEASURES = [nDCG @ 10, R @ 10, R @ 100, AP @ 100]


def main() -> None:
    """Index the corpus, run every judged query, print a row for each way of ranking."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--qrels", default=None, help="default: qrels/test.tsv, else qrels.tsv")
    parser.add_argument("--index", type=Path, default=None, help="keep the index here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(arguments.folder, arguments.qrels, arguments.index or Path(temporary))


def measure(folder: Path, qrels_name: str | None, index_folder: Path) -> None:
    """Print the table."""
    embedder = MiniLM()
    begin = time.perf_counter()
    done = refresh(index_folder, [folder / "corpus.jsonl"], embedder, lambda stage, at, total: None)
    indexing = time.perf_counter() - begin
    generation = current_generation(index_folder)
    assert generation is not None
    index = Index(generation)
    ids = [paper.id for paper in index.papers]
    default = "qrels/test.tsv" if (folder / "qrels").is_dir() else "qrels.tsv"
    qrels = list(read_qrels(folder / (qrels_name or default)))
    judged = {q.query_id for q in qrels}
    runs: dict[str, list[ScoredDoc]] = {"dense": [], "lexical": [], "fused": []}
    queries = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    begin = time.perf_counter()
    asked = [q for q in queries if q["_id"] in judged]
    for query in asked:
        found = find_candidates(query["text"], index, embedder)
        scores = {"dense": found.parts["best"], "lexical": found.parts["words"], "fused": found.fused()}
        for name, values in scores.items():
            runs[name] += top(query["_id"], values, found.rows, ids)
    seconds = time.perf_counter() - begin
    print(f"{folder.name}: {len(ids)} papers, {len(index.passages)} passages, {len(asked)} queries")
    print("          " + "  ".join(f"{m!s:>9}" for m in MEASURES))
    for name, run in runs.items():
        result = ir_measures.calc_aggregate(MEASURES, qrels, run)
        print(f"{name:<10}" + "  ".join(f"{result[m]:9.4f}" for m in MEASURES))
    print(f"indexed {done.added} passages in {indexing:.0f} s; {1000 * seconds / len(asked):.1f} ms a query")


def read_qrels(file: Path) -> Iterator[ir_measures.Qrel]:
    """The judgements of a BEIR qrels file."""
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            yield ir_measures.Qrel(row["query-id"], row["corpus-id"], int(row["score"]))


def top(query: str, scores: npt.NDArray[np.float32], rows: npt.NDArray[np.int64], ids: list[str]) -> list[ScoredDoc]:
    """The hundred best of a ranking that have a score at all."""
    order = np.argsort(-scores, kind="stable")[:100]
    return [ScoredDoc(query, ids[int(rows[i])], float(scores[i])) for i in order]


if __name__ == "__main__":
    main()
