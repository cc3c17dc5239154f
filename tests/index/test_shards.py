"""A corpus in shards: what is found in it is what is found in one index of all papers, to the bit."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import qdrant_client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askpapers.engine import Corpus
from askpapers.engine.adding import store as add_files
from askpapers.errors import CorpusError, IndexDamagedError, IndexMismatchError, NoPapersError, UsageError
from askpapers.index.build import is_fresh, refresh
from askpapers.index.generation import Index
from askpapers.index.layout import current_generation
from askpapers.index.qdrant import QdrantStore
from askpapers.index.shards import are_shards, read_papers
from askpapers.index.store import Fingerprint
from askpapers.index.stores import RemoteStore
from askpapers.progress import no_progress
from askpapers.retrieval import search
from askpapers.settings import Settings
from askpapers.store_address import read_store_address
from command_line import Ask
from fakes import WordHash, build, many_papers, write_papers
from shard_folders import content, make_shards

TEXTS = many_papers(24)
SOME = {f"p{n:02d}": text for n, text in enumerate(TEXTS)}
QUESTIONS = ["Finding 1 of study 7 is w22.", "w5 w9 w40 Finding", "study 11"]


def current(folder: Path) -> Index:
    generation = current_generation(folder)
    assert generation
    return Index(generation)


def found(folder: Path) -> dict[tuple[str, str], tuple[float, list[float]]]:
    """Score and cosines of each paper that is found for a question."""
    with closing(current(folder)) as index:
        return {
            (question, index.papers.at(hit.row).id): (hit.score, hit.cosines.tolist())
            for question in QUESTIONS
            for hit in search(question, index, WordHash(), len(SOME))
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of all papers."""
    folder = tmp_path_factory.mktemp("whole")
    build(folder / "index", write_papers(folder / "corpus", SOME), WordHash())
    return folder / "index"


@pytest.mark.parametrize("cuts", [[], [12], [1, 2, 23]])
def test_shards_joined_are_the_index_of_all_papers(tmp_path: Path, whole: Path, cuts: list[int]) -> None:
    names = list(SOME)
    bounds = [0, *cuts, len(names)]
    parts = [{name: SOME[name] for name in names[a:b]} for a, b in pairwise(bounds)]
    shards = make_shards(tmp_path, parts)
    embedder = WordHash()
    done = refresh(tmp_path / "joined", [shards], embedder, no_progress)
    assert [text for text in embedder.embedded if "." in text] == []
    assert (done.added, done.kept) == (0, 72)
    assert content(tmp_path / "joined") == content(whole)
    assert found(tmp_path / "joined") == found(whole)
    with closing(current(tmp_path / "joined")) as joined, closing(current(whole)) as one:
        assert joined.manifest.index == one.manifest.index
        assert [(p.id, p.title, p.abstract) for p in joined.papers] == [(p.id, p.title, p.abstract) for p in one.papers]
        np.testing.assert_array_equal(joined.words.scores(["find"]), one.words.scores(["find"]))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 2), min_size=len(SOME), max_size=len(SOME)))
def test_however_papers_are_dealt_out_each_has_its_score(
    tmp_path_factory: pytest.TempPathFactory, whole: Path, of_shard: list[int]
) -> None:
    tmp_path = tmp_path_factory.mktemp("dealt")
    parts = [{name: SOME[name] for name, n in zip(SOME, of_shard, strict=True) if n == k} for k in range(3)]
    shards = make_shards(tmp_path, [part for part in parts if part])
    refresh(tmp_path / "joined", [shards], WordHash(), no_progress)
    assert found(tmp_path / "joined") == found(whole)


def test_a_paper_of_two_shards_is_one_with_two_sources(tmp_path: Path) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep.", "b": "Dogs bark."}, {"b": "Dogs bark.", "c": "Owls hoot."}])
    read, generations = read_papers([shards], no_progress)
    assert [paper.id for paper in read.papers] == ["a", "b", "c"]
    assert [Path(source.file).parent.name for source in read.papers[1].sources] == ["corpus-0", "corpus-1"]
    assert (len(generations), read.warnings) == (2, ())


def test_one_id_for_two_papers_is_two_papers(tmp_path: Path) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep."}, {"a": "Dogs bark.", "a-2": "Owls hoot."}, {"a": "Bats fly."}])
    read, _ = read_papers([shards], no_progress)
    assert len({paper.id for paper in read.papers}) == len(read.papers) == 4
    assert {paper.abstract for paper in read.papers} == {"Cats sleep.", "Dogs bark.", "Owls hoot.", "Bats fly."}
    assert any("the id a is that of another paper" in warning for warning in read.warnings)


def test_what_was_left_out_of_a_shard_is_left_out_of_all(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "corpus", {"a": "Cats sleep."})
    (root / "notes.jsonl").write_text(json.dumps({"title": "No abstract"}) + "\n", encoding="utf-8")
    build(tmp_path / "shards" / "one", root, WordHash())
    refresh(tmp_path / "joined", [tmp_path / "shards"], WordHash(), no_progress)
    with closing(current(tmp_path / "joined")) as index:
        assert [Path(item.file).name for item in index.left_out] == ["notes.jsonl"]


