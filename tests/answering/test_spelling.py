"""Misspelt words of a corpus are corrected; right words, present or absent, are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.query import read_query
from askpapers.answering.spelling import correct, distance, is_word
from askpapers.datatypes import Status
from askpapers.engine import Corpus

WORDS = st.text("abcdefghij", min_size=1, max_size=9)


@given(WORDS, WORDS)
def test_the_distance_is_symmetric_and_no_more_than_the_longer_word(one: str, other: str) -> None:
    steps = distance(one, other, 9)
    assert steps == distance(other, one, 9)
    assert abs(len(one) - len(other)) <= steps <= max(len(one), len(other))
    assert (steps == 0) == (one == other)


@given(st.data())
def test_one_slip_is_one_step(data: st.DataObject) -> None:
    word = data.draw(st.text("abcdefghij", min_size=3, max_size=9))
    place = data.draw(st.integers(1, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    for typed in (word[:place] + word[place + 1 :], word[:place] + "z" + word[place:], swapped):
        assert distance(typed, word, 3) == (typed != word)


def _slips(word: str) -> list[str]:
    place = len(word) // 2
    return [
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    ]


def test_slips_in_the_words_of_a_corpus_are_corrected(corpus: Corpus) -> None:
    known = frozenset(map(str, corpus.index.lexicon.surface))
    counts = dict.fromkeys(known, 1)
    slips = [(typed, word) for word in sorted(known)[::12] if len(word) > 6 for typed in _slips(word)]
    misspelt = [(typed, word) for typed, word in slips if not is_word(typed, known)]
    right = sum(correct(typed, lambda w: counts.get(w, 0), known) == word for typed, word in misspelt)
    assert len(misspelt) > 100
    assert right >= 0.9 * len(misspelt)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("weezing", "wheezing"), ("croud", None), ("areca", None), ("arrea", "area"), ("stricture", None)],
    ids=["not weeding", "not a cloud, but a crowd", "a word with a letter more", "a letter twice", "a medical word"],
)
def test_of_words_as_near_the_one_that_sounds_the_same_is_meant(typed: str, meant: str | None) -> None:
    known = {"wheezing": 3, "cloud": 2, "area": 2, "structure": 2}
    assert correct(typed, lambda word: known.get(word, 0), known) == meant


@pytest.mark.parametrize(
    "word",
    "automata minimax blockchain genomics kubernetes quokka statins simplex phage clutter commuting hypotension"
    " football adsorption parity transistor federated optimisation cryptocurrency neuroimaging".split(),
)
def test_a_right_word_that_is_absent_stays_absent(corpus: Corpus, word: str) -> None:
    query = read_query(f"which papers are about {word}?", corpus.index)
    assert word in query.text
    assert not query.notes


def test_did_you_mean_is_a_note_and_the_question_is_answered(corpus: Corpus) -> None:
    answer = corpus.ask("waht is reinforcment lerning?")
    assert answer.status is Status.ANSWERED
    assert "reinforcement" in answer.notes[0]
    assert "Did you mean “reinforcement” and “learning”?" in answer.notes[0]
    assert answer.question == "waht is reinforcment lerning?"


def test_a_word_in_quotes_is_meant_as_it_is(corpus: Corpus) -> None:
    assert 'lerning"' in read_query('which papers say "lerning"?', corpus.index).text
