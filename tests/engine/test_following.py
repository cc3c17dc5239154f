"""An opened corpus while its files and its index change: questions in progress, files that change, damage, places."""

from __future__ import annotations

import gc
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from askpapers.datatypes import Answer
from askpapers.engine import Corpus, following
from askpapers.engine.following import Follower
from askpapers.errors import IndexDamagedError, UsageError
from askpapers.events import Delta, Finished
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
from askpapers.index.layout import current_generation
from askpapers.progress import no_progress
from askpapers.settings import ModelSettings
from fakes import WordHash, build, write_papers
from model_server import Exchange, ModelServer, writes

PAPERS = {"cats": "Cats sleep. They purr at night.", "dogs": "Dogs bark loudly. They fetch sticks."}
Open = Callable[..., Corpus]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "corpus", PAPERS)


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    build(tmp_path / "index", root, WordHash())
    return tmp_path / "index"


@pytest.fixture
def following_corpus(root: Path, folder: Path) -> Iterator[Corpus]:
    with closing(Corpus(folder, WordHash(), roots=[root])) as corpus:
        yield corpus


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[0].isdigit())


def _change(root: Path, number: int) -> None:
    write_papers(root, {"new": f"Owl {number} hoots."}, "new.jsonl")


def _titles(corpus: Corpus) -> list[str]:
    return [paper.id for paper in corpus.papers()]


# ---- a question in progress


def test_an_index_that_is_held_is_whole_after_many_rebuilds_and_gone_when_it_is_let_go_of(
    root: Path, folder: Path
) -> None:
    with closing(Corpus(folder, WordHash())) as corpus:
        held = corpus.index
        for number in range(4):
            _change(root, number)
            build(folder, root, WordHash())
            assert corpus.index is not held
        assert held.generation.name in _generations(folder)
        # Its parts were not opened yet.
        assert held.dense.nearest(held.vectors[0].astype(np.float32), 1).keys == [held.passages["key"][0].decode()]
        assert [paper.id for paper in held.papers] == ["cats", "dogs"]
        assert len(held.words) == 2
        assert len(held.lexicon.stems)
        dense, name = held.dense, held.generation.name
        del held
        _change(root, 4)
        build(folder, root, WordHash())
        assert name in _generations(folder)  # a part of it is held
        dense.nearest(np.ones(16, dtype=np.float32), 1)
        del dense
        _change(root, 5)
        build(folder, root, WordHash())
        assert name not in _generations(folder)
        assert len(_generations(folder)) == 3  # with the one that the corpus has opened


def test_what_a_reader_held_goes_when_the_index_is_opened_next(root: Path, folder: Path) -> None:
    with closing(Corpus(folder, WordHash())) as corpus:
        for number in range(2):
            _change(root, number)
            build(folder, root, WordHash())
        assert len(_generations(folder)) == 3
        assert corpus.papers()
    with closing(Corpus(folder, WordHash())):
        assert len(_generations(folder)) == 2


def test_two_rebuilds_while_a_model_writes_change_nothing_of_the_answer(
    tmp_path: Path, root: Path, embedder: MiniLM
) -> None:
    folder = tmp_path / "real"
    refresh(folder, [root], embedder, no_progress)
    reply = writes("Dogs fetch sticks [1].")

    def meanwhile(exchange: Exchange) -> None:
        for number in range(3):
            _change(root, number)
            refresh(folder, [root], embedder, no_progress)
        reply(exchange)

    with ModelServer(meanwhile) as server:
        settings = ModelSettings(spec=server.spec, fallback=False)
        with closing(Corpus(folder, embedder, settings)) as corpus:
            answer = corpus.ask("what do dogs fetch?")
            assert [s.verdict for s in answer.statements] == ["supported"]
            assert answer.notes == ()
            assert "new" in _titles(corpus)


@pytest.mark.parametrize("end", ["finished", "closed", "never begun", "failed", "dropped"])
def test_however_a_question_ends_it_holds_nothing(tmp_path: Path, root: Path, embedder: MiniLM, end: str) -> None:
    folder = tmp_path / "real"
    refresh(folder, [root], embedder, no_progress)
    with ModelServer(writes("Dogs fetch sticks [1]. Dogs bark loudly [1].")) as server:
        settings = ModelSettings(spec=server.spec, fallback=False)
        with closing(Corpus(folder, embedder, settings)) as corpus:
            events = corpus.stream("what do dogs fetch?")
            if end == "finished":
                assert isinstance(list(events)[-1], Finished)
            elif end == "failed":
                with pytest.raises(UsageError):
                    list(corpus.stream("  "))
            elif end != "never begun":
                assert isinstance(next(events), Delta)
            if end == "closed":
                events.close()
            if end == "dropped":
                del events
            gc.collect()
            for number in range(3):
                _change(root, number)
                refresh(folder, [root], embedder, no_progress)
                assert corpus.index
            assert len(_generations(folder)) == 2


