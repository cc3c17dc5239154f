"""The services that papers are fetched from, on loopback: their replies are scripted, what they were asked is noted."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

FORMATS = Path(__file__).parent / "corpus" / "formats"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the service and the path, the parameters, and who asks."""

    path: str
    parameters: Mapping[str, str]
    agent: str


@dataclass
class ServiceServer:
    """`replies` by the path, such as "crossref/works": one after the other, the last again and again."""

    address: str
    asked: list[Asked] = field(default_factory=list)
    replies: dict[str, list[tuple[int, bytes, Mapping[str, str]]]] = field(default_factory=lambda: defaultdict(list))

    def reply(self, path: str, body: str | bytes | Path, status: int = 200, **headers: str) -> None:
        """Reply so to the next request of the path."""
        content = body.read_bytes() if isinstance(body, Path) else body.encode() if isinstance(body, str) else body
        self.replies[path].append((status, content, {name.replace("_", "-"): v for name, v in headers.items()}))


@contextmanager
def service_server() -> Iterator[ServiceServer]:
    """A server that runs as long as the block; what is not scripted is not found."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = unquote(parts.path).strip("/")
            server.asked.append(Asked(path, dict(parse_qsl(parts.query)), self.headers["User-Agent"]))
            script = server.replies.get(path) or [(404, b"Resource not found.", {})]
            status, body, headers = script.pop(0) if len(script) > 1 else script[0]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so it is called there
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = ServiceServer(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
