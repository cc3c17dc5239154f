"""Joining shards: what it takes in time, in seconds of a processor and in memory.

    python benchmarks/shards.py CORPUS --papers 50000 --shards 4

The papers are the first of a file of JSON lines (`_id`, `title`, `text`; .gz too). Vectors are pseudo-random, and
Chroma's graph is left out of the shards, which joining does not read, and of the joined index unless --graph is given.
Each step is a process of its own. The folder that it works in is deleted afterwards.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice, pairwise
from pathlib import Path
from unittest.mock import patch

from askpapers.index.build import refresh
from scale import StandIn


def lines_of(file: Path, count: int) -> Iterator[str]:
    """The first lines of a file."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        yield from islice(lines, count)


def build(folder: Path, corpus: Path, *, graph: bool) -> None:
    """Build an index or join shards, and print what each stage took."""
    stages: list[tuple[str, float, float]] = []

    def on_progress(stage: str, done: int, total: int | None) -> None:
        if not stages or stages[-1][0] != stage:
            stages.append((stage, time.perf_counter(), time.process_time()))

    begin = time.perf_counter()
    with ExitStack() as stack:
        if not graph:
            stack.enter_context(patch("askpapers.index.graph.write_chroma", lambda folder, *_: folder.mkdir()))
        done = refresh(folder, [corpus], StandIn(), on_progress)
    stages.append(("", time.perf_counter(), time.process_time()))
    for (stage, clock, busy), (_, next_clock, next_busy) in pairwise(stages):
        print(f"    {stage:45} {next_clock - clock:7.1f} s {next_busy - busy:7.1f} CPU s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {done.added:,} vectors made, {done.kept:,} taken over: {time.perf_counter() - begin:.1f} s,"
        f" {time.process_time():.1f} CPU s with the start, {peak:,.0f} MB"
    )


def main() -> None:
    """Make shards and join them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--papers", type=int, default=50_000)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--graph", action="store_true")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.into:
        build(given.into, given.corpus, graph=given.graph)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = [json.loads(line) for line in lines_of(given.corpus, given.papers)]
        step = -(-len(texts) // given.shards)
        for number in range(given.shards):
            file = folder / f"{number}.jsonl"
            part = texts[number * step : (number + 1) * step]
            file.write_text("".join(f"{json.dumps(text)}\n" for text in part), encoding="utf-8")
            _run(f"shard {number}: {len(part):,} papers", file, folder / "shards" / str(number))
        _run("joined", folder / "shards", folder / "joined", *(["--graph"] if given.graph else []))


def _run(title: str, corpus: Path, into: Path, *options: str) -> None:
    print(title, flush=True)
    subprocess.run([sys.executable, __file__, str(corpus), "--into", str(into), *options], check=True)


if __name__ == "__main__":
    main()
