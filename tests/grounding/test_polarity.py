from __future__ import annotations

import pytest

from askpapers.grounding.claims import comparatives, dropped_hedge, overclaims
from askpapers.grounding.polarity import negation_fault, read_words, turned
from askpapers.grounding.support import find_faults


def negation(statement: str, source: str) -> str:
    return negation_fault(read_words(statement), read_words(source))


def direction(statement: str, source: str) -> str:
    return turned(read_words(statement), read_words(source))


@pytest.mark.parametrize(
    ("statement", "source", "fault"),
    [
        ("The data are not free.", "The data are free.", "not"),
        ("It doesn't read labels.", "It reads labels.", "doesn't"),
        ("The data are free.", "The data are not free.", "“free” without “not”"),
        ("It shows images.", "It works without showing images.", "“showing” without “without”"),
        ("It used a lexicon for Hindi.", "We have not used any lexicon for Hindi.", "“lexicon” without “not”"),
        ("It generalizes.", "It fails to generalize.", "“generalize” without “fails”"),
    ],
)
def test_a_negation_added_or_dropped_is_named(statement: str, source: str, fault: str) -> None:
    assert negation(statement, source) == fault


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("It never fails to converge.", "It never fails to converge."),
        ("It works without labels.", "No labels are needed."),
        ("It works without labels.", "It works on unlabelled data and labels."),
        ("It is not only fast.", "It is fast."),
        ("No language model is needed.", "This removes the need for a language model."),
        ("It is new.", "It is new, and it does not scale."),
    ],
)
def test_no_fault_where_both_negate_or_neither_does(statement: str, source: str) -> None:
    assert negation(statement, source) == ""


@pytest.mark.parametrize(
    ("statement", "source", "fault"),
    [
        ("The drug increases the risk.", "The drug reduces the risk.", "increases"),
        ("The drug does not increase the risk.", "The drug increases the risk.", "not increase"),
        ("It requires validation.", "It works without requiring validation.", "requires"),
        ("It doesn't need labels.", "It needs labels.", "doesn't need"),
        ("It has a large impact on quality.", "It has little impact on quality.", "large"),
        ("It is a supervised method.", "It is an unsupervised method.", "supervised"),
        ("Weight is negatively associated with it.", "Weight is positively associated with it.", "negatively"),
        ("Patients with poor vessels had more of it.", "Patients with good vessels had more of it.", "poor"),
        ("It does significantly worse than baselines.", "It does better than baselines.", "worse"),
        ("Batch selection slows training.", "Batch selection speeds up training.", "slows"),
        ("It sped up the infusion.", "It slowed the infusion.", "sped"),
    ],
)
def test_an_opposite_is_named(statement: str, source: str, fault: str) -> None:
    assert direction(statement, source) == fault


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The risk is higher.", "It increases the risk."),
        ("It does not increase the risk.", "It lowers the risk."),
        ("Mixing dense and sparse training works.", "We mix sparse with dense training."),
        ("It raises speed.", "It reduces memory."),
        ("It does not affect chronic pain.", "Chronic pain is not affected."),
    ],
)
def test_no_fault_where_the_direction_is_the_same_or_of_something_else(statement: str, source: str) -> None:
    assert direction(statement, source) == ""


@pytest.mark.parametrize(
    ("statement", "source", "found"),
    [
        ("It beats all others.", "It beats two others.", ("all",)),
        ("It is the only approach.", "It is an approach.", ("only",)),
        ("It is the first environment.", "It is an environment.", ("the first",)),
        ("It is the first environment.", "It is a novel environment.", ()),
        ("It is state of the art.", "It came third.", ("state of the art",)),
        ("It is state of the art.", "It outperforms the rest.", ()),
        ("This proves it.", "This suggests it.", ("proves",)),
        ("It is significantly better.", "It is better.", ("significantly",)),
        ("It is significantly better.", "It is much better.", ()),
        ("First, it reads.", "It reads.", ()),
    ],
)
def test_strong_words_need_a_match(statement: str, source: str, found: tuple[str, ...]) -> None:
    assert overclaims(statement, source) == found


@pytest.mark.parametrize(
    ("statement", "source", "found"),
    [
        ("It is faster.", "It is good.", ("faster",)),
        ("It is faster.", "It accelerates training.", ()),
        ("It outperforms BERT.", "It uses BERT.", ("outperforms",)),
        ("It is richer than others.", "It is unlike others.", ("richer than",)),
    ],
)
def test_comparatives_need_one_of_their_direction(statement: str, source: str, found: tuple[str, ...]) -> None:
    assert comparatives(statement, read_words(source)) == found


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("It causes cancer.", "“cause” without “may”"),
        ("It may cause cancer.", ""),
        ("It suggests a cause of cancer.", ""),
    ],
)
def test_a_dropped_hedge_is_named(statement: str, fault: str) -> None:
    assert dropped_hedge(statement, "It may cause cancer.") == fault


@pytest.mark.parametrize(
    ("statement", "source", "contradicts"),
    [
        ("Kilns need neither glaze nor low-rankness.", "Kilns work without relying on glaze or low-rankness.", False),
        ("Finetuning recovers the capabilities.", "We are far from recovering the capabilities with finetuning.", True),
        ("Finetuning does not recover the capabilities.", "We are far from recovering the capabilities.", False),
        ("Loss goes down smoothly with more compute.", "Loss decreases smoothly with compute.", False),
        ("Loss goes up smoothly with more compute.", "Loss decreases smoothly with compute.", True),
        ("Such examples are least effective for learners.", "Such examples are most effective for learners.", True),
        ("At least three examples are effective.", "Examples are most effective.", False),
    ],
)
def test_what_turns_a_sentence_round_and_what_does_not(statement: str, source: str, contradicts: bool) -> None:
    assert find_faults(statement, source).contradict is contradicts


COPIED = "GPT-3 achieves strong performance on many NLP datasets, including translation and cloze tasks."


@pytest.mark.parametrize(
    ("source", "is_denied"),
    [
        (f"{COPIED} It is applied without any gradient updates or fine-tuning.", False),
        (f"{COPIED} It is applied without any labels, and fine-tuning helps.", True),
        (COPIED, True),
    ],
)
def test_what_a_source_lacks_elsewhere_too_denies_nothing(source: str, is_denied: bool) -> None:
    statement = COPIED.replace(",", " without fine-tuning,", 1)
    assert bool(find_faults(statement, source).negation) is is_denied
