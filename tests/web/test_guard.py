"""The gate: who comes in, from where, to what."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.types import Message, Receive, Scope, Send

from askpapers.server.app import Served
from askpapers.server.guard import Login, RequestGuard, is_this_machine
from askpapers.service.corpus_service import CorpusService
from askpapers.web.page import not_found_html
from web.conftest import Serve

Answer = tuple[int, dict[str, str], bytes]
ROUTES = [
    ("GET", "/"),
    ("GET", "/papers"),
    ("GET", "/page.js"),
    ("GET", "/page.css"),
    ("GET", "/config"),
    ("POST", "/page/source"),
    ("POST", "/upload"),
    ("POST", "/gradio_api/call/ask"),
    ("GET", "/gradio_api/call/ask/0123456789abcdef0123456789abcdef"),
    ("GET", "/gradio_api/queue/data?session_hash=x"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/mcp"),
    ("GET", "/api"),
    ("POST", "/api/ask"),
    ("POST", "/api/search"),
    ("GET", "/api/papers"),
    ("GET", "/api/papers/2110.14168"),
    ("GET", "/api/openapi.json"),
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("DELETE", "/mcp"),
    ("OPTIONS", "/api/ask"),
    ("GET", "/nowhere"),
    ("GET", "//"),
    ("GET", "/api/../config"),
]


def send(url: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """A request as it is written, without a client that tidies it."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    if data is not None:
        sent.setdefault("content-type", "application/json")
    connection.request(method, path, data, sent)
    response = connection.getresponse()
    answer = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    connection.close()
    return answer


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def locked(service: CorpusService) -> Any:
    from web.conftest import serving

    with serving(service, Served(login=Login("ada", "sécret"), reachable=True)) as url:
        yield url


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_asks_for_the_login(locked: str, method: str, path: str) -> None:
    status, headers, body = send(locked, method, path, {} if method == "POST" else None)
    assert status == 401
    assert headers["www-authenticate"].startswith("Basic ")
    assert set(json.loads(body)) == {"error", "hint"}


@pytest.mark.parametrize(
    "header",
    [
        basic("ada", "wrong"),
        basic("", ""),
        basic("ada", ""),
        "Basic",
        "Basic !!!",
        "Bearer " + basic("ada", "sécret").partition(" ")[2],
        basic("ada:sécret", ""),
    ],
)
def test_wrong_credentials_stay_outside(locked: str, header: str) -> None:
    assert send(locked, "GET", "/api", authorization=header)[0] == 401


def test_a_mistyped_address_is_a_page_that_leads_back_for_a_browser_and_json_for_a_program(page_url: str) -> None:
    status, headers, content = send(page_url, "GET", "/papersx", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "default-src 'none'" in headers["content-security-policy"]
    ways = re.findall(r'href="([^"]*)"', content.decode())
    assert ways[:2] == ["/page.css", "/"]
    assert {send(page_url, "GET", way)[0] for way in ways} == {200}
    assert 'href="/c/frogs/papers"' in not_found_html("/c/frogs/")
    for method, accept in (("GET", "*/*"), ("POST", "text/html")):
        status, _, content = send(page_url, method, "/papersx", accept=accept)
        assert (status, json.loads(content)["error"]) == (404, "There is nothing here.")


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_websocket_is_closed_where_there_is_nothing(accept: str) -> None:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("it was let through")

    async def connect() -> Message:
        return {"type": "websocket.connect"}

    async def keep(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"accept", accept.encode())]
    scope = {"type": "websocket", "path": "/nowhere", "query_string": b"", "headers": headers}
    asyncio.run(RequestGuard(app, not_found=not_found_html("/"))(scope, connect, keep))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_login_opens_page_api_and_tools_alike(locked: str) -> None:
    known = basic("ada", "sécret")
    assert send(locked, "GET", "/", authorization=known)[0] == 200
    assert send(locked, "GET", "/api", authorization=known)[0] == 200
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    status, _, body = send(
        locked, "POST", "/mcp", listing, authorization=known, accept="application/json, text/event-stream"
    )
    assert status == 200
    assert b"survey" in body


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=pyproject.toml",
        "/gradio_api/file/../../pyproject.toml",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/mcp",
        "/gradio_api/mcp/",
        "/gradio_api/info",
        "/gradio_api/heartbeat/x",
        "/gradio_api/queue/data",
        "/gradio_api/startup-events",
        "/gradio_api/upload",
        "/gradio_api/call/v2/ask",
        "/config",
        "/theme.css",
        "/assets/index.js",
        "/static/img/logo.svg",
        "/favicon.ico",
        "/papers/",
        "/gradio_api/openapi.json",
        "/gradio_api/deep_link",
        "/gradio_api/runs",
        "/monitoring",
        "/docs",
        "/redoc",
        "/login",
        "/custom_component/x/y/z/w",
        "/%2e%2e/pyproject.toml",
    ],
)
def test_what_the_page_does_not_need_is_closed(page_url: str, path: str) -> None:
    assert send(page_url, "GET", path)[0] in (404, 405)


