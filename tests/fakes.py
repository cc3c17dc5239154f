"""What tests use in place of the slow: an embedder and a reader without a model, and papers made up in a file."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askpapers.index.build import Refreshed, refresh
from askpapers.index.embedder import Embedder, Vectors
from askpapers.reading.protocol import Pair, Probabilities


class WordHash:
    """An `Embedder`: the sum of one pseudo-random direction for each word, made a unit vector.

    `embedded` holds every text that it was given. `before` is called with the number of texts so far in
    front of each call, and may raise.
    """

    dimension = 16

    def __init__(self, name: str = "word-hash", before: Callable[[int], None] = lambda count: None) -> None:
        self.name = name
        self.embedded: list[str] = []
        self._before = before

    def embed(self, texts: Sequence[str]) -> Vectors:
        self._before(len(self.embedded))
        self.embedded += texts
        return np.array([_direction(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_question(self, question: str) -> Vectors:
        vector: Vectors = self.embed([question])[0]
        return vector


def _direction(text: str) -> Vectors:
    total = np.full(WordHash.dimension, 0.01)
    for word in text.casefold().split():
        total += _direction_of_word(word)
    vector: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
    return vector


@functools.cache
def _direction_of_word(word: str) -> npt.NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(WordHash.dimension)


class ScriptedModel:
    """A model that writes what it was given, one text after the other, and raises what is an error."""

    name = "scripted"

    def __init__(self, *replies: str | Exception) -> None:
        self._replies = list(replies)
        self.asked: list[str] = []

    def say(self, messages: object, meter: object, told: object, shape: object = None) -> str:
        self.asked.append(str(messages))
        text = self._replies.pop(0)
        if isinstance(text, Exception):
            raise text
        return text


class ScriptedReader:
    """A `Reader` whose probabilities come from functions of a pair's texts, or are the same for all pairs.

    `answers` gives that of `ANSWERS` and `supported` that of `SUPPORTED`; the rest goes to `NEITHER` and `NOT_SAID`.
    `given` holds every pair whose relevance was read, in order.
    """

    def __init__(
        self, answers: Callable[[str, str], float] | float = 0.0, supported: Callable[[str, str], float] | float = 0.0
    ) -> None:
        self.given: list[Pair] = []
        self._answers = answers
        self._supported = supported

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        self.given += pairs
        answers = _probabilities(self._answers, pairs)
        return np.stack([1 - answers, np.zeros_like(answers), answers], axis=1)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        supported = _probabilities(self._supported, pairs)
        return np.stack([supported, 1 - supported, np.zeros_like(supported)], axis=1)


def _probabilities(of: Callable[[str, str], float] | float, pairs: Sequence[Pair]) -> Probabilities:
    return np.array([of(*pair) if callable(of) else of for pair in pairs], dtype=np.float32)


def write_papers(folder: Path, abstracts: Mapping[str, str] | Iterable[str], name: str = "papers.jsonl") -> Path:
    """Write abstracts by id (or numbered p0, p1, ...) as JSON lines; returns the folder."""
    by_id = abstracts if isinstance(abstracts, Mapping) else {f"p{i}": text for i, text in enumerate(abstracts)}
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"id": key, "title": f"On {key}", "abstract": text}) for key, text in by_id.items()]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def many_papers(count: int, sentences: int = 3) -> list[str]:
    """Abstracts that all differ, of so many sentences each."""
    return [
        " ".join(f"Finding {n} of study {i} is w{i * sentences + n}." for n in range(sentences)) for i in range(count)
    ]


def build(folder: Path, roots: Path, embedder: Embedder, *, rebuild: bool = False) -> Refreshed:
    """Refresh without a display."""
    return refresh(folder, [roots], embedder, lambda stage, done, total: None, rebuild=rebuild)
