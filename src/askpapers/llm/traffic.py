"""Model traffic recorded to a file and replayed from it, keyed by the exact request.

A line of JSON for each exchange. Keys and other headers are not in it. This is httpx's own extension point, a
transport, beneath the client that is used in earnest, so that a replay takes the same way as a real answer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import httpx

from askpapers.errors import ReplayError

_VERSION = 1
_KEPT_HEADERS = ("content-type", "content-encoding", "retry-after")
_PROMPT_FILE = "prompts/"
_SHORTEST_KEY = 8  # characters; a shorter one is a stand-in for none

UNDER_WAY: ContextVar[httpx.Response] = ContextVar("UNDER_WAY")
"""The response that is being read: whoever stops reading closes it, as the layers between do so only when collected."""


class RecordingTransport(httpx.BaseTransport):
    """Passes requests on and appends every exchange to a file once its answer was read to the end."""

    def __init__(self, inner: httpx.BaseTransport, file: Path, header: dict[str, str]) -> None:
        """Begin the file anew. `header` says what is recorded: the model, the prompts."""
        self._inner = inner
        self._file = file
        try:
            file.write_text(json.dumps({"recording": _VERSION, **header}) + "\n", encoding="utf-8")
        except OSError as error:
            raise _unwritable(file, error) from error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on; what comes back is written as it is read."""
        request.headers["accept-encoding"] = "identity"  # so that the file can be read
        begin = time.perf_counter()
        response = self._inner.handle_request(request)
        kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        line = {"key": request_key(request), "path": request.url.path, "request": _body(request.read())}
        key = request.headers.get("authorization", "").removeprefix("Bearer ").encode()

        def write(body: bytes, first: float | None) -> None:
            if len(key) >= _SHORTEST_KEY:  # a server that does not accept it may say it back
                body = body.replace(key, b"***")
            timing = {"first_ms": _milliseconds(begin, first), "ms": _milliseconds(begin, time.perf_counter())}
            self._write({**line, "status": response.status_code, "headers": kept, **timing}, body)

        stream = _Tee(response, write)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=stream, extensions=response.extensions
        )

    def _write(self, line: dict[str, Any], body: bytes) -> None:
        try:
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps({**line, "response": _text(body)}, ensure_ascii=False) + "\n")
        except OSError as error:
            raise _unwritable(self._file, error) from error

    def close(self) -> None:
        """Close what requests are passed to."""
        self._inner.close()


class ReplayingTransport(httpx.BaseTransport):
    """Answers from a recording; the same request asked again gets the next of its answers, the last one stays."""

    def __init__(self, file: Path, header: dict[str, str]) -> None:
        """Read a recording. Raises ReplayError where it cannot be read."""
        self._file = file
        self._header = header
        self.recorded, lines = read_recording(file)
        self._answers: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
        for line in lines:
            self._answers[line["key"]].append(line)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Give the recorded answer to a request. Raises ReplayError where there is none."""
        answers = self._answers.get(request_key(request))
        if not answers:
            raise self._missing()
        line = answers.popleft() if len(answers) > 1 else answers[0]
        return httpx.Response(line["status"], headers=line["headers"], content=_bytes(line["response"]))

    def _missing(self) -> ReplayError:
        changed = [name for name, value in self._header.items() if self.recorded.get(name) not in (None, value)]
        if any(name.startswith(_PROMPT_FILE) for name in changed):
            changed.remove("prompts")  # of which these are parts
        changed = [
            f"{name if name.startswith(_PROMPT_FILE) else f'the {name}'} changed from {self.recorded[name][:12]} to"
            f" {self._header[name][:12]}"
            for name in changed
        ]
        why = "; ".join(changed) or "the question, its sources or the program's settings changed"
        return ReplayError(
            f"{self._file} holds no answer to this request: {why}.",
            hint=f"Record it again: the same command with --llm {self.recorded.get('llm')} --record {self._file}",
        )


class _Tee(httpx.SyncByteStream):
    """Tells `done` what was read, at its end, and when the first of it came, by the performance counter.

    OpenAI's client does not read on after [DONE]: it closes.
    """

    def __init__(self, response: httpx.Response, done: Callable[[bytes, float | None], None]) -> None:
        self._response = response
        self._done = done
        self._parts: list[bytes] = []
        self._first: float | None = None
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        for part in self._response.iter_raw():
            self._first = self._first or time.perf_counter()
            self._parts.append(part)
            yield part
        self._end()

    def close(self) -> None:
        if b"data: [DONE]" in b"".join(self._parts[-3:]):
            self._end()
        self._response.close()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._done(b"".join(self._parts), self._first)


def read_recording(file: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The header of a recording and its exchanges. Raises ReplayError."""
    try:
        read = [json.loads(line) for line in file.read_text(encoding="utf-8-sig").split("\n") if line]
        header, lines = (read[0], read[1:]) if read else ({}, [])
        if header.get("recording") != _VERSION or not all({"key", "status", "response"} <= set(line) for line in lines):
            raise ValueError("it is no recording")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ReplayError(f"{file} cannot be replayed: {error}.", hint="Make one with: --record FILE") from error
    return header, lines


def _milliseconds(begin: float, end: float | None) -> float | None:
    return None if end is None else round((end - begin) * 1000, 1)


def _unwritable(file: Path, error: OSError) -> ReplayError:
    return ReplayError(f"{file} cannot be written: {error.strerror}.", hint="Make room there, or name another file.")


def request_key(request: httpx.Request) -> str:
    """The SHA-256 of a request's method, path and body: what decides the answer. Host and key do not."""
    body = json.dumps(_body(request.read()), sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.url.path} {body}".encode()).hexdigest()


def _body(content: bytes) -> Any:
    return json.loads(content) if content else None


def _text(content: bytes) -> str | dict[str, str]:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def _bytes(value: str | dict[str, str]) -> bytes:
    return value.encode("utf-8") if isinstance(value, str) else base64.b64decode(value["base64"])
