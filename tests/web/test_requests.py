"""Requests that are malformed in every way: none is answered with a server error."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from askpapers.server.app import Served, make_app
from askpapers.server.guard import Login
from askpapers.server.request_checks import LARGEST_BODY
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.uploads import Uploads
from web.asgi import HOST, Header, request, running

JSON = (b"content-type", b"application/json")
ANY_ACCEPTED = (b"accept", b"application/json, text/event-stream")
GRADIO = "/gradio_api/"


class Apps:
    """Apps in a loop of their own, and what they answer."""

    def __init__(self, service: CorpusService) -> None:
        self._loop = asyncio.new_event_loop()
        self.apps: dict[str, ASGIApp] = {
            "page": make_app(service, Served(), "t"),
            "open": make_app(service, Served(page=False, reachable=True), "t"),
            "login": make_app(service, Served(page=False, login=Login("ada", "x")), "t"),
        }
        self._running = [running(app) for app in self.apps.values()]
        for context in self._running:
            self._loop.run_until_complete(context.__aenter__())

    def close(self) -> None:
        for context in reversed(self._running):
            self._loop.run_until_complete(context.__aexit__(None, None, None))
        for task in asyncio.all_tasks(self._loop):  # Gradio's, which end with the process
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(task)
        self._loop.close()

    def ask(self, name: str, *wanted: Any, **options: Any) -> tuple[int, dict[str, str], bytes]:
        return self._loop.run_until_complete(asyncio.wait_for(request(self.apps[name], *wanted, **options), 60))


@pytest.fixture(scope="module")
def apps(service: CorpusService) -> Iterator[Apps]:
    made = Apps(service)
    yield made
    made.close()


def assert_no_fault(path: str, answer: tuple[int, dict[str, str], bytes]) -> None:
    """No server error, and an error of ours is {"error", "hint"}; Gradio and MCP have forms of their own."""
    status, headers, body = answer
    assert status < 500, (status, body)
    assert BROKEN[0].encode() not in body  # the page's calls say so in an answer that is none of 500
    if status >= 400 and not path.startswith((GRADIO, "/mcp")):
        assert headers["content-type"] == "application/json"
        assert set(json.loads(body)) == {"error", "hint"}


BAD_HOSTS = (b"[", b"]", b"[::1", b"a[b]", b"[v1.a]", b"\xff\xfe", b"a b", b"127.0.0.1@x", b"127.0.0.1:x", b"a/b")


@pytest.mark.parametrize("name", ["page", "open", "login"])
@pytest.mark.parametrize("host", BAD_HOSTS)
def test_a_host_that_is_none_is_refused(apps: Apps, name: str, host: bytes) -> None:
    for headers in ([(b"host", host)], [HOST, (b"x-forwarded-host", host)]):
        for path in ("/", "/api", "/gradio_api/call/ask"):
            answer = apps.ask(name, "GET", path, headers=headers)
            assert answer[0] == 400
            assert_no_fault("", answer)


@pytest.mark.parametrize(
    "origin", [b"[", b"http://[", b"http://a[b]", b"\xff", b"null", b"", b"http://127.0.0.1:7860@x"]
)
def test_an_origin_that_is_none_is_another_site(apps: Apps, origin: bytes) -> None:
    answer = apps.ask("page", "POST", "/api/search", headers=[HOST, JSON, (b"origin", origin)], body=b'{"query": "x"}')
    assert answer[0] == 403
    assert_no_fault("/api", answer)


@pytest.mark.parametrize("value", [b"\xff\xff", "Basic sécret".encode(), b"Basic \xe9", b"Basic " + b"a" * 100_000])
def test_credentials_that_are_no_text_are_wrong(apps: Apps, value: bytes) -> None:
    assert apps.ask("login", "GET", "/api", headers=[HOST, (b"authorization", value)])[0] == 401


@pytest.mark.parametrize("path", ["/api/papers/\0", "/page/\0", "/\x1b", "/api/papers/\udc80"])
def test_an_address_that_is_no_text_is_refused(apps: Apps, path: str) -> None:
    assert apps.ask("page", "GET", path)[0] == 400


@pytest.mark.parametrize("query", [b"\xff", b"words=%ff", b"words=%00", b"words=%ed%a0%80"])
def test_a_query_that_is_no_text_is_refused(apps: Apps, query: bytes) -> None:
    for path in ("/", "/papers", "/api/papers", "/gradio_api/call/ask"):
        assert apps.ask("page", "GET", path, query=query)[0] == 400


def test_addresses_and_bodies_have_an_end(apps: Apps) -> None:
    assert apps.ask("page", "GET", "/page/" + "a" * 5_000)[0] == 404
    assert apps.ask("page", "GET", "/api/papers/" + "a" * 9_000)[0] == 414
    for length in (b"-1", b"x", b"1e9", str(LARGEST_BODY + 1).encode(), b"9" * 5_000):
        headers = [HOST, JSON, (b"content-length", length)]
        assert apps.ask("page", "POST", "/api/ask", headers=headers)[0] in (400, 413)
    untold = apps.ask("page", "POST", "/api/ask", headers=[HOST, JSON], body=b" " * (LARGEST_BODY + 1))
    assert untold[0] in (400, 413)


@pytest.mark.parametrize("path", ["/page/source", "/page/nothing", "/upload"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_what_the_page_calls_is_called_by_post(apps: Apps, path: str, method: str) -> None:
    answer = apps.ask("page", method, path)
    assert answer[0] == 405
    assert_no_fault(path, answer)


def test_an_upload_for_which_there_is_no_room_says_so(apps: Apps, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Uploads, "store", full)
    status, _, body = apps.ask("page", "POST", "/upload", b"name=a.txt", [HOST], b"x")
    assert (status, json.loads(body)["error"]) == (507, "The file cannot be stored: No space left on device.")


def test_what_only_gradio_can_read_is_no_fault_of_the_server(apps: Apps) -> None:
    bodies = (
        b'{"a": NaN}',
        b'"\xed\xa0\x80"',
        b"\xff",
        b'{"data": [], "fn_index": 99, "session_hash": "a"}',
        b"[" * 9_999,
    )
    for path in ("call/ask", "call/nothing", "call/add/" + "0" * 32, "run/ask", "queue/join"):
        for body in bodies:
            for kind in (b"application/json", b"text/plain", b"multipart/form-data; boundary=x"):
                headers = [HOST, (b"content-type", kind)]
                assert_no_fault(GRADIO, apps.ask("page", "POST", GRADIO + path, headers=headers, body=body))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    [
        "question",
        "query",
        "way",
        "llm",
        "papers",
        "since",
        "until",
        "authors",
        "tags",
        "history",
        "top",
        "data",
        "fn_index",
        "session_hash",
        "event_id",
        "jsonrpc",
        "method",
        "params",
        "id",
        "paper",
        "turns",
        "__proto__",
    ]
)
objects = st.dictionaries(fields, json_values, max_size=6)
bodies = st.one_of(
    objects.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=40),
    st.sampled_from([b"", b"[" * 50_000, b'{"a":' * 20_000, b'{"question": "\\ud800"}', b"1" * 6_000]),
)
paths = st.one_of(
    st.sampled_from(
        [
            "/",
            "/api",
            "/api/ask",
            "/api/search",
            "/api/papers",
            "/api/papers/x",
            "/api/health",
            "/api/openapi.json",
            "/mcp",
            "/papers",
            "/page.js",
            "/nowhere",
            "//",
            "/page/source",
            "/page/screening_step",
            "/page/nothing",
            "/upload",
            "/gradio_api/call/ask",
            "/gradio_api/call/screen",
            "/gradio_api/call/nothing",
            "/gradio_api/call/ask/0123456789abcdef0123456789abcdef",
            "/gradio_api/info",
        ]
    ),
    st.text(max_size=30).map(lambda text: "/api/papers/" + text),
    st.text(max_size=30).map(lambda text: "/" + text),
)
queries = st.one_of(
    st.just(b""),
    st.binary(max_size=30),
    st.tuples(
        st.sampled_from(["words", "since", "until", "first", "count", "session_hash", "x"]),
        st.integers() | st.text(max_size=9),
    ).map(lambda pair: f"{pair[0]}={pair[1]}".encode("utf-8", "replace")),
)
header_names = st.sampled_from(
    [
        b"origin",
        b"authorization",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"content-type",
        b"content-length",
        b"accept",
        b"cookie",
        b"sec-fetch-site",
        b"range",
        b"if-none-match",
        b"mcp-protocol-version",
        b"mcp-session-id",
        b"host",
    ]
)
values = st.binary(max_size=30) | st.sampled_from(
    [
        b"application/json",
        b"multipart/form-data; boundary=x",
        b"text/plain",
        b"*/*",
        b"[",
        b"http://[",
        b"-1",
        b"2026-07-28",
    ]
)
headers: st.SearchStrategy[list[Header]] = st.lists(st.tuples(header_names, values), max_size=4)


@settings(max_examples=100)
@given(
    name=st.sampled_from(["page", "open"]),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]),
    path=paths,
    query=queries,
    sent=headers,
    body=bodies,
)
def test_no_request_is_answered_with_a_server_error(
    apps: Apps, name: str, method: str, path: str, query: bytes, sent: list[Header], body: bytes
) -> None:
    answer = apps.ask(name, method, path, query, [HOST, JSON, ANY_ACCEPTED, *sent], body)
    if method != "HEAD":
        assert_no_fault(path, answer)
