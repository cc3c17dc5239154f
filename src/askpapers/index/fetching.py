"""Brings the copy of shards at a URL in step: only files that changed are fetched, each checked by its checksum.

    COPY/.source                the URL
    COPY/.seen.json             the shards as they were there at the last look
    COPY/.incoming/             files on their way, gone on with by the next fetch
    COPY/north/current, COPY/north/0001-3fa2/ ...      what joining reads of each shard

The copy changes when all files have come, so that a fetch that breaks leaves what was there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from askpapers.corpus import FileStamp
from askpapers.errors import IndexDamagedError, SourceError
from askpapers.index.checksums import FileSum, find_damage, sum_file
from askpapers.index.layout import current_generation
from askpapers.index.leases import writer_lock
from askpapers.index.manifest import NAME, Manifest
from askpapers.index.remote_shards import RemoteShard, RemoteShards
from askpapers.progress import Progress
from askpapers.shard_copies import source_of

_JOINED = {"embedder", "lexicon.npz", "papers.db", "passages.npy", "vectors.f16", "vectors.sums"}
_LEFT_OUT = re.compile(r"left_out-[0-9a-f]{1,64}\.jsonl")
_SEEN, _INCOMING = ".seen.json", ".incoming"
_LOOK_AGAIN = 60.0  # seconds
_MEGABYTE = 1_000_000


def joined_files(manifest: Manifest) -> dict[str, FileSum]:
    """The files of a shard that joining reads: all but Chroma's graph, the words' weights and the overview."""
    return {
        name: of_file
        for name, of_file in manifest.files.items()
        if name in _JOINED or (name == manifest.left_out and _LEFT_OUT.fullmatch(name))
    }


def stamps_of_copy(copy: Path, number: int) -> list[FileStamp]:
    """What tells that the shards at the URL of a copy have changed, which is root `number` of the corpus.

    The URL is looked at when that was not done in the last minute. Raises SourceError, CorpusError and others of
    `RemoteShards`.
    """
    seen = _read_seen(copy)
    if seen is None:
        seen = _note_seen(copy, _remote(copy).look())
    return [
        FileStamp(number, f"{name}/{generation}/{NAME}", size, int(digest[:15], 16))
        for name, (generation, size, digest) in sorted(seen.items())
    ]


def fetch_copy(copy: Path, progress: Progress) -> None:
    """Bring a copy in step with its URL.

    Raises SourceError, CorpusError and others of `RemoteShards`, IndexDamagedError, and OSError where it cannot be
    written.
    """
    remote, incoming = _remote(copy), copy / _INCOMING
    incoming.mkdir(exist_ok=True)
    with writer_lock(incoming, lambda: progress("Waiting for another process that is fetching these shards", 0, None)):
        there = remote.look()
        changed = {name: shard for name, shard in there.items() if not _is_complete(copy / name, shard)}
        for name, shard in changed.items():
            _fetch_shard(remote, shard, copy / name, incoming / name / shard.generation, progress)
        for name, shard in changed.items():
            _replace_generation(copy / name, incoming / name / shard.generation)
        for shard_copy in copy.iterdir():
            if not shard_copy.name.startswith(".") and shard_copy.name not in there:
                shutil.rmtree(shard_copy)
        for name in changed:
            shutil.rmtree(incoming / name)
        _note_seen(copy, there)


def _remote(copy: Path) -> RemoteShards:
    url = source_of(copy)
    assert url
    return RemoteShards(url)


def _is_complete(shard_copy: Path, shard: RemoteShard) -> bool:
    """Whether the copy of a shard is that of its manifest, and no file of it is damaged."""
    with suppress(OSError, IndexDamagedError):
        generation = current_generation(shard_copy)
        if generation and generation.name == shard.generation and (generation / NAME).read_bytes() == shard.manifest:
            return not find_damage(generation, joined_files(Manifest.read(generation)))
    return False


def _fetch_shard(remote: RemoteShards, shard: RemoteShard, shard_copy: Path, into: Path, progress: Progress) -> None:
    into.mkdir(parents=True, exist_ok=True)
    (into / NAME).write_bytes(shard.manifest)
    files = joined_files(Manifest.read(into))
    total, done = sum(of_file.size for of_file in files.values()), 0
    known = _known_files(shard_copy)

    def on_block(count: int) -> None:
        nonlocal done
        done += count
        progress(f"Fetching the shard {shard_copy.name} (MB)", done // _MEGABYTE, total // _MEGABYTE)

    on_block(0)
    for name, expected in files.items():
        file = into / name
        if not _has(file, expected) and (same := known.get(expected)):
            shutil.copyfile(same, file)
        if _has(file, expected):
            on_block(expected.size)
            continue
        if file.exists() and file.stat().st_size >= expected.size:
            file.unlink()
        begun = file.exists()
        for again in (begun, False):
            remote.fetch(f"{shard.place}/{shard.generation}/{name}", file, expected.size, on_block)
            if _has(file, expected):
                break
            file.unlink(missing_ok=True)
            if not again:
                raise SourceError(
                    f"{name} of the shard {shard_copy.name} is not as its manifest says.",
                    hint="Ask again when the shard is not being made or copied there.",
                )


def _has(file: Path, expected: FileSum) -> bool:
    return file.is_file() and file.stat().st_size == expected.size and sum_file(file) == expected


def _known_files(shard_copy: Path) -> Mapping[FileSum, Path]:
    """The files of the copy so far, by what should be in them: a new generation may have some of them, too."""
    with suppress(IndexDamagedError):
        generation = current_generation(shard_copy)
        if generation:
            files = joined_files(Manifest.read(generation))
            return {expected: generation / name for name, expected in files.items() if (generation / name).is_file()}
    return {}


def _replace_generation(shard_copy: Path, fetched: Path) -> None:
    """Put a generation that was fetched into the copy, in the place of the one before."""
    shard_copy.mkdir(exist_ok=True)
    generation = shard_copy / fetched.name
    shutil.rmtree(generation, ignore_errors=True)
    fetched.replace(generation)
    aside = shard_copy / "current.tmp"
    aside.write_text(generation.name, encoding="utf-8")
    aside.replace(shard_copy / "current")
    for other in shard_copy.iterdir():
        if other.is_dir() and other != generation:
            shutil.rmtree(other)


_Seen = dict[str, tuple[str, int, str]]
"""Generation, and size and sha256 of the manifest, by the name of a shard."""


def _note_seen(copy: Path, there: Mapping[str, RemoteShard]) -> _Seen:
    seen = {name: (shard.generation, len(shard.manifest), shard.digest) for name, shard in there.items()}
    with suppress(OSError):  # it is looked at again then
        aside = copy / f"{_SEEN}.{os.getpid()}"
        aside.write_text(json.dumps(seen), encoding="utf-8")
        aside.replace(copy / _SEEN)
    return seen


def _read_seen(copy: Path) -> _Seen | None:
    """The shards at the last look, or None where that is too long ago."""
    try:
        if not 0 <= time.time() - (copy / _SEEN).stat().st_mtime < _LOOK_AGAIN:
            return None
        seen = json.loads((copy / _SEEN).read_text(encoding="utf-8"))
        return {name: (str(generation), int(size), str(digest)) for name, (generation, size, digest) in seen.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
