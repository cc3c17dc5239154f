"""What the user set: on the command line, in the environment, in ask.toml, in that order; else the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

from askpapers.api_keys import clean_key
from askpapers.config_file import CONFIG_FILE, JUDGES_DOUBTFUL, read_config
from askpapers.corpus_paths import EXAMPLE, expand_home, find_corpus, zotero_snapshots
from askpapers.errors import UsageError
from askpapers.index_paths import find_index
from askpapers.store_address import StoreAddress

DEFAULT_OPENAI_MODEL = "gpt-4.1-mini"
WITHOUT = "none"
"""The name of answering without a model."""
_KEYS = frozenset({"corpus", "index", "llm", "prompts", "timeout", "context", "check", "embedder", "mailto"}) | {
    *("llm-judges", "evidence-tokens", "server", "answer", "collections")
}
_USER_KEYS = (_KEYS - {"collections"}) | {"keys"}
_EXAMPLE_NOTE = "These are the 34 example papers that come with askpapers; name yours: ask --corpus FOLDER"
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Files that traffic with a model is recorded to, or replayed from; at most one of them."""

    record: Path | None = None
    replay: Path | None = None


LIVE = Traffic()


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which language model writes, if any, and how it is reached; `spec` as in the command line's --llm.

    `keys` are by what they open: "openai", or a server's address. They appear in no message and no repr.
    `timeout` is in seconds without a byte from the server; `context` in tokens, None where it is not known.
    `answer` is the longest answer in tokens, thoughts included, None for the usual.
    `judges` is one of JUDGES. `evidence` is how many tokens of papers are sent at most, None for the default.
    `schema`: whether an answer is asked for as JSON of a schema; None: unless the model runs on this machine.
    """

    spec: str = "none"
    spec_from: str = "the default"
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    base_url: str | None = None
    prompts: Path | None = None
    timeout: float = _TIMEOUT
    context: int | None = None
    answer: int | None = None
    traffic: Traffic = LIVE
    fallback: bool = True
    judges: str = JUDGES_DOUBTFUL
    evidence: int | None = None
    schema: bool | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the corpus and its index are, where each of the two was set, the model, the support check, the embedder.

    `mailto` is the user's address for the services that papers are fetched from, or "". `corpus_notes` says where the
    corpus is an older one than was asked for.
    `embedder` is None where none was named: then the one that made the index, or the embedded one.
    `store` is a collection on a server that has the vectors, None where the folder `index` has them; `store_key` its
    token, or "".
    """

    corpus: tuple[Path, ...]
    index: Path
    corpus_from: str
    index_from: str
    model: ModelSettings = ModelSettings()
    check: str = "fitted"
    embedder: str | None = None
    mailto: str = ""
    corpus_notes: tuple[str, ...] = ()
    store: StoreAddress | None = None
    store_key: str = field(default="", repr=False)

    @property
    def is_example(self) -> bool:
        """Whether nobody named a corpus, and the example is used."""
        return self.corpus_from == EXAMPLE

    @property
    def notes(self) -> tuple[str, ...]:
        """What everyone has to be told who gets an answer from this corpus."""
        return (*((_EXAMPLE_NOTE,) if self.is_example else ()), *self.corpus_notes)


