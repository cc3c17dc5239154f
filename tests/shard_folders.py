"""Folders of shards, and what answers from an index are made of."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from askpapers.index.layout import current_generation
from fakes import WordHash, build, write_papers


def make_shards(tmp_path: Path, parts: Iterable[Mapping[str, str]]) -> Path:
    """An index for each part, from a corpus that is gone afterwards."""
    for number, part in enumerate(parts):
        root = write_papers(tmp_path / f"corpus-{number}", part)
        build(tmp_path / "shards" / f"shard-{number}", root, WordHash())
        shutil.rmtree(root)
    return tmp_path / "shards"


def content(folder: Path) -> dict[str, bytes]:
    """The files of an index that answers are made of, but for the papers, whose places differ."""
    generation = current_generation(folder)
    assert generation
    names = ["vectors.f16", "vectors.sums", "passages.npy", "lexicon.npz"]
    files = [generation / name for name in names] + sorted((generation / "words").iterdir())
    return {file.name: file.read_bytes() for file in files}
