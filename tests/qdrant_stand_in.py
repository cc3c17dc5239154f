"""A stand-in for a Qdrant server: its HTTP interface, as far as it is used here, over the engine inside its client.

No package has the server. What the real client sends and reads goes over a real connection; what the engine makes of
it is that of the client's own engine. Run as a program it prints its address and serves until it is ended.
"""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import qdrant_client
from qdrant_client import models

Body = dict[str, Any]
KEY = "the-key"


class Engine:
    """The engine, and what each request asks of it."""

    def __init__(self) -> None:
        self.client = qdrant_client.QdrantClient(":memory:")
        self.lock = threading.Lock()
        self.largest = 0  # bytes of a request

    def answer(self, method: str, path: str, body: Body) -> Any:
        """The result of a request. Raises KeyError for what there is not."""
        match method, path.partition("?")[0].strip("/").split("/"):
            case "GET", ["collections", name, "exists"]:
                return {"exists": self.client.collection_exists(name)}
            case "PUT", ["collections", name]:
                vectors = models.VectorParams.model_validate(body["vectors"])
                return self.client.create_collection(name, vectors, metadata=body["metadata"])
            case method, ["collections", name, *_] if not self.client.collection_exists(name):
                raise KeyError(name)
            case "GET", ["collections", name]:
                return self.client.get_collection(name).model_dump(mode="json")
            case "PUT", ["collections", name, "points"]:
                batch = models.PointsBatch.model_validate(body).batch
                return self.client.upsert(name, batch).model_dump(mode="json")
            case "POST", ["collections", name, "points", "delete"]:
                return self.client.delete(name, models.PointIdsList.model_validate(body)).model_dump(mode="json")
            case "POST", ["collections", name, "points"]:
                found = self.client.retrieve(name, body["ids"], with_payload=False)
                return [point.model_dump(mode="json") for point in found]
            case "POST", ["collections", name, "points", "query"]:
                wanted = models.QueryRequest.model_validate(body)
                nearest = self.client.query_points(name, wanted.query, limit=wanted.limit or 10, with_payload=False)
                return nearest.model_dump(mode="json")
            case "POST", ["collections", name, "points", "count"]:
                return self.client.count(name).model_dump(mode="json")
        raise KeyError(path)


def _handler(engine: Engine) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            engine.largest = max(engine.largest, length)
            body = json.loads(self.rfile.read(length) or b"{}")
            if self.path == "/":
                self._reply(200, {"title": "qdrant - vector search engine", "version": "1.20.0"})
            elif self.headers.get("api-key", KEY) != KEY:
                self._reply(401, {"status": {"error": "Must provide an API key"}})
            else:
                try:
                    with engine.lock, warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        result = engine.answer(self.command, self.path, body)
                    self._reply(200, {"result": result, "status": "ok", "time": 0.0})
                except KeyError as error:
                    self._reply(404, {"status": {"error": f"Not found: {error}"}, "time": 0.0})

        do_GET = do_PUT = do_POST = _serve  # noqa: N815

        def _reply(self, status: int, value: Any) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def qdrant_server() -> Iterator[tuple[str, Engine]]:
    """Serve from a thread; gives the address, and the engine behind it."""
    engine = Engine()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(engine))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", engine
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with qdrant_server() as (address, _):
        print(address, flush=True)  # noqa: T201
        threading.Event().wait()
