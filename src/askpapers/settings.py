"""What the user set: on the command line, in the environment, in ask.toml, in that order; else the defaults."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import platformdirs

from askpapers.errors import UsageError

CONFIG_FILE = "ask.toml"
DEFAULT_CORPUS = "seeds"
_KEYS = frozenset({"corpus", "index"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the corpus and its index are, and where each of the two was set."""

    corpus: tuple[Path, ...]
    index: Path
    corpus_from: str
    index_from: str


def load_settings(
    corpus: Sequence[str] = (),
    index: str | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> Settings:
    """Find the settings; `folder` is where `ask.toml` and `./seeds` are looked for.

    Raises UsageError for a config file that cannot be read, has unknown keys or names no path, and for a
    corpus without a name.
    """
    folder = folder or Path.cwd()
    config = _read_config(folder / CONFIG_FILE)
    roots, corpus_from = _corpus(corpus, environment, config, folder)
    name, index_from = (
        (index, "--index")
        if index
        else (environment["ASK_INDEX"], "ASK_INDEX")
        if environment.get("ASK_INDEX")
        else (str(folder / _at_home(config["index"])), CONFIG_FILE)
        if "index" in config
        else (None, "the cache folder")
    )
    place = _at_home(name) if name else _cache_folder(roots)
    return Settings(roots, place, corpus_from, index_from)


def _corpus(
    given: Sequence[str], environment: Mapping[str, str], config: Mapping[str, Any], folder: Path
) -> tuple[tuple[Path, ...], str]:
    if given:
        return _paths(given, "--corpus"), "--corpus"
    if environment.get("ASK_CORPUS"):
        return _paths(environment["ASK_CORPUS"].split(os.pathsep), "ASK_CORPUS"), "ASK_CORPUS"
    if "corpus" in config:
        value = config["corpus"]
        names = [value] if isinstance(value, str) else value
        return _paths([name and os.path.relpath(folder / _at_home(name)) for name in names], CONFIG_FILE), CONFIG_FILE
    if (folder / DEFAULT_CORPUS).is_dir():
        return (Path(os.path.relpath(folder / DEFAULT_CORPUS)),), "the default"
    return (_example_corpus(),), "the example that comes with askpapers"


def _example_corpus() -> Path:
    """The seed abstracts: inside the package where it was installed from a wheel, else beside `src`."""
    packaged = Path(str(resources.files("askpapers"))) / DEFAULT_CORPUS
    return packaged if packaged.is_dir() else packaged.parents[2] / DEFAULT_CORPUS


def _paths(names: Sequence[str], set_by: str) -> tuple[Path, ...]:
    if not any(names):
        raise UsageError(
            f"{set_by} names no corpus.", hint="Give it the path of a folder of abstracts, or leave it out."
        )
    return tuple(Path(os.path.normpath(_at_home(name))) for name in names if name)


def _at_home(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # there is no such user: "~" is part of a file's name
        return Path(name)


def _read_config(file: Path) -> dict[str, Any]:
    try:
        config = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", hint="Mend it or move it away.") from error
    if unknown := sorted(set(config) - _KEYS):
        raise UsageError(
            f"{file} sets {', '.join(unknown)}, which is not known.", hint=f"Known: {', '.join(sorted(_KEYS))}."
        )
    for key, value in config.items():
        names = value if key == "corpus" and isinstance(value, list) else [value]
        if not all(isinstance(name, str) for name in names):
            raise UsageError(f"{file} sets {key} to what is no path.", hint=f'Write it so: {key} = "FOLDER"')
    return config


def _cache_folder(roots: Sequence[Path]) -> Path:
    """A folder of the user's cache named after the corpus: readable, and one for each set of paths."""
    full = [str(root.resolve()) for root in roots]
    digest = hashlib.sha256("\0".join(full).encode()).hexdigest()[:10]
    label = "".join(c if c.isalnum() else "-" for c in Path(full[0]).name)[:40]
    return Path(platformdirs.user_cache_dir("askpapers", appauthor=False)) / f"{label}-{digest}"
