"""Lets a command run in this process as if it had been started where its client was.

Folder, environment, arguments, streams and file mode mask belong to the whole process: only one command at a time.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, cast

from askpapers.background.protocol import Request, Stream, variables_of

Write = Callable[[int, bytes], None]
"""Writes to the client's standard output (1) or error (2). Raises OSError where the client is gone."""


class ClientInput(io.BytesIO):
    """What the client's standard input has."""

    def __init__(self, content: bytes, *, terminal: bool) -> None:
        super().__init__(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._terminal


class ClientOutput(io.RawIOBase):
    """The client's standard output or error."""

    def __init__(self, number: int, write: Write, *, terminal: bool) -> None:
        super().__init__()
        self._number, self._write, self._terminal = number, write, terminal

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._terminal

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any, /) -> int:
        """Send all of it."""
        content = bytes(data)
        self._write(self._number, content)
        return len(content)


@contextmanager
def as_client(request: Request, write: Write) -> Iterator[None]:
    """Set what a process has from its start as the client has it; folder, mask and streams are put back at the end.

    Raises OSError where the client's folder is not to be found.
    """
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    standard_input, output, error = request.streams
    _set_variables(request.sent)
    mask = os.umask(request.mask)
    try:
        os.chdir(request.folder)
        here = os.stat(".")  # noqa: PTH116 - what was just gone to
        if [here.st_dev, here.st_ino] != request.folder_id:
            raise FileNotFoundError(f"{request.folder} is another folder here")
        sys.argv = ["ask", *request.arguments]
        sys.stdin = io.TextIOWrapper(
            ClientInput((request.stdin or "").encode("latin-1"), terminal=standard_input.terminal),
            encoding=standard_input.encoding,
            errors=standard_input.errors,
        )
        own = sys.stdout, sys.stderr = _text(1, output, write), _text(2, error, write)
        yield
        for stream in own:  # also keeps them until now: whoever drops one closes it
            with suppress(ValueError):  # it was closed
                stream.flush()
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        os.umask(mask)
        os.chdir("/")  # no folder is kept in use


def _text(number: int, stream: Stream, write: Write) -> io.TextIOWrapper:
    raw = ClientOutput(number, write, terminal=stream.terminal)
    return io.TextIOWrapper(
        cast(BinaryIO, raw) if stream.write_through else io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _set_variables(wanted: dict[str, str]) -> None:
    for name in variables_of(os.environ).sent:
        if name not in wanted:
            del os.environ[name]
    os.environ.update(wanted)
