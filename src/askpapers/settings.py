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

    Raises UsageError for a config file that cannot be read or has unknown keys.
    """
    folder = folder or Path.cwd()
    config = _read_config(folder / CONFIG_FILE)
    roots, corpus_from = _corpus(corpus, environment, config, folder)
    name, index_from = (
        (index, "--index")
        if index
        else (environment["ASK_INDEX"], "ASK_INDEX")
        if environment.get("ASK_INDEX")
        else (str(folder / config["index"]), CONFIG_FILE)
        if "index" in config
        else (None, "the cache folder")
    )
    place = Path(name).expanduser() if name else _cache_folder(roots)
    return Settings(roots, place, corpus_from, index_from)


def _corpus(
    given: Sequence[str], environment: Mapping[str, str], config: Mapping[str, Any], folder: Path
) -> tuple[tuple[Path, ...], str]:
    if given:
        return _paths(given), "--corpus"
    if environment.get("ASK_CORPUS"):
        return _paths(environment["ASK_CORPUS"].split(os.pathsep)), "ASK_CORPUS"
    if "corpus" in config:
        value = config["corpus"]
        names = [value] if isinstance(value, str) else list(value)
        return _paths([os.path.relpath(folder / Path(n).expanduser()) for n in names]), CONFIG_FILE
    if (folder / DEFAULT_CORPUS).is_dir():
        return (Path(DEFAULT_CORPUS),), "the default"
    return (_example_corpus(),), "the example that comes with askpapers"


def _example_corpus() -> Path:
    """The seed abstracts: inside the package where it was installed from a wheel, else beside `src`."""
    packaged = Path(str(resources.files("askpapers"))) / DEFAULT_CORPUS
    return packaged if packaged.is_dir() else packaged.parents[2] / DEFAULT_CORPUS


def _paths(names: Sequence[str]) -> tuple[Path, ...]:
    return tuple(Path(os.path.normpath(Path(name).expanduser())) for name in names if name)


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
    return config


def _cache_folder(roots: Sequence[Path]) -> Path:
    """A folder of the user's cache named after the corpus: readable, and one for each set of paths."""
    full = [str(root.resolve()) for root in roots]
    digest = hashlib.sha256("\0".join(full).encode()).hexdigest()[:10]
    label = "".join(c if c.isalnum() else "-" for c in Path(full[0]).name)[:40]
    return Path(platformdirs.user_cache_dir("askpapers", appauthor=False)) / f"{label}-{digest}"
