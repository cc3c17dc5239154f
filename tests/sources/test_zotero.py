"""The corpus "zotero:", against a small server that speaks Zotero's local API."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from askpapers.corpus import read_corpus
from askpapers.errors import SourceError, UsageError
from askpapers.settings import load_settings
from askpapers.sources.zotero import Selection, selection, snapshot


def item(
    number: int, *, tags: tuple[str, ...] = (), collections: tuple[str, ...] = (), date: str = ""
) -> dict[str, Any]:
    key = f"ITEM{number:04}"
    data = {
        "key": key,
        "version": 1,
        "itemType": "journalArticle",
        "title": f"Lichens on wall {number}",
        "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Moss"}],
        "abstractNote": f"We measured lichens on wall {number}. They grew {number} millimetres in a year of rain.",
        "date": "2021",
        "tags": [{"tag": tag} for tag in tags],
        "collections": list(collections),
        "dateModified": date or f"2024-01-01T00:{number // 60:02}:{number % 60:02}Z",
    }
    return {"key": key, "version": 1, "library": {"type": "user", "id": 1}, "data": data}


@dataclass
class Zotero:
    """What the server has, and what it was asked."""

    items: list[dict[str, Any]] = field(default_factory=lambda: [item(n) for n in range(3)])
    collections: Mapping[str, str] = field(default_factory=lambda: {"COLL0001": "Walls", "COLL0002": "Roofs"})
    version: int = 7
    status: int = 200
    body: bytes | None = None
    paths: list[str] = field(default_factory=list)
    address: str = ""

    def reply(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, bytes]:
        library, _, rest = path.removeprefix("/api/").partition("/")
        number, _, rest = rest.partition("/")
        if (library, number) not in {("users", "0"), ("groups", "42")}:
            return 404, b"Not found"
        found: list[dict[str, Any]]
        if rest == "collections":
            found = [{"key": key, "data": {"key": key, "name": name}} for key, name in self.collections.items()]
        else:
            inside = rest.split("/")[1] if rest.startswith("collections/") else ""
            wanted = set(query.get("tag", []))
            found = [
                one
                for one in self.items
                if (not inside or inside in one["data"]["collections"])
                and wanted <= {tag["tag"] for tag in one["data"]["tags"]}
            ]
            if query["sort"] == ["dateModified"] and query["direction"] == ["desc"]:
                found.sort(key=lambda one: str(one["data"]["dateModified"]), reverse=True)
        start, limit = int(query.get("start", ["0"])[0]), int(query["limit"][0])
        self.total = len(found)
        return 200, json.dumps(found[start : start + limit]).encode()


@pytest.fixture
def zotero() -> Iterator[Zotero]:
    state = Zotero()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.paths.append(self.path)
            parts = urlsplit(self.path)
            status, body = state.reply(parts.path, parse_qs(parts.query))
            if state.status != 200 or self.headers["Zotero-API-Version"] != "3":
                status, body = state.status, b"Local API is not enabled"
            body = state.body or body
            self.send_response(status)
            self.send_header("Total-Results", str(getattr(state, "total", 0)))
            self.send_header("Last-Modified-Version", str(state.version))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        state.address = f"http://127.0.0.1:{server.server_port}/api/"
        yield state
        server.shutdown()
        thread.join()


def titles(file: Path) -> list[str]:
    return sorted(str(paper.title) for paper in read_corpus((file,)).papers)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("zotero:", Selection()),
        ("zotero:collection=Walls&tag=to read", Selection(("Walls",), ("to read",))),
        ("zotero:tag=a%26b&tag=C++&group=42", Selection((), ("a&b", "C++"), "42")),
    ],
)
def test_a_spec_selects(spec: str, expected: Selection) -> None:
    assert selection(spec) == expected


@pytest.mark.parametrize("spec", ["zotero:Walls", "zotero:tag=", "zotero:group=../users", "zotero:group=1&group=2"])
def test_a_spec_that_selects_nothing_is_refused(spec: str) -> None:
    with pytest.raises(UsageError):
        selection(spec)


def test_all_pages_are_read_as_papers_of_an_ordinary_file(zotero: Zotero, tmp_path: Path) -> None:
    zotero.items = [item(n, collections=("COLL0001",)) for n in range(201)]
    file, note = snapshot("zotero:", tmp_path, zotero.address)
    papers = read_corpus((file,)).papers
    assert (len(papers), note) == (201, "")
    assert len({paper.id for paper in papers}) == 201
    assert papers[0].metadata.tags == ("Walls",)
    assert papers[0].authors == ("Ada Moss",)


def test_collections_tags_and_groups(zotero: Zotero, tmp_path: Path) -> None:
    zotero.items = [
        item(0, collections=("COLL0001",), tags=("moss",)),
        item(1, collections=("COLL0001", "COLL0002")),
        item(2, collections=("COLL0002",), tags=("moss", "rain")),
        item(3),
    ]
    for spec, numbers in {
        "collection=walls": "01",
        "collection=Walls&collection=Roofs": "012",
        "tag=moss": "02",
        "tag=moss&tag=rain": "2",
        "collection=Walls&tag=moss": "0",
        "group=42": "0123",
    }.items():
        file, _ = snapshot(f"zotero:{spec}", tmp_path, zotero.address)
        assert titles(file) == [f"Lichens on wall {n}" for n in numbers], spec
    with pytest.raises(UsageError, match="Attics") as told:
        snapshot("zotero:collection=Attics", tmp_path, zotero.address)
    assert "Walls" in told.value.hint
    with pytest.raises(UsageError, match="no group 43"):
        snapshot("zotero:group=43", tmp_path, zotero.address)


def test_the_file_stays_while_nothing_changed(zotero: Zotero, tmp_path: Path) -> None:
    file, _ = snapshot("zotero:", tmp_path, zotero.address)
    before, asked = file.stat().st_ino, len(zotero.paths)
    assert snapshot("zotero:", tmp_path, zotero.address) == (file, "")
    assert (file.stat().st_ino, len(zotero.paths) - asked) == (before, 2)


@pytest.mark.parametrize("change", ["added", "removed", "edited", "synchronised", "renamed"])
def test_the_file_follows_a_change(zotero: Zotero, tmp_path: Path, change: str) -> None:
    file, _ = snapshot("zotero:", tmp_path, zotero.address)
    before = file.stat().st_ino
    match change:  # only the fourth changes the version of the library, as in Zotero itself
        case "added":
            zotero.items.append(item(9, date="2020-01-01T00:00:00Z"))
        case "removed":
            zotero.items.pop(0)
        case "edited":
            zotero.items[0] = item(5, date="2025-01-01T00:00:00Z")
        case "synchronised":
            zotero.version += 1
        case "renamed":
            zotero.collections = {"COLL0001": "Old walls"}
    snapshot("zotero:", tmp_path, zotero.address)
    assert file.stat().st_ino != before
    assert titles(file) == sorted(str(one["data"]["title"]) for one in zotero.items)


def test_a_closed_zotero_leaves_the_last_file_and_says_how_old_it_is(zotero: Zotero, tmp_path: Path) -> None:
    file, _ = snapshot("zotero:", tmp_path, zotero.address)
    checked = file.with_suffix(".checked")
    os.utime(checked, (checked.stat().st_mtime - 7300,) * 2)
    zotero.status = 403
    again, note = snapshot("zotero:", tmp_path, zotero.address)
    assert again == file
    assert "does not let other programs in" in note
    assert "2 hours ago" in note


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/api/", ""])
def test_without_a_file_a_zotero_that_does_not_answer_is_an_error(zotero: Zotero, tmp_path: Path, address: str) -> None:
    zotero.status = 403
    with pytest.raises(SourceError, match="does not answer at" if address else "does not let") as told:
        snapshot("zotero:", tmp_path, address or zotero.address)
    assert "Settings, Advanced" in told.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[1]"])
def test_what_is_no_reply_of_zotero_is_said(zotero: Zotero, tmp_path: Path, body: bytes) -> None:
    zotero.body = body
    with pytest.raises(SourceError, match="no reply of Zotero"):
        snapshot("zotero:", tmp_path, zotero.address)


def test_settings_take_it_wherever_a_corpus_is_named(
    zotero: Zotero, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    url = {"ASK_ZOTERO_URL": zotero.address}
    given = load_settings(["zotero:", "seeds"], environment=url, folder=tmp_path)
    assert [root.name.partition("-")[0] for root in given.corpus] == ["zotero", "seeds"]
    value = os.pathsep.join(("zotero:tag=moss", "seeds", "zotero:"))
    listed = load_settings(environment={**url, "ASK_CORPUS": value}, folder=tmp_path)
    assert [root.suffix for root in listed.corpus] == [".json", "", ".json"]
    (tmp_path / "ask.toml").write_text('corpus = ["zotero:"]\n', encoding="utf-8")
    assert load_settings(environment=url, folder=tmp_path).corpus == listed.corpus[2:]
    zotero.status = 403
    assert "less than a minute ago" in load_settings(environment=url, folder=tmp_path).notes[0]
