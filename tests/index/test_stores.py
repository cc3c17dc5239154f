"""What every vector store has to do, and what an index does with one: Chroma in a folder, its server, and Qdrant."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import qdrant_client
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.datatypes import Status
from askpapers.engine import Corpus
from askpapers.errors import IndexMismatchError, VectorStoreError
from askpapers.index import store as store_module
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM, Vectors
from askpapers.index.layout import current_generation
from askpapers.index.qdrant import QdrantStore
from askpapers.index.scan import ExactScan, StoredNeighbours
from askpapers.index.similar import similar_papers
from askpapers.index.store import Fingerprint, PassageStore
from askpapers.index.stores import RemoteStore, open_store
from askpapers.index.vectors import VectorStore
from askpapers.progress import no_progress
from askpapers.retrieval import search
from askpapers.store_address import StoreAddress, read_store_address
from chroma_process import chroma_server
from command_line import Ask
from fakes import WordHash, many_papers, write_papers
from model_server import closed_port
from qdrant_stand_in import KEY, qdrant_server

KINDS = ["chroma in a folder", "chroma server", "qdrant", "qdrant over http"]
REMOTE = KINDS[1:]
WANTED = Fingerprint("word-hash", WordHash.dimension)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as address:
        yield address


@pytest.fixture(scope="module")
def qdrant() -> Iterator[str]:
    with qdrant_server() as (address, _):
        yield address


class Remote:
    """A collection of a name of its own: opened as often as wanted, by one kind of engine."""

    def __init__(self, kind: str, request: pytest.FixtureRequest) -> None:
        name = f"papers-{uuid.uuid4().hex}"
        self._qdrant = None
        if kind == "chroma server":
            self.address = read_store_address(f"{request.getfixturevalue('server')}/{name}")
        elif kind == "qdrant over http":
            self.address = read_store_address(f"qdrant+{request.getfixturevalue('qdrant')}/{name}")
        else:
            self.address = read_store_address(f"qdrant+http://localhost/{name}")
            self._qdrant = qdrant_client.QdrantClient(":memory:")

    def open(self, address: StoreAddress, key: str, wanted: Fingerprint, *, create: bool) -> PassageStore:
        if self._qdrant is None:
            return open_store(address, key, wanted, create=create)
        return QdrantStore(address, key, wanted, create=create, client=self._qdrant)

    def for_(self, embedder: WordHash) -> RemoteStore:
        """As an index uses it."""
        return RemoteStore(self.address, "", embedder, self.open)


@pytest.fixture
def remote(kind: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Local mode performs exact")
        yield Remote(kind, request)


@pytest.fixture
def store(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[PassageStore]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Local mode performs exact")
        if kind == KINDS[0]:
            opened: PassageStore = VectorStore.create(tmp_path / "chroma", embedder=WANTED[0], dimension=WANTED[1])
        else:
            one = Remote(kind, request)
            opened = one.open(one.address, "", WANTED, create=True)
        yield opened
        opened.close()


def keys(*numbers: int) -> list[str]:
    return [f"{number:016x}" for number in numbers]


def unit_vectors(count: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, WordHash.dimension)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


# ---- what every store does

every = pytest.mark.parametrize("kind", KINDS)


@every
def test_the_nearest_come_first_with_their_cosines(store: PassageStore) -> None:
    vectors = unit_vectors(40)
    store.add(keys(*range(40)), vectors)
    found = store.nearest(vectors[7], 40)
    cosines = vectors @ vectors[7]
    assert found.keys == keys(*np.argsort(-cosines))
    np.testing.assert_allclose(found.scores, np.sort(cosines)[::-1], atol=1e-5)
    assert store.nearest(vectors[7], 3).keys == found.keys[:3]


@every
def test_there_are_never_more_neighbours_than_vectors(store: PassageStore) -> None:
    assert store.nearest(unit_vectors(1)[0], 300).keys == []
    store.add(keys(5), unit_vectors(1))
    assert store.nearest(unit_vectors(1)[0], 300).keys == keys(5)


@every
def test_what_is_added_twice_is_there_once(store: PassageStore) -> None:
    for _ in range(2):
        store.add(keys(1, 2, 3), unit_vectors(3))
    assert store.count() == 3


@every
def test_what_is_missing_is_told_in_order(store: PassageStore) -> None:
    assert store.missing(keys(3, 1)) == keys(3, 1)
    store.add(keys(1, 2**64 - 1), unit_vectors(2))
    assert store.missing(keys(9, 1, 0, 2**64 - 1)) == keys(9, 0)
    assert store.missing([]) == []


@every
def test_what_is_removed_is_found_no_more(store: PassageStore) -> None:
    vectors = unit_vectors(4)
    store.add(keys(0, 1, 2, 3), vectors)
    store.remove(keys(1, 77))
    store.remove([])
    assert store.count() == 3
    assert store.missing(keys(0, 1, 2, 3)) == keys(1)
    assert keys(1)[0] not in store.nearest(vectors[1], 4).keys


@every
def test_a_store_knows_whose_vectors_it_has(store: PassageStore) -> None:
    assert store.fingerprint() == WANTED


@pytest.mark.parametrize("kind", REMOTE)
def test_more_than_one_request_takes_is_sent_in_parts(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BATCH_BYTES", WordHash.dimension * 12 * 3)
    store = remote.open(remote.address, "", WANTED, create=True)
    assert store_module.rows_of_request(WordHash.dimension, 5000) == 3
    store.add(keys(*range(10)), unit_vectors(10))
    assert store.missing(keys(*range(11))) == keys(10)


@given(st.integers(1, 10_000), st.integers(1, 100_000))
def test_no_request_is_larger_than_servers_take(dimension: int, limit: int) -> None:
    rows = store_module.rows_of_request(dimension, limit)
    assert 1 <= rows <= limit
    assert rows == 1 or rows * dimension * 12 <= store_module.BATCH_BYTES


@pytest.mark.parametrize("kind", REMOTE)
def test_a_collection_is_made_only_to_be_filled(remote: Remote) -> None:
    with pytest.raises(VectorStoreError, match="has no collection") as error:
        remote.open(remote.address, "", WANTED, create=False)
    assert f"ask index --index {remote.address}" in error.value.hint
    remote.open(remote.address, "", WANTED, create=True).add(keys(1), unit_vectors(1))
    assert remote.open(remote.address, "", WANTED, create=True).count() == 1


@pytest.mark.parametrize("kind", REMOTE)
@pytest.mark.parametrize("other", [Fingerprint("another", 16), Fingerprint("word-hash", 17)])
def test_a_collection_of_another_embedder_is_refused(remote: Remote, other: Fingerprint) -> None:
    remote.open(remote.address, "", WANTED, create=True)
    with pytest.raises(IndexMismatchError, match=r"has vectors of word-hash \(16 numbers\), not of") as error:
        remote.open(remote.address, "", other, create=True)
    assert error.value.hint


def test_a_token_opens_a_store_and_a_wrong_one_does_not(qdrant: str) -> None:
    address = read_store_address(f"qdrant+{qdrant}/locked")
    assert open_store(address, KEY, WANTED, create=True).count() == 0
    with pytest.raises(VectorStoreError, match="does not let the request through"):
        open_store(address, "wrong", WANTED, create=False)


def test_a_collection_that_was_removed_meanwhile_is_said_to_be_gone() -> None:
    with qdrant_server() as (url, engine):
        store = open_store(read_store_address(f"qdrant+{url}/papers"), "", WANTED, create=True)
        engine.client.delete_collection("papers")
        with pytest.raises(VectorStoreError, match="has no collection"):
            store.nearest(unit_vectors(1)[0], 3)


# ---- an index whose vectors are in a store

SOME = {f"p{n}": text for n, text in enumerate(many_papers(20))}
QUESTIONS = ["Finding 1 of study 7 is w22.", "On p3", "w5 w9 w40", "nothing of this"]


def fill(folder: Path, root: Path, remote: Remote, embedder: WordHash | None = None) -> None:
    embedder = embedder or WordHash()
    refresh(folder, [root], embedder, no_progress, remote=remote.for_(embedder))


def hits(folder: Path, remote: Remote | None, questions: Sequence[str] = QUESTIONS) -> list[object]:
    """What is found for questions: papers, scores, cosines; and the papers similar to the first."""
    embedder = WordHash()
    with closing(Corpus(folder, embedder, remote=remote.for_(embedder) if remote else None)) as corpus:
        index = corpus.index
        assert index.has_graph is (remote is None)
        found: list[object] = [
            (hit.row, hit.score, hit.cosines.tolist())
            for question in questions
            for hit in search(question, index, embedder, 8)
        ]
        return found + [(one.paper.id, one.similarity) for one in similar_papers(index, index.papers.at(0).id, 5)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "corpus", SOME)


def count_of(remote: Remote) -> int:
    return remote.open(remote.address, "", WANTED, create=False).count()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What is found in the index of `SOME` in one folder."""
    folder = tmp_path_factory.mktemp("alone")
    refresh(folder / "index", [write_papers(folder / "corpus", SOME)], WordHash(), no_progress)
    return hits(folder / "index", None)


