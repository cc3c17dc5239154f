"""Compare embedding models in the place of the embedded one: the same passages, the same words, the same fusion.

    pip install onnxruntime tokenizers ir-measures
    python benchmarks/embedder_choice.py --model minilm --model bge=bge.onnx --cache CACHE \
        --beir PATH/TO/scifact --beir PATH/TO/cranfield --suite seeds-dev --suite seeds-dev2

A model is an ONNX graph that reads bert-base-uncased's word pieces. What it gives for a text is its vector, or the
hidden states of its tokens, of which the first is taken. `NAME?PREFIX=FILE` puts a prefix before each question.
Suites are asked of the seeds. Passages are sentences, with their title and without. Every candidate is scored as
`askpapers.retrieval` does it, but the nearest passages are found exactly. Vectors are kept in the cache as they come.
"""

import argparse
import hashlib
import itertools
import json
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import AP, Success, nDCG
from tokenizers import Tokenizer

from askpapers.corpus import read_corpus
from askpapers.datatypes import Paper
from askpapers.evaluation.beir import read_judgements
from askpapers.index.passages import embedded_text, passages_of
from askpapers.index.words import WordIndex
from askpapers.retrieval import Candidates
from askpapers.text import plain, terms

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when the library is loaded
import onnxruntime as ort

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "src" / "askpapers" / "assets" / "minilm"
MAX_TOKENS = 256
NEAREST, BY_WORDS, DEEPEST = 300, 100, 100
FACTS, SURVEYS = ("open", "quantity", "definition", "yes_no"), ("survey", "count")
COLUMNS = {"nDCG@10": nDCG @ 10, "first": Success @ 1, "in five": Success @ 5, "AP": AP}

Vectors = npt.NDArray[np.float32]
Judgements = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Set:
    """Papers, and questions of them with the judged papers of each."""

    name: str
    papers: Sequence[Paper]
    queries: Mapping[str, str]
    judgements: Judgements


