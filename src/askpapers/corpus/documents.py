"""The documents of a corpus: its files, and the members of its archives, unpacked and decoded as they are read."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from askpapers.corpus.encodings import Encoding, count_bad, find_encoding, mended
from askpapers.corpus.files import BEIR_FILES, is_paper_name
from askpapers.corpus.left_out import LeftOut
from askpapers.errors import CorpusError

MAX_LINE = 1_000_000
"""Characters. An abstract has a few thousand: a longer line is another kind of file."""

HEAD = 65_536
"""Bytes at the beginning of a document by which its format is recognised."""

UNPACKED_FREELY = 100_000_000
"""Bytes that anything may unpack to; more only up to `_LARGEST_RATIO` times its size."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # flags of a member
_DEEPEST = 3  # gzip in gzip
_LARGEST_RATIO = 200  # text shrinks to a third to a twentieth


class TextStream(Protocol):
    """Text that is read bit by bit, with line ends as they are."""

    def read(self, size: int = ..., /) -> str:
        """That many characters, fewer at the end; all of them for -1."""
        ...

    def readline(self, size: int = ..., /) -> str:
        """A line with its end, or that many characters of it."""
        ...


@dataclass(frozen=True)
class Document:
    """One file of a corpus, or one member of an archive, read as if it were not packed.

    `place` names it to people ("lib.zip/inner.bib"); `name` is its last part without ".gz", by which two formats that
    both fit are told apart. Its methods raise CorpusError where it cannot be read or unpacked.
    """

    place: str
    name: str
    opened: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        """The end of its name, such as ".bib"."""
        return PurePosixPath(self.name).suffix.lower()

    @cached_property
    def encoding(self) -> Encoding:
        """How it is decoded; reads all of it once."""
        with self.binary() as stream:
            found = find_encoding(stream)
        if found.is_unicode:
            return found
        with self.binary() as stream:
            return count_bad(stream, found)

    @cached_property
    def beginning(self) -> bytes:
        """Its first 64 kB."""
        with self.binary() as stream:
            return stream.read(HEAD)

    @cached_property
    def head(self) -> str:
        """Its first 64 kB, decoded, with lines that all end in LF."""
        decoder = codecs.getincrementaldecoder(self.encoding.codec)(self.encoding.errors)
        text = decoder.decode(self.beginning)
        text = mended(text) if self.encoding.bad else text
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    @contextmanager
    def binary(self) -> Iterator[BinaryIO]:
        """Its bytes as they are, unpacked: for XML, which says its own encoding."""
        try:
            with self.opened() as stream:
                yield stream
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CorpusError(
                f"{self.place} cannot be read: {reason.rstrip('.')}.",
                hint="Check the file and its permissions, or move it out of the corpus.",
            ) from error

    @contextmanager
    def utf8(self) -> Iterator[BinaryIO]:
        """Its text as bytes of UTF-8 without a byte order mark: for parsers that stream bytes."""
        with self.binary() as stream:
            if self.encoding.codec == "utf-8" and not self.encoding.bad:
                yield stream
            else:
                yield io.BufferedReader(_Recoded(self._decoded(stream)), HEAD)

    @contextmanager
    def characters(self) -> Iterator[TextStream]:
        """Its text as a stream, with line ends as they are."""
        with self.binary() as stream:
            yield self._decoded(stream)

    def lines(self, longest: int = MAX_LINE) -> Iterator[tuple[int, str]]:
        """Its lines, each with its number from 1 and its line end: LF, CR LF or CR.

        Raises CorpusError at a line of more than `longest` characters.
        """
        with self.characters() as stream:
            for number, line in enumerate(iter(partial(stream.readline, longest + 1), ""), start=1):
                if len(line) > longest:
                    raise CorpusError(
                        f"{self.place}, line {number}, is longer than {longest:,} characters: no abstract is.",
                        hint="Move the file out of the corpus, or put each abstract on a line of its own.",
                    )
                yield number, line

    def text(self) -> str:
        """All of its text."""
        with self.characters() as stream:
            return stream.read()

    def _decoded(self, stream: BinaryIO) -> TextStream:
        encoding = self.encoding
        text = io.TextIOWrapper(stream, encoding.codec, encoding.errors, newline="")
        return _Mended(text) if encoding.is_utf8 and encoding.bad else text


