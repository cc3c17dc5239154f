"""The members of zip archives as documents of a corpus."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from askpapers.corpus.documents import HEAD, Document, document_of
from askpapers.corpus.files import BEIR_FILES, is_paper_name
from askpapers.corpus.left_out import LeftOut
from askpapers.corpus.unpacking import GZIP, LARGEST_RATIO, gunzipped, most_of

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # flags of a member


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
        if stream.read(2) == GZIP:
            raise zipfile.BadZipFile("a zip archive inside gzip; unpack it")
    return zipfile.ZipFile(path)


def _members(path: Path, archive: zipfile.ZipFile) -> Iterator[Document | LeftOut]:
    members = {_name_of(info): info for info in archive.infolist() if not info.is_dir()}
    if "[Content_Types].xml" in members or "mimetype" in members:
        yield LeftOut(str(path), 0, "an office document or a book; save it as text or CSV")
        return
    size = sum(info.file_size for info in members.values())
    if size > most_of(path.stat().st_size):
        yield LeftOut(str(path), 0, f"it unpacks to more than {LARGEST_RATIO} times its size; unpack what is wanted")
        return
    for name, info in sorted(members.items()):
        if not _is_wanted(PurePosixPath(name), members):
            continue
        place = f"{path}/{name}"
        if info.flag_bits & _ENCRYPTED:
            yield LeftOut(place, 0, "it is encrypted; unpack it")
            continue
        member = Document(place, document_of(Path(name)).name, partial(_opened_member, archive, info))
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


def _opened_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return gunzipped(io.BufferedReader(archive.open(info), HEAD))  # type: ignore[type-var]
