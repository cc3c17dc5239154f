"""The documents of a corpus: its files, unpacked and decoded as they are read."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from askpapers.corpus.encodings import Encoding, count_bad, find_encoding, mended
from askpapers.corpus.unpacking import gunzipped
from askpapers.errors import CorpusError

MAX_LINE = 1_000_000
"""Characters. An abstract has a few thousand: a longer line is another kind of file."""

HEAD = 65_536
"""Bytes at the beginning of a document by which its format is recognised."""


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
    return Document(str(path), name, lambda: gunzipped(path.open("rb")))


class _Mended:
    """Text in which bytes that are no UTF-8 are read as Windows-1252."""

    def __init__(self, text: TextStream) -> None:
        self._text = text

    def read(self, size: int = -1) -> str:
        return mended(self._text.read(size))

    def readline(self, size: int = -1) -> str:
        return mended(self._text.readline(size))
