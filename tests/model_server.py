"""A scripted model server: OpenAI's chat completions and embeddings over real HTTP here, with every fault there is.

    with ModelServer(writes("It has 8.5K problems [1].")) as server:
        Corpus(folder, embedder, ModelSettings(spec=server.spec))

Each chat request takes the next step of the script; the last one stays. What was asked is in `server.asked`.
"""

from __future__ import annotations

import json
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

MODEL = "scripted"


@dataclass(frozen=True, slots=True)
class Asked:
    """A chat request as it came in."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def messages(self) -> list[dict[str, str]]:
        """The chat."""
        messages: list[dict[str, str]] = self.body["messages"]
        return messages

    @property
    def text(self) -> str:
        """All that the model was told, in one."""
        return "\n".join(message["content"] for message in self.messages)

    @property
    def has_schema(self) -> bool:
        """Whether JSON of a schema was asked for."""
        return "response_format" in self.body


class Exchange:
    """A request under way: what was asked, and the connection to answer on."""

    def __init__(self, handler: _Handler, asked: Asked, server: ModelServer) -> None:
        self.asked = asked
        self._handler = handler
        self._server = server

    def respond(self, status: int, body: bytes | Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        """A whole response."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(content)))
        self._handler.end_headers()
        self._handler.wfile.write(content)

    def begin(self, content_type: str = "text/event-stream") -> None:
        """The head of a response that comes in chunks."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", content_type)
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        """One chunk; an empty one would be the end."""
        if not data:
            return
        self._handler.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self._handler.wfile.flush()

    def event(self, value: Mapping[str, Any] | str) -> None:
        """One server-sent event."""
        self.send(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode())

    def delta(self, finish: str | None = None, **delta: str) -> None:
        """One piece of a completion."""
        self.event(_chunk([{"index": 0, "delta": delta, "finish_reason": finish}]))

    def usage(self) -> None:
        """The tokens, where the server counts them and they were asked for."""
        if self._server.counts and self.asked.body.get("stream_options", {}).get("include_usage"):
            self.event({**_chunk([]), "usage": USAGE})

    def end(self) -> None:
        """The end of the chunks."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def break_off(self) -> None:
        """Close the connection where it stands."""
        self._handler.wfile.flush()
        with suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)
        self._handler.close_connection = True

    def wait(self, seconds: float | None = None) -> bool:
        """Wait, or until the server closes; whether it did."""
        return self._server.closing.wait(seconds)


Step = Callable[[Exchange], None]
Says = Callable[[Asked], str]

USAGE = {"prompt_tokens": 321, "completion_tokens": 12, "total_tokens": 333}


def _chunk(choices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": list(choices)}


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[i : i + size] for i in range(0, len(text), size))


# ---- what goes well


def writes(text: str | Says, *, size: int = 7, finish: str | None = "stop", pause: float = 0.0) -> Step:
    """Write a text, or what a function makes of the request, in pieces of so many characters."""

    def step(exchange: Exchange) -> None:
        content = text if isinstance(text, str) else text(exchange.asked)
        if not exchange.asked.body.get("stream"):
            choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
            exchange.respond(200, {**_chunk([choice]), "object": "chat.completion", "usage": USAGE})
            return
        exchange.begin()
        exchange.delta(role="assistant")
        for piece in _pieces(content, size):
            exchange.delta(content=piece)
            if pause and exchange.wait(pause):
                break
        exchange.delta(finish)
        exchange.usage()
        exchange.event("[DONE]")
        exchange.end()

    return step


def writes_json(*sentences: tuple[str, Sequence[int]], answered: bool = True, size: int = 7) -> Step:
    """Write the JSON that the schema of an answer asks for."""
    items = [{"text": text, "sources": list(sources)} for text, sources in sentences]
    return writes(json.dumps({"answered": answered, "sentences": items}), size=size)


def embeds(vectors: Callable[[Sequence[str]], Sequence[object]]) -> Step:
    """Give the vectors that a function makes of the texts, the last one first: the order is in their numbers."""

    def step(exchange: Exchange) -> None:
        made = list(enumerate(vectors(exchange.asked.body["input"])))
        data = [{"object": "embedding", "index": place, "embedding": vector} for place, vector in reversed(made)]
        exchange.respond(200, {"object": "list", "data": data, "model": exchange.asked.body["model"], "usage": USAGE})

    return step


