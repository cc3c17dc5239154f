"""With a tiny model of random weights: what is tested is the loading and the reading, not the judgement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from askpapers.datatypes import Verdict
from askpapers.errors import AskPapersError, OptionalDependencyError, UsageError
from askpapers.grounding.nli import NliCheck, entailment_label

SOURCE = "Cats purr. They sleep sixteen hours a day."


def save_model(folder: Path, labels: list[str], favoured: int) -> str:
    """Save a BERT of two layers whose bias favours one label."""
    torch = pytest.importorskip("torch")
    transformers: Any = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *SOURCE.lower().replace(".", " .").split(), "dogs", "bark"]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(words)), encoding="utf-8")
    transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), model_max_length=32).save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=32,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    model = transformers.BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.bias[favoured] = 4.0
    model.save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize(
    ("labels", "favoured", "verdict"),
    [
        (["contradiction", "neutral", "entailment"], 2, Verdict.SUPPORTED),
        (["ENTAILMENT", "NEUTRAL", "CONTRADICTION"], 2, Verdict.UNSUPPORTED),
        (["LABEL_0", "LABEL_1"], 1, Verdict.SUPPORTED),
        (["LABEL_0", "LABEL_1"], 0, Verdict.UNSUPPORTED),
    ],
)
def test_the_labels_of_a_local_model_are_read(
    tmp_path: Path, labels: list[str], favoured: int, verdict: Verdict
) -> None:
    check = NliCheck(save_model(tmp_path / "model", labels, favoured))
    found = check("Dogs bark 17 hours.", SOURCE)
    assert found.verdict is verdict
    assert 0 <= found.score <= 1
    assert ("17 hours" in found.missing) == (verdict is not Verdict.SUPPORTED)


def test_a_source_that_is_too_long_is_cut(tmp_path: Path) -> None:
    check = NliCheck(save_model(tmp_path / "model", ["entailment", "neutral", "contradiction"], 0))
    assert check("Dogs bark.", SOURCE * 50).verdict is Verdict.SUPPORTED


def test_what_stands_there_and_what_says_nothing_need_no_model(tmp_path: Path) -> None:
    check = NliCheck(save_model(tmp_path / "model", ["entailment", "neutral"], 1))
    assert check("Cats purr.", SOURCE).score == 1.0
    assert check("Cats purr.", "").verdict is Verdict.UNSUPPORTED


def test_a_folder_without_a_model_is_an_error_of_ours(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    with pytest.raises(UsageError, match="Cannot load"):
        NliCheck(str(tmp_path))
    with pytest.raises(UsageError, match="There is no model"):
        NliCheck(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({0: "entailment", 1: "neutral", 2: "contradiction"}, 0),
        ({0: "Contradiction", 1: "Neutral", 2: "Entailment"}, 2),
        ({0: "not_supported", 1: "supported"}, 1),
        ({0: "LABEL_0", 1: "LABEL_1"}, 1),
    ],
)
def test_the_label_that_says_yes(labels: dict[int, str], expected: int) -> None:
    assert entailment_label(labels, "m") == expected


@pytest.mark.parametrize("labels", [{0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}, {0: "toxic", 1: "fine"}])
def test_a_model_of_something_else_is_refused(labels: dict[int, str]) -> None:
    with pytest.raises(UsageError, match="no label for entailment"):
        entailment_label(labels, "m")


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(OptionalDependencyError) as caught:
        NliCheck("some/model")
    assert isinstance(caught.value, AskPapersError)
    assert "askpapers[nli]" in caught.value.hint
