"""Kills whatever writes, at random moments, and looks at what is left each time.

python tests/robustness/kills.py COUNT [SEED [VICTIM]...]
"""

# ruff: noqa: T201 - a program

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from processes import moments, run, run_and_kill

from askpapers.corpus import read_corpus
from askpapers.datatypes import Answer, Provenance, Status
from askpapers.engine import Corpus
from askpapers.evaluation.accepted import AcceptedQuestion, AcceptedSuite, read_accepted, write_accepted
from askpapers.evaluation.feedback import cases_of_feedback
from askpapers.index.layout import current_generation
from askpapers.service.adding import add_papers
from askpapers.service.feedback import store_feedback
from askpapers.settings import Settings
from fakes import WordHash, build, many_papers, write_papers


class Victim(Protocol):
    """Something that writes. Each step is done in a process of its own."""

    def prepare(self) -> None:
        """Make what is there before."""

    def work(self) -> None:
        """Write; this is killed."""

    def check(self) -> None:
        """Look at what is left, go on from it, and raise AssertionError where that is not as it has to be."""


class Build:
    """The first build of an index, or a refresh of one."""

    def __init__(self, place: Path, refreshing: bool) -> None:
        self._root, self._folder, self._refreshing = place / "corpus", place / "index", refreshing

    def prepare(self) -> None:
        write_papers(self._root, many_papers(80))
        if self._refreshing:
            build(self._folder, self._root, WordHash())

    def work(self) -> None:
        number = time.time_ns()
        write_papers(self._root, [f"Change {number} of paper {i} is made." for i in range(60)], "more.jsonl")
        build(self._folder, self._root, WordHash())

    def check(self) -> None:
        if self._refreshing:
            assert current_generation(self._folder)
        if current_generation(self._folder):
            _assert_whole(self._folder)
        build(self._folder, self._root, WordHash())
        _assert_whole(self._folder, self._root)
        names = [path.name for path in self._folder.iterdir() if path.name[0].isdigit()]
        assert len(names) <= 2, names
        if not self._refreshing:
            shutil.rmtree(self._folder)


class Addition:
    """Papers added on the page."""

    def __init__(self, place: Path) -> None:
        self._root, self._folder, self._files = place / "corpus", place / "index", place / "files"

    def prepare(self) -> None:
        self._files.mkdir()
        write_papers(self._root, many_papers(50))
        build(self._folder, self._root, WordHash())

    def work(self) -> None:
        number = len(list(self._root.rglob("*")))
        file = self._files / f"{number}.txt"
        file.write_text(f"Paper number {number} is added while the page is open.\n", encoding="utf-8")
        settings = Settings((self._root,), self._folder, "a test", "a test")
        with closing(Corpus(self._folder, WordHash(), roots=[self._root])) as corpus:
            list(add_papers([(file.name, file)], corpus, settings, lambda *_: None))

    def check(self) -> None:
        _assert_whole(self._folder)
        with closing(Corpus(self._folder, WordHash(), roots=[self._root])) as corpus:
            assert len(corpus.papers()) == len(read_corpus([self._root]).papers)
        _assert_whole(self._folder, self._root)
        for file in self._files.iterdir():
            file.unlink()


class Acceptance:
    """`ask eval --accept`: the accepted results."""

    def __init__(self, place: Path) -> None:
        self._file = place / "eval" / "accepted.json"

    def prepare(self) -> None:
        self.work()

    def work(self) -> None:
        for _ in range(4):
            self._accept()

    def _accept(self) -> None:
        last = read_accepted(self._file)
        reason = f"reason {int(last['suite'].reason.split()[1]) + 1}" if last else "reason 1"
        questions = {f"q{i}": AcceptedQuestion("answered", f"{reason} {i} " * 9, {"fact": 1.0}) for i in range(5000)}
        write_accepted(self._file, {"suite": AcceptedSuite(reason, {"corpus": "x"}, questions)})

    def check(self) -> None:
        suite = read_accepted(self._file)["suite"]
        assert len(suite.questions) == 5000
        assert all(q.answer.startswith(suite.reason) for q in suite.questions.values())


class Feedback:
    """Thumbs of the page."""

    def __init__(self, place: Path) -> None:
        self._file = place / "feedback.jsonl"

    def prepare(self) -> None:
        self._file.touch()

    def work(self) -> None:
        engine = Provenance("extractive", "word-hash", "0")
        answer = Answer("q", "open", Status.ANSWERED, "Long. " * 20_000, (), (), (), None, None, (), engine)
        for _ in range(50):
            store_feedback(self._file, answer, "up", "")

    def check(self) -> None:
        store_feedback(self._file, _said(), "down", "the last")
        lines = self._file.read_text(encoding="utf-8").splitlines()
        assert json.loads(lines[-1])["comment"] == "the last"
        torn = [line for line in lines if not _is_json(line)]
        assert len(torn) <= 1, f"{len(torn)} of {len(lines)} lines"  # the one that was being written
        cases_of_feedback(self._file, ())
        self._file.write_bytes(b"")


def _said() -> Answer:
    return Answer("q", "open", Status.ANSWERED, "", (), (), (), None, None, (), Provenance("extractive", "m", "0"))


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _assert_whole(folder: Path, root: Path | None = None) -> None:
    with closing(Corpus(folder, WordHash())) as corpus:
        index = corpus.index
        assert index.notes == ()
        index.open_all()
        assert len(index.papers) == index.manifest.papers == len(index.words)
        assert set(index.dense._collection.get(include=[])["ids"]) == {k.decode() for k in index.passages["key"]}
        norms = np.linalg.norm(index.vectors.astype(np.float32), axis=1)
        assert np.allclose(norms, 1.0, atol=0.01)
        for row in range(0, index.manifest.passages, 29):
            nearest = index.rows_of(index.dense.nearest(index.vectors[row].astype(np.float32), 1).keys)[0]
            assert np.array_equal(index.vectors[nearest], index.vectors[row])
        if root:
            held = {dataclasses.replace(paper, sources=()) for paper in index.papers}
            assert held == {dataclasses.replace(paper, sources=()) for paper in read_corpus([root]).papers}


VICTIMS: dict[str, Callable[[Path], Victim]] = {
    "first build": lambda place: Build(place, refreshing=False),
    "refresh": lambda place: Build(place, refreshing=True),
    "addition": Addition,
    "accept": Acceptance,
    "feedback": Feedback,
}


def main(count: int, seed: int, names: Sequence[str]) -> None:
    """Kill each victim `count` times in turn."""
    moment = moments(seed)
    for name in names or VICTIMS:
        victim_of = VICTIMS[name]
        with tempfile.TemporaryDirectory() as folder:
            victim = victim_of(Path(folder))
            run(victim.prepare)
            longest = run(victim.work)
            run(victim.check)
            killed = 0
            for number in range(count):
                killed += run_and_kill(victim.work, moment(longest * 1.1))
                try:
                    run(victim.check)
                except AssertionError as error:
                    raise SystemExit(f"{name}: after kill {number + 1} of {count} (seed {seed}): {error}") from error
            print(f"{name}: {killed} of {count} were at work when they were killed, nothing was lost", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3:])