def writes_for_ever(text: str, pause: float = 0.05) -> Step:
    """Write the same text again and again."""

    def step(exchange: Exchange) -> None:
        exchange.begin()
        while not exchange.wait(pause):
            exchange.delta(content=text)

    return step


# ---- what goes wrong


def fails(status: int, message: str = "no", *, headers: Mapping[str, str] | None = None, **error: str) -> Step:
    """An error as OpenAI's protocol writes it. `KEY` in the message becomes the key that was sent, as servers do."""

    def step(exchange: Exchange) -> None:
        key = exchange.asked.headers.get("authorization", "").removeprefix("Bearer ")
        exchange.respond(status, {"error": {"message": message.replace("KEY", key), **error}}, headers)

    return step


def overflows_openai() -> Step:
    """The prompt is too long, in OpenAI's words."""
    return fails(
        400,
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        type="invalid_request_error",
        code="context_length_exceeded",
    )


def overflows_llama_cpp() -> Step:
    """The prompt is too long, in the words of llama.cpp's own server."""
    return fails(
        400,
        "the request exceeds the available context size. try increasing the context size or enable context shift",
        type="exceed_context_size_error",
    )


def overflows_llama_cpp_python() -> Step:
    """The prompt is too long, in the words of llama-cpp-python's server."""
    return fails(
        400,
        "This model's maximum context length is 512 tokens, however you requested 900 tokens (200 in the messages, "
        "700 in the completion). Please reduce the length of the messages or completion.",
        type="invalid_request_error",
        code="context_length_exceeded",
    )


def overflows_silently() -> Step:
    """The prompt is too long, as llama-cpp-python's server has it: an empty stream, and words only without one."""
    words = overflows_llama_cpp_python()

    def step(exchange: Exchange) -> None:
        sends(b"")(exchange) if exchange.asked.body.get("stream") else words(exchange)

    return step


def takes_no_schema_llama_cpp_python() -> Step:
    """A JSON schema is not taken, in the words of llama-cpp-python's server."""
    problem = {"type": "literal_error", "loc": ("body", "response_format", "type"), "input": "json_schema"}
    return fails(500, f"1 validation error: {problem}", type="internal_server_error")


def hangs() -> Step:
    """Take the request and never answer."""
    return lambda exchange: exchange.break_off() if exchange.wait() else None


def hangs_after(text: str) -> Step:
    """Write a beginning and then nothing more, with the connection open."""

    def step(exchange: Exchange) -> None:
        exchange.begin()
        exchange.delta(content=text)
        exchange.wait()
        exchange.break_off()

    return step


def slams_the_door() -> Step:
    """Take the request and close the connection."""
    return Exchange.break_off


def stops(text: str, *, broken: bool = False, size: int = 7) -> Step:
    """Stop half-way: the stream just ends, or (`broken`) the connection is closed inside the response."""

    def step(exchange: Exchange) -> None:
        exchange.begin()
        for piece in _pieces(text, size):
            exchange.delta(content=piece)
        exchange.break_off() if broken else exchange.end()

    return step


def sends(data: bytes, content_type: str = "text/event-stream") -> Step:
    """Send these very bytes with a 200."""

    def step(exchange: Exchange) -> None:
        exchange.begin(content_type)
        exchange.send(data)
        exchange.end()

    return step


def refuses_in_a_field(text: str = "I cannot help with that.") -> Step:
    """Decline in the field that OpenAI has for it."""

    def step(exchange: Exchange) -> None:
        exchange.begin()
        exchange.delta(refusal=text)
        exchange.delta("stop")
        exchange.event("[DONE]")
        exchange.end()

    return step


def fails_half_way(text: str, message: str = "The server had an error.", **error: str) -> Step:
    """Write a beginning, then report an error inside the stream."""

    def step(exchange: Exchange) -> None:
        exchange.begin()
        exchange.delta(content=text)
        exchange.event({"error": {"message": message, **error}})
        exchange.end()

    return step


# ---- the server

_NO_SCHEMAS = fails(400, "'response_format' is not supported by this model.")


