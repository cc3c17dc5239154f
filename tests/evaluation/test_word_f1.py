"""The measure of benchmarks/evidence_spans.py counts words of all texts together, as ACL-Verbatim's does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
TEXT = "Bees dance. They dance longer\nfor far food; rain stops them. Wasps do not dance."


@pytest.fixture(scope="module")
def word_f1() -> ModuleType:
    return script("word_f1")


@pytest.fixture(scope="module")
def evidence_spans(word_f1: ModuleType) -> ModuleType:
    return script("evidence_spans")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up, and scripts each other
    spec.loader.exec_module(module)
    return module


def span(quote: str) -> tuple[int, int]:
    start = TEXT.index(quote)
    return start, start + len(quote)


def test_words_are_counted_over_all_texts_together(word_f1: ModuleType) -> None:
    right = word_f1.Row("when do bees dance", "", TEXT, (span("They dance longer\nfor far food"),))
    missed = word_f1.Row("what stops bees", "", TEXT, (span("rain stops them"),))
    empty = word_f1.Row("what do wasps eat", "", TEXT, ())
    quotes = [[span("They dance longer\nfor far food; rain stops them.")], [], [span("Wasps do not dance.")]]
    table = word_f1.count_questions([right, missed, empty], quotes)
    assert table.tolist() == [[6, 9, 6], [0, 0, 3], [0, 4, 0]]
    counts = word_f1.total(table)
    assert (counts.precision, counts.recall, counts.f1) == (6 / 13, 6 / 9, pytest.approx(2 * 6 / (13 + 9)))


def test_texts_of_one_question_are_counted_together(word_f1: ModuleType) -> None:
    rows = [word_f1.Row("when", "", TEXT, (span("Bees dance."),)), word_f1.Row("when", "", TEXT, ())]
    assert word_f1.count_questions(rows, [[span("Bees")], [span("Bees")]]).tolist() == [[1, 2, 2]]


def test_rightly_quoting_nothing_adds_nothing(word_f1: ModuleType) -> None:
    counts = word_f1.total(word_f1.count_questions([word_f1.Row("why", "", TEXT, ())], [[]]))
    assert (counts.precision, counts.recall, counts.f1) == (0, 0, 0)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("They dance longer for far", "They dance longer\nfor far"),
        ("BEES  dance.", "Bees dance."),
        ("bees sleep", None),
        (" ", None),
    ],
)
def test_a_marked_quote_is_found_whatever_its_case_and_white_space(
    word_f1: ModuleType, quote: str, found: str | None
) -> None:
    assert word_f1.find_span(TEXT, quote) == (found and span(found))


places = st.integers(0, len(TEXT))


@given(st.lists(st.tuples(places, places).map(lambda pair: (min(pair), max(pair))), max_size=4))
def test_one_character_is_enough_for_a_word_and_none_is_counted_twice(
    word_f1: ModuleType, spans: list[tuple[int, int]]
) -> None:
    inside = {place for start, end in spans for place in range(start, end)}
    words, at = [], 0
    for word in TEXT.split():
        start = TEXT.index(word, at)
        at = start + len(word)
        words.append(range(start, at))
    assert word_f1.words_in(TEXT, spans) == {i for i, word in enumerate(words) if inside & set(word)}


def test_a_clause_that_leans_on_another_is_not_quoted_alone(evidence_spans: ModuleType) -> None:
    text = "Bees dance longer for far food, which costs them much time; the rain stops them all day."
    (sentence,) = evidence_spans.read_abstract(text)
    alone = [text[start:end] for start, end in evidence_spans.standing_alone(sentence)]
    assert alone == ["Bees dance longer for far food", "the rain stops them all day"]


def test_a_sentence_is_quoted_whole_where_its_clause_reads_much_worse(evidence_spans: ModuleType) -> None:
    near, far = evidence_spans.Cut((0, 11), (0, 4), 0.5), evidence_spans.Cut((12, 40), (12, 16), 5.0)
    assert evidence_spans.cut([[near, far], []], 1.0) == [[(0, 4), (12, 40)], []]


def test_the_bound_is_the_one_that_quotes_the_gold_and_no_more(word_f1: ModuleType, evidence_spans: ModuleType) -> None:
    rows = [word_f1.Row("when do bees dance", "", TEXT, (span("Bees dance."),)), word_f1.Row("why", "", TEXT, ())]
    scored = [[(2.0, span("Bees dance.")), (1.0, span("Wasps do not dance."))], [(0.0, span("Bees"))]]
    bound = evidence_spans.best_bound(rows, scored)
    assert evidence_spans.from_bound(scored, bound) == [[span("Bees dance.")], []]


def test_a_joined_sentence_keeps_its_place(word_f1: ModuleType, evidence_spans: ModuleType) -> None:
    joined = evidence_spans.join_sentences(word_f1.Row("do bees dance", "", TEXT, (span("Bees dance."),)))
    assert joined.text == TEXT.replace("Bees dance.", "Bees dance;")


def test_half_gold_sentences_are_quoted_whole(word_f1: ModuleType, evidence_spans: ModuleType) -> None:
    row = word_f1.Row("when", "", TEXT, (span("They dance longer\nfor far food"), span("Wasps")))
    assert evidence_spans.half_gold(row) == [span("They dance longer\nfor far food; rain stops them.")]
