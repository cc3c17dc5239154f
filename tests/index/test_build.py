from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from askpapers.corpus import read_corpus
from askpapers.engine import Corpus
from askpapers.errors import CorpusError, IndexDamagedError, IndexMismatchError, IndexUnusableError, IndexWriteError
from askpapers.index import manifest
from askpapers.index.build import is_fresh, refresh
from askpapers.index.generation import Index
from askpapers.index.layout import current_generation
from askpapers.index.manifest import CONTENT, FORMAT, MEND_HINT
from askpapers.retrieval import search
from askpapers.text import terms
from chunks import CHUNK, PAPERS
from fakes import WordHash, build, many_papers, write_papers

pytestmark = pytest.mark.usefixtures("small_chunks")


def _current(folder: Path) -> Index:
    generation = current_generation(folder)
    assert generation is not None
    return Index(generation)


def _keys_in_chroma(index: Index) -> set[str]:
    return set(index.dense._collection.get(include=[])["ids"])


def _generations(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name[0].isdigit())


def _assert_whole(folder: Path, root: Path) -> None:
    """The index is complete, in step with the corpus, and its parts agree."""
    with closing(_current(folder)) as index:
        index.open_all()
        assert tuple(index.papers) == read_corpus([root]).papers
        assert _keys_in_chroma(index) == {key.decode() for key in index.passages["key"]}
        assert len(index.words) == len(index.papers)
        for row in range(0, index.manifest.passages, 17):
            key = index.dense.nearest(index.vectors[row].astype(np.float32), 1).keys
            np.testing.assert_array_equal(index.vectors[index.rows_of(key)[0]], index.vectors[row])


def _found(folder: Path, question: str) -> str:
    """The id of the paper that is nearest in Chroma alone."""
    with closing(_current(folder)) as index:
        key = index.dense.nearest(WordHash().embed([question])[0], 1).keys
        return index.papers.at(int(index.passages["paper"][index.rows_of(key)[0]])).id


# ---- in step


WORDS = st.sampled_from("R C C++ GSM8K model models image language learns the of human RLHF".split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=5).map(lambda w: " ".join(w) + ".")
ABSTRACT = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)
CORPUS = st.dictionaries(st.sampled_from([f"p{i}" for i in range(8)]), ABSTRACT, min_size=1, max_size=8)


