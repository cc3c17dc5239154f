"""Measures of one answer, on examples worked by hand. ALCE: Gao et al. 2023."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.evaluation.metrics import (
    citation_precision,
    citation_recall,
    f1,
    fact_recall,
    precision,
    recall,
    says,
    supported,
    verbatim,
)
from askpapers.evaluation.replies import Quoted
from made_answers import ABSTRACTS


def entails(source: str, statement: str) -> bool:
    """A source supports what is made of its words."""
    return set(statement.split()) <= set(source.split())


@pytest.mark.parametrize(
    ("said", "fact", "expected"),
    [
        ("We use 28.8% of it.", "28.8", True),
        ("The DATASET has  8.5K\nproblems", "8.5k problems", True),
        (r"reaches 28.8\% of it", "28.8%", True),
        ("scores 12.3 points", "2.3", False),  # within a longer number
        ("scores 2.35 points", "2.3", False),
        ("1,500 hours", "500", False),
        ("It is 2.3.", "2.3", True),  # the full stop ends the sentence
        ("in 2023", "2023", True),
        ("decoder-only models", "decoder-only", True),
        ("encoder", "decoder", False),
    ],
)
def test_says(said: str, fact: str, expected: bool) -> None:
    assert says(said, fact) is expected


def test_fact_recall_takes_any_alternative() -> None:
    facts = (("800,000", "800k"), ("process supervision",))
    assert fact_recall(facts, "PRM800K has 800,000 labels.") == 0.5
    assert fact_recall(facts, "With process supervision: 800K.") == 1.0
    assert fact_recall(facts, "") == 0.0


def test_sets_of_papers() -> None:
    found, wanted = ["a", "b", "c", "d"], ["a", "b", "e"]
    assert precision(found, wanted) == 0.5
    assert recall(found, wanted) == pytest.approx(2 / 3)
    assert f1(found, wanted) == pytest.approx(4 / 7)  # 2 · ½ · ⅔ / (½ + ⅔)
    assert f1([], wanted) == 0.0
    assert f1(["x"], wanted) == 0.0


def test_citation_recall_of_alce() -> None:
    statements = [
        ("a b", ["a", "b"]),  # supported by both together: 1
        ("a b", ["a"]),  # not supported: 0
        ("a", []),  # cites nothing: 0
        ("c", ["c d", "e"]),  # supported: 1
    ]
    assert citation_recall(statements, entails) == 0.5


@pytest.mark.parametrize(
    ("text", "cited", "expected"),
    [
        ("a b", ["a", "b"], 2 / 2),  # neither alone, each needed
        ("a b", ["a b", "c"], 1 / 2),  # the second supports nothing and is not needed
        ("a b", ["a b", "a"], 1 / 2),  # the second alone supports too little, and the first is enough
        ("a b", ["a b", "b a c"], 2 / 2),  # each supports it alone
        ("a b", ["a", "c"], 0 / 2),  # not supported: no citation of it is precise
        ("a b", ["a b"], 1 / 1),
        ("a", [], 0.0),  # nothing is cited
        ("a b c", ["a b", "b c", "x"], 2 / 3),
    ],
)
def test_citation_precision_of_alce(text: str, cited: list[str], expected: float) -> None:
    assert citation_precision([(text, cited)], entails) == pytest.approx(expected)


def test_citation_precision_is_over_all_citations_of_an_answer() -> None:
    statements = [("a", ["a", "x"]), ("b", ["y"]), ("c", ["c"])]  # 1 of 2, 0 of 1, 1 of 1
    assert citation_precision(statements, entails) == 0.5


letters = st.text("abcd", min_size=1, max_size=3).map(" ".join)
answers = st.lists(st.tuples(letters, st.lists(letters, max_size=3)), min_size=1, max_size=4)


@given(answers)
def test_alce_as_the_paper_defines_it(statements: list[tuple[str, list[str]]]) -> None:
    """Recall and precision from the definitions, written the other way round: by what is irrelevant."""
    recalls, precisions = [], []
    for text, cited in statements:
        whole = bool(cited) and entails(" ".join(cited), text)
        recalls.append(whole)
        for place, source in enumerate(cited):
            rest = cited[:place] + cited[place + 1 :]
            irrelevant = not entails(source, text) and bool(rest) and entails(" ".join(rest), text)
            precisions.append(whole and not irrelevant)
    assert citation_recall(statements, entails) == sum(recalls) / len(recalls)
    expected = sum(precisions) / len(precisions) if precisions else 0.0
    assert citation_precision(statements, entails) == expected


def test_supported_by_one_source_by_itself() -> None:
    assert supported("a b", ["c", "a b"], entails)
    assert not supported("a b", ["a", "b"], entails)
    assert not supported("a", [], entails)


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (Quoted("cats", "Cats purr", 0, 9), True),
        (Quoted("cats", "cats purr", 0, 9), False),  # a letter differs
        (Quoted("cats", "purr", 0, 4), False),  # it stands elsewhere
        (Quoted("cats", "purr", 5, 9), True),
        (Quoted("cats", "day.", -4, 46), False),
        (Quoted("cats", "Cats purr", None, None), False),
        (Quoted("cats", "", 0, 0), False),
        (Quoted("birds", "Cats purr", 0, 9), False),  # no paper of the corpus
    ],
)
def test_verbatim(citation: Quoted, expected: bool) -> None:
    assert verbatim(citation, ABSTRACTS) is expected