def test_a_shard_that_was_made_anew_is_followed(tmp_path: Path) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep."}, {"b": "Dogs bark."}])
    refresh(tmp_path / "joined", [shards], WordHash(), no_progress)
    assert is_fresh(tmp_path / "joined", [shards])
    with closing(Corpus(tmp_path / "joined", WordHash(), roots=[shards])) as corpus:
        assert [paper.id for paper in corpus.papers()] == ["a", "b"]
        build(shards / "shard-1", write_papers(tmp_path / "new", {"b": "Dogs bark.", "c": "Owls hoot."}), WordHash())
        assert not is_fresh(tmp_path / "joined", [shards])
        assert [paper.id for paper in corpus.papers()] == ["a", "b", "c"]
        shutil.rmtree(shards / "shard-0")
        assert [paper.id for paper in corpus.papers()] == ["b", "c"]


def test_only_a_folder_of_indexes_is_one_of_shards(tmp_path: Path) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep."}, {"b": "Dogs bark."}])
    (shards / ".DS_Store").write_bytes(b"")
    assert are_shards([shards])
    assert not are_shards([])
    with pytest.raises(CorpusError, match="missing is not"):
        are_shards([shards, tmp_path / "missing"])
    assert not are_shards([shards / "shard-0"])
    (shards / "papers.txt").write_text("Abstract: Bats fly at night.\n", encoding="utf-8")
    assert not are_shards([shards])
    assert [paper.abstract for paper in read_papers([shards], no_progress)[0].papers] == ["Bats fly at night."]
    (shards / "papers.txt").unlink()
    (shards / "folder").mkdir()
    with pytest.raises(NoPapersError):
        read_papers([shards], no_progress)


def test_shards_of_several_embedders_are_refused(tmp_path: Path) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep."}])
    build(shards / "other", write_papers(tmp_path / "corpus", {"b": "Dogs bark."}), WordHash("another"))
    with pytest.raises(IndexMismatchError, match=r"shard-0 was made by word-hash, others by another") as error:
        read_papers([shards], no_progress)
    assert "--embedder" in error.value.hint


@pytest.mark.parametrize("part", ["manifest.json", "papers.db", "current", "vectors.f16"])
def test_a_damaged_shard_is_named(tmp_path: Path, part: str) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep."}, {"b": "Dogs bark."}])
    generation = current_generation(shards / "shard-1")
    assert generation
    (shards / "shard-1" / part if part == "current" else generation / part).write_bytes(b"garbage")
    with pytest.raises(IndexDamagedError, match="shard-1") as error:
        refresh(tmp_path / "joined", [shards], WordHash(), no_progress)
    assert "ask index" in error.value.hint


def test_nothing_is_added_to_shards(tmp_path: Path) -> None:
    shards = make_shards(tmp_path, [{"a": "Cats sleep."}])
    file = write_papers(tmp_path / "corpus", {"b": "Dogs bark."}) / "papers.jsonl"
    with pytest.raises(UsageError, match="one of shards"):
        add_files(
            [("papers.jsonl", file)],
            shards / "added",
            Settings((shards,), tmp_path / "joined", "a test", "a test"),
            WordHash(),
            no_progress,
        )
    assert are_shards([shards])


def test_shards_are_asked_on_the_command_line(tmp_path: Path, run_ask: Ask) -> None:
    for name, papers in (("north", {"cats": "Cats purr at night."}), ("south", {"dogs": "Dogs bark at noon."})):
        root = write_papers(tmp_path / name, papers)
        assert run_ask("index", root, "--index", tmp_path / "shards" / name).code == 0
    for question, answer in (
        ("when do cats purr?", "Cats purr at night. [1]"),
        ("when do dogs bark?", "Dogs bark at noon. [1]"),
    ):
        assert run_ask(question, "--shards", tmp_path / "shards", "--json").json["text"] == answer
    both = run_ask("papers", "--shards", tmp_path / "shards", "--corpus", tmp_path / "north")
    both.assert_refused(1, "is one of shards, and .*north is not", "--shards")


def test_what_the_machines_sent_to_a_store_is_not_sent_again(tmp_path: Path) -> None:
    """Two indexes fill one collection, a third machine asks with their shards: it has nothing to send."""
    client = qdrant_client.QdrantClient(":memory:")

    def open_here(*arguments: object, create: bool) -> QdrantStore:
        return QdrantStore(*arguments, create=create, client=client)  # type: ignore[arg-type]

    address = read_store_address("qdrant+http://localhost/papers")
    for number, names in enumerate((list(SOME)[:10], list(SOME)[10:])):
        root = write_papers(tmp_path / f"corpus-{number}", {name: SOME[name] for name in names})
        remote = RemoteStore(address, "", WordHash(), open_here)  # type: ignore[arg-type]
        refresh(tmp_path / "shards" / str(number), [root], WordHash(), no_progress, remote=remote)
    store = open_here(address, "", Fingerprint("word-hash", 16), create=False)
    assert store.count() == 72
    sent: list[str] = []
    store.add = lambda keys, vectors: sent.extend(keys)  # type: ignore[method-assign]
    remote = RemoteStore(address, "", WordHash(), lambda *_, create: store)
    refresh(tmp_path / "joined", [tmp_path / "shards"], WordHash(), no_progress, remote=remote)
    assert sent == []
    assert store.count() == 72
