"""Where the corpus is: the paths that name it, "zotero:" among them, else ./seeds or the example in the package."""

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

DEFAULT_CORPUS = "seeds"
EXAMPLE = "the example that comes with askpapers"
"""Where a corpus is from that nobody named."""
_ZOTERO = "zotero:"


def find_corpus(
    given: Sequence[str], environment: Mapping[str, str], config: Mapping[str, Any], folder: Path
) -> tuple[tuple[Path, ...], str]:
    """The paths of the corpus, as they were given, and what gave them: an option, a variable, a file, the default.

    Where the file names collections only, it is the first. Raises UsageError where no path is given. `folder` is that
    of the config file.
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
    return [n if not n or _is_zotero(n) else os.path.relpath(folder / expand_home(n)) for n in names]


def _example_corpus() -> Path:
    """The seed abstracts: inside the package where it was installed from a wheel, else beside `src`."""
    packaged = Path(str(resources.files("askpapers"))) / DEFAULT_CORPUS
    return packaged if packaged.is_dir() else packaged.parents[2] / DEFAULT_CORPUS


def _paths(names: Sequence[str], set_by: str) -> tuple[Path, ...]:
    if not any(names):
        raise UsageError(
            f"{set_by} names no corpus.", hint="Give it the path of a folder of abstracts, or leave it out."
        )
    return tuple(Path(n) if _is_zotero(n) else Path(os.path.normpath(expand_home(n))) for n in names if n)


def _is_zotero(name: str) -> bool:
    return name.startswith(_ZOTERO)


def _path_list(value: str) -> list[str]:
    """The paths of a list; the colon of "zotero:" is none that parts two of them."""
    return [part for part in re.split(rf"(?<!\bzotero){re.escape(os.pathsep)}", value) if part]


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
