"""With tiny models of random weights: what is tested is the loading and the reading, not the judgement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askpapers.datatypes import Verdict
from askpapers.errors import AskPapersError, OptionalDependencyError, UsageError
from askpapers.grounding.checks import open_check
from askpapers.reading.own_model import Head, Heads, OwnModel, heads_of
from askpapers.reading.protocol import RelevanceLabel, SupportLabel

SOURCE = "Cats purr. They sleep sixteen hours a day."
NLI = ["contradiction", "neutral", "entailment"]
BOTH = ["neither", "mentions", "answers", "supported", "not_said", "contradicted"]
SUPPORTED, NOT_SAID, CONTRADICTED = SupportLabel
NEITHER, MENTIONS, ANSWERS = RelevanceLabel


def save_model(folder: Path, labels: list[str], favoured: int, bias: float = 4.0) -> str:
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
        model.classifier.weight *= 20  # so that the texts tell too
        model.classifier.bias[favoured] = bias
    model.save_pretrained(folder)
    return str(folder)


def logits(folder: str, first: str, second: str) -> Any:
    """What the model says of two texts in this order."""
    transformers: Any = pytest.importorskip("transformers")
    encoded = transformers.AutoTokenizer.from_pretrained(folder)(first, second, return_tensors="pt")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    return model(**encoded).logits[0].detach()


@pytest.mark.parametrize(
    ("labels", "favoured", "verdict"),
    [
        (NLI, 2, Verdict.SUPPORTED),
        (["ENTAILMENT", "NEUTRAL", "CONTRADICTION"], 2, Verdict.UNSUPPORTED),
        (["LABEL_0", "LABEL_1"], 1, Verdict.SUPPORTED),
        (["LABEL_0", "LABEL_1"], 0, Verdict.UNSUPPORTED),
        (BOTH, 3, Verdict.SUPPORTED),
        (BOTH, 5, Verdict.UNSUPPORTED),
    ],
)
def test_the_labels_of_a_local_model_are_read(
    tmp_path: Path, labels: list[str], favoured: int, verdict: Verdict
) -> None:
    check = open_check("nli:" + save_model(tmp_path / "model", labels, favoured, 8.0))
    found = check("Dogs bark 17 hours.", SOURCE)
    assert found.verdict is verdict
    assert 0 <= found.score <= 1
    assert ("17 hours" in found.missing) == (verdict is not Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("labels", "favoured", "expected"),
    [(NLI, 0, CONTRADICTED), (NLI, 1, NOT_SAID), (NLI, 2, SUPPORTED), (BOTH, 4, NOT_SAID), (BOTH, 5, CONTRADICTED)],
)
def test_support_is_a_row_of_probabilities(
    tmp_path: Path, labels: list[str], favoured: int, expected: SupportLabel
) -> None:
    reader = OwnModel(save_model(tmp_path / "model", labels, favoured, 8.0))
    rows = reader.support([("Dogs bark.", SOURCE), ("Cats bark.", SOURCE), ("", "")])
    assert rows.shape == (3, 3)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)
    assert rows[0].argmax() == expected
    np.testing.assert_array_equal(reader.support([("Cats bark.", SOURCE)])[0], rows[1])
    assert reader.support([]).shape == (0, 3)


def test_a_model_with_both_heads_reads_both_and_they_do_not_mix(tmp_path: Path) -> None:
    reader = OwnModel(save_model(tmp_path / "model", BOTH, 1, 8.0))
    rows = reader.relevance([("dogs", SOURCE), ("cats", SOURCE)])
    assert list(rows.argmax(axis=1)) == [MENTIONS, MENTIONS]
    other = OwnModel(save_model(tmp_path / "other", BOTH, 3, 8.0))
    assert other.support([("dogs", SOURCE)])[0].argmax() == SUPPORTED
    np.testing.assert_allclose(other.relevance([("dogs", SOURCE)]).sum(), 1, atol=1e-6)


def test_a_cross_encoder_with_one_output_reads_relevance_through_a_sigmoid(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "model", ["LABEL_0"], 0, 1.5)
    row = OwnModel(folder).relevance([("dogs", SOURCE)])[0]
    assert row[ANSWERS] == pytest.approx(float(logits(folder, "dogs", SOURCE).sigmoid()), abs=1e-6)
    assert row[MENTIONS] == 0


def test_an_nli_model_reads_the_source_first(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "model", NLI, 1, 0.0)
    expected = logits(folder, SOURCE, "Dogs bark.").softmax(dim=-1).tolist()[::-1]
    np.testing.assert_allclose(OwnModel(folder).support([("Dogs bark.", SOURCE)])[0], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("labels", "method", "message"),
    [(NLI, "relevance", "does not read relevance"), (["LABEL_0"], "support", "does not read support")],
)
def test_what_a_model_does_not_read_is_an_error(tmp_path: Path, labels: list[str], method: str, message: str) -> None:
    reader = OwnModel(save_model(tmp_path / "model", labels, 0))
    with pytest.raises(UsageError, match=message):
        getattr(reader, method)([("dogs", SOURCE)])


def test_a_model_that_does_not_read_support_is_no_check(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "model", ["LABEL_0"], 0)
    with pytest.raises(UsageError, match="does not read support"):
        open_check(f"nli:{folder}")


def test_a_source_that_is_too_long_is_read_to_its_end(tmp_path: Path) -> None:
    reader = OwnModel(save_model(tmp_path / "model", NLI, 1, 0.0))
    long = SOURCE * 20
    one, other = reader.support([("Dogs bark.", f"{long} Cats purr."), ("Dogs bark.", f"{long} Dogs sleep a day.")])
    assert (one != other).any()
    assert reader.support([("Dogs bark. " * 50, long)]).shape == (1, 3)


def test_a_folder_without_a_model_is_an_error_of_ours(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    with pytest.raises(UsageError, match="Cannot load"):
        OwnModel(str(tmp_path))
    with pytest.raises(UsageError, match="There is no model"):
        OwnModel(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (["entailment", "neutral", "contradiction"], (SUPPORTED, NOT_SAID, CONTRADICTED)),
        (["Contradiction", "Neutral", "Entailment"], (CONTRADICTED, NOT_SAID, SUPPORTED)),
        (["entailment", "not_entailment"], (SUPPORTED, NOT_SAID)),
        (["SUPPORTS", "REFUTES", "NOT ENOUGH INFO"], (SUPPORTED, CONTRADICTED, NOT_SAID)),
        (["not_supported", "supported"], (NOT_SAID, SUPPORTED)),
        (["LABEL_0", "LABEL_1"], (NOT_SAID, SUPPORTED)),
    ],
)
def test_what_the_labels_of_an_nli_model_count_for(labels: list[str], columns: tuple[SupportLabel, ...]) -> None:
    expected = Heads(support=Head(dict(enumerate(columns)), source_first=True))
    assert heads_of(dict(enumerate(labels)), "m") == expected


@pytest.mark.parametrize(
    "labels",
    [
        BOTH,
        ["Relevance: neither", "relevance: mentions", "relevance:answers", "support: supported", "Not said", "refuted"],
    ],
)
def test_what_the_labels_of_a_model_with_both_heads_count_for(labels: list[str]) -> None:
    relevance = Head({0: NEITHER, 1: MENTIONS, 2: ANSWERS})
    support = Head({3: SUPPORTED, 4: NOT_SAID, 5: CONTRADICTED})
    assert heads_of(dict(enumerate(labels)), "m") == Heads(relevance, support)


def test_a_model_of_relevance_alone_reads_that_alone() -> None:
    head = Head({0: ANSWERS, 1: NEITHER, 2: MENTIONS})
    assert heads_of({0: "answers", 1: "neither", 2: "mentions"}, "m") == Heads(relevance=head)


@pytest.mark.parametrize(
    "labels", [["LABEL_0", "LABEL_1", "LABEL_2"], ["toxic", "fine"], ["neither", "mentions", "answers", "toxic"]]
)
def test_a_model_of_something_else_is_refused(labels: list[str]) -> None:
    with pytest.raises(UsageError, match="no label for entailment"):
        heads_of(dict(enumerate(labels)), "m")


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(OptionalDependencyError) as caught:
        open_check("nli:some/model")
    assert isinstance(caught.value, AskPapersError)
    assert "askpapers[nli]" in caught.value.hint