# Not shrunk: each try builds three indexes, and the examples are small as they are.
@settings(max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(corpora=st.lists(CORPUS, min_size=2, max_size=3), questions=st.lists(SENTENCE, min_size=1, max_size=3))
def test_a_refreshed_index_is_the_one_that_is_built_from_scratch(
    tmp_path_factory: pytest.TempPathFactory, corpora: list[dict[str, str]], questions: list[str]
) -> None:
    place = tmp_path_factory.mktemp("property")
    embedder = WordHash()
    for papers in corpora:
        write_papers(place / "corpus", papers)
        build(place / "refreshed", place / "corpus", embedder)
    build(place / "scratch", place / "corpus", WordHash())
    with closing(_current(place / "refreshed")) as refreshed, closing(_current(place / "scratch")) as scratch:
        assert replace(refreshed.manifest, files={}) == replace(scratch.manifest, files={})
        np.testing.assert_array_equal(refreshed.passages, scratch.passages)
        np.testing.assert_array_equal(refreshed.vectors, scratch.vectors)
        assert _keys_in_chroma(refreshed) == _keys_in_chroma(scratch)
        assert tuple(refreshed.papers) == tuple(scratch.papers)
        assert refreshed.lexicon.stems.tolist() == scratch.lexicon.stems.tolist()
        np.testing.assert_array_equal(refreshed.lexicon.vectors, scratch.lexicon.vectors)
        for question in questions:
            asked = terms(question)
            np.testing.assert_array_equal(refreshed.words.scores(asked), scratch.words.scores(asked))
            in_refreshed, in_scratch = (search(question, i, embedder, 8) for i in (refreshed, scratch))
            assert [h.row for h in in_refreshed] == [h.row for h in in_scratch]
    shutil.rmtree(place)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A corpus of five made-up papers."""
    return write_papers(
        tmp_path / "corpus",
        {
            "cats": "Cats sleep. They purr at night.",
            "dogs": "Dogs bark loudly. They fetch sticks.",
            "fish": "Fish swim. Their fins move.",
            "bees": "Bees dance. Honey is made.",
            "ants": "Ants march. Trails are marked.",
        },
    )


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """Its index."""
    build(tmp_path / "index", root, WordHash())
    return tmp_path / "index"


def _edit(root: Path, old: str, new: str) -> None:
    file = root / "papers.jsonl"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edited_abstract_takes_the_place_of_the_old_one_on_both_sides(root: Path, folder: Path) -> None:
    with closing(_current(folder)) as before:
        old_keys = _keys_in_chroma(before)
        assert "bark" in before.words
    _edit(root, "Dogs bark loudly.", "Dogs yodel softly.")
    embedder = WordHash()
    done = build(folder, root, embedder)
    assert (done.added, done.kept, done.removed) == (1, 9, 1)
    assert [t for t in embedder.embedded if "." in t] == ["On dogs. Dogs yodel softly."]
    with closing(_current(folder)) as after:
        assert len(_keys_in_chroma(after) - old_keys) == len(old_keys - _keys_in_chroma(after)) == 1
        assert "bark" not in after.words
        assert np.flatnonzero(after.words.scores(["yodel"])).tolist() == [1]
    assert _found(folder, "On dogs. Dogs yodel softly.") == "dogs"
    _assert_whole(folder, root)


def test_a_removed_abstract_is_gone_from_both_sides(root: Path, folder: Path) -> None:
    lines = (root / "papers.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (root / "papers.jsonl").write_text("".join(line for line in lines if "Fish" not in line), encoding="utf-8")
    done = build(folder, root, WordHash())
    assert (done.added, done.kept, done.removed) == (0, 8, 2)
    with closing(_current(folder)) as index:
        assert index.papers.find("fish") == []
        assert "fish" not in index.words
        assert len(_keys_in_chroma(index)) == 8
    assert _found(folder, "On fish. Fish swim.") != "fish"
    _assert_whole(folder, root)


def test_nothing_is_done_where_nothing_changed(root: Path, folder: Path) -> None:
    generations = _generations(folder)
    embedder = WordHash()
    done = build(folder, root, embedder)
    assert (done.added, done.kept, done.removed) == (0, 10, 0)
    assert embedder.embedded == []
    assert _generations(folder) == generations


def test_a_touched_file_is_read_again_but_nothing_is_embedded(root: Path, folder: Path) -> None:
    assert is_fresh(folder, [root])
    os.utime(root / "papers.jsonl", ns=(1, 1))
    assert not is_fresh(folder, [root])
    generations = _generations(folder)
    embedder = WordHash()
    assert build(folder, root, embedder).added == 0
    assert embedder.embedded == []
    assert _generations(folder) == generations
    assert is_fresh(folder, [root])


def test_papers_that_only_moved_are_not_embedded_but_cited_from_where_they_are(root: Path, folder: Path) -> None:
    (root / "papers.jsonl").rename(root / "renamed.jsonl")
    file = root / "renamed.jsonl"
    file.write_text("\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    embedder = WordHash()
    assert build(folder, root, embedder).added == 0
    assert embedder.embedded == []
    with closing(_current(folder)) as index:
        source = index.papers.at(0).sources[0]
    assert (source.file, source.line) == (str(file), 3)
    _assert_whole(folder, root)


def test_a_second_copy_of_a_paper_is_a_second_source(root: Path, folder: Path) -> None:
    write_papers(root, {"cats": "Cats sleep. They purr at night."}, "copies.jsonl")
    assert build(folder, root, WordHash()).added == 0
    with closing(_current(folder)) as index:
        (cats,) = index.papers.find("cats")
    assert len(cats.sources) == 2


def test_a_fingerprint_is_that_of_the_content(root: Path, folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "other", root, WordHash("another"))
    with closing(_current(folder)) as index, closing(_current(tmp_path / "other")) as other:
        first = index.manifest.index
        assert first != other.manifest.index
    _edit(root, "Cats sleep", "Cats doze")
    build(folder, root, WordHash())
    assert _current(folder).manifest.index != first
    _edit(root, "Cats doze", "Cats sleep")
    build(folder, root, WordHash())
    assert _current(folder).manifest.index == first


def test_the_last_generation_is_kept_for_its_readers_and_no_other(root: Path, folder: Path) -> None:
    for number in range(4):
        before = (folder / "current").read_text(encoding="utf-8")
        _edit(root, "Honey", f"Honey {number}")
        build(folder, root, WordHash())
        assert _generations(folder) == [before, (folder / "current").read_text(encoding="utf-8")]


def test_papers_without_a_word_can_be_indexed(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "corpus", {"robots": "🤖🤖.", "signs": "!!! ???"})
    (root / "papers.jsonl").write_text(
        "".join(json.dumps({"id": i, "title": "♥", "abstract": a}) + "\n" for i, a in (("a", "🤖🤖"), ("b", "!!! ?"))),
        encoding="utf-8",
    )
    build(tmp_path / "index", root, WordHash())
    _assert_whole(tmp_path / "index", root)


def test_an_open_corpus_sees_what_another_process_has_built(root: Path, folder: Path) -> None:
    reader = Corpus(folder, WordHash())
    asked = WordHash().embed(["On owls. Owls hoot."])[0]
    assert search("Owls hoot", reader.index, WordHash(), 1)[0].cosines.max() < 0.9
    assert reader.index.dense.nearest(asked, 1).keys  # Chroma is open, and would not find what others add
    write_papers(root, {"owls": "Owls hoot."}, "more.jsonl")
    _run_build(folder, root).check_returncode()
    key = reader.index.dense.nearest(asked, 1).keys
    row = int(reader.index.passages["paper"][reader.index.rows_of(key)[0]])
    assert reader.index.papers.at(row).id == "owls"
    assert [p.id for p in reader.papers()].count("owls") == 1
    reader.close()


# ---- interrupted


class _StopError(Exception):
    pass


def _stop_after(count: int, error: type[BaseException]) -> Callable[[int], None]:
    def before(done: int) -> None:
        if done >= count:
            raise error

    return before


@pytest.mark.parametrize("error", [_StopError, KeyboardInterrupt, MemoryError])
def test_an_interrupted_first_build_is_gone_on_with(tmp_path: Path, error: type[BaseException]) -> None:
    root = write_papers(tmp_path / "corpus", many_papers(25))
    folder = tmp_path / "index"
    with pytest.raises(error):
        build(folder, root, WordHash(before=_stop_after(2 * CHUNK, error)))
    assert current_generation(folder) is None
    second = WordHash()
    done = build(folder, root, second)
    assert done.added == 75 - 2 * CHUNK
    assert len([t for t in second.embedded if "." in t]) == 75 - 2 * CHUNK
    assert not (folder / "partial").exists()
    _assert_whole(folder, root)
    build(tmp_path / "scratch", root, WordHash())
    np.testing.assert_array_equal(_current(folder).vectors, _current(tmp_path / "scratch").vectors)


def test_an_interrupted_refresh_leaves_the_last_index_and_is_gone_on_with(root: Path, folder: Path) -> None:
    name = (folder / "current").read_text(encoding="utf-8")
    write_papers(root, {f"n{i}": text for i, text in enumerate(many_papers(25))}, "more.jsonl")
    with pytest.raises(KeyboardInterrupt):
        build(folder, root, WordHash(before=_stop_after(CHUNK, KeyboardInterrupt)))
    assert (folder / "current").read_text(encoding="utf-8") == name
    assert _found(folder, "On dogs. Dogs bark loudly.") == "dogs"
    second = WordHash()
    done = build(folder, root, second)
    assert done.added == len([t for t in second.embedded if "." in t]) == 75 - CHUNK
    _assert_whole(folder, root)


def test_a_second_interruption_loses_nothing(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "corpus", many_papers(PAPERS))
    for count in (2 * CHUNK, CHUNK):
        with pytest.raises(KeyboardInterrupt):
            build(tmp_path / "index", root, WordHash(before=_stop_after(count, KeyboardInterrupt)))
    # This one is stopped at its very first text.
    write_papers(root, {"new": "Sloths hang."}, "a-first.jsonl")
    with pytest.raises(_StopError):
        refresh(tmp_path / "index", [root], WordHash(before=_stop_after(0, _StopError)), lambda *_: None)
    third = WordHash()
    build(tmp_path / "index", root, third)
    assert len([t for t in third.embedded if "." in t]) == 1 + 3 * PAPERS - 3 * CHUNK
    _assert_whole(tmp_path / "index", root)


def test_a_build_that_was_killed_is_gone_on_with(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "corpus", many_papers(25))
    killed = _run_build(tmp_path / "index", root, f"lambda n: n >= {2 * CHUNK} and os.kill(os.getpid(), 9)")
    assert killed.returncode == -signal.SIGKILL
    second = WordHash()
    build(tmp_path / "index", root, second)
    assert len([t for t in second.embedded if "." in t]) == 75 - 2 * CHUNK
    assert len(_generations(tmp_path / "index")) == 1
    _assert_whole(tmp_path / "index", root)


def test_vectors_of_another_embedder_are_not_gone_on_with(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "corpus", many_papers(25))
    with pytest.raises(_StopError):
        build(tmp_path / "index", root, WordHash("one", before=_stop_after(2 * CHUNK, _StopError)))
    with pytest.raises(_StopError):
        build(tmp_path / "index", root, WordHash("two", before=_stop_after(CHUNK, _StopError)))
    third = WordHash("two")
    assert build(tmp_path / "index", root, third).added == 75 - CHUNK
    _assert_whole(tmp_path / "index", root)


def test_a_rebuild_uses_nothing_of_what_is_there(root: Path, folder: Path) -> None:
    write_papers(root, {f"n{i}": text for i, text in enumerate(many_papers(25))}, "more.jsonl")
    with pytest.raises(_StopError):
        build(folder, root, WordHash(before=_stop_after(CHUNK, _StopError)))
    embedder = WordHash()
    assert build(folder, root, embedder, rebuild=True).added == 85
    assert len([t for t in embedder.embedded if "." in t]) == 85
    _assert_whole(folder, root)


# ---- failing


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "lock" and "partial" not in p.parts
    }


@pytest.mark.parametrize("corpus", ["missing", "empty", "broken"])
def test_a_corpus_that_cannot_be_read_leaves_the_index_as_it_was(root: Path, folder: Path, corpus: str) -> None:
    before = _files(folder)
    if corpus == "missing":
        shutil.rmtree(root)
    elif corpus == "empty":
        (root / "papers.jsonl").unlink()
    else:
        (root / "b.jsonl").write_bytes(b"{broken")
    with pytest.raises(CorpusError):
        build(folder, root, WordHash())
    assert _files(folder) == before


@pytest.fixture
def limit_files() -> Iterator[Callable[[int], None]]:
    """No file may grow beyond a size: what a full disk does, without one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# From too small for the first file to just too small for the largest.
@pytest.mark.parametrize("size", [500, 20_000, 60_000, 200_000])
def test_files_that_cannot_grow_leave_the_last_index(
    root: Path, folder: Path, size: int, limit_files: Callable[[int], None]
) -> None:
    before = _files(folder)
    write_papers(root, {f"n{i}": text for i, text in enumerate(many_papers(PAPERS))}, "more.jsonl")
    limit_files(size)
    try:
        with pytest.raises(IndexWriteError) as error:
            build(folder, root, WordHash())
    finally:
        limit_files(resource.RLIM_INFINITY)
    assert "--index FOLDER" in error.value.hint
    assert str(folder) in str(error.value)
    assert _files(folder) == before
    assert _found(folder, "On dogs. Dogs bark loudly.") == "dogs"
    build(folder, root, WordHash())
    _assert_whole(folder, root)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many kB, where the tests may mount one."""
    place = tmp_path / "disk"

    def mount(size: int) -> Path:
        place.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={size}k"]
        if os.geteuid() or subprocess.run(["mount", *options, "tmpfs", str(place)], capture_output=True).returncode:
            pytest.skip("only root can mount a small disk")
        return place

    yield mount
    if os.path.ismount(place):
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("spare", [0, 40, 300])
def test_a_full_disk_leaves_the_last_index(root: Path, small_disk: Callable[[int], Path], spare: int) -> None:
    disk = small_disk(8_000)
    folder = disk / "index"
    build(folder, root, WordHash())
    before = _files(folder)
    write_papers(root, {f"n{i}": text for i, text in enumerate(many_papers(100))}, "more.jsonl")
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(disk).free - spare * 1024))
    with pytest.raises(IndexWriteError, match="No space left to write the index") as error:
        build(folder, root, WordHash())
    assert "Free some space" in error.value.hint
    assert _files(folder) == before
    ballast.unlink()
    assert _found(folder, "On dogs. Dogs bark loudly.") == "dogs"
    build(folder, root, WordHash())
    _assert_whole(folder, root)


def test_a_folder_of_other_files_is_not_made_an_index_of(tmp_path: Path, root: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "2024-beef").mkdir(parents=True)
    (mine / "2024-beef" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(IndexWriteError, match="no index"):
        build(mine, root, WordHash())
    assert [p.name for p in mine.iterdir()] == ["2024-beef"]


def test_nothing_else_in_the_folder_of_an_index_is_cleared_away(root: Path, folder: Path) -> None:
    notes = folder / "2024-beef"
    notes.mkdir()
    (notes / "thesis.txt").write_text("years of work", encoding="utf-8")
    for text in ("Dogs growl", "Dogs howl", "Dogs whine"):
        (root / "more.txt").write_text(f"{text} all night long.\n", encoding="utf-8")
        build(folder, root, WordHash())
    assert (notes / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_file_in_the_place_of_the_folder_is_said_to_be_in_the_way(tmp_path: Path, root: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert not is_fresh(tmp_path / "file", [root])
    with pytest.raises(IndexWriteError, match="cannot be written") as error:
        build(tmp_path / "file", root, WordHash())
    assert "Name a folder" in error.value.hint
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


# ---- damaged, or of another kind


def _use_all(folder: Path, root: Path) -> None:
    is_fresh(folder, [root])
    with closing(Corpus(folder, WordHash())) as corpus:
        corpus.index.open_all()
        corpus.papers()
        search("Dogs bark", corpus.index, WordHash(), 3)


PARTS = [
    "manifest.json",
    "papers.db",
    "passages.npy",
    "vectors.f16",
    "lexicon.npz",
    "chroma/chroma.sqlite3",
    "words/vocab.index.json",
    "words/params.index.json",
    "words/data.csc.index.npy",
]


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_index_is_said_to_be_one_and_a_rebuild_heals_it(root: Path, folder: Path, part: str) -> None:
    generation = current_generation(folder)
    assert generation
    _use_all(folder, root)
    assert (generation / part).is_file()
    for content in (None, b"", b"\x00garbage\xff" * 9):
        (generation / part).unlink(missing_ok=True)
        if content is not None:
            (generation / part).write_bytes(content)
        with pytest.raises(IndexDamagedError) as error:
            _use_all(folder, root)
        assert error.value.hint == MEND_HINT
    build(folder, root, WordHash(), rebuild=True)
    _use_all(folder, root)
    _assert_whole(folder, root)


@pytest.mark.parametrize("content", [b"", b"0009-0000", b"\xff\xfe", b"../../etc", b"a\x00b", b"x" * 5000])
def test_a_damaged_pointer_is_named_and_the_newest_generation_used_until_it_is_mended(
    root: Path, folder: Path, content: bytes
) -> None:
    (folder / "current").write_bytes(content)
    with pytest.raises(IndexDamagedError) as error:
        is_fresh(folder, [root])
    assert error.value.hint == MEND_HINT
    with closing(Corpus(folder, WordHash())) as corpus:
        assert "current" in corpus.index.notes[0] or "manifest" in corpus.index.notes[0]
        assert len(corpus.papers()) == 5
    embedder = WordHash()
    assert build(folder, root, embedder).mended
    assert [text for text in embedder.embedded if "." in text] == []
    _use_all(folder, root)
    _assert_whole(folder, root)


def test_vectors_that_chroma_has_lost_are_noticed_even_where_the_files_are_as_they_were_made(
    root: Path, folder: Path
) -> None:
    with closing(_current(folder)) as index:
        index.dense.remove([key.decode() for key in index.passages["key"][:2]])
    with closing(_current(folder)) as index, pytest.raises(IndexDamagedError, match="not those of its passages"):
        index.open_all()
    with pytest.raises(IndexDamagedError, match=r"chroma\.sqlite3 has changed"):
        _use_all(folder, root)
    assert build(folder, root, WordHash()).mended
    _assert_whole(folder, root)


def test_the_index_of_another_embedder_is_refused_and_left(root: Path, folder: Path) -> None:
    before = _files(folder)
    _edit(root, "Cats sleep", "Cats doze")
    for use in (lambda: build(folder, root, WordHash("other")), lambda: Corpus(folder, WordHash("other"))):
        with pytest.raises(IndexMismatchError, match="word-hash, not by other") as error:
            use()
        assert "ask index --rebuild" in error.value.hint
    assert _files(folder) == before
    build(folder, root, WordHash("other"), rebuild=True)
    _assert_whole(folder, root)
    assert _current(folder).manifest.embedder == "other"


def _write_format(folder: Path, number: object) -> None:
    generation = current_generation(folder)
    assert generation
    manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
    # Another format may know other fields.
    (generation / "manifest.json").write_text(json.dumps({"format": number, "new": manifest}), encoding="utf-8")


def test_an_index_of_a_newer_format_is_refused_and_left(root: Path, folder: Path) -> None:
    _write_format(folder, FORMAT + 1)
    before = _files(folder)
    for use in (
        lambda: is_fresh(folder, [root]),
        lambda: build(folder, root, WordHash()),
        lambda: Corpus(folder, WordHash()),
    ):
        with pytest.raises(IndexMismatchError, match=f"format {FORMAT + 1}, this version reads {FORMAT}") as error:
            use()
        assert "ask index --rebuild" in error.value.hint
    assert _files(folder) == before
    build(folder, root, WordHash(), rebuild=True)
    _assert_whole(folder, root)


@pytest.mark.parametrize("number", [0, FORMAT - 1])
def test_an_index_of_an_older_format_is_made_anew(root: Path, folder: Path, number: object) -> None:
    _write_format(folder, number)
    assert not is_fresh(folder, [root])
    said: list[str] = []
    refresh(folder, [root], WordHash(), lambda stage, *_: said.append(stage))
    assert f"The index in {folder} has format {number}, this version reads {FORMAT}. It is made anew" in said
    _assert_whole(folder, root)


def test_an_index_of_other_content_is_made_anew_and_says_so_once(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _current(folder).manifest.index
    assert build(folder, root, WordHash()).remade == ""
    monkeypatch.setattr(manifest, "CONTENT", CONTENT + 1)
    assert not is_fresh(folder, [root])
    embedder, told = WordHash(), list[str]()
    done = refresh(folder, [root], embedder, lambda stage, *_: told.append(stage))
    assert "another version of askpapers" in done.remade
    assert done.remade.removesuffix(".") in told
    assert (done.added, done.kept, embedder.embedded) == (0, 10, [])
    assert _current(folder).manifest.index != before
    assert len(_generations(folder)) == 2
    assert is_fresh(folder, [root])
    assert build(folder, root, WordHash()).remade == ""


def test_a_build_that_was_begun_with_other_content_is_begun_anew(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(stage: str, *_: object) -> None:
        if stage == "Embedding sentences":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(tmp_path / "begun", [root], WordHash(), stop)
    begun = _generations(tmp_path / "begun")
    monkeypatch.setattr(manifest, "CONTENT", CONTENT + 1)
    build(tmp_path / "begun", root, WordHash())
    assert begun
    assert _generations(tmp_path / "begun") != begun
    assert is_fresh(tmp_path / "begun", [root])


# ---- two at once


_SCRIPT = """
import os, sys
from pathlib import Path
from askpapers.index import filling
from fakes import WordHash, build
filling.CHUNK = int(sys.argv[3])
done = build(Path(sys.argv[1]), Path(sys.argv[2]), WordHash(before={before}))
print(done.added)
"""


def _start_build(folder: Path, root: Path, before: str = "lambda n: None") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT.format(before=before), str(folder), str(root), str(CHUNK)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run_build(folder: Path, root: Path, before: str = "lambda n: None") -> subprocess.CompletedProcess[str]:
    with _start_build(folder, root, before) as process:
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def test_two_processes_that_refresh_at_once_both_end_well(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "corpus", many_papers(PAPERS))
    stages: list[str] = []

    def end_other(stage: str, *_: object) -> None:
        stages.append(stage)
        if len(stages) == 1 and other.stdin:
            other.stdin.write("go on\n")
            other.stdin.flush()

    # The other one holds the lock, and waits for a line once it has said so.
    with _start_build(tmp_path / "index", root, "lambda n: n or (print('here', flush=True), input())") as other:
        assert other.stdout
        assert other.stdout.readline() == "here\n"
        embedder = WordHash()
        done = refresh(tmp_path / "index", [root], embedder, end_other)
        assert other.stdout.read() == f"{3 * PAPERS}\n"
    assert other.returncode == 0
    assert stages[0] == "Waiting for another process that is building this index"
    assert (done.added, done.kept, embedder.embedded) == (0, 3 * PAPERS, [])
    assert len(_generations(tmp_path / "index")) == 1
    _assert_whole(tmp_path / "index", root)


def test_errors_of_an_index_are_of_one_family() -> None:
    for error in (IndexMismatchError, IndexDamagedError, IndexWriteError):
        assert issubclass(error, IndexUnusableError)