@dataclass
class ModelServer:
    """A server on this machine that follows a script; `url` is its address, `spec` its model's name for --llm.

    `schemas`: whether JSON schemas are taken; else they are answered by the step `without_schemas`, which
    is none of the script. `counts`: whether it reports tokens. `tls`: https with a certificate that nobody trusts.
    """

    script: Sequence[Step] | Step = ()
    schemas: bool = True
    without_schemas: Step = _NO_SCHEMAS
    counts: bool = True
    tls: bool = False
    models: Sequence[str] = (MODEL,)
    asked: list[Asked] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when a client closed the connection before it had all."""
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._steps = [self.script] if callable(self.script) else list(self.script)
        self._lock = threading.Lock()
        self._server = _listening_anew()
        self._server.scripted = self
        if self.tls:
            self._server.socket = _secured(self._server.socket)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The address, with /v1."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def spec(self) -> str:
        """The model as --llm takes it."""
        return f"{self.url}#{MODEL}"

    def then(self, *steps: Step) -> None:
        """A new script from here on."""
        with self._lock:
            self._steps = list(steps)

    def next_step(self, asked: Asked) -> Step:
        """Note a request and say what to do with it."""
        with self._lock:
            self.asked.append(asked)
            if asked.has_schema and not self.schemas:
                return self.without_schemas
            return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and let go of everyone who waits."""
        self.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Listening(ThreadingHTTPServer):
    scripted: ModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is noted, not printed."""
        self.scripted.hung_up.set()


_PORTS: set[int] = set()


def _listening_anew() -> _Listening:
    """At a port that no server of this process had: what a corpus found out about one server is held of no other."""
    passed_over = []
    while (server := _Listening(("127.0.0.1", 0), _Handler)).server_address[1] in _PORTS:
        passed_over.append(server)  # open until another port is found, so that it is not given again
    for used in passed_over:
        used.server_close()
    _PORTS.add(server.server_address[1])
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listening

    def do_GET(self) -> None:
        scripted = self.server.scripted
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "nobody"} for name in scripted.models]
        known = self.path == "/v1/models"
        exchange = Exchange(self, Asked({}, {}), scripted)
        exchange.respond(200 if known else 404, {"object": "list", "data": data} if known else {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(json.loads(body), {name.casefold(): value for name, value in self.headers.items()})
        scripted = self.server.scripted
        if self.path not in ("/v1/chat/completions", "/v1/embeddings"):
            Exchange(self, asked, scripted).respond(404, {"detail": "Not Found"})
            return
        scripted.next_step(asked)(Exchange(self, asked, scripted))

    def log_message(self, *_: Any) -> None:
        """Not on the terminal of whoever runs the tests."""


def _secured(listening: socket.socket) -> socket.socket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        (file := Path(folder) / "certificate.pem").write_text(_CERTIFICATE, encoding="ascii")
        context.load_cert_chain(file)
    return context.wrap_socket(listening, server_side=True)


def closed_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


# Signed by itself, for 127.0.0.1, until 2126; the key opens nothing.
_CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIkvq433EsnCtN4dX
G28DrhrL8KAHOLnbcZa1UQgXbZ2hRANCAASaMMBCW+nSgex2hKnlU3y5TjVEvq2y
XaLOFZaRbKUtjmdgVwfdIlNiMV0Qf4fEID1eS5KLw1IJ61CNBXmaNGDL
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIULAFCYiVBTHosmRvQ48XMKmxAXrMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE0MTcxN1oYDzIxMjYxMDI4
MTQxNzE3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASaMMBCW+nSgex2hKnlU3y5TjVEvq2yXaLOFZaRbKUtjmdgVwfdIlNi
MV0Qf4fEID1eS5KLw1IJ61CNBXmaNGDLo28wbTAdBgNVHQ4EFgQUq1g9AkVySEJS
MOvoqqYTD4cpxbgwHwYDVR0jBBgwFoAUq1g9AkVySEJSMOvoqqYTD4cpxbgwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAJ+hJN1uIM6XBwMDe38pyv8yM8/Pqjqi4bv+qQ9OL6ERAiEA
nOe3hCHhWzGmg9AlwTj/M2QWTqfJZWOkoUnLv2EP/3o=
-----END CERTIFICATE-----
"""
