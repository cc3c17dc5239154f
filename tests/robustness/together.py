"""Two processes that write one index and four that read it, for a while.

python tests/robustness/together.py SECONDS
"""

# ruff: noqa: T201 - a program

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from processes import run, start, wait

from askpapers.engine import Corpus
from askpapers.retrieval import search
from fakes import WordHash, build, many_papers, write_papers

WRITERS, READERS = 2, 4


def write(place: Path, writer: int, until: float) -> None:
    """Change a file of one's own and bring the index in step, again and again."""
    number = 0
    while not number or time.monotonic() < until:  # each writes once, however busy the machine is
        number += 1
        lines = [
            json.dumps({"id": f"w{writer}-{i}", "title": "On change", "abstract": f"Writer {writer} is at {number}."})
            for i in range(5)
        ]
        file = place / "corpus" / f"writer{writer}.jsonl"
        hidden = file.with_name(f".{file.name}")
        hidden.write_text("\n".join(lines), encoding="utf-8")
        hidden.replace(file)
        build(place / "index", place / "corpus", WordHash())
    print(f"writer {writer}: {number} refreshes", flush=True)


def read(place: Path, reader: int, until: float) -> None:
    """Answer from one open corpus; what a writer wrote is whole, and never older than what was seen before."""
    embedder = WordHash()
    questions, seen, generations, descriptors = 0, [0] * WRITERS, set[str](), list[int]()
    with closing(Corpus(place / "index", embedder)) as corpus:
        while not questions or time.monotonic() < until:  # opening it takes seconds on a busy machine
            index = corpus.index
            generations.add(index.generation.name)
            assert search("Writer 1 is at 3.", index, embedder, 3)
            papers = list(index.papers)
            assert len(papers) == index.manifest.papers == len(index.words)
            nearest = index.rows_of(index.dense.nearest(index.vectors[-1].astype(np.float32), 1).keys)[0]
            assert np.array_equal(index.vectors[nearest], index.vectors[-1])
            for writer in range(WRITERS):
                numbers = {int(p.abstract.split()[-1][:-1]) for p in papers if p.id.startswith(f"w{writer}-")}
                assert len(numbers) <= 1, numbers  # a file is in it whole or not at all
                for number in numbers:
                    assert number >= seen[writer], (number, seen)
                    seen[writer] = number
            assert index.notes == ()
            questions += 1
            del index
            if len(generations) > 3 and Path("/proc/self/fd").exists():
                descriptors.append(len(os.listdir("/proc/self/fd")))  # noqa: PTH208
    assert generations
    half = len(descriptors) // 2  # Chroma opens up to ten connections to SQLite
    assert not half or max(descriptors[half:]) <= max(descriptors[:half]) + 10, (max(descriptors), min(descriptors))
    print(f"reader {reader}: {questions} questions, {len(generations)} generations", flush=True)


def main(seconds: float) -> None:
    """Write and read for so many seconds. Raises AssertionError."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_papers(place / "corpus", many_papers(40))
        run(lambda: print(build(place / "index", place / "corpus", WordHash())))
        until = time.monotonic() + seconds
        children = [start(partial(write, place, n, until)) for n in range(WRITERS)]
        children += [start(partial(read, place, n, until)) for n in range(READERS)]
        for child in children:
            wait(child)
        run(lambda: print(build(place / "index", place / "corpus", WordHash())))
        left = sorted(path.name for path in (place / "index").iterdir() if path.name[0].isdigit())
        assert len(left) <= 2, left
        leases = [path.name for path in (place / "index" / "leases").iterdir() if path.name != "lock"]
        assert leases == []


if __name__ == "__main__":
    main(float(sys.argv[1]))
