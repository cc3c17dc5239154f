from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from askpapers.errors import IndexDamagedError
from askpapers.index.manifest import MEND_HINT
from askpapers.index.store import Fingerprint
from askpapers.index.vectors import VectorStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore.create(tmp_path / "chroma", embedder="word-hash", dimension=2)
    yield store
    store.close()


def _rows(*rows: tuple[float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def test_nearest_is_by_angle_not_by_length(store: VectorStore) -> None:
    store.add(["east", "north", "far-east"], _rows((1, 0), (0, 1), (100, 40)))
    assert store.nearest(_rows((2, 0.1))[0], 3).keys == ["east", "far-east", "north"]


def test_the_collection_is_one_of_cosines(store: VectorStore) -> None:
    hnsw = store._collection.configuration["hnsw"]
    assert hnsw
    assert hnsw["space"] == "cosine"


def test_it_remembers_whose_vectors_it_holds(store: VectorStore, tmp_path: Path) -> None:
    store.close()
    assert VectorStore(tmp_path / "chroma").fingerprint() == Fingerprint("word-hash", 2)


def test_add_and_delete_keep_the_count_and_last(store: VectorStore, tmp_path: Path) -> None:
    store.add(["a", "b", "c"], _rows((1, 0), (0, 1), (-1, 0)))
    store.remove(["a"])
    assert store.count() == 2
    store.close()
    again = VectorStore(tmp_path / "chroma")
    assert again.count() == 2
    assert again.nearest(_rows((1, 0.1))[0], 5).keys == ["b", "c"]
    again.close()


def test_no_more_are_asked_for_than_there_are(store: VectorStore) -> None:
    store.add(["a"], _rows((1, 0)))
    assert store.nearest(_rows((1, 0))[0], 300).keys == ["a"]


def test_more_than_a_batch_is_added_and_deleted_in_parts(store: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = store._client.get_max_batch_size()
    assert limit > 25  # what Chroma takes at once; it refuses more
    monkeypatch.setattr(type(store._client), "get_max_batch_size", lambda self: 10)
    angles = np.linspace(0, 3, 25)
    store.add([f"k{i}" for i in range(25)], np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32))
    assert store.count() == 25
    assert store.nearest(_rows((1, 0))[0], 3).keys == ["k0", "k1", "k2"]
    store.remove([f"k{i}" for i in range(24)])
    assert store.nearest(_rows((1, 0))[0], 25).keys == ["k24"]


def test_chroma_refuses_more_than_its_batch(store: VectorStore) -> None:
    over = store._client.get_max_batch_size() + 1
    store.add([f"k{i}" for i in range(over)], np.random.default_rng(0).standard_normal((over, 2)).astype(np.float32))
    assert store.count() == over


def test_as_many_as_asked_for_come_back_from_a_large_store(tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).standard_normal((2500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = VectorStore.create(tmp_path / "large", embedder="e", dimension=16)
    store.add([f"k{i}" for i in range(len(vectors))], vectors)
    exact = {f"k{i}" for i in np.argsort(-(vectors @ vectors[7]))[:300]}
    found = store.nearest(vectors[7], 300).keys
    store.close()
    assert found[0] == "k7"
    assert len(found) == len(set(found)) == 300
    assert len(exact & set(found)) >= 285


def _no_folder(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").unlink()


def _garbage(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def _empty(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"")


def _no_collection(chroma: Path) -> None:
    with sqlite3.connect(chroma / "chroma.sqlite3") as db:
        db.execute("delete from collections")
    db.close()


@pytest.mark.parametrize("damage", [_no_folder, _garbage, _empty, _no_collection])
def test_a_damaged_folder_is_said_to_be_one(store: VectorStore, tmp_path: Path, damage: object) -> None:
    store.add(["a"], _rows((1, 0)))
    store.close()
    assert callable(damage)
    damage(tmp_path / "chroma")
    with pytest.raises(IndexDamagedError, match="cannot be read") as error:
        VectorStore(tmp_path / "chroma")
    assert error.value.hint == MEND_HINT


def test_the_settings_of_other_programs_are_not_taken(tmp_path: Path) -> None:
    """Chroma reads them when it is imported: here three times, in a process of its own."""
    program = """
import sys
from pathlib import Path
settings = [
    b"NAME=caf\\xe9\\n",
    b"CHROMA_SERVER_HTTP_PORT=none\\n",
    b"CHROMA_OTEL_COLLECTION_ENDPOINT=http://192.0.2.1:4317\\nCHROMA_OTEL_GRANULARITY=all\\n",
]
for content in settings:
    Path(".env").write_bytes(content)
    try:
        from askpapers.index.vectors import VectorStore
        store = VectorStore.create(Path("index"), embedder="e", dimension=2)
        print("collector:", store._client._system.settings.chroma_otel_collection_endpoint)
    except Exception as error:
        print(f"{type(error).__name__}: {error}".split(": ")[:2])
        for name in [name for name in sys.modules if name.partition(".")[0] == "chromadb"]:
            del sys.modules[name]
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    refused = str(["UsageError", "Chroma cannot read ./.env or the CHROMA_ variables"])
    assert run.stdout.splitlines() == [refused, refused, "collector: "]
    assert run.stderr == ""
