"""What client and server send each other: frames of a kind, a length and that many bytes.

    client                                   server
    QUESTION  a `Request` as JSON      ->
                                       <-    DECLINED  why, and the client answers by itself
                                       <-    TAKEN
                                       <-    OUT, ERR  what a terminal is to show at once
    CANCEL    Ctrl-C                   ->
                                       <-    HELD_OUT, HELD_ERR  what is written when the answer is complete
                                       <-    END  the exit code
    STATUS                             ->
                                       <-    STATUS  a JSON object
    STOP                               ->
                                       <-    STATUS  and it ends after the question that it is at

A connection that ends before END means that the server crashed; one that the client ends cancels its question.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Mapping
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import NamedTuple

_HEAD = struct.Struct("!BI")
LONGEST_REQUEST = 4_000_000  # bytes

SENT = (
    "ASK_*",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "COLUMNS",
    "FORCE_COLOR",
    "HOME",
    "LINES",
    "NO_COLOR",
    "TERM",
    "TTY_*",
    "XDG_*",
)
"""Variables of the client that the server sets for its question."""
SAME = (
    "CUDA_*",
    "DYLD_*",
    "HF_*",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "LD_*",
    "OMP_*",
    "ORT_*",
    "PYTHON*",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_*",
    "TMPDIR",
    "TOKENIZERS_*",
    "TZ",
)
"""Variables that are read once, when a process starts: where one differs, the client answers by itself."""
SECRET = ("ASK_API_KEY", "ASK_INDEX_KEY", "ASK_PASSWORD", "OPENAI_*", "*_PROXY", "*_proxy")
"""Variables that hold secrets: compared by a salted digest, never sent; where one differs, the client answers."""


class Kind(IntEnum):
    """What a frame is."""

    QUESTION = 1
    STATUS = 2
    STOP = 3
    CANCEL = 4
    DECLINED = 5
    TAKEN = 6
    OUT = 7
    ERR = 8
    HELD_OUT = 9
    HELD_ERR = 10
    END = 11


class Stream(NamedTuple):
    """How one of the client's standard streams behaves."""

    terminal: bool
    encoding: str
    errors: str
    line_buffering: bool = False
    write_through: bool = False


class Request(NamedTuple):
    """A question as the client was started with it."""

    installed: str
    surroundings: list[object]
    arguments: list[str]
    folder: str
    folder_id: list[int]
    mask: int
    sent: dict[str, str]
    same: dict[str, str]
    salt: str
    secrets: dict[str, str]
    stdin: str | None
    streams: list[Stream]

    def encoded(self) -> bytes:
        """As JSON."""
        return json.dumps(self._asdict()).encode()

    @classmethod
    def decoded(cls, content: bytes) -> Request:
        """From JSON. Raises ValueError for what is no request, or one of another version."""
        try:
            fields = json.loads(content)
            streams = [Stream(*stream) for stream in fields.pop("streams")]
            return cls(**fields, streams=streams)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(str(error)) from error


class Variables(NamedTuple):
    """The variables of an environment that matter, see `SENT`, `SAME` and `SECRET`."""

    sent: dict[str, str]
    same: dict[str, str]
    secret: dict[str, str]

    def digests(self, salt: str) -> dict[str, str]:
        """A digest of each secret one, of no use to who does not have it already."""
        if not self.secret:
            return {}
        from hashlib import sha256  # takes milliseconds

        return {
            name: sha256(f"{salt}\0{name}\0{value}".encode(errors="surrogateescape")).hexdigest()
            for name, value in self.secret.items()
        }


def variables_of(environment: Mapping[str, str]) -> Variables:
    """The variables that matter, in their three groups. An address with a password in it is secret, too."""
    found = Variables({}, {}, {})
    for name, value in environment.items():
        if _is_one_of(SECRET, name):
            found.secret[name] = value
        elif _is_one_of(SAME, name):
            found.same[name] = value
        elif _is_one_of(SENT, name):
            (found.secret if has_password(value) else found.sent)[name] = value
    return found


def has_password(address: str) -> bool:
    """Whether an address may hold a user's name and password."""
    return "://" in address and "@" in address


def _is_one_of(patterns: tuple[str, ...], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


class Frames:
    """The frames of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        """Send and receive over a connection, which stays the caller's."""
        self._connection = connection
        self._buffer = bytearray()

    def send(self, kind: Kind, content: bytes = b"") -> None:
        """Send a frame. Raises OSError."""
        self._connection.sendall(_HEAD.pack(kind, len(content)) + content)

    def receive(self, longest: int | None = None) -> tuple[Kind, bytes]:
        """The next frame. Raises ConnectionError at the end, ValueError for what is no frame, and OSError."""
        number, length = _HEAD.unpack(self._take(_HEAD.size))
        if longest is not None and length > longest:
            raise ValueError(f"a frame of {length} bytes")
        return Kind(number), self._take(length)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            received = self._connection.recv(65536)
            if not received:
                raise ConnectionResetError("the connection was closed")
            self._buffer += received
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def is_of_this_user(connection: socket.socket) -> bool:
    """Whether who connected is this user, as far as the system says it; the folder lets in nobody else."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    sizes = struct.Struct("3i")
    user: int = sizes.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, sizes.size))[1]
    return user == os.geteuid()
