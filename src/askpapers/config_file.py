"""A file of settings (ask.toml): which keys it may set, and to what."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from askpapers.errors import UsageError

CONFIG_FILE = "ask.toml"
JUDGES_DOUBTFUL, JUDGES_ALL = JUDGES = ("doubtful", "all")
"""Which papers of a survey a model is asked about: those that the scores leave in doubt, or all."""
_FOR_EVER = 10_000_000
_COLLECTION = re.compile(r"[A-Za-z0-9_-]{1,40}")


def read_config(file: Path, known: frozenset[str]) -> dict[str, Any]:
    """What a file sets; {} where there is none. Raises UsageError for a key that is not `known`, and a wrong value."""
    try:
        config = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", hint="Mend it or move it away.") from error
    if "keys" in set(config) - known:
        raise UsageError(
            f"{file} holds keys, and a project's file is made to be shared.",
            hint="Move them to OPENAI_API_KEY or ASK_API_KEY, or into your own config file (`ask doctor` names it).",
        )
    if unknown := sorted(set(config) - known):
        raise UsageError(
            f"{file} sets {', '.join(unknown)}, which is not known.", hint=f"Known: {', '.join(sorted(known))}."
        )
    for name, value in config.items():
        if not _fits(name, value):
            kind, example = _KINDS[name]
            raise UsageError(f"{file} sets {name} to what is {kind}.", hint=f"Write it so: {example}")
    return config


_KINDS = {
    "corpus": ("no path", 'corpus = "FOLDER"'),
    "index": ("no path", 'index = "FOLDER"'),
    "prompts": ("no path", 'prompts = "FOLDER"'),
    "check": ("no support check", 'check = "nli:FOLDER"'),
    "llm": ("no model", 'llm = "ollama/llama3.2"'),
    "embedder": ("no embedder", 'embedder = "ollama/nomic-embed-text"'),
    "mailto": ("no address", 'mailto = "me@example.org"'),
    "timeout": ("no number of seconds", "timeout = 60"),
    "context": ("no number of tokens", "context = 8192"),
    "llm-judges": ("no choice of papers", 'llm-judges = "doubtful", or "all"'),
    "evidence-tokens": ("no number of tokens", "evidence-tokens = 1000"),
    "server": ("neither true nor false", "server = false"),
    "answer": ("no number of tokens", "answer = 4000"),
    "collections": ("no table of paths by name", '[collections]\nbiology = "FOLDER"'),
    "keys": ("no table of keys", '[keys]\nopenai = "..."'),
}


def is_collection_name(name: str) -> bool:
    """Whether a collection can be called so: its name stands in addresses."""
    return bool(_COLLECTION.fullmatch(name))


def _fits(name: str, value: object) -> bool:
    match name:
        case "collections":
            named = value if isinstance(value, dict) else {}
            return bool(named) and all(is_collection_name(one) and _fits("corpus", of) for one, of in named.items())
        case "timeout" | "context" | "answer" | "evidence-tokens":
            whole = (int, float) if name == "timeout" else int
            return isinstance(value, whole) and not isinstance(value, bool) and 0 < value < _FOR_EVER
        case "llm-judges":
            return value in JUDGES
        case "server":
            return isinstance(value, bool)
        case "keys":
            return isinstance(value, dict) and all(isinstance(key, str) for key in value.values())
        case "corpus" if isinstance(value, list):
            return all(isinstance(part, str) for part in value)
        case _:
            return isinstance(value, str)
