"""Comparing all vectors of an index with a question's, as a survey does: block by block, in several ways, in one run.

    python benchmarks/scan.py --passages 1500000

The vectors are pseudo-random, in a mapped file of 16-bit floats that is deleted afterwards. Each way is timed in turn,
so many rounds; median seconds by the clock and of the processors are printed, and whether the result is the same to
the bit.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from askpapers.index.scan import compare_all

_DIMENSION = 384
_DRAWN = 65_536

Vectors = npt.NDArray[np.float16]
Vector = npt.NDArray[np.float32]


def drawn(file: Path, count: int) -> Vectors:
    """A mapped file of unit vectors."""
    generator = np.random.default_rng(0)
    with file.open("wb") as stream:
        for begin in range(0, count, _DRAWN):
            part = generator.standard_normal((min(_DRAWN, count - begin), _DIMENSION), dtype=np.float32)
            part /= np.linalg.norm(part, axis=1, keepdims=True)
            stream.write(part.astype("<f2").tobytes())
    return np.memmap(file, dtype="<f2", mode="r", shape=(count, _DIMENSION))


def plain(vectors: Vectors, vector: Vector, rows: int) -> Vector:
    """The plain loop: so many vectors at once, each block in new memory."""
    found = np.empty(len(vectors), dtype=np.float32)
    for begin in range(0, len(vectors), rows):
        found[begin : begin + rows] = vectors[begin : begin + rows].astype(np.float32) @ vector
    return found


def threaded(vectors: Vectors, vector: Vector) -> Vector:
    """`compare_all` of both halves at the same time."""
    middle = len(vectors) // 2
    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(
            list(pool.map(lambda part: compare_all(part, vector), (vectors[:middle], vectors[middle:])))
        )


def main() -> None:
    """Time the ways in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=1_500_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vectors = drawn(Path(folder) / "vectors.f16", arguments.passages)
        vector = np.random.default_rng(1).standard_normal(_DIMENSION).astype(np.float32)
        ways: dict[str, Callable[[], Vector]] = {
            "plain, 65,536 at once": lambda: plain(vectors, vector, 65_536),
            "plain, 2,048 at once": lambda: plain(vectors, vector, 2_048),
            "compare_all": lambda: compare_all(vectors, vector),
            "compare_all, 2 threads": lambda: threaded(vectors, vector),
        }
        first = compare_all(vectors, vector)
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        same: dict[str, bool] = {}
        for _ in range(arguments.rounds):
            for name, way in ways.items():
                begin, busy = time.perf_counter(), time.process_time()
                found = way()
                took[name].append((time.perf_counter() - begin, time.process_time() - busy))
                same[name] = bool(np.array_equal(found, first))
    for name, seconds in took.items():
        by_clock, of_processors = (median(part) for part in zip(*seconds, strict=True))
        equal = "same to the bit" if same[name] else "differs"
        print(f"{name:24} {by_clock:6.2f} s {of_processors:6.2f} CPU s   {equal}")


if __name__ == "__main__":
    main()
