"""Asks the process in the background, where there is one that would answer as this process would.

This is imported before every question: the standard library only. On any doubt the question is answered here.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from askpapers.background.place import NoPlaceError, installed, socket_file, surroundings
from askpapers.background.protocol import Frames, Kind, Request, Stream, variables_of
from askpapers.background.questions import DeclinedError, plain_question

INTERRUPTED = 130
"""The exit code after Ctrl-C."""
ALL_OF_STDIN = 400_004
"""Bytes: no longer question is read from standard input."""
_OFF = ("0", "false", "no", "off")
_PATIENCE = 3.0  # seconds until the server has to have said that it takes the question


class Attempt(NamedTuple):
    """What came of asking: an exit code, or None and why the question is to be answered here.

    `printed` is what is on standard output and standard error already, where the server crashed.
    """

    code: int | None
    why: str = ""
    printed: tuple[bytes, bytes] = (b"", b"")


def ask(arguments: Sequence[str], version: str) -> Attempt:
    """Let the server answer the question of a command line. Standard input that was read is put back on a refusal."""
    try:
        has_words = plain_question(arguments)
        if is_off():
            raise DeclinedError("ASK_SERVER switches it off")
        if not (sys.stdin and sys.stdout and sys.stderr):
            raise DeclinedError("a standard stream is closed")
        if not has_words and sys.stdin.isatty():
            raise DeclinedError("this is a conversation")
        file = socket_file()
        if not os.path.exists(file):
            raise DeclinedError("none is running")
        stdin = None if has_words else _read_stdin()
        request = _request(arguments, version, stdin)
        with _connect(file) as connection:
            return _answered(connection, request)
    except (DeclinedError, NoPlaceError) as error:
        return Attempt(None, str(error))
    except OSError as error:
        return Attempt(None, f"it cannot be reached: {error.strerror or error}")
    except ValueError as error:
        return Attempt(None, f"what it sends cannot be read: {error}")


def is_off(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether ASK_SERVER says that no process in the background is wanted."""
    return environment.get("ASK_SERVER", "").lower() in _OFF


def _read_stdin() -> str:
    """What standard input has, one sign for each byte; it is put back for whoever reads it here."""
    content = sys.stdin.buffer.read(ALL_OF_STDIN)
    sys.stdin = io.TextIOWrapper(io.BytesIO(content), encoding=sys.stdin.encoding, errors=sys.stdin.errors)
    return content.decode("latin-1")


def _request(arguments: Sequence[str], version: str, stdin: str | None) -> Request:
    folder = os.getcwd()
    here = os.stat(folder)
    variables = variables_of(os.environ)
    salt = os.urandom(16).hex()
    os.umask(mask := os.umask(0))
    return Request(
        installed(version),
        surroundings(),
        list(arguments),
        folder,
        [here.st_dev, here.st_ino],
        mask,
        variables.sent | _terminal_size(os.environ),
        variables.same,
        salt,
        variables.digests(salt),
        stdin,
        [_stream(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)],
    )


def _stream(stream: Any) -> Stream:
    return Stream(stream.isatty(), stream.encoding, stream.errors, stream.line_buffering, stream.write_through)


def _terminal_size(environment: Mapping[str, str]) -> dict[str, str]:
    """What `shutil.get_terminal_size` would take from the terminal, as the variables by which it is overruled."""
    try:
        size = os.get_terminal_size(1)
    except OSError:
        return {}
    sizes = {"COLUMNS": size.columns, "LINES": size.lines}
    return {name: str(value) for name, value in sizes.items() if not _is_positive(environment.get(name, ""))}


def _is_positive(text: str) -> bool:
    try:
        return int(text) > 0
    except ValueError:
        return False


def _connect(file: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_PATIENCE)
        connection.connect(file)
    except OSError as error:
        connection.close()
        if isinstance(error, (ConnectionRefusedError, FileNotFoundError)):
            raise DeclinedError("none is running") from error
        raise
    return connection


def _answered(connection: socket.socket, request: Request) -> Attempt:
    frames = Frames(connection)
    frames.send(Kind.QUESTION, request.encoded())
    kind, content = frames.receive()
    if kind is not Kind.TAKEN:
        raise DeclinedError(content.decode(errors="replace"))
    connection.settimeout(None)
    usual = signal.getsignal(signal.SIGINT)
    cancelled = False

    def cancel(*_: object) -> None:
        nonlocal cancelled
        cancelled = True
        signal.signal(signal.SIGINT, usual)  # a second one ends this process at once
        frames.send(Kind.CANCEL)

    if callable(usual):  # it is heard at all
        signal.signal(signal.SIGINT, cancel)
    try:
        attempt = _relayed(frames)
        return Attempt(INTERRUPTED) if cancelled and attempt.code is None else attempt
    finally:
        signal.signal(signal.SIGINT, usual)


def _relayed(frames: Frames) -> Attempt:
    """Write what comes until the end."""
    printed = (bytearray(), bytearray())
    held: list[tuple[int, bytes]] = []
    while True:
        try:
            kind, content = frames.receive()
        except (OSError, ValueError):
            return Attempt(None, "it ended in the middle of the answer", (bytes(printed[0]), bytes(printed[1])))
        match kind:
            case Kind.OUT | Kind.ERR:
                printed[kind - Kind.OUT].extend(content)
                _write(1 + kind - Kind.OUT, content)
            case Kind.HELD_OUT | Kind.HELD_ERR:
                held.append((1 + kind - Kind.HELD_OUT, content))
            case Kind.END:
                for number, part in held:
                    _write(number, part)
                return Attempt(int(content))
            case _:
                pass


class OutputFailedError(Exception):
    """Standard output cannot be written; the cause is the OSError."""


def _write(number: int, content: bytes) -> None:
    """Write all. Raises OutputFailedError for standard output; what goes to standard error is not needed."""
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(number, rest) :]
        except BlockingIOError:
            import select

            select.select((), (number,), ())
        except OSError as error:
            if number == 1:
                raise OutputFailedError from error
            return


def status(environment: Mapping[str, str] = os.environ) -> dict[str, Any] | None:
    """What the server says of itself, None where none runs. Raises OSError, ValueError and NoPlaceError."""
    return _status_of(Kind.STATUS, environment)


def stop(environment: Mapping[str, str] = os.environ) -> dict[str, Any] | None:
    """Let the server end, and wait until it has; what it says of itself, as `status`."""
    return _status_of(Kind.STOP, environment)


def _status_of(kind: Kind, environment: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        with _connect(socket_file(environment)) as connection:
            frames = Frames(connection)
            frames.send(kind)
            found: dict[str, Any] = json.loads(frames.receive()[1])
            if kind is Kind.STOP:
                connection.settimeout(None)
                connection.recv(1)  # it is closed at the end
            return found
    except DeclinedError:
        return None
