from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from askpapers.reading.protocol import Probabilities, RelevanceLabel, SupportLabel
from askpapers.reading.windows import aggregate_relevance, aggregate_support, read_in_windows, windows
from askpapers.text import sentences

SUPPORTED, NOT_SAID, CONTRADICTED = SupportLabel
word = st.text("abcé", min_size=1, max_size=6)
sentence = st.lists(word, min_size=1, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")
text = st.lists(sentence, max_size=12).map(" ".join) | st.text(max_size=80)
budget = st.integers(1, 30)


def length(text: str) -> int:
    return len(text.split())


def rows_of(logits: Probabilities) -> Probabilities:
    powers = np.exp(logits)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


rows = st.integers(0, 6).flatmap(
    lambda n: arrays.arrays(np.float32, (n, 3), elements=st.floats(-6, 6, width=32)).map(rows_of)
)


@given(text, budget)
def test_the_windows_hold_the_whole_text_in_order(text: str, budget: int) -> None:
    spans = windows(text, budget, length)
    covered = {place for start, end in spans for place in range(start, end)}
    assert covered >= {place for place, sign in enumerate(text) if not sign.isspace()}
    assert all(text[start:end].strip() == text[start:end] for start, end in spans)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(spans))


@given(text, budget)
def test_a_window_fits(text: str, budget: int) -> None:
    assert all(length(text[start:end]) <= budget for start, end in windows(text, budget, length))


@given(text, budget)
def test_windows_are_of_whole_sentences_where_those_fit(text: str, budget: int) -> None:
    found = sentences(text)
    edges = {start for start, _ in found}, {end for _, end in found}
    if all(length(text[start:end]) <= budget for start, end in found):
        assert all(start in edges[0] and end in edges[1] for start, end in windows(text, budget, length))


@given(text, budget)
def test_neighbours_share_one_sentence_where_it_fits_into_both(text: str, budget: int) -> None:
    found = sentences(text)
    sizes = [length(text[start:end]) for start, end in found]
    if max(sizes, default=0) > budget:
        return
    last_of = {end: number for number, (_, end) in enumerate(found)}
    for (_, end), (begin, _) in itertools.pairwise(windows(text, budget, length)):
        last = last_of[end]
        shared = sum(begin <= start < end for start, _ in found)
        assert shared == (sizes[last] + sizes[last + 1] <= budget)


@given(text)
def test_a_text_that_fits_is_one_window(text: str) -> None:
    assert len(windows(text, 1000, length)) == bool(text.strip())


def test_a_word_that_is_too_long_is_a_window_by_itself() -> None:
    assert windows("To read abcdefghij. Now.", 8, len) == [(0, 7), (8, 19), (20, 24)]
    assert windows("abcdefghij is it. Now.", 8, len) == [(0, 10), (11, 17), (18, 22)]


def test_a_long_first_text_leaves_the_windows_a_quarter() -> None:
    given: list[tuple[str, str]] = []

    def read(parts: Sequence[tuple[str, str]]) -> Probabilities:
        given.extend(parts)
        return np.array([[0, 1, 0]] * len(parts), dtype=np.float32)

    read_in_windows([("long " * 50, "Cats purr here. Dogs bark. They bite.")], 12, length, read, aggregate_support)
    assert [part for _, part in given] == ["Cats purr here.", "Dogs bark.", "They bite."]


@given(rows)
def test_a_whole_text_has_a_row_of_probabilities(rows: Probabilities) -> None:
    for whole in (aggregate_support(rows), aggregate_relevance(rows)):
        assert whole.min() >= 0
        np.testing.assert_allclose(whole.sum(), 1, atol=1e-6)


@given(rows, st.data())
def test_the_order_of_the_windows_is_nothing(rows: Probabilities, data: st.DataObject) -> None:
    turned = rows[np.array(data.draw(st.permutations(range(len(rows)))), dtype=int)]
    np.testing.assert_array_equal(aggregate_support(turned), aggregate_support(rows))
    np.testing.assert_array_equal(aggregate_relevance(turned), aggregate_relevance(rows))


@given(rows)
def test_a_window_that_says_nothing_changes_nothing(rows: Probabilities) -> None:
    def more(*row: float) -> Probabilities:
        return np.concatenate([rows, np.array([row], dtype=np.float32)])

    np.testing.assert_allclose(aggregate_support(more(0, 1, 0)), aggregate_support(rows), atol=1e-6)
    np.testing.assert_allclose(aggregate_relevance(more(1, 0, 0)), aggregate_relevance(rows), atol=1e-6)


@given(rows, st.data())
def test_more_windows_never_support_or_answer_less(rows: Probabilities, data: st.DataObject) -> None:
    some = rows[: data.draw(st.integers(0, len(rows)))]
    assert aggregate_support(rows)[SUPPORTED] >= aggregate_support(some)[SUPPORTED]
    assert aggregate_support(rows)[NOT_SAID] <= rows[:, NOT_SAID].min(initial=1) + 1e-6
    answers, neither = RelevanceLabel.ANSWERS, RelevanceLabel.NEITHER
    assert aggregate_relevance(rows)[answers] >= aggregate_relevance(some)[answers]
    assert aggregate_relevance(rows)[neither] <= aggregate_relevance(some)[neither] + 1e-6


@given(rows)
def test_one_window_is_the_whole_text(rows: Probabilities) -> None:
    for row in rows[:1]:
        np.testing.assert_allclose(aggregate_support(row[None]), row, atol=1e-6)
        np.testing.assert_allclose(aggregate_relevance(row[None]), row, atol=1e-6)


@given(rows)
def test_only_the_nearest_window_contradicts(rows: Probabilities) -> None:
    if len(rows):
        nearest = rows[rows[:, NOT_SAID].argmin()]
        assert aggregate_support(rows)[CONTRADICTED] <= nearest[CONTRADICTED] + 1e-6


def test_a_far_window_does_not_contradict_and_support_goes_first() -> None:
    near, far = [0.1, 0.2, 0.7], [0.1, 0.3, 0.6]
    np.testing.assert_allclose(aggregate_support(np.array([far, near], np.float32)), [0.1, 0.2, 0.7], atol=1e-6)
    support, denial = [0.9, 0.1, 0.0], [0.0, 0.05, 0.95]
    np.testing.assert_allclose(aggregate_support(np.array([support, denial], np.float32)), [0.9, 0.0, 0.1], atol=1e-6)


@given(st.lists(st.tuples(text, text), max_size=4), st.integers(4, 30), st.none() | st.integers(1, 10))
def test_what_is_read_fits_and_each_pair_has_its_row(
    pairs: list[tuple[str, str]], room: int, longest: int | None
) -> None:
    given: list[tuple[str, str]] = []

    def read(parts: Sequence[tuple[str, str]]) -> Probabilities:
        given.extend(parts)
        return np.array([[0.0, 1 - (share := len(part) % 7 / 10), share] for _, part in parts], dtype=np.float32)

    together = read_in_windows(pairs, room, length, read, aggregate_support, longest=longest)
    for first, part in given:
        assert length(part) <= min(longest or room, max(room - length(first), room // 4))
    assert together.shape == (len(pairs), 3)
    for pair, row in zip(pairs, together, strict=True):
        np.testing.assert_array_equal(
            read_in_windows([pair], room, length, read, aggregate_support, longest=longest)[0], row
        )