def test_a_corpus_that_is_closed_is_closed_once_its_questions_ended(folder: Path) -> None:
    corpus = Corpus(folder, WordHash())
    papers = corpus.index.papers
    corpus.close()
    corpus.close()
    assert len(list(papers)) == 2
    with pytest.raises(UsageError, match="closed"):
        corpus.papers()


def test_many_rebuilds_leak_neither_descriptors_nor_threads_nor_folders(root: Path, folder: Path) -> None:
    def used() -> tuple[int, int, int]:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(_generations(folder))

    if not Path("/proc/self/fd").exists():
        pytest.skip("descriptors are counted in /proc")
    with closing(Corpus(folder, WordHash(), roots=[root])) as corpus:
        after = []
        for number in range(8):
            _change(root, number)
            corpus.index.open_all()
            corpus.index.dense.nearest(np.ones(16, dtype=np.float32), 1)
            after.append(used())
    # Chroma's own pool of SQLite connections varies by a few; a leak in each rebuild would outgrow that.
    first, last = after[:4], after[4:]
    assert all(
        min(later) <= max(earlier)
        for earlier, later in zip(zip(*first, strict=True), zip(*last, strict=True), strict=True)
    )


# ---- files that change


def test_a_changed_file_is_answered_from_at_the_next_question(root: Path, following_corpus: Corpus) -> None:
    for number in range(3):
        _change(root, number)
        (new,) = (paper for paper in following_corpus.papers() if paper.id == "new")
        assert new.abstract == f"Owl {number} hoots."
    (root / "new.jsonl").unlink()
    assert _titles(following_corpus) == ["cats", "dogs"]
    assert following_corpus._current.notes() == ()