def document_of(path: Path) -> Document:
    """A file as one document, unpacked where it is gzipped."""
    name = path.name
    while name.lower().endswith(".gz"):
        name = name[:-3]
    return Document(str(path), name, partial(_unpacked, path))


def documents_in(path: Path) -> Iterator[Document | LeftOut]:
    """A file as one document, or the members of a zip archive in the order of their names, and what is left out of it.

    A member can be read until the next one is asked for. Raises CorpusError for an archive that is damaged.
    """
    file = document_of(path)
    with file.binary() as stream:
        is_zip = stream.read(4) in (_ZIP, _EMPTY_ZIP)
    if not is_zip:
        yield file
        return
    with file.binary(), _as_archive(path) as archive:
        yield from _members(path, archive)


def _as_archive(path: Path) -> zipfile.ZipFile:
    with path.open("rb") as stream:
        if stream.read(2) == _GZIP:
            raise zipfile.BadZipFile("a zip archive inside gzip; unpack it")
    return zipfile.ZipFile(path)


def _members(path: Path, archive: zipfile.ZipFile) -> Iterator[Document | LeftOut]:
    members = {_name_of(info): info for info in archive.infolist() if not info.is_dir()}
    if "[Content_Types].xml" in members or "mimetype" in members:
        yield LeftOut(str(path), 0, "an office document or a book; save it as text or CSV")
        return
    size = sum(info.file_size for info in members.values())
    if size > max(UNPACKED_FREELY, _LARGEST_RATIO * path.stat().st_size):
        yield LeftOut(str(path), 0, f"it unpacks to more than {_LARGEST_RATIO} times its size; unpack what is wanted")
        return
    for name, info in sorted(members.items()):
        if not _is_wanted(PurePosixPath(name), members):
            continue
        place = f"{path}/{name}"
        if info.flag_bits & _ENCRYPTED:
            yield LeftOut(place, 0, "it is encrypted; unpack it")
            continue
        member = Document(place, document_of(Path(name)).name, partial(_unpacked_member, archive, info))
        if member.beginning[:4] in (_ZIP, _EMPTY_ZIP):
            yield LeftOut(place, 0, "an archive inside an archive; unpack it")
        else:
            yield member


def _is_wanted(member: PurePosixPath, members: Collection[str]) -> bool:
    """Whether a member would be looked at as a file of a folder, too."""
    if any(part.startswith(".") for part in member.parts) or "__MACOSX" in member.parts:
        return False
    beside = {other for other in BEIR_FILES if str(member.parent / other) in members}
    return is_paper_name(member.name, beside)


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name of a member; without the flag for UTF-8 it is in any encoding, most often UTF-8 all the same."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _unpacked(path: Path) -> BinaryIO:
    return _gunzipped(path.open("rb"))


def _unpacked_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return _gunzipped(io.BufferedReader(archive.open(info), HEAD))  # type: ignore[type-var]


def _gunzipped(stream: BinaryIO) -> BinaryIO:
    for _ in range(_DEEPEST):
        if stream.peek(2)[:2] != _GZIP:  # type: ignore[attr-defined]
            return stream
        stream = io.BufferedReader(_Gunzipped(stream), HEAD)
    return stream


class _Gunzipped(io.RawIOBase):
    """What is packed in a stream, which it closes; it stops a bomb."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._plain = gzip.GzipFile(fileobj=packed)
        self._size = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def readinto(self, buffer: Any) -> int:
        count = self._plain.readinto(buffer)
        self._size += count
        if self._size > max(UNPACKED_FREELY, _LARGEST_RATIO * self._packed.tell()):
            raise OSError(f"it unpacks to more than {_LARGEST_RATIO} times its size")
        return count

    def close(self) -> None:
        self._packed.close()
        super().close()


class _Mended:
    """Text in which bytes that are no UTF-8 are read as Windows-1252."""

    def __init__(self, text: TextStream) -> None:
        self._text = text

    def read(self, size: int = -1) -> str:
        return mended(self._text.read(size))

    def readline(self, size: int = -1) -> str:
        return mended(self._text.readline(size))


class _Recoded(io.RawIOBase):
    """Text as bytes of UTF-8."""

    def __init__(self, text: TextStream) -> None:
        self._text = text
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._left or self._text.read(HEAD).encode()
        count = min(len(data), len(buffer))
        buffer[:count], self._left = data[:count], data[count:]
        return count
