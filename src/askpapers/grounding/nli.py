"""A support check by a model of entailment or of factual consistency (extra `nli`), behind the same interface.

Any sequence classifier of pairs that transformers can load: an NLI model with an "entailment" label, or one with two
labels of which the second is "supported" (MiniCheck, Tang et al., EMNLP 2024). The model alone decides; the exact
checks only name what the source does not have.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from askpapers.datatypes import Verdict
from askpapers.errors import OptionalDependencyError, UsageError
from askpapers.grounding.support import Support, find_faults, is_verbatim

_FULL = 0.5
_PARTIAL = 0.2
_YES = ("entailment", "entails", "supported", "support", "supports", "consistent")
_MOST_TOKENS = 512


class NliCheck:
    """Checks a statement with a classifier of (source, statement) pairs, loaded from a folder or a hub.

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
        self._yes = entailment_label(self._model.config.id2label, model)

    def __call__(self, statement: str, source: str) -> Support:
        """Say how far the source supports the statement; the score is the model's probability that it does."""
        if is_verbatim(statement, source):
            return Support(Verdict.SUPPORTED, 1.0)
        if not statement.strip() or not source.strip():
            return Support(Verdict.UNSUPPORTED, 0.0)
        encoded = self._tokenizer(
            source, statement, return_tensors="pt", truncation="only_first", max_length=self._most_tokens()
        )
        with self._torch.inference_mode():
            score = float(self._model(**encoded).logits[0].softmax(dim=-1)[self._yes])
        if score >= _FULL:
            return Support(Verdict.SUPPORTED, score)
        verdict = Verdict.PARTIAL if score >= _PARTIAL else Verdict.UNSUPPORTED
        return Support(verdict, score, find_faults(statement, source).missing)

    def _most_tokens(self) -> int:
        # Tokenizers that know no limit say 1e30.
        return min(_MOST_TOKENS, int(self._tokenizer.model_max_length))


def entailment_label(labels: dict[int, str], model: str) -> int:
    """Which output says that the source supports the statement, from the names in the model's config."""
    for number, name in labels.items():
        if str(name).casefold() in _YES:
            return int(number)
    if len(labels) == 2 and all(str(name).upper().startswith("LABEL_") for name in labels.values()):
        return 1  # as MiniCheck has it
    raise UsageError(
        f"{model} has no label for entailment; its labels are {', '.join(map(str, labels.values()))}.",
        hint=f"The label's name in config.json must be one of: {', '.join(_YES)}.",
    )


def _libraries() -> tuple[Any, Any]:
    try:
        return importlib.import_module("transformers"), importlib.import_module("torch")
    except ImportError as error:
        raise OptionalDependencyError(
            "Checking with a model of entailment needs transformers and torch.",
            hint='Install them: pip install "askpapers[nli]"',
        ) from error