@pytest.mark.parametrize(
    "path", ["/page/../../../../etc/passwd", "/page.js/..%2f..%2f..%2fetc/passwd", "/papers/%2e%2e/page.py"]
)
def test_no_file_is_reached_by_climbing(page_url: str, path: str) -> None:
    status, _, body = send(page_url, "GET", path)
    assert status in (403, 404)
    assert b"root:" not in body


def test_only_names_of_this_machine_are_answered(page_url: str) -> None:
    port = urlsplit(page_url).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        assert send(page_url, "GET", "/api", host=host)[0] == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", ""):
        assert send(page_url, "GET", "/api", host=host)[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "http://localhost:1"},
    ],
)
def test_another_site_changes_nothing(page_url: str, headers: dict[str, str]) -> None:
    for path in ("/api/ask", "/mcp", "/gradio_api/call/ask", "/page/source", "/upload"):
        assert send(page_url, "POST", path, {}, **headers)[0] == 403


def test_the_page_itself_may(page_url: str) -> None:
    body = {"query": "math"}
    for headers in ({"origin": page_url}, {"sec_fetch_site": "same-origin"}, {"sec_fetch_site": "none"}):
        assert send(page_url, "POST", "/api/search", body, **headers)[0] == 200


def test_every_answer_shuts_other_hosts_and_inline_scripts_out(page_url: str) -> None:
    for path in ("/", "/table", "/api", "/nowhere", "/page.js"):
        headers = send(page_url, "GET", path)[1]
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "unsafe" not in policy
        assert "*" not in policy
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_without_a_login_strangers_cannot_upload(serve: Serve, service: CorpusService) -> None:
    open_to_all = serve(service, reachable=True)
    assert send(open_to_all, "POST", "/upload?name=a.txt", b"x")[0] == 404
    assert "Adding papers is off" in send(open_to_all, "GET", "/")[2].decode()
    begun = {"data": [{"name": "a", "pasted": "Abstract: x"}]}
    event = json.loads(send(open_to_all, "POST", "/gradio_api/call/add", begun)[2])["event_id"]
    assert b"Adding papers is off" in send(open_to_all, "GET", f"/gradio_api/call/add/{event}")[2]


def test_script_and_style_are_kept_by_a_browser_until_there_are_others(page_url: str) -> None:
    page = send(page_url, "GET", "/")[2].decode()
    for name in ("page.js", "page.css"):
        (address,) = re.findall(rf'="({name}\?[0-9a-f]+)"', page)
        assert "immutable" in send(page_url, "GET", f"/{address}")[1]["cache-control"]
        assert send(page_url, "GET", f"/{name}")[1]["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("LocalHost", True),
        ("0.0.0.0", False),
        ("1.2.3.4", False),
        ("", False),
        ("a", False),
    ],
)
def test_what_this_machine_is(host: str, here: bool) -> None:
    assert is_this_machine(host) is here
