"""An index can be asked while it is made, and a build that is killed, at whatever step, goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from askpapers.answering.judging import Judge, Weights
from askpapers.answering.question import read_terms
from askpapers.answering.survey import Surveyor
from askpapers.cli.answerer import OpenCorpora
from askpapers.contract import answer_dict
from askpapers.datatypes import Filter
from askpapers.engine import Corpus, open_settings, opening
from askpapers.engine.following import Follower
from askpapers.index.embedder import Embedder, MiniLM, Vectors
from askpapers.index.filling import written_rows
from askpapers.index.generation import Index
from askpapers.index.growing import GrowingIndex, open_growing
from askpapers.index.layout import current_generation, generations, newest_growing
from askpapers.index.manifest import GROWING, NAME, Manifest
from askpapers.index.overview import overview_of
from askpapers.index.scan import ExactScan
from askpapers.index.similar import similar_papers
from askpapers.index.words import WordIndex
from askpapers.progress import no_progress
from askpapers.retrieval import search
from askpapers.settings import Settings
from askpapers.text import terms
from chunks import CHUNK, PAPERS
from fakes import ScriptedReader, WordHash, build, write_papers

pytestmark = pytest.mark.usefixtures("small_chunks")

QUESTIONS = ("What is w40?", "Finding 2 of study 33", "study w119 finding", "nothing of that")
WEIGHTS = Weights(
    {"z_score": 1.5, "in_paper": 3.5, "size": -1.1, "in_sentence": 3.5, "intercept": -1.8},
    {"z_score": 0.8, "in_paper": 1.5, "size": -0.7, "in_sentence": 3.8, "odds": 0.7, "top_odds": -0.4, "intercept": 0},
    match=0.45,
    mention=0.225,
    mention_of_few=0.1,
)


def _growing(folder: Path, root: Path) -> GrowingIndex:
    index = open_growing(folder, WordHash(), [root], no_progress)
    assert index
    return index


Seen = tuple[object, ...]


def _seen(index: Index) -> Seen:
    """What questions find, to the bit."""
    found: list[object] = []
    judge = Judge(index, WordHash(), ScriptedReader(), WEIGHTS, no_progress)
    for question in QUESTIONS:
        hits = search(question, index, WordHash(), 8)
        found += [(hit.row, hit.score, hit.cosines.tolist()) for hit in hits]
        judged = judge.judge(read_terms(question, index, WordHash()), range(len(index.papers)))
        found += [(j.paper.id, j.chance, j.passage, j.nearest) for j in judged.likeliest]
    return tuple(found)


def _with_vectors_of(generation: Path, chunks: int) -> None:
    """Make of a finished generation one that is being made, as it was after so many chunks."""
    manifest = Manifest.read(generation)
    files = {name: of for name, of in manifest.files.items() if name.startswith(("papers", "passages", "words"))}
    replace(manifest, files=files).write(generation, GROWING)
    sums = generation / "vectors.sums"
    sums.write_bytes(sums.read_bytes()[: chunks * 16])
    (generation / NAME).unlink()
    (generation.parent / "current").unlink(missing_ok=True)


# ---- asked while it is made


def test_what_is_found_at_any_point_is_what_the_finished_index_with_those_vectors_gives(
    root: Path, folder: Path, tmp_path: Path
) -> None:
    at_points: list[tuple[int, Seen]] = []

    def ask(count: int) -> None:
        index = _growing(folder, root)
        if count and index.lexicon.has_vectors:
            at_points.append((index.embedded_papers, _seen(index)))
        index.close()

    build(folder, root, WordHash(before=ask))
    assert [papers for papers, _ in at_points] == [0, 10, 21, 32]
    generation = current_generation(folder)
    assert generation
    for chunks in (4, 3, 2, 1, 0):
        _with_vectors_of(generation, chunks)
        with closing(_growing(folder, root)) as index:
            expected = dict(at_points).get(index.embedded_papers)
            assert expected is None if chunks == 4 else expected == _seen(index)
        Manifest.read(generation, GROWING).write(generation)


def test_an_index_with_all_vectors_finds_what_the_finished_one_finds(root: Path, folder: Path) -> None:
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    with closing(Index(generation)) as index:
        index.look_up_in(ExactScan(index.passages["key"], index.vectors))  # Chroma's graph misses some
        finished = _seen(index)
    _with_vectors_of(generation, 4)
    with closing(_growing(folder, root)) as index:
        assert (index.embedded_papers, index.missing) == (PAPERS, 0)
        assert _seen(index) == finished


def test_vectors_that_are_made_for_a_question_are_those_that_the_file_will_have(root: Path, folder: Path) -> None:
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    with closing(Index(generation)) as index:
        whole = [index.vectors_of(row) for row in range(PAPERS)]
    _with_vectors_of(generation, 2)
    with closing(_growing(folder, root)) as index:
        assert 0 < index.embedded_papers < PAPERS
        for row, vectors in enumerate(whole):
            np.testing.assert_array_equal(index.vectors_of(row), vectors)


def test_a_paper_that_only_words_bring_up_is_surveyed_and_the_coverage_counts_it(root: Path, folder: Path) -> None:
    write_papers(root, {"zebra": "We train zebras. Zebras learn to gallop."}, "z.jsonl")
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    _with_vectors_of(generation, 1)
    reader = ScriptedReader(answers=lambda question, text: 0.99 if "ebras" in text else 0.01)
    with closing(_growing(folder, root)) as index:
        embedded = index.embedded_papers
        judge = Judge(index, WordHash(), reader, WEIGHTS, no_progress)
        surveyed = Surveyor(judge).judge("zebras")
        assert surveyed.judged[0].paper.id == "zebra"
        assert "zebra" in surveyed.found
        assert surveyed.coverage.by_words == PAPERS + 1 - embedded
        assert f"({PAPERS + 1 - embedded:,} of them by their words alone)" in str(surveyed.coverage)
        first = Filter(frozenset({"p0", "p1", "zebra"}))
        some = Surveyor(judge, first).judge("zebras")
        assert (some.coverage.checked, some.coverage.by_words) == (3, 1)


def test_what_compares_vectors_leaves_nothing_in_the_folder_and_takes_any_paper(root: Path, folder: Path) -> None:
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    _with_vectors_of(generation, 1)
    before = {path.name for path in generation.iterdir()}
    with closing(_growing(folder, root)) as index:
        assert overview_of(index).papers == PAPERS
        assert similar_papers(index, f"p{PAPERS - 1}", 3)
        assert len(similar_papers(index, "p0", 3)) == 3
    assert {path.name for path in generation.iterdir()} == before


# ---- a second process


class _Builder:
    """A build on a thread of its own that stops before each call of the embedder until it is let go on.

    It holds the writer's lock as another process does.
    """

    def __init__(self, folder: Path, root: Path, embedder: Callable[..., Embedder] = WordHash) -> None:
        self._arrived, self._go = threading.Semaphore(0), threading.Semaphore(0)
        self._ended = False
        self._thread = threading.Thread(target=build, args=(folder, root, embedder(before=self._stop)))
        self._thread.start()
        self.wait()

    def _stop(self, count: int) -> None:
        self._arrived.release()
        if not self._ended:
            self._go.acquire()

    def wait(self) -> None:
        assert self._arrived.acquire(timeout=60)

    def step(self) -> None:
        """Embed once more."""
        self._go.release()
        self.wait()

    def end(self) -> None:
        self._ended = True
        self._go.release()
        self._thread.join(60)


@contextmanager
def _building(folder: Path, root: Path) -> Iterator[_Builder]:
    builder = _Builder(folder, root)
    try:
        yield builder
    finally:
        builder.end()


def _settings(folder: Path, root: Path) -> Settings:
    return Settings((root,), folder, "a test", "a test")


@contextmanager
def _asking(folder: Path, root: Path) -> Iterator[Corpus]:
    with closing(open_settings(_settings(folder, root), no_progress, WordHash())) as corpus:
        yield corpus


def test_a_question_uses_what_another_process_is_making_and_the_finished_one_when_it_is_there(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MANY", 1)
    with _building(folder, root) as builder, _asking(folder, root) as corpus:
        assert len(corpus.papers()) == PAPERS
        answer = corpus.ask("what is w40?", llm="none")
        note = "The index is being built: {} of 40 papers ({}%) can be found by their meaning so far"
        assert any(said.startswith(note.format(0, 0)) for said in answer.notes)
        builder.step()
        builder.step()
        answer = corpus.ask("which papers are about findings?", llm="none")
        assert any(said.startswith(note.format(10, 25)) for said in answer.notes)
        assert answer.coverage
        assert answer_dict(answer)["coverage"]["by_words"] == PAPERS - 10
        assert corpus.is_current()
        held = corpus.index
        builder.end()
        assert not corpus.is_current()
        assert not isinstance(corpus.index, GrowingIndex)
        assert not any("being built" in said for said in corpus.ask("what is w40?", llm="none").notes)
        assert len(held.vectors) == 10 * 3  # a question in progress keeps what it had
    assert not (generations(folder)[0] / GROWING).exists()


def test_a_small_index_or_one_that_has_to_be_complete_is_waited_for(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for many, complete in ((5000, False), (1, True)):
        monkeypatch.setattr(opening, "MANY", many)
        write_papers(root, {f"n{many}": "Owls hoot."}, f"{many}.jsonl")
        (folder / "current").unlink(missing_ok=True)
        with _building(folder, root) as builder:

            def when_waited(stage: str, done: int, total: int | None, builder: _Builder = builder) -> None:
                if "another process" in stage:
                    builder.end()

            settings = _settings(folder, root)
            with closing(open_settings(settings, when_waited, WordHash(), complete=complete)) as corpus:
                assert not isinstance(corpus.index, GrowingIndex)


def test_while_another_process_refreshes_the_last_index_is_used_with_a_note(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Follower.__init__, "__defaults__", (0.0, time.monotonic, None))  # without patience
    build(folder, root, WordHash())
    write_papers(root, {"owl": "Owls hoot."}, "a-first.jsonl")
    with _building(folder, root), _asking(folder, root) as corpus:
        answer = corpus.ask("what is w40?", llm="none")
        assert "owl" not in [paper.id for paper in corpus.papers()]
        assert any("is being brought in step: this answer is from before" in note for note in answer.notes)


class _StoppingMiniLM(MiniLM):
    def __init__(self, before: Callable[[int], None]) -> None:
        super().__init__()
        self._before = before

    def embed(self, texts: Sequence[str]) -> Vectors:
        self._before(0)
        return super().embed(texts)


def test_the_process_in_the_background_keeps_it_open_until_it_is_finished(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MANY", 1)
    root = write_papers(tmp_path / "few", {"cats": "Cats sleep. They purr.", "dogs": "Dogs bark."})
    builder, corpora, settings = _Builder(folder, root, _StoppingMiniLM), OpenCorpora(), _settings(folder, root)
    with corpora.open(settings, no_progress) as first:
        assert isinstance(first.index, GrowingIndex)
    with corpora.open(settings, no_progress) as second:
        assert second is first
    builder.end()
    with corpora.open(settings, no_progress) as third:
        assert third is not first
        assert not isinstance(third.index, GrowingIndex)
    corpora.close()


def test_an_index_of_other_files_or_another_embedder_is_not_asked_instead(root: Path, folder: Path) -> None:
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    _with_vectors_of(generation, 1)
    assert open_growing(folder, WordHash("other"), [root], no_progress) is None
    assert open_growing(folder, WordHash(), [root.parent], no_progress) is None
    (generation / "papers.db").write_bytes(b"damaged")
    assert open_growing(folder, WordHash(), [root], no_progress) is None
    assert not list((folder / "leases").glob("0*"))


def test_a_reader_keeps_the_files_of_a_build_that_is_begun_anew(root: Path, folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build(folder, root, WordHash(before=_stop_at(CHUNK)))
    with closing(_growing(folder, root)) as index:
        write_papers(root, {"owl": "Owls hoot."}, "a-first.jsonl")
        build(folder, root, WordHash())
        assert index.generation.is_dir()
        assert len(list(index.papers)) == PAPERS
        assert len(_seen(index))
    build(folder, write_papers(root, {"cow": "Cows moo."}, "b.jsonl"), WordHash())
    assert not index.generation.exists()


# ---- killed


def _stop_at(count: int) -> Callable[[int], None]:
    def before(done: int) -> None:
        if done >= count:
            raise KeyboardInterrupt

    return before


def test_a_build_that_was_interrupted_goes_on_in_its_folder_without_reading_a_paper(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        build(folder, root, WordHash(before=_stop_at(2 * CHUNK)))
    begun = newest_growing(folder)
    assert begun
    monkeypatch.setattr("askpapers.index.build.read_papers", lambda *_: pytest.fail("read again"))
    second = WordHash()
    done = build(folder, root, second)
    assert current_generation(folder) == begun
    assert len(second.embedded) == done.added == 3 * PAPERS - 2 * CHUNK


@pytest.mark.parametrize("part", ["papers.db", "words/vocab.index.json", "passages.npy", GROWING])
def test_a_begun_index_that_is_damaged_is_begun_anew_with_its_vectors(root: Path, folder: Path, part: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        build(folder, root, WordHash(before=_stop_at(2 * CHUNK)))
    begun = newest_growing(folder)
    assert begun
    (begun / part).write_bytes(b"damaged")
    second = WordHash()
    build(folder, root, second)
    kept = 0 if part == "passages.npy" else 2 * CHUNK  # which vector is whose stands there
    assert len([text for text in second.embedded if "." in text]) == 3 * PAPERS - kept
    _assert_as_from_scratch(folder, root)


def test_files_that_changed_after_a_kill_are_indexed_and_nothing_is_embedded_twice(root: Path, folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build(folder, root, WordHash(before=_stop_at(2 * CHUNK)))
    write_papers(root, {"owl": "Owls hoot."}, "a-first.jsonl")
    second = WordHash()
    build(folder, root, second)
    embedded = Counter(second.embedded)
    assert embedded.total() == 1 + 3 * PAPERS - 2 * CHUNK + len([t for t in embedded if t in ("owls", "owl", "hoot")])
    _assert_as_from_scratch(folder, root)


def _assert_as_from_scratch(folder: Path, root: Path) -> None:
    scratch = folder.parent / "scratch"
    build(scratch, root, WordHash())
    current, expected = current_generation(folder), current_generation(scratch)
    assert current
    assert expected
    for name in ("passages.npy", "vectors.f16", "vectors.sums", "lexicon.npz"):
        assert (current / name).read_bytes() == (expected / name).read_bytes(), name
    words, expected_words = (WordIndex.load(of / "words") for of in (current, expected))
    for asked in (terms("study of w40"), terms("finding w3")):
        np.testing.assert_array_equal(words.scores(asked), expected_words.scores(asked))
    names = [{p.relative_to(of).as_posix() for p in of.iterdir()} - {"checked.json"} for of in (current, expected)]
    assert {n for n in names[0] if "left_out" not in n} == {n for n in names[1] if "left_out" not in n}


_KILLS = """
import os, signal, sys
from pathlib import Path
from askpapers.index import build as building, filling, staging
from fakes import WordHash, build