def load_settings(
    corpus: Sequence[str] = (),
    index: str | None = None,
    llm: str | None = None,
    *,
    traffic: Traffic = LIVE,
    fallback: bool = True,
    judges: str | None = None,
    evidence: int | None = None,
    embedder: str | None = None,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> Settings:
    """Find the settings; `folder` is where `ask.toml` and `./seeds` are looked for.

    A corpus "zotero:…" becomes the file of what a running Zotero has. With the address of a store as the index, the
    folder of what stays on this machine is in the user's cache. Raises UsageError for a config file that cannot
    be read, has unknown keys or names no path, and for a corpus without a name; SourceError where Zotero gives nothing.
    """
    folder = folder or _here()
    config = read_project_config(folder)
    user_file = _user_file()
    names, corpus_from = find_corpus(corpus, environment, config, folder)
    roots, notes = zotero_snapshots(names, environment.get("ASK_ZOTERO_URL", ""))
    place = find_index(index, environment, config, folder, roots)
    check = environment.get("ASK_CHECK") or config.get("check", "fitted")
    user = read_config(user_file, _USER_KEYS)
    model = _model(llm, environment, config, folder / CONFIG_FILE, user, user_file)
    model = replace(
        model,
        traffic=traffic,
        fallback=fallback,
        judges=judges or model.judges,
        evidence=model.evidence if evidence is None else evidence,
    )
    named = embedder or environment.get("ASK_EMBEDDER") or config.get("embedder") or user.get("embedder")
    mailto = environment.get("ASK_MAILTO") or config.get("mailto") or user.get("mailto") or ""
    of_store = model.keys.get(place.store.server if place.store else "", model.keys.get("index", ""))
    return Settings(
        roots,
        place.folder,
        corpus_from,
        place.set_by,
        model,
        check,
        named,
        mailto.strip(),
        notes,
        place.store,
        clean_key(environment.get("ASK_INDEX_KEY", "")) or of_store,
    )


def read_project_config(folder: Path | None = None) -> dict[str, Any]:
    """What the ask.toml of a folder sets (the current one's). Raises UsageError for one that cannot be used."""
    return read_config((folder or _here()) / CONFIG_FILE, _KEYS)


def server_is_wanted(folder: Path | None = None) -> bool:
    """Whether `server` is not switched off in the files of settings; what is wrong with them is said elsewhere."""
    try:
        folder = folder or _here()
        files = (read_config(folder / CONFIG_FILE, _KEYS), read_config(_user_file(), _USER_KEYS))
    except UsageError:
        return True
    return next((bool(config["server"]) for config in files if "server" in config), True)


def load_model_settings(
    llm: str | None = None, *, environment: Mapping[str, str] = os.environ, folder: Path | None = None
) -> ModelSettings:
    """The settings of the language model alone. Raises UsageError for a config file that cannot be used."""
    file, user_file = (folder or _here()) / CONFIG_FILE, _user_file()
    return _model(llm, environment, read_config(file, _KEYS), file, read_config(user_file, _USER_KEYS), user_file)


def is_offline(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether nothing is to be looked for, on this machine's ports either: ASK_OFFLINE."""
    return environment.get("ASK_OFFLINE", "").strip().casefold() not in ("", "0", "false", "no", "off")


def _user_file() -> Path:
    return Path(platformdirs.user_config_dir("askpapers", appauthor=False)) / "config.toml"


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError("The current folder is not there any more.", hint="Go to another: cd FOLDER") from error


def _model(
    given: str | None,
    environment: Mapping[str, str],
    config: Mapping[str, Any],
    config_file: Path,
    user: Mapping[str, Any],
    user_file: Path,
) -> ModelSettings:
    """The model's settings. A project's ask.toml holds no keys: it is made to be shared."""
    files = ((config, config_file), (user, user_file))  # a path in a file counts from where the file is
    given_keys = {**user.get("keys", {})}
    for name, variable in (("openai", "OPENAI_API_KEY"), ("server", "ASK_API_KEY")):
        given_keys[name] = clean_key(environment.get(variable, "")) or given_keys.get(name, "")
    keys = {name: key for name, value in given_keys.items() if (key := clean_key(value))}
    candidates = (
        (given, "--llm"),
        (environment.get("ASK_LLM"), "ASK_LLM"),
        (config.get("llm"), CONFIG_FILE),
        (user.get("llm"), str(user_file)),
        (f"openai/{DEFAULT_OPENAI_MODEL}" if "openai" in keys else None, "the OpenAI key that is set"),
        ("none", "the default"),
    )
    spec, spec_from = next((str(value), source) for value, source in candidates if value)
    both = {**user, **config}
    prompts = (
        expand_home(environment["ASK_PROMPTS"])
        if environment.get("ASK_PROMPTS")
        else next((file.parent / expand_home(c["prompts"]) for c, file in files if "prompts" in c), None)
    )
    return ModelSettings(
        spec=spec,
        spec_from=spec_from,
        keys=keys,
        base_url=environment.get("OPENAI_BASE_URL", "").strip() or None,
        prompts=prompts,
        timeout=float(both.get("timeout", _TIMEOUT)),
        context=both.get("context"),
        judges=both.get("llm-judges", JUDGES_DOUBTFUL),
        evidence=both.get("evidence-tokens"),
        answer=both.get("answer"),
    )


def state_folder() -> Path:
    """The user's folder of what a terminal keeps: the last conversations, the lines that were typed."""
    return Path(platformdirs.user_state_dir("askpapers", appauthor=False))
