"""Shards at a URL: only what changed is fetched, it is checked, and what is joined is that of a folder, to the bit."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.spec import AbstractFileSystem

from askpapers.engine import Corpus
from askpapers.errors import CorpusError, OptionalDependencyError, SourceError, UsageError
from askpapers.index import fetching, remote_shards
from askpapers.index.build import is_fresh, refresh
from askpapers.index.layout import current_generation
from askpapers.index.remote_shards import RemoteShards
from askpapers.index.shards import are_shards
from askpapers.progress import no_progress
from askpapers.settings import load_settings
from askpapers.shard_copies import copy_folder, is_shards_url, source_of
from command_line import Ask
from fakes import WordHash, many_papers, write_papers
from model_server import closed_port
from shard_folders import content, make_shards

TEXTS = {f"p{n:02d}": text for n, text in enumerate(many_papers(12))}
PARTS = [dict(list(TEXTS.items())[:5]), dict(list(TEXTS.items())[5:])]


LATE = {**PARTS[1], "late": "Owls hoot."}
Made = tuple[Path, dict[str, bytes]]


def made(tmp_path: Path, parts: list[dict[str, str]]) -> Made:
    """Shards in a folder, and what the index holds that is joined from there."""
    folder = make_shards(tmp_path, parts)
    refresh(tmp_path / "joined", [folder], WordHash(), no_progress)
    return folder, content(tmp_path / "joined")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two shards."""
    return made(tmp_path_factory.mktemp("first"), PARTS)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same with one more paper in the second."""
    return made(tmp_path_factory.mktemp("later"), [PARTS[0], LATE])


@pytest.fixture
def shards(tmp_path: Path, first: Made) -> Path:
    """Two shards, of this test."""
    return shutil.copytree(first[0], tmp_path / "shards")


def make_anew(shards: Path, later: Made) -> None:
    """Put the second shard with one more paper in the place of the one before."""
    shutil.rmtree(shards / "shard-1")
    shutil.copytree(later[0] / "shard-1", shards / "shard-1")


@dataclass
class Web:
    """A server of files that lists folders. `breaks` says after how many bytes of which file a reply ends, once."""

    address: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    breaks: dict[str, int] = field(default_factory=dict)
    takes_ranges: bool = True


@contextmanager
def web_server(folder: Path) -> Iterator[Web]:
    """A server of a folder, as long as the block."""

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            file, given = Path(self.translate_path(self.path)), self.headers["Range"] or ""
            web.asked.append((file.name, given))
            if not file.is_file():
                super().do_GET()
                return
            data, first = file.read_bytes(), 0
            if given and web.takes_ranges:
                first, last = (int(n) for n in given.removeprefix("bytes=").split("-"))
                whole, data = len(data), data[first : last + 1]
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{first + len(data) - 1}/{whole}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: web.breaks.pop(file.name, len(data))])
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so it is called there
            pass

    with serving(partial(Handler, directory=str(folder))) as address:
        web = Web(address)
        yield web


@contextmanager
def serving(handler: Callable[..., SimpleHTTPRequestHandler]) -> Iterator[str]:
    """The address of a web server, as long as the block."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}"
    finally:
        http.shutdown()
        http.server_close()


def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_LOOK_AGAIN", -1.0)


def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are fetched from now on."""
    names: list[str] = []
    fetch = RemoteShards.fetch

    def note(self: RemoteShards, place: str, *rest: Any) -> None:
        names.append("/".join(place.split("/")[-3::2]))
        fetch(self, place, *rest)

    monkeypatch.setattr(RemoteShards, "fetch", note)
    return names


def join(folder: Path, url: str) -> Path:
    """Join the shards of a URL to an index in a folder."""
    refresh(folder, [copy_folder(url)], WordHash(), no_progress)
    return folder


def in_memory(shards: Path, name: str) -> str:
    """The URL of shards that are copied into fsspec's memory."""
    memory = fsspec.filesystem("memory")
    if memory.exists(f"/{name}"):
        memory.rm(f"/{name}", recursive=True)
    for file in shards.rglob("*"):
        if file.is_file():
            memory.pipe_file(f"/{name}/{file.relative_to(shards).as_posix()}", file.read_bytes())
    return f"memory://{name}"


