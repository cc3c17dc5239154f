"""Unpacks gzip as it is read, and stops what unpacks to far more than it holds."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

UNPACKED_FREELY = 100_000_000
"""Bytes that anything may unpack to; more only up to `LARGEST_RATIO` times its size."""

LARGEST_RATIO = 200
"""Text shrinks to a third to a twentieth."""

GZIP = b"\x1f\x8b"
"""What a gzip begins with."""

_BUFFER = 65_536
_DEEPEST = 3  # gzip in gzip


def most_of(packed: int) -> int:
    """How many bytes may come out of so many packed ones."""
    return max(UNPACKED_FREELY, LARGEST_RATIO * packed)


def unpacked_size(file: Path, size: int) -> int:
    """How many bytes a file of a size has when it is unpacked, as it says itself, and at least its size.

    An estimate: a gzip of several members, or of more than 4 GB, says less.
    """
    unpacked = 0
    with suppress(OSError, zipfile.BadZipFile, NotImplementedError):  # whoever reads it says what is wrong
        if file.suffix.lower() == ".zip":
            with zipfile.ZipFile(file) as archive:
                unpacked = sum(member.file_size for member in archive.infolist())
        elif file.suffix.lower() == ".gz":
            with file.open("rb") as stream:
                stream.seek(-4, os.SEEK_END)
                unpacked = int.from_bytes(stream.read(), "little")
    return max(size, unpacked)


def gunzipped(packed: BinaryIO) -> BinaryIO:
    """What is in a buffered stream, unpacked where it is gzip. Reading raises OSError where that is too much."""
    for _ in range(_DEEPEST):
        if packed.peek(2)[:2] != GZIP:  # type: ignore[attr-defined]
            return packed
        packed = io.BufferedReader(_Gunzipped(packed), _BUFFER)
    return packed


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
        if self._size > most_of(self._packed.tell()):
            raise OSError(f"it unpacks to more than {LARGEST_RATIO} times its size")
        return count

    def close(self) -> None:
        self._packed.close()
        super().close()
