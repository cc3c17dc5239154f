"""The labels that the Reader is trained on have their form, and a sentence that is changed says otherwise."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

TRAINING = Path(__file__).resolve().parents[1] / "training"


def labels(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRAINING / "labels" / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def pairs() -> ModuleType:
    return script("pairs")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TRAINING / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up, and scripts each other
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["topics.jsonl", "surveys.jsonl"])
def test_a_pool_names_its_papers_by_number(name: str) -> None:
    pools = labels(name)
    assert len({pool["pool"] for pool in pools}) == len(pools)
    for pool in pools:
        numbers = set(range(1, len(pool["papers"]) + 1))
        assert len(set(pool["papers"])) == len(pool["papers"])
        for topic, matches, mentions in pool["topics"]:
            assert topic.strip()
            assert not set(matches) & set(mentions)
            assert {*matches, *mentions} <= numbers
        for question, number, rest in [*pool["questions"], *pool.get("facts", [])]:
            assert question.strip()
            assert number in numbers
            assert rest in (0, 1) or isinstance(rest, list)


def test_a_labelled_abstract_has_its_sentences_and_a_spoilt_claim_of_each_label() -> None:
    records = labels("claims.jsonl")
    assert len({record["id"] for record in records}) == len(records)
    for record in records:
        sentences = [record["text"][start:end] for start, end in record["sentences"]]
        assert " ".join(sentences).split() == record["text"].split()
        numbers = set(range(1, len(sentences) + 1))
        for claim in record["claims"]:
            assert claim["sentences"]
            assert set(claim["sentences"]) <= numbers
            assert sorted(spoilt["label"] for spoilt in claim["spoilt"]) == ["contradicted", "unsupported"]
            assert len({claim["text"], *(spoilt["text"] for spoilt in claim["spoilt"])}) == 3
        assert all(set(question["sentences"]) <= numbers for question in record["questions"])
        assert [topic["label"] for topic in record["topics"]] == ["match", "mention", "no"]


WORDS = ("increases", "better", "is", "not", "cats", "0", "16%", "3.7", "12.50", "with", "cannot", "GPT-3")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), st.integers(0, 1000))
def test_a_changed_sentence_differs_and_without_a_way_there_is_none(
    pairs: ModuleType, sentence: str, seed: int
) -> None:
    found = pairs.changed(sentence, random.Random(seed))
    if set(sentence.split()) <= {"cats", "GPT-3"}:
        assert found is None
    else:
        assert found[0] != sentence
        assert found[1] in ("changed number", "changed direction", "changed negation")


def test_separate_tokens_become_text(pairs: ModuleType) -> None:
    plain = script("support_pairs").plain
    assert plain("It -LRB- `` X '' -RRB- ended , 5 % up .") == 'It (" X ") ended, 5% up.'
    assert plain("As it is usually written.") == "As it is usually written."


def test_public_sets_give_statement_source_and_target(pairs: ModuleType, tmp_path: Path) -> None:
    made = script("support_pairs")
    folder = tmp_path / "dataset" / "eSNLI"
    folder.mkdir(parents=True)
    for part in ("dev", "test"):
        (folder / f"s1.{part}").write_text("A man sleeps .\nA dog runs .\n")
        (folder / f"s2.{part}").write_text("A man is awake .\nIt rains .\n")
        (folder / f"labels.{part}").write_text("contradiction\n-\n")
    assert list(made.snli(tmp_path)) == [("A man is awake.", "A man sleeps.", pairs.CONTRADICTED)] * 2
    folder = tmp_path / "RTE-Fever" / "processed"
    folder.mkdir(parents=True)
    (folder / "dev.raw.input0").write_text("Rome is in Italy . " * 50 + "\n")
    (folder / "dev.raw.input1").write_text("Rome is in Spain .\n")
    (folder / "dev.label").write_text("not_entailment\n")
    [(claim, evidence, target)] = made.fever(tmp_path)
    assert (claim, target) == ("Rome is in Spain.", pairs.CONTRADICTED)
    assert len(evidence.split()) < 110
