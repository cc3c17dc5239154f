"""The HTTP client of a model server: writes requests so that the server takes them, and its streams as OpenAI's."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

import httpx

from askpapers.errors import ModelBrokenError, ModelBusyError
from askpapers.llm.refusals import Body, Refusals, Rewrite, rewrite_for
from askpapers.llm.streams import END, Chunk, chunks, encoded, says_something
from askpapers.llm.wording import message_of, quoted

NOTED: ContextVar[Callable[[str], None]] = ContextVar("NOTED")
"""Hears what had to be changed in a request, for the question that it belongs to."""

_UNNOTED = frozenset({"response_format", "reasoning_effort", "chat_template_kwargs"})
"""What changes no answer when it is left out: prose is read as JSON is, and thoughts are passed over."""

_LOG = logging.getLogger(__name__)
_CHAT = "/chat/completions"
_BROKEN = 500  # the status of an error that comes in a stream and has none


class ModelClient(httpx.Client):
    """An httpx client for one model of one server; everything but chat completions passes as it is.

    A request that the server refuses for one of its parameters is sent again without it, once for each parameter, and
    further requests are sent so from the beginning.
    """

    def __init__(self, where: str, **options: Any) -> None:
        """`where` is the server as messages name it; the options are those of httpx."""
        super().__init__(**options)
        self._where = where
        self._refusals = Refusals()
        self._failures: dict[bytes, int] = {}

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        """Send a request, as often as there is a parameter to leave out. Raises what httpx raises; ModelBrokenError."""
        body = _chat_body(request)
        if body is None:
            return super().send(request, stream=stream, **options)
        streamed = bool(body.get("stream"))
        tried = list(self._refusals.known)
        new: list[tuple[Rewrite, int, Any]] = []
        sent = self._refusals.adapted(body)
        while True:
            written = request if sent == body else _with_body(request, sent)
            response, error = self._answered(super().send(written, stream=True, **options), streamed)
            if error is None:
                self._failures.pop(request.content, None)
                self._remember(new, _key(request))
                break
            rewrite = rewrite_for(sent, response.status_code, error, tried, guess=self._may_guess(request, response))
            if rewrite is None or "retry-after" in response.headers:  # it is to be left alone for now
                self._remember([item for item in new if not item[0].is_guess], _key(request))
                break
            response.close()
            tried.append(rewrite)
            new.append((rewrite, response.status_code, error))
            sent = rewrite.apply(sent)
        if not stream:
            response.read()
        return response

    def _answered(self, response: httpx.Response, streamed: bool) -> tuple[httpx.Response, Any]:
        """A response with its stream in OpenAI's form, and the error that it is, or None.

        An error that a stream begins with is one like any other.
        """
        if response.status_code >= 400:
            response.read()
            return response, _json(response.content) or response.text or "?"
        if not streamed or response.status_code != 200:
            return response, None
        pieces = chunks(response.iter_bytes())
        try:
            first = list(_until_something(pieces))
        except UnicodeError as error:
            response.close()
            raise ModelBrokenError(
                f"{self._where} sent what is no answer of a model.", hint="See what `ask doctor` finds."
            ) from error
        if first and isinstance(last := first[-1], dict) and "error" in last:
            response.close()
            said = last["error"]
            code = said.get("code") if isinstance(said, dict) else None
            status = code if isinstance(code, int) and 400 <= code < 600 else _BROKEN
            return httpx.Response(status, json={"error": said}, request=response.request), said
        read = _Chunks(itertools.chain(first, pieces), response)
        headers = {"content-type": "text/event-stream"}
        return httpx.Response(200, headers=headers, stream=read, request=response.request), None

    def _may_guess(self, request: httpx.Request, response: httpx.Response) -> bool:
        """Whether an error that names no parameter may mean one: a failure of the server only when it is the last."""
        if response.status_code < 500 or response.status_code == HTTPStatus.NOT_IMPLEMENTED:
            return True
        count = self._failures[request.content] = self._failures.get(request.content, 0) + 1
        return count >= ModelBusyError.attempts and self._failures.pop(request.content) > 0

    def _remember(self, new: list[tuple[Rewrite, int, Any]], key: str) -> None:
        notes = []
        for rewrite, status, error in new:
            self._refusals.remember(rewrite)
            whole = message_of(error).replace(key, "***") if key else message_of(error)
            _LOG.debug("%s refused %s with %s: %s", self._where, rewrite.parameter, status, whole)
            if rewrite.parameter not in _UNNOTED:
                said = f"{status}: {text}" if (text := quoted(error, key)) else status
                notes.append(f"{self._where} does not take {rewrite.parameter} ({said}); it was asked {rewrite.how}.")
        if notes and (noted := NOTED.get(None)):
            noted(" ".join(notes))


class _Chunks(httpx.SyncByteStream):
    """The chunks of a completion as server-sent events; closes what they are read from."""

    def __init__(self, pieces: Iterator[Chunk | str], response: httpx.Response) -> None:
        self._pieces = pieces
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from map(encoded, self._pieces)
        yield END

    def close(self) -> None:
        self._response.close()


def _until_something(pieces: Iterator[Chunk | str]) -> Iterator[Chunk | str]:
    for piece in pieces:
        yield piece
        if says_something(piece):
            return


def _chat_body(request: httpx.Request) -> Body | None:
    if request.method != "POST" or not request.url.path.endswith(_CHAT):
        return None
    body = _json(request.read())
    return body if isinstance(body, dict) and isinstance(body.get("messages"), list) else None


def _with_body(request: httpx.Request, body: Body) -> httpx.Request:
    headers = [(name, value) for name, value in request.headers.multi_items() if name != "content-length"]
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return httpx.Request(request.method, request.url, headers=headers, content=content, extensions=request.extensions)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _key(request: httpx.Request) -> str:
    return str(request.headers.get("authorization", "")).removeprefix("Bearer ")
