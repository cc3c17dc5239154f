"""What questions take for granted, and what says otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.draft import Draft, DraftStatement
from askpapers.datatypes import Paper, Passage, Status
from askpapers.engine import Corpus
from askpapers.grounding.premises import against_premise, contradicts, read_premise
from askpapers.text import sentences


@pytest.mark.parametrize(
    ("question", "premise"),
    [
        ("why does the kiln save gas?", "the kiln save gas"),
        ("Why doesn't the kiln save gas?", "not the kiln save gas"),
        ("how come glazes crack?", "glazes crack"),
        ("given that clay is wet, how is it fired?", "clay is wet"),
        ("how is clay fired, since it is wet?", "it is wet"),
        ("is it because clay is wet that pots crack?", "clay is wet"),
        ("how many pots crack?", ""),
        ("what is clay?", ""),
    ],
)
def test_what_is_taken_for_granted(question: str, premise: str) -> None:
    assert read_premise(question) == premise


def fired(sentence: str) -> tuple[DraftStatement, Paper]:
    return DraftStatement(sentence, (Passage("kiln", 0, len(sentence)),)), Paper("kiln", "The Kiln", sentence, ())


UNITS = st.sampled_from(["hours", "GB", "%", "parameters"])


@given(st.integers(10, 900), st.integers(10, 900), UNITS, UNITS)
def test_a_figure_is_contradicted_by_others_in_its_unit(value: int, other: int, unit: str, other_unit: str) -> None:
    statement, paper = fired(f"The kiln fires clay for {value} {unit}.")
    found = contradicts(statement, f"the kiln fires clay for {other} {other_unit}", paper)
    assert found is (unit == other_unit and abs(value - other) > 0.02 * other)


@pytest.mark.parametrize(
    ("premise", "sentence", "says_otherwise"),
    [
        ("the kiln fires for more than 10 hours", "The kiln fires for 17 hours.", False),
        ("the kiln fires for more than 20 hours", "The kiln fires for 17 hours.", True),
        ("the kiln fires for at most 20 hours", "The kiln fires for 17 hours.", False),
        ("the kiln is slower than the oven", "The kiln is faster than the oven.", True),
        ("the oven outperforms the kiln", "The kiln outperforms the oven.", True),
        ("the kiln outperforms the oven", "The kiln outperforms the oven.", False),
        ("not the kiln need gas", "The kiln needs gas.", True),
        ("the kiln needs gas", "The kiln does not need gas.", True),
        ("the kiln needs gas", "The kiln needs gas.", False),
        ("the Xyzzy kiln is slower than the oven", "The kiln is faster than the oven.", False),  # of another kiln
        ("bread is slower to bake in winter", "The kiln is faster than the oven.", False),
    ],
)
def test_what_says_otherwise(premise: str, sentence: str, says_otherwise: bool) -> None:
    statement, paper = fired(sentence)
    assert contradicts(statement, premise, paper) is says_otherwise


def test_no_sentence_of_the_corpus_contradicts_itself(corpus: Corpus) -> None:
    for paper in corpus.papers():
        for start, end in sentences(paper.abstract):
            text = paper.abstract[start:end]
            assert not contradicts(DraftStatement(text, (Passage(paper.id, start, end),)), text, paper)


def test_only_what_says_otherwise_is_left_of_a_draft() -> None:
    statement, paper = fired("The kiln is faster than the oven.")
    other = DraftStatement("Clay is fired in the oven.", (Passage("kiln", 0, 5),))
    draft, notes = against_premise("why is the kiln slower than the oven?", Draft((other, statement)), lambda _: paper)
    assert draft.statements == (statement,)
    assert notes == ("The question takes for granted “the kiln slower than the oven”, but the paper says otherwise.",)


def test_an_answer_says_what_is_so_instead(corpus: Corpus) -> None:
    answer = corpus.ask("why is outcome supervision better than process supervision?")
    assert answer.status is Status.ANSWERED
    assert answer.notes[0].endswith("but the paper says otherwise.")
    assert [s.text for s in answer.statements if "process supervision significantly outperforms" not in s.text] == []
    assert corpus.ask("why does process supervision outperform outcome supervision?").notes == ()