folder, root, log = map(Path, sys.argv[1:4])
filling.CHUNK = int(sys.argv[4])

def kill_at(number):
    # Kills the process at its `number`th step: a word on the progress, texts embedded, a chunk or files summed.
    left = [number]
    def step(*_):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    return step

def child(number):
    step = kill_at(number)
    def before(module, name):
        function = getattr(module, name)
        setattr(module, name, lambda *given, **named: (step(), function(*given, **named))[1])
    for module, name in ((filling, "chunk_digest"), (staging, "sum_files"), (building, "use"), (building, "finish")):
        before(module, name)
    embedder = WordHash()
    embed = embedder.embed
    def logged(texts):
        step()
        with log.open("a") as stream:
            stream.writelines(text + chr(10) for text in texts)
        return embed(texts)
    embedder.embed = logged
    building.refresh(folder, [root], embedder, step)

for number in map(int, sys.argv[5:]):
    pid = os.fork()
    if not pid:
        child(number)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    written = [filling.written_rows(of / "vectors.f16", 16, 10**9) for of in folder.glob("[0-9p]*") if of.is_dir()]
    print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), max(written, default=0))
"""


def test_twenty_kills_of_a_build_at_any_of_its_steps_lose_nothing(root: Path, folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "embedded"
    steps = [1, 2, 3, 4, 7, 7, 6, 5, 7, 3, 7, 7, 6, 7, 7, 7, 4, 5, 7, 7]  # of what is left at last there are seven
    done = subprocess.run(
        [sys.executable, "-c", _KILLS, str(folder), str(root), str(log), *map(str, [CHUNK, *steps, 1_000_000])],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )
    ends, written = zip(*(map(int, line.split()) for line in done.stdout.splitlines()), strict=True)
    assert ends == (*[signal.SIGKILL] * len(steps), 0), (ends, done.stderr)
    assert list(written) == sorted(written)
    assert len(set(written)) > 3
    embedded = Counter(line for line in log.read_text().splitlines() if "." in line)
    assert len(embedded) == 3 * PAPERS
    # What was embedded when a kill came had not been written: that chunk, and nothing else, is embedded again.
    again = embedded.total() - 3 * PAPERS
    assert again <= CHUNK * len(steps)
    assert sum(count > 1 for count in embedded.values()) % CHUNK in (0, 3 * PAPERS % CHUNK)
    assert [path.name for path in generations(folder)] == [(folder / "current").read_text()]
    assert not (folder / "partial").exists()
    _assert_as_from_scratch(folder, root)


def test_rows_are_counted_when_all_of_their_chunk_is_written(root: Path, folder: Path) -> None:
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    vectors, sums = generation / "vectors.f16", generation / "vectors.sums"
    assert written_rows(vectors, 16, 120) == 120
    sums.write_bytes(sums.read_bytes()[: 2 * 16 + 7])
    assert written_rows(vectors, 16, 120) == 2 * CHUNK
    vectors.write_bytes(vectors.read_bytes()[: 37 * 32 + 5])
    assert written_rows(vectors, 16, 120) == 37
    sums.unlink()
    assert written_rows(vectors, 16, 120) == 0
