"""Shards at a URL, as fsspec reaches them: what is there, and single files of it (the only fsspec import)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from askpapers.errors import CorpusError, OptionalDependencyError, SourceError, UsageError
from askpapers.index.layout import is_generation_name
from askpapers.index.manifest import NAME

_BLOCK = 4_000_000
_POINTER = 100  # bytes of `current` that are read
_LONGEST_MANIFEST = 64_000_000  # bytes: it has a line for each file of a corpus
_CONNECT, _SILENCE = 10.0, 60.0  # seconds until a web server is given up
_HINT = "Check the address, the network and what lets you in; what was fetched before stays (docs/scale.md)."
T = TypeVar("T")


class RemoteShard(NamedTuple):
    """A shard as it is at the URL: its place there, the generation in use, and the manifest of that."""

    place: str
    generation: str
    manifest: bytes

    @property
    def digest(self) -> str:
        """The sha256 of the manifest, which differs where anything of the shard does."""
        return hashlib.sha256(self.manifest).hexdigest()


class RemoteShards:
    """The folder of shards at a URL. Nothing is asked for before the first look."""

    def __init__(self, url: str) -> None:
        """Use a URL in which there is no secret."""
        self._url = url

    def look(self) -> dict[str, RemoteShard]:
        """The shards by name.

        Raises SourceError, CorpusError for what is no folder of shards, and UsageError or OptionalDependencyError for
        a kind of address that is not known, or needs a package that is not there.
        """
        system, root = self._open()
        self._call(system.invalidate_cache)
        places = self._call(lambda: system.ls(root, detail=False))
        found = {}
        for place in sorted(str(place).rstrip("/") for place in places):
            name = place.rpartition("/")[2]
            if self._is_web:
                name = unquote(name.partition("?")[0])  # of a list that can be sorted by clicking
            if not name or name.startswith(".") or place == root.rstrip("/"):
                continue
            found[name] = self._shard(system, place, name)
        if not found:
            raise CorpusError(f"No shards are at {self._url}.", hint="Name the folder that holds the indexes.")
        return found

    def fetch(self, place: str, file: Path, size: int, progress: Callable[[int], None]) -> None:
        """Fetch a file of a size, or the rest of one that has begun; `progress` is told of the bytes of each block.

        Raises SourceError, and OSError where it cannot be written.
        """
        try:
            self._fetch_rest(place, file, size, progress)
        except SourceError as error:
            if not isinstance(error.__cause__, ValueError):
                raise
            file.unlink()  # it can only be read from its beginning
            self._fetch_rest(place, file, size, progress)

    def _fetch_rest(self, place: str, file: Path, size: int, progress: Callable[[int], None]) -> None:
        system, _ = self._open()
        with file.open("ab") as out:
            left = size - out.tell()
            # A web server is asked for a whole file once, for the rest of one block by block.
            options = {"block_size": 0} if self._is_web and left == size else {}
            with closing(self._call(lambda: system.open(place, "rb", **options))) as stream:
                if left < size:
                    self._call(lambda: stream.seek(size - left))
                while left > 0 and (block := self._call(lambda: stream.read(_BLOCK))):
                    out.write(block[:left])
                    left -= len(block)
                    progress(len(block))

    @property
    def _is_web(self) -> bool:
        return urlsplit(self._url).scheme.lower() in ("http", "https")

    def _shard(self, system: Any, place: str, name: str) -> RemoteShard:
        try:
            generation = self._beginning(system, f"{place}/current", _POINTER).decode(errors="replace").strip()
        except SourceError as error:
            if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
                raise CorpusError(
                    f"{name} at {self._url} is no index, and a folder of shards holds nothing else.",
                    hint="Name the folder that holds the indexes, and take other files out of it.",
                ) from error
            raise
        if not is_generation_name(generation) or Path(name).name != name or "\\" in name or "\0" in name:
            raise CorpusError(f"{name!r} at {self._url} is no index.", hint="Copy the shard there again.")
        manifest = self._beginning(system, f"{place}/{generation}/{NAME}", _LONGEST_MANIFEST + 1)
        if len(manifest) > _LONGEST_MANIFEST:
            raise CorpusError(
                f"{NAME} of {name} at {self._url} is longer than {_LONGEST_MANIFEST:,} bytes, which none is.",
                hint="Copy the shard there again.",
            )
        return RemoteShard(place, generation, manifest)

    def _beginning(self, system: Any, place: str, most: int) -> bytes:
        """So many bytes of a file, or all where it has fewer; no more are read than that."""
        if not self._is_web:
            return bytes(self._call(lambda: system.cat_file(place, start=0, end=most)))

        def read() -> bytes:
            found = bytearray()
            # A web server need not know ranges. With a size it is not asked for one first.
            with closing(system.open(place, "rb", block_size=0, size=most)) as stream:
                while len(found) < most and (block := stream.read(most - len(found))):
                    found += block
            return bytes(found)

        return self._call(read)

    def _open(self) -> tuple[Any, str]:
        """The file system, and the folder in it.

        Raises OptionalDependencyError for one whose package is not there, UsageError for one that nobody knows.
        """
        import fsspec

        try:
            system, folder = fsspec.core.url_to_fs(self._url, **(_web_options() if self._is_web else {}))
        except ImportError as error:
            package = (getattr(error.__cause__, "name", None) or "").partition(".")[0]
            raise OptionalDependencyError(
                f"Shards at {self._url} need a package that is not installed: {error}.",
                hint=f"Install it beside askpapers: pip install {package}" if package else "Install it.",
            ) from error
        except ValueError as error:
            raise UsageError(
                f"{self._url} is no address of a kind that is known.", hint="Write it as s3://BUCKET/FOLDER, say."
            ) from error
        except Exception as error:  # a login that fails at once
            raise self._failed(error) from error
        return system, folder

    def _call(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:  # each of the packages behind fsspec has errors of its own
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> SourceError:
        return SourceError(f"The shards at {self._url} cannot be read: {_reason(error)}.", hint=_HINT)


def _reason(error: Exception) -> str:
    """What went wrong, without the words of the error: there may be keys in them."""
    if status := getattr(error, "status", None):
        return f"the server answers with {status}"
    if isinstance(error, FileNotFoundError):
        return "it is not there"
    if isinstance(error, PermissionError):
        return "it may not be read without a login"
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _web_options() -> dict[str, Any]:
    """A web server that is silent is given up; a long file may take its time."""
    import aiohttp

    limit = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_SILENCE)
    return {"client_kwargs": {"timeout": limit}}
