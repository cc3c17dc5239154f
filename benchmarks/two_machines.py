"""Two processes index a shard each into one collection on a server, and a third asks both: over Chroma and Qdrant.

    python benchmarks/two_machines.py

Each process is the program itself, `python -m askpapers`, with a cache folder of its own, as on a machine of its own;
the two that index run at the same time. The server is `chroma run`, then the tests' stand-in for a Qdrant server. The
papers are the seeds. What the third process answers is compared with the answer of one index of all papers, in a
folder. Commands and answers are printed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from chroma_process import chroma_server  # noqa: E402
from qdrant_stand_in import KEY  # noqa: E402

QUESTIONS = ("which papers use reinforcement learning?", "how are language models evaluated?")


@contextmanager
def qdrant_stand_in() -> Iterator[str]:
    """The stand-in in a process of its own; gives its address."""
    program = [sys.executable, str(ROOT / "tests" / "qdrant_stand_in.py")]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield f"qdrant+{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def ask(machine: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start the program on a “machine”."""
    machine.mkdir(exist_ok=True)
    environment = {**os.environ, "XDG_CACHE_HOME": str(machine), "ASK_INDEX_KEY": KEY, "ASK_SERVER": "0"}
    print(
        f"  {machine.name}$ ask {' '.join(Path(a).name if isinstance(a, Path) else a for a in arguments)}", flush=True
    )
    command = [sys.executable, "-m", "askpapers", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, cwd=machine, stdout=subprocess.PIPE, text=True)


def answer_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON that a process prints."""
    out, _ = process.communicate()
    assert process.returncode in (0, 3), out
    found: dict[str, Any] = json.loads(out)
    return found


def run(engine: str, address: str, halves: Sequence[Path], expected: Sequence[dict[str, Any]], folder: Path) -> None:
    """Index both halves at once, put the indexes beside each other, and ask."""
    print(f"\n{engine}", flush=True)
    shards = folder / "shards"
    shards.mkdir()
    begin = time.perf_counter()
    north, south = (folder / name for name in ("north", "south"))
    indexing = [
        ask(machine, "index", half, "--index", f"{address}/papers", "--json")
        for machine, half in zip((north, south), halves, strict=True)
    ]
    made = [answer_of(process) for process in indexing]
    for machine, done in zip((north, south), made, strict=True):
        print(f"  {machine.name}: {done['papers']} papers, {done['passages']} passages, {done['added']} embedded")
        shutil.copytree(done["index"], shards / machine.name)
    print(f"  both after {time.perf_counter() - begin:.0f} s")
    for question, of_one in zip(QUESTIONS, expected, strict=True):
        found = answer_of(ask(folder / "third", question, "--shards", shards, "--index", f"{address}/papers", "--json"))
        parts = ("text", "statements", "papers", "coverage")
        same = {name for name in parts if _told(found, name) == _told(of_one, name)}
        print(f"    {found['text'].splitlines()[0]}")
        coverage = f"{found['coverage']['text']}; " if found["coverage"] else ""
        print(f"    {coverage}the same as of one index: {', '.join(sorted(same))}")


def _told(answer: dict[str, Any], name: str) -> Any:
    """A part of an answer, without the places of the files, which differ."""
    told = answer[name]
    if name != "papers":
        return told
    return [{key: value for key, value in paper.items() if key != "sources"} for paper in told]


def main() -> None:
    """Run over both servers."""
    seeds = sorted((ROOT / "seeds").glob("*.txt"))
    parts = {"a": seeds[: len(seeds) // 2], "b": seeds[len(seeds) // 2 :], "all": seeds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, files in parts.items():
            (folder / part).mkdir()
            for file in files:
                shutil.copy(file, folder / part)
        print("One index of all papers, in a folder")
        one = folder / "one"
        expected = [answer_of(ask(one, question, "--corpus", folder / "all", "--json")) for question in QUESTIONS]
        for engine in ("chroma run", "stand-in for Qdrant"):
            server = folder / engine / "server"
            server.mkdir(parents=True)
            with chroma_server(server) if engine == "chroma run" else qdrant_stand_in() as address:
                run(engine, address, (folder / "a", folder / "b"), expected, folder / engine)


if __name__ == "__main__":
    main()
