"""What answers on this machine already: model servers on their usual ports, GGUF files in the usual folders.

Only looked for when it is asked for, and never used without being named. Nothing beyond this machine is reached.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

from askpapers.llm.spec import OLLAMA, Kind, Spec

PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
"""Whose port each is, unless the server names its maker."""

_MAKERS = {"vllm": "vLLM", "llamacpp": "llama.cpp", "library": "Ollama", "sglang": "SGLang"}
_WAIT = 0.3  # seconds for a connection, and for each piece
_LONGEST_WAIT = 1.0  # seconds in all
_LARGEST = 1_000_000  # bytes of a list of models
_NOT_FOR_WRITING = ("embed", "rerank", "whisper", "bge-", "minilm", "nomic")
_MOST_FILES = 50
_DEEPEST = 5  # folders below the usual one


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that answered: who it is, its address with /v1, and the names of its models."""

    name: str
    address: str
    models: tuple[str, ...]

    @property
    def specs(self) -> tuple[str, ...]:
        """The models that write, as --llm takes them."""
        writing = [model for model in self.models if not any(part in model.casefold() for part in _NOT_FOR_WRITING)]
        address = OLLAMA if self.name == "Ollama" and ":11434/" in self.address else self.address
        return tuple(str(Spec(Kind.SERVER, model, address)) for model in writing)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file and its size in bytes."""

    path: Path
    size: int

    @property
    def spec(self) -> str:
        """The model as --llm takes it."""
        return str(Spec(Kind.GGUF, str(self.path)))


def find_servers(ports: Mapping[int, str] = PORTS) -> list[LocalServer]:
    """The model servers on these ports of this machine, all looked at at once, within about a second."""
    plain = httpx.Client(trust_env=False, verify=False, timeout=_WAIT)  # HTTP: certificates take 20 ms to load
    with plain as client, ThreadPoolExecutor(len(ports) or 1) as pool:
        found = pool.map(lambda port: _server(client, *port), ports.items())
        return [server for server in found if server]


def _server(client: httpx.Client, port: int, name: str) -> LocalServer | None:
    address = f"http://127.0.0.1:{port}/v1"
    deadline, content = time.monotonic() + _LONGEST_WAIT, b""
    try:
        with client.stream("GET", f"{address}/models") as response:
            if response.status_code != 200:
                return None
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _LARGEST or time.monotonic() > deadline:
                    return None
        listed: Any = json.loads(content)
        models = [item for item in listed["data"] if isinstance(item, dict) and isinstance(item.get("id"), str)]
    except (httpx.HTTPError, ValueError, KeyError, TypeError, RecursionError):
        return None  # nothing listens, or it is no model server
    makers = (_MAKERS.get(str(model.get("owned_by"))) for model in models)
    return LocalServer(next(filter(None, makers), name), address, tuple(model["id"] for model in models))


def model_folders(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where programs keep GGUF files: LM Studio, llama.cpp, Hugging Face's cache, ~/models."""
    home = Path.home()
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    folders = [
        home / "models",
        home / ".lmstudio" / "models",
        cache / "lm-studio" / "models",
        Path(environment.get("LLAMA_CACHE") or cache / "llama.cpp"),
        home / "Library" / "Caches" / "llama.cpp",
        Path(environment.get("HF_HUB_CACHE") or cache / "huggingface" / "hub"),
    ]
    return list(dict.fromkeys(folders))


def find_files(folders: list[Path]) -> list[ModelFile]:
    """The GGUF files of language models in these folders, fifty at most; a split one by its first part."""
    paths = (path for folder in folders for path in _below(folder))
    return list(islice((ModelFile(path, path.stat().st_size) for path in paths if _is_model(path)), _MOST_FILES))


def _below(folder: Path) -> Iterator[Path]:
    for place, inner, names in os.walk(folder):  # an unreadable folder is passed over
        if len(Path(place).relative_to(folder).parts) >= _DEEPEST:
            inner.clear()
        inner.sort()
        yield from (Path(place, name) for name in sorted(names) if name.casefold().endswith(".gguf"))


def _is_model(path: Path) -> bool:
    name = path.name.casefold()
    if "mmproj" in name or ("-of-" in name and "-00001-of-" not in name):
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError:
        return False


def can_open_files() -> bool:
    """Whether the extra `gguf` is installed."""
    try:
        return all(find_spec(name) is not None for name in ("llama_cpp", "llama_index.llms.llama_cpp"))
    except ImportError:
        return False