class Embedder:
    """One ONNX graph, run as askpapers runs them: a text at a time, in threads."""

    def __init__(self, name: str, model: Path, threads: int) -> None:
        self.name, _, self.prefix = name.partition("?")
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(ASSETS / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._threads = threads

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text."""
        encodings = self._tokenizer.encode_batch(list(texts))
        with ThreadPoolExecutor(self._threads) as pool:
            return np.stack(list(pool.map(lambda encoding: self._run(encoding.ids), encodings)))

    def _run(self, tokens: list[int]) -> Vectors:
        ids = np.array([tokens], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: given[name] for name in self._inputs})[0][0]
        vector = np.asarray(output if output.ndim == 1 else output[0], dtype=np.float32)
        return vector / np.float32(np.linalg.norm(vector))


def cached(embedder: Embedder, texts: Sequence[str], folder: Path) -> Vectors:
    """Embed, or take from the folder what was embedded before."""
    key = hashlib.sha256("\0".join([embedder.name, *texts]).encode()).hexdigest()[:16]
    file = folder / f"{embedder.name}-{key}.npy"
    if not file.is_file():
        np.save(file, embedder.embed(texts).astype(np.float16))  # as the index stores them
    return np.asarray(np.load(file), dtype=np.float32)


def beir_sets(folder: Path) -> list[Set]:
    """The sets of a folder in BEIR's layout: the test queries, and the training queries where there are some."""
    papers = read_corpus([folder / "corpus.jsonl"]).papers
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {str(entry["_id"]): str(entry["text"]) for entry in map(json.loads, filter(None, lines))}
    sets = []
    for name in ("qrels/train.tsv", "qrels/test.tsv", "qrels.tsv"):
        if (folder / name).is_file():
            judgements = read_judgements(folder / name)
            queries = {query: texts[query] for query in judgements if query in texts}
            sets.append(Set(f"{folder.name} {Path(name).stem}", papers, queries, judgements))
    return sets


def suite_sets(file: Path) -> list[Set]:
    """The questions of a suite that have papers to find: those of one fact, and those for every paper of a kind."""
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    papers = read_corpus([ROOT / "seeds"]).papers
    sets = []
    for kind, intents in (("facts", FACTS), ("surveys", SURVEYS)):
        asked = [case for case in cases if case.get("must") and case["answerable"] and case["intent"] in intents]
        queries = {case["id"]: case["question"] for case in asked}
        judgements = {case["id"]: dict.fromkeys(case["must"], 1) for case in asked}
        sets.append(Set(f"{file.stem}, {kind}", papers, queries, judgements))
    return [data for data in sets if data.queries]


def parts(data: Set, embedder: Embedder, titled: bool, folder: Path) -> dict[str, Candidates]:
    """The candidates of each question, scored each way."""
    rows, texts = [], []
    for row, paper in enumerate(data.papers):
        for passage in passages_of(paper):
            sentence = paper.abstract[passage.start : passage.end]
            texts.append(embedded_text(paper, passage) if titled else plain(sentence))
            rows.append(row)
    of_passage = np.array(rows)
    vectors = cached(embedder, texts, folder)
    asked = cached(embedder, [embedder.prefix + text for text in data.queries.values()], folder)
    first = np.searchsorted(of_passage, np.arange(len(data.papers) + 1))
    means = np.array(
        [vectors[a:b].mean(axis=0) if b > a else np.zeros(vectors.shape[1]) for a, b in itertools.pairwise(first)]
    )
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    words = WordIndex.build(terms(p.title) + terms(f"{p.title}. {p.abstract}") for p in data.papers)
    found = {}
    for (query, text), vector in zip(data.queries.items(), asked, strict=True):
        cosines, by_words = vectors @ vector, words.scores(terms(text))
        near = of_passage[np.argsort(-cosines)[:NEAREST]]
        lexical = np.argsort(-by_words)[:BY_WORDS]
        picked = np.union1d(near, lexical[by_words[lexical] > 0]).astype(np.int64)
        picked = picked[first[picked + 1] > first[picked]]
        of_rows = [cosines[first[row] : first[row + 1]] for row in picked]
        best = np.array([c.max() for c in of_rows], dtype=np.float32)
        found[query] = Candidates(
            picked, of_rows, {"best": best, "mean": means[picked] @ vector, "words": by_words[picked]}
        )
    return found


def ranked(data: Set, scores: Mapping[str, tuple[npt.NDArray[np.int64], Vectors]]) -> dict[str, dict[str, float]]:
    """The first papers for each question, by the scores of its candidates."""
    ids = [paper.id for paper in data.papers]
    return {
        query: {ids[int(rows[place])]: float(values[place]) for place in np.argsort(-values, kind="stable")[:DEEPEST]}
        for query, (rows, values) in scores.items()
    }


def measured(data: Set, found: Mapping[str, Candidates], way: str) -> list[float]:
    """The measures of the columns, ranked by one part or by the fusion of all."""
    scores = {query: (c.rows, c.fused() if way == "fused" else c.parts[way]) for query, c in found.items()}
    judged = {query: dict(data.judgements[query]) for query in data.queries}
    values = ir_measures.calc_aggregate(list(COLUMNS.values()), judged, ranked(data, scores))
    return [float(values[measure]) for measure in COLUMNS.values()]


def rates(embedders: Sequence[Embedder], texts: Sequence[str], rounds: int = 5) -> list[float]:
    """Texts per CPU second of each, the best of some rounds taken in turn."""
    best = [0.0] * len(embedders)
    for _ in range(rounds):
        for place, embedder in enumerate(embedders):
            begin = time.process_time()
            embedder.embed(texts)
            best[place] = max(best[place], len(texts) / (time.process_time() - begin))
    return best


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description="Compare embedding models in the place of the embedded one.")
    parser.add_argument("--model", action="append", required=True, metavar="NAME[?PREFIX]=FILE")
    parser.add_argument("--beir", action="append", type=Path, default=[])
    parser.add_argument("--suite", action="append", default=[], help="a suite of the seeds, such as seeds-dev")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    arguments.cache.mkdir(exist_ok=True)
    embedders = []
    for model in arguments.model:
        name, _, file = model.partition("=")
        embedders.append(Embedder(name, Path(file or ASSETS / "model.onnx"), arguments.threads))
    sets = [data for name in arguments.suite for data in suite_sets(ROOT / "eval" / "suites" / f"{name}.jsonl")]
    for folder in arguments.beir:
        sets += beir_sets(folder)
    print("| set | queries | title | model | ranked by |", " | ".join(COLUMNS), "|")
    print("| --- | --- | --- | --- | --- |" + " --- |" * len(COLUMNS))
    for data, titled, embedder in itertools.product(sets, (True, False), embedders):
        found = parts(data, embedder, titled, arguments.cache)
        label = embedder.name + (" prefixed" if embedder.prefix else "")
        for way in ("best", "mean", "words", "fused"):
            values = " | ".join(f"{value:.4f}" for value in measured(data, found, way))
            print(f"| {data.name} | {len(found)} | {titled} | {label} | {way} | {values} |", flush=True)
    sentences = [embedded_text(paper, passage) for paper in sets[0].papers for passage in passages_of(paper)][:1000]
    for embedder, rate in zip(embedders, rates(embedders, sentences), strict=True):
        print(f"{embedder.name}: {rate:.0f} sentences per CPU second")


if __name__ == "__main__":
    main()
