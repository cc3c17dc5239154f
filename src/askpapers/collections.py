"""Several named corpora that are served together: from options, or from `[collections]` in ask.toml."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from askpapers.config_file import CONFIG_FILE, is_collection_name
from askpapers.corpus_paths import paths_of_collections
from askpapers.errors import UsageError
from askpapers.index_paths import CACHE_FOLDER
from askpapers.settings import Settings, load_settings, read_project_config

OPTION = "--collection"
_HINT = f"Write it so: {OPTION} biology=FOLDER, with letters, digits, “-” and “_” in the name."


def load_collections(
    given: Sequence[str],
    corpus: Sequence[str] = (),
    index: str | None = None,
    llm: str | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> dict[str, Settings]:
    """The settings of each collection by its name; of a corpus that was named in another way, alone, under "".

    `given` are "NAME=PATH"; a name that comes twice has both paths. What else there is comes after them as for
    `load_settings`. Raises UsageError for what is no such pair, for both ways together, and for one index of several
    corpora.
    """
    if given and corpus:
        raise UsageError("--corpus and --collection exclude each other.", hint="Give the corpus a name, too.")
    config = read_project_config(folder)
    named = _pairs(given)
    if not named and not corpus and not environment.get("ASK_CORPUS"):
        named = paths_of_collections(config, folder or Path.cwd())
    if not named:
        return {"": load_settings(corpus, index, llm, environment=environment, folder=folder)}
    set_by = OPTION if given else CONFIG_FILE
    found = {
        name: replace(load_settings(paths, index, llm, environment=environment, folder=folder), corpus_from=set_by)
        for name, paths in named.items()
    }
    for settings in found.values():
        if settings.index_from != CACHE_FOLDER:
            raise UsageError(
                f"{settings.index_from} names one index, and each collection has its own.", hint="Leave it out."
            )
    return found


def _pairs(given: Sequence[str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for pair in given:
        name, equals, path = pair.partition("=")
        if not (equals and path and is_collection_name(name)):
            raise UsageError(f"“{pair}” is no name and folder.", hint=_HINT)
        named.setdefault(name, []).append(path)
    return named
