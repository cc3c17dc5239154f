"""Finds out how the text of a file is encoded, from all of its bytes in one pass of bounded memory.

One encoding holds for the whole file: it never changes at line 90,000. A byte order mark decides, then whether the file
is UTF-8, then the pattern of zero bytes that UTF-16 has, then a guess from the lines that are not ASCII.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

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
NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "iso8859_2": "ISO 8859-2",
    "koi8_r": "KOI8-R",
    "mac_roman": "Mac Roman",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_WESTERN = "cp1252"
_GUESSED = [name for name in NAMES if not name.startswith("utf")]
_LATIN = ["cp1252", "cp1250", "cp1254", "iso8859_2", "mac_roman"]
_OTHER_SCRIPT = 0.25  # of bytes that are not ASCII
_ASCII = bytes(range(128))
_PRINTED_IN_WINDOWS = re.compile(rb"[\x80-\x9f]")
_MESS, _COHERENCE = 0.05, 0.03  # by how much a guess must be better than Windows-1252, the most used one
_FEW = 0.1  # bytes that are no UTF-8 for each letter that is: damage in a UTF-8 file, and not another encoding
_ESCAPED = re.compile("[\udc80-\udcff]")
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


def find_encoding(stream: BinaryIO) -> Encoding:
    """Read a stream to its end and say how it is encoded. Raises what the stream raises."""
    first = stream.read(_BLOCK)
    marked = next((codec for mark, codec in _MARKS if first.startswith(mark)), None)
    if wide := marked if marked in ("utf-16", "utf-32") else without_mark(first[:_SAMPLE]):
        return _measured(first, stream, wide, guessed=not marked)
    scan = _scan_utf8(first, stream)
    if not scan.bad or scan.bad <= _FEW * scan.letters:
        return Encoding(marked or "utf-8", bad=scan.bad, bad_line=scan.bad_line)
    return Encoding(_guess(scan.sample), guessed=True)


def mended(text: str) -> str:
    """Text that was decoded with `surrogateescape`, with the bytes that were no UTF-8 read as Windows-1252."""
    if text.isascii():
        return text
    return _ESCAPED.sub(lambda found: bytes([ord(found.group()) - 0xDC00]).decode("cp1252", "replace"), text)


def without_mark(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: in Western text every other byte is zero, and only there."""
    head = head[: len(head) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and odd > 0.4 * half and even <= 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if half >= 2 and even > 0.4 * half and odd <= 0.02 * half else None


def _measured(first: bytes, stream: BinaryIO, codec: str, *, guessed: bool) -> Encoding:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    bad, bad_line, ends, block = 0, 0, 0, first
    while True:
        text = decoder.decode(block, final=not block)
        if found := text.count("\ufffd"):
            bad_line = bad_line or ends + text[: text.index("\ufffd")].count("\n") + 1
            bad += found
        ends += text.count("\n")
        if not block:
            return Encoding(codec, guessed, bad, bad_line)
        block = stream.read(_BLOCK)


@dataclass(slots=True)
class _Scan:
    """What a pass over a file as UTF-8 found: letters that are not ASCII, bytes that are not UTF-8, their lines."""

    letters: int = 0
    bad: int = 0
    bad_line: int = 0
    sample: bytes = b""


def _scan_utf8(block: bytes, stream: BinaryIO) -> _Scan:
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    ends, is_first, after_cr = 0, True, False
    while True:
        text = decoder.decode(block, final=not block)
        if after_cr and text.startswith("\n"):
            text = text[1:]  # the line has ended before it
        if not text.isascii():
            other = len(text) - len(text.encode("ascii", "ignore"))
            bad = len(_ESCAPED.findall(text)) if _has_escaped(text) else 0
            scan.letters += other - bad
            if bad and not scan.bad:
                scan.bad_line = ends + _line_ends(text[: _first_escaped(text)]) + 1
            scan.bad += bad
            if bad and len(scan.sample) < _SAMPLE:
                scan.sample += _bad_lines(text if is_first else text[text.find("\n") + 1 :], _SAMPLE - len(scan.sample))
        ends += _line_ends(text)
        after_cr = text.endswith("\r")
        if not block:
            return scan
        is_first, block = False, stream.read(_BLOCK)


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


def _guess(sample: bytes) -> str:
    """The encoding of lines that are not UTF-8.

    Text that is mostly ASCII is in a Latin script, and read as Windows-1252 unless another encoding makes it clearly
    more like a language: a degree sign alone is no evidence for Japanese.
    """
    from charset_normalizer import from_bytes

    is_latin = len(sample.translate(None, _ASCII)) < _OTHER_SCRIPT * len(sample)
    guesses = list(from_bytes(sample, cp_isolation=_LATIN if is_latin else _GUESSED))
    if not guesses:
        return _WESTERN
    best = guesses[0]
    western = next((guess for guess in guesses if _WESTERN in guess.could_be_from_charset), None)
    is_as_good = (
        western is not None and western.chaos <= best.chaos + _MESS and western.coherence >= best.coherence - _COHERENCE
    )
    if is_as_good or (is_latin and not best.coherence):
        return _WESTERN
    if best.encoding == "cp1250" and not _PRINTED_IN_WINDOWS.search(sample):
        return "iso8859_2"  # its letters š and ž stand elsewhere
    return best.encoding
