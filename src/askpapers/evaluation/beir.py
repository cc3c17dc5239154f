"""The retrieval benchmark: any set in BEIR's layout, ranked by vectors, by words, and by both.

The whole product is in the way: files are read, cut, embedded and indexed as `ask index` does it.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askpapers.errors import UsageError
from askpapers.evaluation.ranking import ranking_scores
from askpapers.evaluation.statistics import Estimate, estimate
from askpapers.index.build import refresh
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.opening import open_index
from askpapers.progress import Progress
from askpapers.retrieval import find_candidates
from askpapers.text import sentences

MEASURES = ("nDCG@10", "R@10", "R@100", "AP@100")
_DEEPEST = 100  # papers of a ranking: what the measures look at
_HINT = "BEIR's layout: corpus.jsonl, queries.jsonl, and qrels/test.tsv or qrels.tsv."


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Estimates by way of ranking ("dense", "lexical", "fused") and measure, and how fast it was.

    `sentences_per_second` is None where an index was there already.
    """

    name: str
    papers: int
    queries: int
    measures: Mapping[str, Mapping[str, Estimate]]
    sentences_per_second: float | None
    queries_per_second: float

    def to_dict(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return asdict(self)


def measure_retrieval(
    folder: Path, qrels: Path | None, index_folder: Path, embedder: Embedder, progress: Progress
) -> RetrievalReport:
    """Index the corpus of a folder, rank it for every judged query, and measure.

    `qrels` is a file, else qrels/test.tsv or qrels.tsv of the folder. Raises UsageError for what is not in
    BEIR's layout, CorpusError for a corpus that cannot be read.
    """
    judgements = read_judgements(qrels or _default_qrels(folder))
    texts = _read_queries(folder / "queries.jsonl")
    asked = {query: texts[query] for query in judgements if query in texts}
    if not asked:
        raise UsageError(f"No query of {folder} is judged.", hint=_HINT)
    begin = time.perf_counter()
    corpus_file = next((f for f in (folder / "corpus.jsonl", folder / "corpus.jsonl.gz") if f.is_file()), None)
    if corpus_file is None:
        raise UsageError(f"There is no corpus.jsonl in {folder}.", hint=_HINT)
    done = refresh(index_folder, [corpus_file], embedder, progress)
    indexing = time.perf_counter() - begin
    index = open_index(index_folder, progress)
    assert index is not None
    try:
        count = sum(len(sentences(paper.abstract)) for paper in index.papers) if not done.kept else None
        rankings, seconds = _rank_all(asked, index, embedder, progress)
        papers = len(index.papers)
    finally:
        index.close()
    return RetrievalReport(
        folder.resolve().name,
        papers,
        len(asked),
        {way: _estimates(judgements, ranked) for way, ranked in rankings.items()},
        count / indexing if count else None,
        len(asked) / seconds,
    )


def read_judgements(file: Path) -> dict[str, dict[str, int]]:
    """The judgements of a qrels file by query and paper. Raises UsageError, which names the line."""
    judgements: dict[str, dict[str, int]] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    except OSError as error:
        raise UsageError(f"The judgements {file} cannot be read: {error.strerror}.", hint=_HINT) from error
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{file} holds no judgements: {error}.", hint="Its columns are query-id, corpus-id and score, with tabs."
        ) from error
    return judgements


def _default_qrels(folder: Path) -> Path:
    inner = folder / "qrels" / "test.tsv"
    return inner if inner.is_file() else folder / "qrels.tsv"


def _read_queries(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The queries {file} cannot be read: {error}.", hint=_HINT) from error
    texts = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                query = json.loads(line)
                texts[str(query["_id"])] = str(query["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    f"{file}:{number} is no query: {error}.", hint='Write it so: {"_id": "1", "text": "..."}'
                ) from error
    return texts


def _rank_all(
    asked: Mapping[str, str], index: Index, embedder: Embedder, progress: Progress
) -> tuple[dict[str, dict[str, list[str]]], float]:
    """The ranking of every query in each way, and the seconds that the searches took."""
    ids = [paper.id for paper in index.papers]
    rankings: dict[str, dict[str, list[str]]] = {"dense": {}, "lexical": {}, "fused": {}}
    find_candidates(next(iter(asked.values())), index, embedder)  # opens what is opened on first use
    begin = time.perf_counter()
    for done, (query, text) in enumerate(asked.items()):
        progress("Ranking", done, len(asked))
        found = find_candidates(text, index, embedder)
        scores = {"dense": found.parts["best"], "lexical": found.parts["words"], "fused": found.fused()}
        for way, values in scores.items():
            rankings[way][query] = _top(values, found.rows, ids)
    return rankings, time.perf_counter() - begin


def _top(scores: npt.NDArray[np.float32], rows: npt.NDArray[np.int64], ids: list[str]) -> list[str]:
    return [ids[int(rows[i])] for i in np.argsort(-scores, kind="stable")[:_DEEPEST]]


def _estimates(judgements: Mapping[str, Mapping[str, int]], ranked: Mapping[str, list[str]]) -> dict[str, Estimate]:
    scores = ranking_scores(judgements, ranked, MEASURES)
    return {measure: estimate([of_query[measure] for of_query in scores.values()]) for measure in MEASURES}
