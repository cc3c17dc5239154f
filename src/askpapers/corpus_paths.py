"""Where the corpus is: the paths and URLs that name it, else ./seeds or the example in the package."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import platformdirs

from askpapers.config_file import CONFIG_FILE
from askpapers.errors import UsageError
from askpapers.shard_copies import copy_folder, is_shards_url

DEFAULT_CORPUS = "seeds"
EXAMPLE = "the example that comes with askpapers"
"""Where a corpus is from that nobody named."""
_ZOTERO = "zotero:"
# What stands between two colons of a list: a URL with the colon of its port (or of a password, which is refused where
# the URL is taken), "zotero:...", or a path.
_PARTS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://(?:[^/@]*+@)?[^:]*(?::[0-9]+(?![^:/])[^:]*)?|zotero:[^:]*|[^:]+")


def find_corpus(
    given: Sequence[str], environment: Mapping[str, str], config: Mapping[str, Any], folder: Path
) -> tuple[tuple[Path, ...], str]:
    """The paths of the corpus, and what gave them: an option, a variable, a file, the default.

    The path of a URL is that of its copy. Where the file names collections only, it is the first. Raises UsageError
    where no path is given. `folder` is that of the config file.
    """
    if given:
        return _paths(given, "--corpus"), "--corpus"
    if environment.get("ASK_CORPUS"):
        return _paths(_path_list(environment["ASK_CORPUS"]), "ASK_CORPUS"), "ASK_CORPUS"
    if "corpus" in config:
        return _paths(_from_here(config["corpus"], folder), CONFIG_FILE), CONFIG_FILE
    if collections := paths_of_collections(config, folder):
        return _paths(next(iter(collections.values())), CONFIG_FILE), CONFIG_FILE
    if (folder / DEFAULT_CORPUS).is_dir():
        return (Path(os.path.relpath(folder / DEFAULT_CORPUS)),), "the default"
    return (_example_corpus(),), EXAMPLE


def paths_of_collections(config: Mapping[str, Any], folder: Path) -> dict[str, list[str]]:
    """The paths of each collection that a config file in a folder names."""
    return {name: _from_here(paths, folder) for name, paths in config.get("collections", {}).items()}


def _from_here(named: str | list[str], folder: Path) -> list[str]:
    """Paths of a config file in a folder, seen from the folder that the program runs in."""
    names = [named] if isinstance(named, str) else named
    return [
        n if not n or _is_zotero(n) or is_shards_url(n) else os.path.relpath(folder / expand_home(n)) for n in names
    ]


def _example_corpus() -> Path:
    """The seed abstracts: inside the package where it was installed from a wheel, else beside `src`."""
    packaged = Path(str(resources.files("askpapers"))) / DEFAULT_CORPUS
    return packaged if packaged.is_dir() else packaged.parents[2] / DEFAULT_CORPUS


def _paths(names: Sequence[str], set_by: str) -> tuple[Path, ...]:
    if not any(names):
        raise UsageError(
            f"{set_by} names no corpus.", hint="Give it the path of a folder of abstracts, or leave it out."
        )
    return tuple(_path(name) for name in names if name)


def _path(name: str) -> Path:
    if is_shards_url(name):
        return copy_folder(name)
    return Path(name) if _is_zotero(name) else Path(os.path.normpath(expand_home(name)))


def _is_zotero(name: str) -> bool:
    return name.startswith(_ZOTERO)


def _path_list(value: str) -> list[str]:
    """The paths of a list; the colons of "zotero:" and of a URL are none that part two of them."""
    if os.pathsep != ":":
        return [part for part in value.split(os.pathsep) if part]
    return [part for part in _PARTS.findall(value) if part]


def zotero_snapshots(names: Sequence[str | Path], address: str) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The paths, a file in place of each "zotero:…", and notes on files that are old."""
    roots, notes = [], []
    for name in names:
        if not _is_zotero(str(name)):
            roots.append(Path(name))
            continue
        from askpapers.sources.zotero import snapshot

        folder = Path(platformdirs.user_cache_dir("askpapers", appauthor=False)) / "zotero"
        file, note = snapshot(str(name), folder, address)
        roots.append(file)
        notes += [note] if note else []
    return tuple(roots), tuple(notes)


def expand_home(name: str) -> Path:
    """A path whose "~" is the home folder of a user, where there is one."""
    try:
        return Path(name).expanduser()
    except RuntimeError:  # there is no such user: "~" is part of a file's name
        return Path(name)


def data_folder(roots: Sequence[Path], what: str, collection: str = "") -> Path:
    """The folder of the user's data for what is made with a corpus: WHAT/CORPUS, or WHAT/COLLECTION."""
    name = collection or roots[0].absolute().name
    label = "".join(c if c.isalnum() else "-" for c in name)[:40] or "corpus"
    return Path(platformdirs.user_data_dir("askpapers", appauthor=False)) / what / label
