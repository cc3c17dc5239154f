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
    spec = importlib.util.spec_from_file_location("training_pairs", TRAINING / "pairs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
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
