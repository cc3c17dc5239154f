"""Times `ask` as a whole process, cold, against importing its two large libraries, in turn.

    python benchmarks/startup.py [QUESTION] [--runs 7]

The parts are taken inside the process; the rest of its wall time is Python itself starting and ending.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

LIBRARIES = "import llama_index.core, chromadb"
PARTS = """
import json, sys, time
begin = time.perf_counter()
import llama_index.core, chromadb
libraries = time.perf_counter()
import askpapers.cli, askpapers.engine
from askpapers.settings import load_settings
imports = time.perf_counter()
corpus = askpapers.engine.open_settings(load_settings(), askpapers.engine.no_progress)
opened = time.perf_counter()
corpus.ask(sys.argv[1])
answered = time.perf_counter()
print(json.dumps({"libraries": libraries - begin, "our imports": imports - libraries,
                  "opening": opened - imports, "answering": answered - opened}))
"""


def main() -> None:
    """Run the three in turn and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question", nargs="?", default="which papers use RLHF?")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    ask = [str(Path(sys.executable).with_name("ask")), arguments.question]
    wall: dict[str, list[float]] = {"ask": [], LIBRARIES: []}
    parts: dict[str, list[float]] = {}
    subprocess.run(ask, check=True, capture_output=True)  # the index is built, the files are in memory
    for _ in range(arguments.runs):
        wall["ask"].append(timed(ask)[0])
        wall[LIBRARIES].append(timed([sys.executable, "-c", LIBRARIES])[0])
        for name, seconds in json.loads(timed([sys.executable, "-c", PARTS, arguments.question])[1]).items():
            parts.setdefault(name, []).append(seconds)
    for name, values in (wall | parts).items():
        print(f"{name:<36} {statistics.median(values):6.3f} s  ({min(values):.3f} to {max(values):.3f})")
    ours = [sum(v) for v in zip(*(parts[n] for n in ("our imports", "opening", "answering")), strict=True)]
    print(f"{'ours: imports, opening, answering':<36} {statistics.median(ours):6.3f} s")
    ratio = statistics.median(a / b for a, b in zip(wall["ask"], wall[LIBRARIES], strict=True))
    print(f"{'ask / the two libraries':<36} {ratio:6.2f}")


def timed(command: list[str]) -> tuple[float, str]:
    """The wall seconds of a process, and what it printed."""
    begin = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - begin, done.stdout


if __name__ == "__main__":
    main()
