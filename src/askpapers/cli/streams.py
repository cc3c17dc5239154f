"""Standard input, output and error as the command line needs them: open, in a known encoding, their failures named."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import Any, BinaryIO, TextIO, cast

from askpapers.errors import OutputError

_NARROWEST = 20  # columns; COLUMNS=0 and the like mean "not known"
_USUAL = (80, 25)


ANEW = b"\n\nThe process that was answering has ended. The whole answer:\n\n"


class Printed:
    """What was written before of a stream that begins again: it is not to be written twice."""

    def __init__(self, content: bytes, note: bytes) -> None:
        """Where the stream takes another course than the content had, `note` is put before the whole of it."""
        self._content, self._note = content, note
        self._same = 0

    @property
    def is_awaited(self) -> bool:
        """Whether some of the content has not come again."""
        return self._same < len(self._content)

    def new_part(self, data: bytes) -> bytes:
        """What is to be written of the next piece of the stream."""
        expected = self._content[self._same : self._same + len(data)]
        if data.startswith(expected):
            self._same += len(expected)
            return data[len(expected) :]
        before, self._content = self._content[: self._same], b""
        return self._note + before + data


class _Stream(io.FileIO):
    """A file descriptor that is left open, and to which nothing more is written once that has failed."""

    def __init__(self, number: int, *, needed: bool, printed: Printed) -> None:
        super().__init__(number, "wb", closefd=False)
        self._needed = needed
        self._failed = False
        self._printed = printed

    def write(self, data: Any, /) -> int:
        """Write; where that fails, raise OutputError, or nothing where the stream is not needed."""
        # What is left in a buffer is written once more when the program ends; click writes nothing, as a trial.
        if self._failed or not data:
            return len(data)
        if self._printed.is_awaited:
            rest = memoryview(self._printed.new_part(bytes(data)))
            while rest and not self._failed:
                rest = rest[self._written(rest) :]
            return len(data)
        return self._written(data)

    def _written(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:  # the reader has had enough
            self._failed = True
            raise
        except OSError as error:
            self._failed = True
            if not self._needed:
                return len(data)
            raise output_failure(error) from error


def output_failure(error: OSError) -> OutputError:
    """What is said where standard output cannot be written."""
    return OutputError(
        f"The output cannot be written: {error.strerror}.", hint="Make room there, or write to another place."
    )


def prepare_streams(printed: tuple[bytes, bytes] = (b"", b"")) -> None:
    """Make the three streams safe to use. Raises OutputError where standard output is closed.

    `printed` is what another process has written to standard output and error of the same answer.
    """
    out, err = Printed(printed[0], ANEW), Printed(printed[1], b"")
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed: the next file that is opened, the index for one, would be taken for it
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = _prepared(sys.stderr or open(os.devnull, "w", encoding="utf-8"), needed=False, printed=err)  # noqa: PTH123, SIM115
    if sys.stdout is None:
        raise OutputError("Standard output is closed: there is no place for an answer.", hint="Leave “>&-” away.")
    sys.stdout = _prepared(sys.stdout, needed=True, printed=out)


def _prepared(stream: TextIO, *, needed: bool, printed: Printed) -> TextIO:
    """The stream, in which a sign that a terminal does not have becomes its number, not a traceback."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)  # with PYTHONUNBUFFERED there is nothing between
    if type(raw) is not io.FileIO:  # a console of Windows, a test
        stream.reconfigure(errors="backslashreplace")
        return stream
    own = _Stream(raw.fileno(), needed=needed, printed=printed)
    return io.TextIOWrapper(
        cast(BinaryIO, own) if raw is stream.buffer else io.BufferedWriter(own),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def terminal_size() -> tuple[int, int]:
    """Columns and lines to write for; the usual ones where what is set cannot be meant."""
    sizes = shutil.get_terminal_size(_USUAL)
    columns = sizes.columns if sizes.columns >= _NARROWEST else _USUAL[0]
    return columns, max(sizes.lines, 2)