every_remote = pytest.mark.parametrize("kind", REMOTE)


@every_remote
def test_what_is_found_is_the_same_to_the_bit(root: Path, tmp_path: Path, remote: Remote, alone: list[object]) -> None:
    fill(tmp_path / "index", root, remote)
    assert hits(tmp_path / "index", remote) == alone
    generation = current_generation(tmp_path / "index")
    assert generation
    assert not (generation / "chroma").exists()


@every_remote
def test_a_refresh_sends_what_is_new_and_removes_what_is_gone(root: Path, tmp_path: Path, remote: Remote) -> None:
    fill(tmp_path / "index", root, remote)
    assert count_of(remote) == 60
    write_papers(root, {**dict(list(SOME.items())[5:]), "new": "Owls hoot. Owls hunt."})
    embedder = WordHash()
    fill(tmp_path / "index", root, remote, embedder)
    assert len([text for text in embedder.embedded if "." in text]) == 2
    refresh(tmp_path / "local", [root], WordHash(), no_progress)
    assert count_of(remote) == 45 + 2
    assert hits(tmp_path / "index", remote) == hits(tmp_path / "local", None)


@every_remote
def test_several_indexes_fill_one_collection(root: Path, tmp_path: Path, remote: Remote, alone: list[object]) -> None:
    """Each finds its own as if it was alone, and removes nothing of the other."""
    other = write_papers(tmp_path / "other", {f"q{n}": text for n, text in enumerate(many_papers(30, 2))})
    fill(tmp_path / "index", root, remote)
    fill(tmp_path / "second", other, remote)
    assert count_of(remote) == 60 + 60
    assert hits(tmp_path / "index", remote) == alone
    write_papers(other, {"q0": "Only this is left."})
    fill(tmp_path / "second", other, remote)
    assert count_of(remote) == 60 + 1
    assert hits(tmp_path / "index", remote) == alone


