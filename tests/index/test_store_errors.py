"""Whatever goes wrong with a vector store on a server is two lines, for Chroma and Qdrant alike."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from askpapers.errors import VectorStoreError
from askpapers.index import chroma_server, qdrant, store_errors
from askpapers.index.store import Fingerprint
from askpapers.index.stores import open_store
from askpapers.store_address import read_store_address
from model_server import closed_port

ENGINES = ["", "qdrant+"]
WANTED = Fingerprint("word-hash", 16)
Reply = tuple[int, bytes]
Serve = Callable[[Callable[[str], Reply]], str]


class Seen:
    """A server of replies that are made up; `headers` has those of each request."""

    def __init__(self, reply: Callable[[str], Reply]) -> None:
        self.headers: list[dict[str, str]] = []
        seen = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.headers.append({name.lower(): value for name, value in self.headers.items()})
                status, body = reply(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[str], Reply]], Seen]]:
    servers: list[Seen] = []

    def begin(reply: Callable[[str], Reply]) -> Seen:
        servers.append(Seen(reply))
        return servers[-1]

    yield begin
    for one in servers:
        one.server.shutdown()
        one.server.server_close()


def refusal(url: str, key: str = "") -> VectorStoreError:
    with pytest.raises(VectorStoreError) as error:
        open_store(read_store_address(url), key, WANTED, create=True)
    assert "\n" not in str(error.value)
    assert error.value.hint
    return error.value


@pytest.mark.parametrize("engine", ENGINES)
def test_a_server_that_does_not_run(engine: str) -> None:
    error = refusal(f"{engine}http://127.0.0.1:{closed_port()}/papers")
    assert "cannot be reached" in str(error)
    assert "See that the server runs" in error.hint


@pytest.mark.parametrize("engine", ENGINES)
def test_a_server_without_tls(engine: str, serve: Callable[[Callable[[str], Reply]], Seen]) -> None:
    url = serve(lambda path: (200, b"{}")).url.replace("http", "https")
    assert "SSL" in str(refusal(f"{engine}{url}/papers"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_token(engine: str, status: int, serve: Callable[[Callable[[str], Reply]], Seen]) -> None:
    server = serve(lambda path: (status, b"no"))
    error = refusal(f"{engine}{server.url}/papers", "the-token")
    assert "does not let the request through" in str(error)
    assert "ASK_INDEX_KEY" in error.hint
    assert "the-token" not in f"{error} {error.hint}"
    given = server.headers[0]
    assert "the-token" in (given.get("api-key", ""), given.get("x-chroma-token", ""))
    assert given.get("authorization", "Bearer the-token") == "Bearer the-token"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy(engine: str, status: int, serve: Callable[[Callable[[str], Reply]], Seen]) -> None:
    error = refusal(f"{engine}{serve(lambda path: (status, b'later')).url}/papers")
    assert f"status {status}" in str(error)
    assert error.hint == "Try again later."


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("body", [b"", b"<html>Log in</html>", b"\xff\xfe\x00", b"[1, 2", b"null", b'"x"', b"{}"])
def test_another_page(engine: str, body: bytes, serve: Callable[[Callable[[str], Reply]], Seen]) -> None:
    error = refusal(f"{engine}{serve(lambda path: (200, body)).url}/papers")
    assert "cannot be used" in str(error)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("status", [404, 410])
def test_another_server(engine: str, status: int, serve: Callable[[Callable[[str], Reply]], Seen]) -> None:
    error = refusal(f"{engine}{serve(lambda path: (status, b'not here')).url}/papers")
    assert "there is no" in str(error)
    assert "or newer" in str(error)


@pytest.mark.parametrize(
    ("engine", "body"),
    [
        ("", b'"0.6.3"'),
        ("qdrant+", json.dumps({"title": "qdrant", "version": "1.15.9"}).encode()),
        ("qdrant+", json.dumps({"title": "qdrant", "version": "0.9.0-dev"}).encode()),
    ],
)
def test_a_server_that_is_too_old(engine: str, body: bytes, serve: Callable[[Callable[[str], Reply]], Seen]) -> None:
    error = refusal(f"{engine}{serve(lambda path: (200, body)).url}/papers")
    assert "or newer is needed" in str(error)
    assert "Update" in error.hint


@pytest.mark.parametrize("engine", ENGINES)
def test_a_server_that_is_silent(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (chroma_server, qdrant, store_errors):
        monkeypatch.setattr(module, "TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert "sent nothing for 1 seconds" in str(refusal(f"{engine}http://127.0.0.1:{port}/papers"))
