"""Finds out how the text of a file is encoded, from all of its bytes in one pass of bounded memory.

One encoding holds for the whole file: it never changes at line 90,000. A byte order mark decides, then whether the file
is UTF-8, then the pattern of zero bytes that UTF-16 has, then a guess from the lines that are not ASCII.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from askpapers.corpus.encoding_guess import NAMES, WESTERN, guess_encoding

_BLOCK = 1 << 20
_SAMPLE = 65_536
"""Bytes of lines that are not ASCII from which an encoding is guessed."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_MARKS = tuple(mark for mark, codec in _MARKS if codec != "utf-8-sig")
_ESCAPED = re.compile("[\udc80-\udcff]")
_DECLARATION = re.compile(rb"\A[^\r\n]*?(?:encoding|coding)\s*[=:]\s*[\"']?([\w.-]+)", re.IGNORECASE)
_DECLARED_IN = 200
_BEFORE = 2_000  # ASCII characters of a long line that are enough before its first other one


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is decoded: the codec, whether it was guessed, and what of the file it does not decode.

    `bad` counts the bytes (in UTF-8) or characters that it does not decode, the first of them in line `bad_line`.
    """

    codec: str
    guessed: bool = False
    bad: int = 0
    bad_line: int = 0

    @property
    def errors(self) -> str:
        """How a stream of this encoding is to decode what is no text of it."""
        return "surrogateescape" if self.is_utf8 else "replace"

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes are UTF-8, with or without a mark."""
        return self.codec in ("utf-8", "utf-8-sig")

    @property
    def is_unicode(self) -> bool:
        """Whether it is UTF-8, UTF-16 or UTF-32."""
        return self.codec.startswith("utf")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it."""
        notes = [f"read as {NAMES[self.codec]}, which was guessed"] if self.guessed else []
        if self.bad and self.is_utf8:
            noun = "byte that is" if self.bad == 1 else "bytes that are"
            what = f"line {self.bad_line}: {self.bad:,} {noun} not UTF-8 here and below, read as Windows-1252"
            notes.append(what if self.bad > 1 else what.replace(" here and below", ""))
        elif self.bad:
            noun = "character" if self.bad == 1 else "characters"
            notes.append(f"line {self.bad_line}: {self.bad:,} {noun} could not be decoded, shown as \ufffd")
        return tuple(notes)


def has_wide_letters(beginning: bytes) -> bool:
    """Whether a file that begins so is UTF-16 or UTF-32, with a mark or without; its text has zero bytes."""
    return beginning.startswith(_WIDE_MARKS) or _without_mark(beginning) is not None


def find_encoding(stream: BinaryIO) -> Encoding:
    """Read a stream to its end and say how it is encoded. Raises what the stream raises."""
    first = stream.read(_BLOCK)
    marked = next((codec for mark, codec in _MARKS if first.startswith(mark)), None)
    if wide := marked if marked in ("utf-16", "utf-32") else _without_mark(first[:_SAMPLE]):
        return _measured(first, stream, wide, guessed=not marked)
    scan = _scan_utf8(first, stream)
    if scan.bad <= scan.letters:  # text of another encoding is UTF-8 by chance in a few places at most
        return Encoding(marked or "utf-8", bad=scan.bad, bad_line=scan.bad_line)
    declared = _declared(first)
    return Encoding(declared or guess_encoding(scan.sample), guessed=not declared)


def count_bad(stream: BinaryIO, encoding: Encoding) -> Encoding:
    """The encoding with what of a stream it does not decode. Raises what the stream raises."""
    return _measured(stream.read(_BLOCK), stream, encoding.codec, guessed=encoding.guessed)


def mended(text: str) -> str:
    """Text that was decoded with `surrogateescape`, with the bytes that were no UTF-8 read as Windows-1252."""
    if text.isascii():
        return text
    return _ESCAPED.sub(lambda found: bytes([ord(found.group()) - 0xDC00]).decode("cp1252", "replace"), text)


def _declared(beginning: bytes) -> str | None:
    """The encoding that the file itself names in its first line, as XML, JabRef and Emacs write it."""
    found = _DECLARATION.search(beginning[:_DECLARED_IN])
    if not found:
        return None
    try:
        codec = codecs.lookup(found.group(1).decode()).name
        "".encode(codec)  # "base64" is a codec, too
    except LookupError:
        return None
    if codec.startswith("utf"):  # its bytes are not
        return None
    # What is called ISO 8859-1 is Windows-1252 wherever the two differ.
    return WESTERN if codec in ("iso8859-1", "ascii") else codec


def _without_mark(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: in Western text every other byte is zero, and only there."""
    head = head[: len(head) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and odd > 0.4 * half and even <= 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if half >= 2 and even > 0.4 * half and odd <= 0.02 * half else None


def _measured(first: bytes, stream: BinaryIO, codec: str, *, guessed: bool) -> Encoding:
    bad, bad_line, ends = 0, 0, 0
    for text in _decoded(first, stream, codec, "replace"):
        if found := text.count("\ufffd"):
            bad_line = bad_line or ends + _line_ends(text[: text.index("\ufffd")]) + 1
            bad += found
        ends += _line_ends(text)
    return Encoding(codec, guessed, bad, bad_line)


@dataclass(slots=True)
class _Scan:
    """What a pass over a file as UTF-8 found: letters that are not ASCII, bytes that are not UTF-8, their lines."""

    letters: int = 0
    bad: int = 0
    bad_line: int = 0
    sample: bytes = b""


def _scan_utf8(first: bytes, stream: BinaryIO) -> _Scan:
    scan = _Scan()
    ends, is_first = 0, True
    for text in _decoded(first, stream, "utf-8", "surrogateescape"):
        if not text.isascii():
            other = len(text) - len(text.encode("ascii", "ignore"))
            bad = len(_ESCAPED.findall(text)) if _has_escaped(text) else 0
            scan.letters += other - bad
            if bad and not scan.bad:
                scan.bad_line = ends + _line_ends(text[: _first_escaped(text)]) + 1
            scan.bad += bad
            if bad and len(scan.sample) < _SAMPLE:
                whole = text if is_first else text[text.find("\n") + 1 :]
                scan.sample += _bad_lines(whole, _SAMPLE - len(scan.sample))
        ends += _line_ends(text)
        is_first = False
    return scan


def _decoded(block: bytes, stream: BinaryIO, codec: str, errors: str) -> Iterator[str]:
    """The text of a stream in blocks, the first of which was read; the LF of a CR LF between two of them is dropped."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    after_cr = False
    while True:
        text = decoder.decode(block, final=not block)
        yield text[1:] if after_cr and text.startswith("\n") else text
        if not block:
            return
        after_cr = text.endswith("\r")
        block = stream.read(_BLOCK)


def _has_escaped(text: str) -> bool:
    try:
        text.encode()  # many times faster than a search
    except UnicodeEncodeError:
        return True
    return False


def _first_escaped(text: str) -> int:
    found = _ESCAPED.search(text)
    return found.start() if found else len(text)


def _line_ends(text: str) -> int:
    carriage = text.count("\r")
    return text.count("\n") + (carriage - text.count("\r\n") if carriage else 0)


def _bad_lines(text: str, size: int) -> bytes:
    """The lines that hold bytes that are not UTF-8, up to a size; whole ones, as half a letter of Shift JIS is none."""
    lines, end = b"", 0
    while found := _ESCAPED.search(text, end):
        begin = max(text.rfind("\n", end, found.start()), text.rfind("\r", end, found.start()), end - 1) + 1
        begin = max(begin, found.start() - _BEFORE)
        stops = [stop for sign in "\r\n" if (stop := text.find(sign, found.start())) >= 0]
        end = min(stops, default=len(text))
        line = text[begin:end].encode("utf-8", "surrogateescape")
        if lines and len(lines) + len(line) > size:
            break
        lines += line[:size] + b"\n"
    return lines
