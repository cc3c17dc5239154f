"""Surveys at scale: time and peak memory of a survey, and whether what its bounds skip is missed.

    python benchmarks/scale.py build CORPUS INDEX [--stand-in]
    python benchmarks/scale.py survey INDEX QUESTION... [--stand-in] [--read-all]
    python benchmarks/scale.py search INDEX [--stand-in]

Surveys do not touch Chroma, and filling it takes longer than all else at this size, so it is left out here. With
--stand-in vectors are pseudo-random: time and memory stay what they are, what is found means nothing. With --read-all
every paper is read sentence by sentence as well, and the two lists are compared. *search* finds the papers for 200
questions, the titles of papers spread over the corpus, all vectors compared in place of Chroma's graph.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from unittest.mock import patch

import numpy as np

from askpapers.answering.judging import Judge, Weights
from askpapers.answering.question import read_terms
from askpapers.answering.survey import Surveyor
from askpapers.answering.topic import read_scope, read_topic
from askpapers.index.build import refresh
from askpapers.index.embedder import Embedder, MiniLM, Vectors
from askpapers.index.generation import Index
from askpapers.index.opening import open_index
from askpapers.progress import no_progress
from askpapers.reading.cross_encoder import CrossEncoderReader
from askpapers.retrieval import search

_SEARCHES = 200


class StandIn:
    """An `Embedder` whose unit vectors are drawn at random, seeded by the text."""

    name = "stand-in"
    dimension = 384

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Draw a vector for each text."""
        drawn = np.stack([self._draw(text) for text in texts])
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    def embed_question(self, question: str) -> Vectors:
        """Draw a vector for a question."""
        vector: Vectors = self.embed([question])[0]
        return vector

    def _draw(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        return np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)


def main() -> None:
    """Build an index, or survey one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("corpus", type=Path)
    surveying = commands.add_parser("survey")
    searching = commands.add_parser("search")
    for command in (building, surveying, searching):
        command.add_argument("index", type=Path)
        command.add_argument("--stand-in", action="store_true")
    surveying.add_argument("questions", nargs="+")
    surveying.add_argument("--read-all", action="store_true")
    arguments = parser.parse_args()
    embedder: Embedder = StandIn() if arguments.stand_in else MiniLM()
    begin = time.perf_counter()
    if arguments.command == "build":
        with patch("askpapers.index.graph.write_chroma", lambda folder, *_: folder.mkdir() or 0):
            done = refresh(arguments.index, [arguments.corpus], embedder, no_progress)
        print(f"{done.added:,} passages embedded, {done.kept:,} kept, {time.perf_counter() - begin:.0f} s")
    elif arguments.command == "search":
        search_papers(arguments.index, embedder)
    else:
        survey(arguments.index, embedder, arguments.questions, read_all=arguments.read_all)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB, mapped files counted")


def survey(folder: Path, embedder: Embedder, questions: Sequence[str], *, read_all: bool) -> None:
    """Print what each question takes and finds."""
    values = json.loads(resources.files("askpapers").joinpath("assets", "answering.json").read_text("utf-8"))
    weights = Weights.of(values["survey"])
    reader = CrossEncoderReader()
    index = open_index(folder, no_progress)
    assert index is not None
    for question in questions:
        for name in ("first", "again"):
            begin = time.perf_counter()
            surveyed = Surveyor(Judge(index, embedder, reader, weights, no_progress)).judge(read_topic(question))
            seconds = time.perf_counter() - begin
            coverage = surveyed.coverage
            print(
                f"{question} ({name}): {coverage.checked:,} papers checked,"
                f" {len(surveyed.found)} found, {seconds:.1f} s"
            )
        if read_all:
            _compare(index, embedder, question, weights)


def search_papers(folder: Path, embedder: Embedder) -> None:
    """Print how long finding the papers for a question takes when the index is open and warm."""
    index = open_index(folder, no_progress)
    assert index is not None
    rows = np.linspace(0, len(index.papers) - 1, _SEARCHES, dtype=int).tolist()
    questions = [index.papers.at(row).title for row in rows]
    for _ in range(2):  # the second time everything is in memory
        spent = list[tuple[float, float]]()
        for question in questions:
            begin, processor = time.perf_counter(), time.process_time()
            search(question, index, embedder, 8)
            spent.append((time.perf_counter() - begin, time.process_time() - processor))
    for name, seconds in zip(("clock", "processor"), zip(*spent, strict=True), strict=True):
        middle, late = np.percentile(seconds, [50, 95]) * 1000
        print(f"{len(index.papers):,} papers, by the {name}: p50 {middle:.0f} ms, p95 {late:.0f} ms")


def _compare(index: Index, embedder: Embedder, question: str, weights: Weights) -> None:
    """Look at every paper by the sentence, whatever its scores as a whole, and see whether any was passed over."""
    topic = read_terms(read_scope(read_topic(question)).wanted, index, embedder)
    rows = range(len(index.papers))
    begin = time.perf_counter()
    found, everything = (
        {
            j.paper.id
            for j in Judge(index, embedder, CrossEncoderReader(), kept, no_progress).score(topic, rows).likeliest
            if j.chance >= weights.mention
        }
        for kept in (weights, replace(weights, mention=-1.0))
    )
    recall = len(found & everything) / len(everything) if everything else 1.0
    seconds = time.perf_counter() - begin
    print(f"  every paper looked at: {len(everything)} found, recall of the survey {recall:.3f}, {seconds:.0f} s")


if __name__ == "__main__":
    main()