def test_files_that_did_not_change_are_not_read(following_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError

    monkeypatch.setattr(following, "refresh", refuse)
    assert following_corpus.papers()
    assert following_corpus.papers()


@pytest.mark.parametrize("how", ["moved", "unreadable", "empty"])
def test_files_that_cannot_be_read_are_told_of_and_the_last_index_used(
    root: Path, following_corpus: Corpus, how: str
) -> None:
    moved = root.with_name("moved")
    if how == "moved":
        root.rename(moved)
    elif how == "unreadable":
        (root / "new.txt").write_bytes(b"x" * 1_000_001)
    else:
        (root / "papers.jsonl").write_bytes(b"")
    assert _titles(following_corpus) == ["cats", "dogs"]
    (note,) = following_corpus._current.notes()
    assert "this answer is from before" in note
    assert {"moved": "There is no corpus", "unreadable": "new.txt", "empty": "No abstract"}[how] in note
    if how == "moved":
        moved.rename(root)
    elif how == "unreadable":
        (root / "new.txt").write_text("Owls hoot at night, and sleep by day.\n", encoding="utf-8")
    else:
        write_papers(root, PAPERS)
    assert len(_titles(following_corpus)) == 2 + (how == "unreadable")
    assert following_corpus._current.notes() == ()


def test_a_note_is_in_the_answer(tmp_path: Path, root: Path, embedder: MiniLM) -> None:
    refresh(tmp_path / "real", [root], embedder, no_progress)
    with closing(Corpus(tmp_path / "real", embedder, roots=[root])) as corpus:
        assert corpus.ask("what do dogs fetch?").notes == ()
        (root / "papers.jsonl").unlink()
        (note,) = corpus.ask("what do dogs fetch?").notes
    assert "this answer is from before" in note


def test_what_takes_long_goes_on_beside_the_answers(root: Path, folder: Path) -> None:
    go_on, seen = threading.Event(), threading.Event()

    def before(count: int) -> None:
        if seen.is_set():
            go_on.wait(20)

    embedder = WordHash(before=before)
    follower = Follower(folder, [root], embedder, patience=0.01)
    follower.follow()
    assert follower.notes == ()
    seen.set()
    _change(root, 1)
    for _ in range(3):
        follower.follow()
        assert "being brought in step" in follower.notes[0]  # type: ignore[misc]
    go_on.set()
    assert follower._refresh
    assert follower._refresh.done.wait(20)
    follower.follow()
    follower.follow()
    assert follower.notes == ()
    assert [text for text in embedder.embedded if "Owl" in text] == ["On new. Owl 1 hoots."]
    follower.close()


def test_closing_stops_a_refresh(root: Path, folder: Path) -> None:
    before = current_generation(folder)
    begun, go_on = threading.Event(), threading.Event()

    def wait(count: int) -> None:
        begun.set()
        go_on.wait(20)

    follower = Follower(folder, [root], WordHash(before=wait), patience=0.01)
    _change(root, 1)
    follower.follow()
    assert begun.wait(20)
    refreshing = follower._refresh
    assert refreshing
    threading.Timer(0.05, go_on.set).start()
    follower.close()
    assert refreshing.done.wait(20)
    assert current_generation(folder) == before


def test_a_failed_refresh_is_not_tried_at_each_question(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def fail(*arguments: object, **options: object) -> None:
        tried.append(1)
        raise IndexDamagedError("No space left.", hint="Free some.")

    now = [0.0]
    monkeypatch.setattr(following, "refresh", fail)
    follower = Follower(folder, [root], WordHash(), clock=lambda: now[0])
    _change(root, 1)
    for second in range(9):
        now[0] = float(second)
        follower.follow()
        assert "No space left. Free some." in follower.notes[0]
    assert len(tried) == 1
    _change(root, 2)
    follower.follow()
    assert len(tried) == 2
    now[0] += 60
    follower.follow()
    assert len(tried) == 3


def test_questions_at_once_begin_one_refresh(root: Path, folder: Path) -> None:
    embedder = WordHash()
    with closing(Corpus(folder, embedder, roots=[root])) as corpus:
        _change(root, 1)
        found: list[list[str]] = []
        threads = [threading.Thread(target=lambda: found.append(_titles(corpus))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [["new", "cats", "dogs"]] * 8
    assert [text for text in embedder.embedded if "Owl" in text] == ["On new. Owl 1 hoots."]


def test_an_index_folder_that_is_taken_away_is_made_anew(folder: Path, following_corpus: Corpus) -> None:
    assert following_corpus.papers()
    shutil.rmtree(folder)
    assert _titles(following_corpus) == ["cats", "dogs"]
    assert current_generation(folder)


# ---- damage under an open corpus


@pytest.mark.parametrize("kind", ["cut", "flipped", "gone"])
def test_damage_under_an_open_corpus_is_named_until_it_is_mended(root: Path, folder: Path, kind: str) -> None:
    with closing(Corpus(folder, WordHash())) as corpus:
        corpus.index.open_all()
        vectors = corpus.index.generation / "vectors.f16"
        content = bytearray(vectors.read_bytes())
        content[5] ^= 1
        if kind == "gone":
            vectors.unlink()
        else:
            vectors.write_bytes(content[:9] if kind == "cut" else content)
        for _ in range(2):
            with pytest.raises(IndexDamagedError, match=r"vectors\.f16"):
                corpus.papers()
        build(folder, root, WordHash())
        assert _titles(corpus) == ["cats", "dogs"]


def test_the_last_good_generation_is_used_and_what_is_damaged_named(root: Path, folder: Path) -> None:
    _change(root, 1)
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    (generation / "lexicon.npz").write_bytes(b"")
    with closing(Corpus(folder, WordHash())) as corpus:
        (note,) = corpus._current.notes()
        assert "lexicon.npz" in note
        assert "ask index" in note
        assert _titles(corpus) == ["cats", "dogs"]
        build(folder, root, WordHash())
        assert _titles(corpus) == ["new", "cats", "dogs"]
        assert corpus._current.notes() == ()


# ---- places


def _places(answer: Answer) -> set[str]:
    return {source.file for paper in answer.papers for source in paper.paper.sources}


def test_places_are_told_under_the_roots_as_asked(
    tmp_path: Path, root: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    link, folder = tmp_path / "link", tmp_path / "real"
    link.symlink_to(root)
    (root / "left-out.pdf").write_bytes(b"%PDF")
    made = refresh(folder, [Path("link")], embedder, no_progress)
    assert made.added
    for asked in (
        Path("link"),
        Path("corpus"),
        root,
        tmp_path / "corpus" / ".." / "corpus",
        Path("corpus/papers.jsonl"),
    ):
        roots = [asked]
        if asked.name == "papers.jsonl":
            refresh(folder, roots, embedder, no_progress)
        elif asked != Path("link"):
            assert refresh(folder, roots, embedder, no_progress).added == 0
        with closing(Corpus(folder, embedder, roots=roots)) as corpus:
            places = _places(corpus.ask("what do dogs fetch?"))
            assert all(Path(place).exists() for place in places)
            shown = asked.absolute().relative_to(tmp_path)
            assert places == {str(shown if asked.suffix else shown / "papers.jsonl")}
            if not asked.suffix:
                assert [item.file for item in corpus.index.left_out] == [str(asked / "left-out.pdf")]


def test_another_path_to_a_folder_needs_no_new_index(tmp_path: Path, root: Path, folder: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    name = current_generation(folder)
    build(folder, link, WordHash())
    (root / "papers.jsonl").touch()
    build(folder, link, WordHash())
    assert current_generation(folder) == name