@every_remote
def test_vectors_that_a_store_has_lost_are_found_none_the_less_and_sent_again(
    root: Path, tmp_path: Path, remote: Remote, alone: list[object]
) -> None:
    fill(tmp_path / "index", root, remote)
    generation = current_generation(tmp_path / "index")
    assert generation
    of_index = [key.decode() for key in np.load(generation / "passages.npy")["key"]]
    remote.open(remote.address, "", WANTED, create=False).remove(of_index[::2])
    assert hits(tmp_path / "index", remote) == alone
    fill(tmp_path / "index", root, remote)
    assert count_of(remote) == 60


class Failing:
    """A store that breaks when it is asked for the so-manieth thing that it changes."""

    def __init__(self, inner: PassageStore, after: int) -> None:
        self.inner, self.left = inner, after

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise VectorStoreError("It broke.", hint="Mend it.")

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        for row, key in enumerate(keys):
            self._count()
            self.inner.add([key], vectors[row : row + 1])

    def remove(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._count()
            self.inner.remove([key])

    def __getattr__(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self.inner, name)
        return method


@pytest.mark.parametrize("kind", ["qdrant"])
@pytest.mark.parametrize("after", [0, 1, 2, 5, 9])
def test_nothing_stays_behind_of_a_refresh_that_broke(root: Path, tmp_path: Path, remote: Remote, after: int) -> None:
    """Wherever it broke: what was edited twice since is in the store as it is now, and nothing else."""
    fill(tmp_path / "index", root, remote)
    inner = remote.open(remote.address, "", WANTED, create=False)
    write_papers(root, {**SOME, "p1": "Cats sleep. They purr. They hunt."})
    broken = RemoteStore(remote.address, "", WordHash(), lambda *_, create: Failing(inner, after))  # type: ignore[arg-type]
    if after < 6:  # three vectors to add, three to remove
        with pytest.raises(VectorStoreError, match="It broke"):
            refresh(tmp_path / "index", [root], WordHash(), no_progress, remote=broken)
    else:
        refresh(tmp_path / "index", [root], WordHash(), no_progress, remote=broken)
    write_papers(root, {**SOME, "p1": "Dogs bark. They dig."})
    fill(tmp_path / "index", root, remote)
    assert count_of(remote) == 57 + 2
    generation = current_generation(tmp_path / "index")
    assert generation
    of_index = [key.decode() for key in np.load(generation / "passages.npy")["key"]]
    assert remote.open(remote.address, "", WANTED, create=False).missing(of_index) == []


@pytest.mark.parametrize("kind", ["qdrant"])
def test_a_damaged_note_of_what_was_sent_stops_nothing(root: Path, tmp_path: Path, remote: Remote) -> None:
    fill(tmp_path / "index", root, remote)
    (tmp_path / "index" / "sent.npy").write_bytes(b"\x93NUMPY garbage")
    write_papers(root, {**SOME, "new": "Owls hoot."})
    fill(tmp_path / "index", root, remote)
    assert count_of(remote) == 61


@pytest.mark.parametrize("kind", ["qdrant"])
def test_an_index_without_its_store_compares_all_vectors(
    root: Path, tmp_path: Path, remote: Remote, alone: list[object]
) -> None:
    """Whoever has its folder, and not the store, finds the same."""
    fill(tmp_path / "index", root, remote)
    embedder = WordHash()
    with closing(Corpus(tmp_path / "index", embedder)) as corpus:
        found = [(h.row, h.score, h.cosines.tolist()) for q in QUESTIONS for h in search(q, corpus.index, embedder, 8)]
    assert found == alone[: len(found)]


# ---- on the command line


def test_questions_are_answered_over_a_server(server: str, tmp_path: Path, run_ask: Ask, embedder: MiniLM) -> None:
    root = write_papers(tmp_path / "corpus", {"cats": "Cats sleep by day. Cats purr at night.", "dogs": "Dogs bark."})
    url = f"{server}/command-line"
    made = run_ask("index", root, "--index", url, "--json").json
    assert (made["store"], made["passages"], made["added"]) == (url, 3, 3)
    alone = run_ask("when do cats purr?", "--corpus", root, "--index", tmp_path / "alone", "--json").json
    over = run_ask("when do cats purr?", "--corpus", root, "--index", url, "--json").json
    assert over["text"] == alone["text"] == "Cats purr at night. [1]"
    assert over["engine"] == alone["engine"]
    gone = RemoteStore(read_store_address(f"http://127.0.0.1:{closed_port()}/x"), "", embedder)
    with closing(Corpus(Path(made["index"]), embedder, remote=gone)) as corpus:
        assert corpus.ask("which papers are about cats?").status is Status.ANSWERED  # a survey asks nothing of a server
        with pytest.raises(VectorStoreError):
            corpus.ask("when do cats purr?")
    found = run_ask("doctor", "--corpus", root, "--index", url).out
    assert "reached, 3 vectors" in " ".join(found.split())


def test_a_store_that_cannot_be_reached_is_two_lines(tmp_path: Path, run_ask: Ask) -> None:
    root = write_papers(tmp_path / "corpus", {"cats": "Cats sleep by day."})
    failed = run_ask("when do cats sleep?", "--corpus", root, "--index", f"http://127.0.0.1:{closed_port()}/papers")
    failed.assert_refused(1, "cannot be reached", "See that the server runs")


# ---- nearest of an index among those of a store


class Listed:
    """A store that gives keys in a fixed order, at most so many."""

    def __init__(self, found: list[str], most: int) -> None:
        self.found, self.most = found, most

    def nearest_keys(self, vector: Vectors, k: int) -> list[str]:
        return self.found[: min(k, self.most)]


@settings(max_examples=60)
@given(st.data())
def test_as_many_as_wanted_are_found_whatever_a_store_gives(data: st.DataObject) -> None:
    """Foreign keys, too few, none: there are always as many as can be, and where its own suffice they are those."""
    count = data.draw(st.integers(1, 12))
    vectors = unit_vectors(count).astype(np.float16)
    own = np.array([key.encode() for key in keys(*range(count))], dtype="S16")
    foreign = st.sampled_from([*keys(*range(50)), "not-a-key", "é", ""])
    found = data.draw(st.lists(foreign, max_size=20, unique=True))
    k = data.draw(st.integers(1, 15))
    asked = StoredNeighbours(Listed(found, data.draw(st.integers(0, 20))), own, vectors).nearest(
        unit_vectors(1, 3)[0], k
    )
    assert len(set(asked.keys)) == len(asked.keys) == min(k, count)
    assert set(asked.keys) <= set(keys(*range(count)))
    assert (np.diff(asked.scores) <= 0).all()


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 45))
def test_the_scan_gives_the_nearest_of_all(count: int, k: int) -> None:
    vectors = unit_vectors(count).astype(np.float16)
    own = np.array([key.encode() for key in keys(*range(count))], dtype="S16")
    asked = unit_vectors(1, 3)[0]
    cosines = vectors.astype(np.float32) @ asked
    found = ExactScan(own, vectors).nearest(asked, k)
    assert found.keys == keys(*np.argsort(-cosines, kind="stable")[:k])
