"""A model of the user's own as a reader (extra `nli`): a sequence classifier that transformers can load.

What it reads is told from its labels. An NLI model (entailment, neutral, contradiction) and one of two labels of which
one says "supported" (MiniCheck, Tang et al., EMNLP 2024) read support; a cross-encoder with one output reads relevance;
one with the labels of both (neither, mentions, answers, supported, not_said, contradicted) reads both.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from askpapers.errors import OptionalDependencyError, UsageError
from askpapers.reading.protocol import Pair, Probabilities, RelevanceLabel, SupportLabel
from askpapers.reading.windows import aggregate_relevance, aggregate_support, read_in_windows

_SUPPORTED = ("entailment", "entails", "supported", "support", "supports", "consistent")
_CONTRADICTED = ("contradiction", "contradicts", "contradicted", "contradictory", "refutes", "refuted")
_RELEVANCE = {label.name.casefold(): label for label in RelevanceLabel}
_MOST_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Head:
    """Which label each output of a model counts for, by the number of the output; the others are left out."""

    columns: Mapping[int, int]
    source_first: bool = False  # NLI models read (premise, hypothesis): the source, then the statement


@dataclass(frozen=True, slots=True)
class Heads:
    """What a model reads; None for what it does not."""

    relevance: Head | None = None
    support: Head | None = None


class OwnModel:
    """Reads pairs with a sequence classifier from a folder or a hub, each pair by itself.

    A path of this machine is read without the network. Another name is looked up on the Hugging Face hub, which is
    the only thing here that reaches beyond this machine.
    """

    def __init__(self, model: str) -> None:
        transformers, self._torch = _libraries()
        is_local = Path(model).exists()
        if not is_local and model.startswith((".", "/", "~")):
            raise UsageError(f"There is no model at {model}.", hint="Give a folder with config.json, or a hub's name.")
        try:
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(model, local_files_only=is_local)
            self._model: Any = transformers.AutoModelForSequenceClassification.from_pretrained(
                model, local_files_only=is_local
            ).eval()
        except (OSError, ValueError) as error:
            first = str(error).strip().splitlines()[0]
            raise UsageError(
                f"Cannot load {model}: {first}", hint="Give a folder with a sequence classifier."
            ) from error
        self._name = model
        self.heads = heads_of(self._model.config.id2label, model)

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `RelevanceReader.relevance`; raises UsageError for a model that does not read it."""
        head = self.heads.relevance
        if head is None:
            raise UsageError(
                f"{self._name} does not read relevance.", hint="Give a cross-encoder with one output for it."
            )
        return read_in_windows(
            pairs, self._room, self._length, lambda parts: self._read(parts, head), aggregate_relevance
        )

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `SupportReader.support`; raises UsageError for a model that does not read it."""
        head = self.heads.support
        if head is None:
            raise UsageError(
                f"{self._name} does not read support.", hint="Give an NLI model, or one with a label “supported”."
            )
        return read_in_windows(
            pairs, self._room, self._length, lambda parts: self._read(parts, head), aggregate_support
        )

    def _read(self, pairs: Sequence[Pair], head: Head) -> Probabilities:
        rows = np.zeros((len(pairs), 3), dtype=np.float32)
        for row, (first, second) in zip(rows, pairs, strict=True):
            texts = (second, first) if head.source_first else (first, second)
            encoded = self._tokenizer(*texts, return_tensors="pt", truncation=True, max_length=self._most_tokens)
            with self._torch.inference_mode():
                logits = self._model(**encoded).logits[0]
            if len(logits) == 1:  # one logit for yes is two of which the other is zero
                logits = self._torch.cat([self._torch.zeros_like(logits), logits])
            outputs = list(head.columns)
            for output, probability in zip(outputs, logits[outputs].softmax(dim=-1).tolist(), strict=True):
                row[head.columns[output]] += probability
        return rows

    def _length(self, text: str) -> int:
        encoded = self._tokenizer(text, add_special_tokens=False, truncation=True, max_length=self._most_tokens)
        return len(encoded["input_ids"])

    @property
    def _room(self) -> int:
        return self._most_tokens - int(self._tokenizer.num_special_tokens_to_add(pair=True))

    @property
    def _most_tokens(self) -> int:
        # Tokenizers that know no limit say 1e30.
        return min(_MOST_TOKENS, int(self._tokenizer.model_max_length))


def heads_of(labels: Mapping[int, str], model: str) -> Heads:
    """What a model reads, told from the names of its outputs in its config; raises UsageError where they do not say."""
    names = {int(number): _plain(name) for number, name in labels.items()}
    if len(names) == 1:
        return Heads(relevance=Head({0: RelevanceLabel.NEITHER, 1: RelevanceLabel.ANSWERS}))
    relevance = {number: _RELEVANCE[name] for number, name in names.items() if name in _RELEVANCE}
    both = len(relevance) == len(_RELEVANCE)
    others = {number: name for number, name in names.items() if number not in relevance} if both else names
    if both and not others:
        return Heads(relevance=Head(relevance))
    support = {number: _support_label(name) for number, name in others.items()}
    if len(others) == 2 and all(name.startswith("label_") for name in others.values()):
        no, yes = sorted(others)  # as MiniCheck has it
        support = {no: SupportLabel.NOT_SAID, yes: SupportLabel.SUPPORTED}
    if SupportLabel.SUPPORTED not in support.values():
        raise UsageError(
            f"{model} has no label for entailment; its labels are {', '.join(map(str, labels.values()))}.",
            hint=f"The label's name in config.json must be one of: {', '.join(_SUPPORTED)}.",
        )
    return Heads(Head(relevance) if both else None, Head(support, source_first=not both))


def _plain(name: object) -> str:
    """Without capitals, and without what stands before it: "Support: not said" is "not_said"."""
    return str(name).casefold().rpartition(":")[2].strip().replace(" ", "_").replace("-", "_")


def _support_label(name: str) -> SupportLabel:
    if name in _SUPPORTED:
        return SupportLabel.SUPPORTED
    return SupportLabel.CONTRADICTED if name in _CONTRADICTED else SupportLabel.NOT_SAID


def _libraries() -> tuple[Any, Any]:
    try:
        return importlib.import_module("transformers"), importlib.import_module("torch")
    except ImportError as error:
        raise OptionalDependencyError(
            "A model of your own needs transformers and torch.",
            hint='Install them: pip install "askpapers[nli]"',
        ) from error