@pytest.mark.parametrize("kind", ["memory", "file", "web", "web without ranges"])
def test_shards_of_a_url_are_joined_to_what_those_of_the_folder_are(
    kind: str, tmp_path: Path, shards: Path, first: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fetched(monkeypatch)
    with web_server(shards) as web:
        web.takes_ranges = kind == "web"
        url = {"memory": in_memory(shards, "joined"), "file": shards.as_uri()}.get(kind, web.address)
        monkeypatch.setattr(remote_shards, "_BLOCK", 100)
        join(tmp_path / "from url", url)
        assert content(tmp_path / "from url") == first[1]
        assert len(names) == 2 * 7
        look_each_time(monkeypatch)
        assert is_fresh(tmp_path / "from url", [copy_folder(url)])
        join(tmp_path / "from url", url)
        assert len(names) == 2 * 7
    assert not any("chroma" in name or "words" in name for name in names)


def test_only_the_shard_that_was_made_anew_is_fetched(
    tmp_path: Path, shards: Path, later: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = in_memory(shards, "anew")
    join(tmp_path / "joined", url)
    names = fetched(monkeypatch)
    make_anew(shards, later)
    in_memory(shards, "anew")
    copy = copy_folder(url)
    assert is_fresh(tmp_path / "joined", [copy])  # it was looked at just now
    long_ago = (copy / ".seen.json").stat().st_mtime - 61
    os.utime(copy / ".seen.json", (long_ago, long_ago))
    assert not is_fresh(tmp_path / "joined", [copy])
    assert content(join(tmp_path / "joined", url)) == later[1]
    assert {name.partition("/")[0] for name in names} == {"shard-1"}
    assert "shard-1/embedder" not in names  # it is the same as before
    assert len([entry for entry in (copy / "shard-1").iterdir() if entry.is_dir()]) == 1


def test_a_shard_that_is_gone_is_gone(tmp_path: Path, shards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look_each_time(monkeypatch)
    url = in_memory(shards, "gone")
    join(tmp_path / "joined", url)
    shutil.rmtree(shards / "shard-0")
    in_memory(shards, "gone")
    with closing(Corpus(tmp_path / "joined", WordHash(), roots=[copy_folder(url)])) as corpus:
        assert [paper.id for paper in corpus.papers()] == list(PARTS[1])


@pytest.mark.parametrize(
    ("begun", "takes_ranges"),
    [
        ("nothing", True),
        ("its beginning", True),
        ("its beginning", False),
        ("something else", True),
        ("too much", True),
    ],
)
def test_a_fetch_that_breaks_leaves_what_was_there_and_goes_on(
    tmp_path: Path,
    shards: Path,
    first: Made,
    later: Made,
    begun: str,
    takes_ranges: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look_each_time(monkeypatch)
    with web_server(shards) as web:
        web.takes_ranges = takes_ranges
        join(tmp_path / "joined", web.address)
        copy = copy_folder(web.address)
        before = {file: file.read_bytes() for file in copy.glob("shard-*/*/*")}
        make_anew(shards, later)
        web.breaks["vectors.f16"] = 500
        with pytest.raises(SourceError, match="cannot be read"):
            join(tmp_path / "joined", web.address)
        assert {file: file.read_bytes() for file in copy.glob("shard-*/*/*")} == before
        assert content(tmp_path / "joined") == first[1]
        web.asked.clear()
        (on_its_way,) = copy.glob(".incoming/shard-1/*/vectors.f16")
        generation = current_generation(shards / "shard-1")
        assert generation
        data = (generation / "vectors.f16").read_bytes()
        left = {"nothing": b"", "its beginning": data[:500], "something else": b"x" * 500, "too much": data + b"x"}
        on_its_way.write_bytes(left[begun])
        join(tmp_path / "joined", web.address)
        assert content(tmp_path / "joined") == later[1]
        asked = [given for name, given in web.asked if name == "vectors.f16"]
        rest = f"bytes=500-{len(data) - 1}"
        assert (
            asked
            == {
                "nothing": [""],
                "its beginning": [rest] if takes_ranges else [rest, ""],
                "something else": [rest, ""],
                "too much": [""],
            }[begun]
        )
        assert "papers.db" not in [name for name, _ in web.asked]  # it had come before


def test_a_file_that_is_not_as_it_was_made_is_refused(tmp_path: Path, shards: Path) -> None:
    generation = current_generation(shards / "shard-1")
    assert generation
    vectors = generation / "vectors.f16"
    vectors.write_bytes(bytes(vectors.stat().st_size))
    url = in_memory(shards, "damaged")
    with pytest.raises(SourceError, match=r"vectors\.f16 of the shard shard-1 is not as its manifest says"):
        join(tmp_path / "joined", url)
    assert not list(copy_folder(url).glob("shard-*"))


def test_a_copy_that_is_damaged_is_mended(tmp_path: Path, shards: Path) -> None:
    url = in_memory(shards, "mended")
    join(tmp_path / "joined", url)
    (found,) = copy_folder(url).glob("shard-0/*/papers.db")
    found.write_bytes(b"garbage")
    join(tmp_path / "again", url)
    assert content(tmp_path / "again") == content(tmp_path / "joined")


@pytest.mark.parametrize(
    ("place", "written", "message"),
    [
        ("notes.txt", b"not an index", "notes.txt at memory://other is no index"),
        ("shard-0/current", b"../../escaped", "is no index"),
        ("shard-0/current", b"\xff" * 200, "is no index"),
        ("a\\b/current", b"0001-abcd", "is no index"),
    ],
)
def test_what_is_no_index_is_refused(tmp_path: Path, shards: Path, place: str, written: bytes, message: str) -> None:
    url = in_memory(shards, "other")
    fsspec.filesystem("memory").pipe_file(f"/other/{place}", written)
    with pytest.raises(CorpusError, match=message):
        join(tmp_path / "joined", url)
    assert not list(copy_folder(url).glob("[!.]*"))


@pytest.mark.parametrize("kind", ["memory", "web"])
def test_a_manifest_that_is_far_too_long_is_refused(shards: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(remote_shards, "_LONGEST_MANIFEST", 1_000)
    (next((shards / "shard-0").glob("0*")) / "manifest.json").write_bytes(b"x" * 1_001)
    with web_server(shards) as web, pytest.raises(CorpusError, match="is longer than 1,000 bytes"):
        RemoteShards(web.address if kind == "web" else in_memory(shards, "long")).look()


def test_of_a_pointer_without_an_end_only_the_beginning_is_read() -> None:
    sent = 0

    class Endless(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal sent
            self.send_response(200)
            self.end_headers()
            if not self.path.endswith("/current"):
                self.wfile.write(b'<a href="north/">north/</a>')
                return
            with suppress(OSError):
                while sent < 500_000_000:
                    sent += self.wfile.write(b"x" * 1_000_000)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so it is called there
            pass

    with serving(Endless) as address, pytest.raises(CorpusError, match="is no index"):
        RemoteShards(address).look()
    assert sent < 500_000_000


def test_hidden_files_beside_shards_are_passed_over(tmp_path: Path, shards: Path) -> None:
    url = in_memory(shards, "hidden")
    fsspec.filesystem("memory").pipe_file("/hidden/.DS_Store", b"")
    assert are_shards([copy_folder(url)])
    join(tmp_path / "joined", url)
    with pytest.raises(CorpusError, match=r"memory://hidden is one of shards"):
        are_shards([copy_folder(url), tmp_path])


def test_nothing_at_a_url_is_said_so(tmp_path: Path) -> None:
    fsspec.filesystem("memory").makedirs("/empty", exist_ok=True)
    with pytest.raises(CorpusError, match="No shards are at memory://empty"):
        join(tmp_path / "joined", "memory://empty")
    with pytest.raises(SourceError, match="it is not there"):
        join(tmp_path / "joined", "memory://nowhere")


class Secretive(AbstractFileSystem):  # type: ignore[misc]
    """A system whose errors hold what they should not."""

    protocol = "secretive"

    def ls(self, path: str, detail: bool = True, **kwargs: Any) -> Any:
        raise RuntimeError("denied for key=SECRET")


def test_no_message_has_the_words_of_a_foreign_error(tmp_path: Path) -> None:
    fsspec.register_implementation("secretive", Secretive, clobber=True)
    with pytest.raises(SourceError, match="RuntimeError") as error:
        join(tmp_path / "joined", "secretive://bucket/shards")
    assert "SECRET" not in str(error.value) + error.value.hint


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    fsspec.register_implementation("missing", "no_such_package.FileSystem", clobber=True, errtxt="Install it first")
    with pytest.raises(OptionalDependencyError, match="Install it first") as error:
        join(tmp_path / "joined", "missing://bucket/shards")
    assert "pip install no_such_package" in error.value.hint
    with pytest.raises(UsageError, match="no address of a kind that is known"):
        join(tmp_path / "joined", "unheard-of://bucket/shards")


@pytest.mark.parametrize(
    "url",
    [
        "ssh://me:SECRET@host/shards",
        "https://host/shards?sig=SECRET",
        "https://SECRET@host/shards",
        "zip://a::https://u:SECRET@host/a.zip",
        "https://u:SECRET℀@host/shards",
    ],
)
def test_a_secret_in_a_url_is_refused_and_not_repeated(url: str) -> None:
    for name in (url, f"{url}{os.pathsep}papers"):  # in a list, too, in which a colon parts paths
        with pytest.raises(UsageError) as error:
            load_settings(environment={"ASK_CORPUS": name}) if "::" not in url else copy_folder(url)
        assert "SECRET" not in str(error.value) + error.value.hint
    with pytest.raises(UsageError, match="The address of the shards"):
        copy_folder(url)


@pytest.mark.parametrize(
    ("name", "is_url"),
    [
        ("s3://bucket/shards", True),
        ("memory://shards", True),
        ("zip://a::https://host/a.zip", True),
        ("ssh://me@host/shards", True),
        ("shards", False),
        ("zotero:collection=A", False),
        ("C://shards", False),
        ("./a://b", False),
        ("a::b", False),
    ],
)
def test_which_names_are_urls(name: str, is_url: bool) -> None:
    assert is_shards_url(name) is is_url


def test_only_a_folder_that_the_cache_has_for_its_url_is_a_copy(tmp_path: Path) -> None:
    copy = copy_folder("memory://shards/")
    assert copy == copy_folder("memory://shards") != copy_folder("memory://shards/more")
    assert source_of(copy) == "memory://shards"
    (tmp_path / ".source").write_text("memory://shards", encoding="utf-8")
    assert source_of(tmp_path) is None
    (copy / ".source").write_text("memory://another", encoding="utf-8")
    assert source_of(copy) is None


def test_urls_stand_wherever_a_corpus_is_named(tmp_path: Path) -> None:
    one, two = copy_folder("http://localhost:8000/a"), copy_folder("s3://bucket/b")
    named = f"http://localhost:8000/a{os.pathsep}papers{os.pathsep}s3://bucket/b"
    assert load_settings(environment={"ASK_CORPUS": named}).corpus == (one, Path("papers"), two)
    (tmp_path / "ask.toml").write_text('corpus = ["s3://bucket/b"]\n', encoding="utf-8")
    assert load_settings(environment={}, folder=tmp_path).corpus == (two,)
    assert load_settings(["s3://bucket/b"], environment={}).corpus == (two,)


def test_a_place_that_cannot_be_reached_is_two_lines_or_a_note(
    tmp_path: Path, run_ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_each_time(monkeypatch)
    nowhere = f"http://127.0.0.1:{closed_port()}/shards"
    run_ask("when do cats purr?", "--shards", nowhere).assert_refused(
        1, f"{nowhere} cannot be read", "Check the address"
    )
    build_here = write_papers(tmp_path / "corpus", {"cats": "Cats purr at night."})
    assert run_ask("index", build_here, "--index", tmp_path / "shards" / "one").code == 0
    with web_server(tmp_path / "shards") as web:
        first = run_ask("when do cats purr?", "--shards", web.address, "--json").json
    again = run_ask("when do cats purr?", "--shards", web.address, "--json")
    assert again.json["text"] == first["text"] == "Cats purr at night. [1]"
    assert "This answer is from the shards as they were before" in str(again.json)


def test_what_a_server_does_not_have_is_said_so(tmp_path: Path, shards: Path) -> None:
    with web_server(shards) as web, pytest.raises(SourceError, match="it is not there"):
        join(tmp_path / "joined", f"{web.address}/elsewhere")
