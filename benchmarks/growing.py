"""Asking while an index is built: how soon, with how much memory, and whether kills lose anything.

    python benchmarks/growing.py words CORPUS [--papers N]
    python benchmarks/growing.py kills CORPUS [--papers N] [--kills 20]

*words* builds an index in a process of its own until another one can ask all of it by words, and says after how many
seconds of the clock that was so, and of each part that could be asked before. Of the processor's time and the memory it
says what the whole took. The embedder is the one in the package; it has embedded nothing by then.

*kills* builds one with pseudo-random vectors in place of the model's, so that it takes minutes and not hours, and
without Chroma's graph, which is filled when all vectors are there. The build is killed after a random number of
vectors, and after each kill what was on the disk has to be there still and has to be asked. At the end each vector is
compared with its text.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import numpy as np

from askpapers.index.build import refresh
from askpapers.index.contents import PassageTexts
from askpapers.index.embedder import Embedder, MiniLM
from askpapers.index.filling import written_rows
from askpapers.index.generation import Index
from askpapers.index.growing import GrowingIndex, open_growing
from askpapers.index.layout import current_generation, newest_growing
from askpapers.progress import no_progress
from askpapers.retrieval import search
from scale import StandIn

_TICK = 0.05  # seconds between two looks
_QUESTION = "graph neural networks for molecules"
_SEED = 7


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["words", "kills", "build"])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--papers", type=int, help="only the first so many")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.what == "build":
        build(given.corpus, given.index, stand_in=given.papers == 0)
        return
    with tempfile.TemporaryDirectory() as place:
        corpus = first_papers(given.corpus, given.papers, Path(place)) if given.papers else given.corpus
        (words if given.what == "words" else kills)(corpus, Path(place) / "index", given.kills)


def first_papers(corpus: Path, count: int, place: Path) -> Path:
    """A file of the first papers of a file of JSON lines."""
    cut = place / "papers.jsonl"
    opened = gzip.open if corpus.suffix == ".gz" else open
    with opened(corpus, "rt", encoding="utf-8") as lines, cut.open("w", encoding="utf-8") as stream:
        stream.writelines(itertools.islice(lines, count))
    return cut


def build(corpus: Path, index: Path, *, stand_in: bool) -> None:
    """Build an index: by the stand-in without Chroma's graph, or by the model."""
    if not stand_in:
        last = ""

        def tell(stage: str, done: int, total: int | None) -> None:
            nonlocal last
            if stage != last:
                last = stage
                print(f"{time.process_time():8.1f} s of the processor: {stage}", flush=True)

        refresh(index, [corpus], MiniLM(), tell)
        return
    with patch("askpapers.index.graph.write_chroma", lambda folder, *_: folder.mkdir()):
        refresh(index, [corpus], StandIn(), no_progress)


def start(corpus: Path, index: Path, *, stand_in: bool) -> subprocess.Popen[bytes]:
    """Begin a build in a process of its own."""
    more = ["--papers", "0"] if stand_in else []
    return subprocess.Popen([sys.executable, __file__, "build", str(corpus), "--index", str(index), *more])


def killed(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Kill a build; the seconds of the processor that it took, and the most memory, in MB."""
    process.send_signal(signal.SIGKILL)
    _, process.returncode, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def opened(index: Path, corpus: Path, embedder: Embedder) -> GrowingIndex | None:
    """The index that is being built."""
    return open_growing(index, embedder, [corpus], no_progress) if index.is_dir() else None


def growing_parts(
    folder: Path, corpus: Path, embedder: Embedder, process: subprocess.Popen[bytes]
) -> Iterator[GrowingIndex]:
    """What can be asked of an index that a process is building, as soon as it can: the last is that of all papers."""
    last: GrowingIndex | None = None
    while last is None or last.manifest.is_part:
        if process.poll() is not None:
            raise SystemExit("the build ended by itself: the corpus is too small")
        newest = newest_growing(folder) if folder.is_dir() else None
        if newest and (last is None or newest != last.generation) and (index := opened(folder, corpus, embedder)):
            if last:
                last.close()
            last = index
            yield index
        time.sleep(_TICK)


def words(corpus: Path, folder: Path, _: int) -> None:
    """Print when a question can be asked by words, and what it takes."""
    embedder = MiniLM()
    begin = time.perf_counter()
    process = start(corpus, folder, stand_in=False)
    for index in growing_parts(folder, corpus, embedder, process):
        papers, passages = index.manifest.papers, index.manifest.passages
        what = "papers read so far" if index.manifest.is_part else "papers, which are all"
        print(f"{time.perf_counter() - begin:8.1f} s of the clock: words of {papers:,} {what} can be asked", flush=True)
    cpu, peak = killed(process)
    with closing(index):
        print(f"{papers:,} papers, {passages:,} passages:")
        print(f"  {cpu:.0f} s of the processor ({papers / cpu:,.0f} papers a second), at most {peak:,.0f} MB")
        for name in ("first", "again"):
            begin = time.perf_counter()
            hits = search(_QUESTION, index, embedder, 8)
            print(f"  a question ({name}): {len(hits)} papers in {(time.perf_counter() - begin) * 1000:.0f} ms")


def has_written(folder: Path, embedder: Embedder, before: int, share: float) -> bool:
    """Whether a build has written so many vectors more than before, of all: a share."""
    generation = newest_growing(folder)
    if not generation:
        return False
    passages = len(np.load(generation / "passages.npy", mmap_mode="r"))
    rows = written_rows(generation / "vectors.f16", embedder.dimension, passages)
    return rows >= before + share * passages


def kills(corpus: Path, folder: Path, count: int) -> None:
    """Kill a build again and again, and see that nothing is lost."""
    embedder, chance, written, spent = StandIn(), random.Random(_SEED), 0, 0.0
    for number in range(1, count + 1):
        process = start(corpus, folder, stand_in=True)
        share = chance.uniform(0, 1 / count)
        while not has_written(folder, embedder, written, share):
            assert process.poll() is None, "the build ended by itself"
            time.sleep(_TICK)
        cpu, peak = killed(process)
        spent += cpu
        index = opened(folder, corpus, embedder)
        assert index, "it cannot be asked"
        with closing(index):
            rows = written_rows(index.generation / "vectors.f16", embedder.dimension, index.manifest.passages)
            assert rows >= written, f"{written - rows} vectors were lost"
            hits = search(_QUESTION, index, embedder, 8)
            print(
                f"kill {number}: {rows:,} of {index.manifest.passages:,} vectors on the disk, {len(hits)} papers found,"
                f" {cpu:.0f} s of the processor, at most {peak:,.0f} MB",
                flush=True,
            )
        written = rows
    process = start(corpus, folder, stand_in=True)
    _, process.returncode, used = os.wait4(process.pid, 0)
    assert process.returncode == 0, "the last build failed"
    print(
        f"the rest: {used.ru_utime + used.ru_stime:.0f} s of the processor, after {spent:.0f} s in builds that were"
        " killed"
    )
    generation = current_generation(folder)
    assert generation
    with closing(Index(generation)) as made:
        texts = PassageTexts(made.papers, made.passages)
        for begin in range(0, len(made.vectors), 4096):
            end = min(begin + 4096, len(made.vectors))
            expected = embedder.embed([texts.at(row) for row in range(begin, end)]).astype(np.float16)
            assert np.array_equal(made.vectors[begin:end], expected), f"wrong vectors from {begin:,} on"
        print(f"{len(made.vectors):,} vectors are those of their texts")


if __name__ == "__main__":
    main()
