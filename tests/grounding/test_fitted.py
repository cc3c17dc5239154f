"""The shipped check, with the real embedder and the shipped fit, on answer sentences made for its development."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.datatypes import Verdict
from askpapers.grounding.fitted import Fit, FittedCheck, shipped_fit
from askpapers.index.embedder import MiniLM, Vectors
from askpapers.reading.protocol import Pair, Probabilities

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent / "answer_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
SOURCE = "We train GPT-3, a language model with 175 billion parameters, and find that 56% of answers are preferred."
# A dropped comparison in a construction that nothing here reads.
MISSED = {"The two baselines, X-vector and X-vector+Attention, outperform H-vectors."}


@pytest.fixture(scope="module")
def check() -> FittedCheck:
    return FittedCheck()


@pytest.mark.parametrize("row", [r for r in SENTENCES if r["label"]], ids=lambda r: r["id"])
def test_sound_sentences_are_supported(check: FittedCheck, row: dict[str, Any]) -> None:
    found = check(row["claim"], row["source_text"])
    assert found.missing == ()
    assert found.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize("row", [r for r in SENTENCES if not r["label"]], ids=lambda r: f"{r['id']}-{r['fault']}")
def test_faulty_sentences_are_not(check: FittedCheck, row: dict[str, Any]) -> None:
    found = check(row["claim"], row["source_text"])
    assert (found.verdict is Verdict.SUPPORTED) == (row["claim"] in MISSED)


def test_what_is_missing_is_named(check: FittedCheck) -> None:
    found = check("GPT-4, a language model trained with 176 billion parameters.", SOURCE)
    assert found.verdict is Verdict.UNSUPPORTED
    assert found.missing == ("176 billion parameters", "GPT-4")


def test_a_contradiction_is_unsupported(check: FittedCheck) -> None:
    found = check("56% of the answers are not preferred.", SOURCE)
    assert (found.verdict, found.missing) == (Verdict.UNSUPPORTED, ("not",))


class Unread:
    """A reader that nothing is given to."""

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        raise AssertionError(f"read {pairs}")


def refuse(texts: Sequence[str]) -> Vectors:
    raise AssertionError(f"embedded {texts}")


@pytest.mark.parametrize(
    ("statement", "source"), [("", SOURCE), ("?!", SOURCE), ("Cats sleep.", ""), ("the of", "the")]
)
def test_nothing_said_or_nothing_cited_is_unsupported_without_a_model(statement: str, source: str) -> None:
    found = FittedCheck(refuse, Unread())(statement, source)
    assert (found.verdict, found.score) == (Verdict.UNSUPPORTED, 0.0)


@given(st.integers(0, len(SENTENCES) - 1), st.data())
def test_what_stands_there_is_supported_without_a_model(number: int, data: st.DataObject) -> None:
    words = SENTENCES[number]["source_text"].split()
    start = data.draw(st.integers(0, len(words) - 3))
    quote = " ".join(words[start : data.draw(st.integers(start + 3, len(words)))])
    found = FittedCheck(refuse, Unread())(quote, SENTENCES[number]["source_text"])
    assert (found.verdict, found.score, found.missing) == (Verdict.SUPPORTED, 1.0, ())


@settings(max_examples=30)
@given(st.integers(2, 10**6))
def test_a_changed_number_is_never_supported(check: FittedCheck, number: int) -> None:
    found = check(f"We find that {number:,}% of the answers are preferred.", SOURCE)
    assert (found.verdict is Verdict.SUPPORTED) == (number == 56)


@settings(max_examples=60)
@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_verdict_and_score_agree(check: FittedCheck, one: dict[str, Any], other: dict[str, Any]) -> None:
    found, fit = check(one["claim"], other["source_text"]), shipped_fit()
    assert 0 <= found.score <= 1
    assert (found.verdict is Verdict.SUPPORTED) == (found.score >= fit.full)
    assert (found.verdict is Verdict.UNSUPPORTED) == (found.score < fit.partial)
    assert not (found.missing and found.verdict is Verdict.SUPPORTED)


def test_of_a_long_source_only_the_nearest_sentences_are_embedded() -> None:
    seen: list[str] = []
    embedder = MiniLM()

    def embed(texts: Sequence[str]) -> Vectors:
        seen.extend(texts)
        return embedder.embed(texts)

    filler = " ".join(f"Nothing is said of matter {number} here." for number in range(200))
    long = f"{filler} Cats like to sleep in the warm sun. {filler}"
    found = FittedCheck(embed)("In the warm sun, cats like sleeping.", long)
    assert found.verdict is Verdict.SUPPORTED
    assert len(seen) <= 13


def test_a_source_is_embedded_once() -> None:
    seen: list[str] = []
    embedder = MiniLM()

    def embed(texts: Sequence[str]) -> Vectors:
        seen.extend(texts)
        return embedder.embed(texts)

    check = FittedCheck(embed)
    for statement in ("Answers were found to be preferred.", "A model was trained."):
        check(statement, SOURCE)
    assert seen.count(SOURCE) == 1


def test_the_shipped_fit_weighs_faults_against_and_support_for() -> None:
    fit = shipped_fit()
    assert fit.weights["supported"] > 0
    assert fit.weights["likeness"] > 0
    assert all(weight <= 0 for name, weight in fit.weights.items() if name not in ("likeness", "supported"))
    assert 0 < fit.partial < fit.full < 1


def test_another_fit_can_be_given() -> None:
    strict = FittedCheck(fit=Fit({"likeness": 1.0}, -10.0, 0.5, 0.4))
    assert strict("Answers were found to be preferred.", SOURCE).verdict is Verdict.UNSUPPORTED
