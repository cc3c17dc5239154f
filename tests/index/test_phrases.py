"""Names of groups: phrases that set them apart, as they are written, and nothing that names nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askpapers.index.phrases import name_groups, places

ROBOTS = [
    ("Reinforcement Learning for Robots", "We propose a method of reinforcement learning. Our robot walks."),
    ("Deep Reinforcement Learning in the Wild", "We propose reinforcement learning for a robot that sees."),
    ("A Robot That Learns", "The robot was trained by reinforcement learning with a new method."),
]
PROTEINS = [
    ("Protein Folding of BRCA1", "We propose a method for protein folding. BRCA1 is studied."),
    ("BRCA1 and its Mutations", "Mutations of BRCA1 are found. We propose a test of protein folding."),
    ("The Physics of Protein Folding", "Protein folding is slow. We propose a new method and a test of BRCA1."),
]


def test_groups_are_named_by_what_sets_them_apart() -> None:
    robots, proteins = name_groups([ROBOTS, PROTEINS])
    assert robots == ("reinforcement learning", "robot")
    assert set(proteins) == {"protein folding", "BRCA1"}  # as it is mostly written


def test_what_every_group_says_names_none() -> None:
    said = {phrase for names in name_groups([ROBOTS, PROTEINS]) for phrase in names}
    assert not said & {"method", "new method", "propose", "we propose"}


def test_a_verb_and_an_adjective_are_no_names() -> None:
    trained = [
        ("Training Models of Wireless Links", "We train models. Wireless links fade. Models are large."),
        ("To Train Models over Wireless Radios", "We trained models. Wireless radios fade. Models are small."),
        ("Trained Models in Phones", "Training models is slow. Phones fade. Models are slow."),
        ("Models of Trees", "Models of trees are trained. Trees fade."),
    ]
    (names, _) = name_groups([trained, PROTEINS])
    assert names == ("models",)


def test_no_two_groups_begin_with_the_same_phrase() -> None:
    halves = name_groups([ROBOTS, ROBOTS, PROTEINS])
    firsts = [names[0] for names in halves if names]
    assert len(firsts) == len(set(firsts))


def test_a_phrase_ends_at_punctuation_and_function_words() -> None:
    found = {
        place.written
        for place in places("Graph neural networks, k-means and low-rank models of first-order logic (EEG).")
    }
    assert {"graph neural networks", "k-means", "low-rank models", "first-order logic", "EEG"} <= found
    assert not any(" and " in written or "," in written or "(" in written for written in found)


def test_no_groups_and_no_words() -> None:
    assert name_groups([]) == []
    assert name_groups([[("", "")], [("1 2", "3.")]]) == [(), ()]


@given(st.lists(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=80)), max_size=4), max_size=4))
def test_any_texts_can_be_named(groups: list[list[tuple[str, str]]]) -> None:
    names = name_groups(groups)
    assert len(names) == len(groups)
    assert all(len(phrases) <= 3 for phrases in names)
