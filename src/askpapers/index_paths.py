"""Where the index is: the folder or the vector store that names it, else a folder of the user's cache."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from askpapers.config_file import CONFIG_FILE
from askpapers.corpus_paths import expand_home
from askpapers.store_address import StoreAddress, is_store_address, read_store_address

CACHE_FOLDER = "the cache folder"
"""Where an index is that nobody named a place for."""


class IndexPlace(NamedTuple):
    """The folder of an index, what gave it, and the store on a server that has its vectors, if one has."""

    folder: Path
    set_by: str
    store: StoreAddress | None = None


def find_index(
    given: str | None,
    environment: Mapping[str, str],
    config: Mapping[str, Any],
    config_folder: Path,
    roots: Sequence[Path],
) -> IndexPlace:
    """Where the index of the corpus under `roots` is: by an option, a variable, a config file, or the default.

    With the address of a store, what stays on this machine is in a folder of the cache. Raises UsageError.
    """
    candidates = (
        (given, "--index"),
        (environment.get("ASK_INDEX"), "ASK_INDEX"),
        (config.get("index"), CONFIG_FILE),
    )
    name, set_by = next(((str(n), by) for n, by in candidates if n or (n is not None and by == CONFIG_FILE)), ("", ""))
    if is_store_address(name):
        store = read_store_address(name)
        return IndexPlace(_cache_folder(roots, store), set_by, store)
    if not set_by:
        return IndexPlace(_cache_folder(roots, None), CACHE_FOLDER)
    place = expand_home(name)
    return IndexPlace(config_folder / place if set_by == CONFIG_FILE else place, set_by)


def _cache_folder(roots: Sequence[Path], store: StoreAddress | None) -> Path:
    """A folder of the user's cache named after the corpus: readable, and one for each set of paths and each store."""
    full = [str(root.resolve()) for root in roots] + ([str(store)] if store else [])
    digest = hashlib.sha256(os.fsencode("\0".join(full))).hexdigest()[:10]
    label = "".join(c if c.isalnum() else "-" for c in Path(full[0]).name)[:40]
    return Path(platformdirs.user_cache_dir("askpapers", appauthor=False)) / f"{label}-{digest}"
