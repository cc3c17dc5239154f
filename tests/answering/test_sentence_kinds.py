from __future__ import annotations

import pytest

from askpapers.answering.sentence_kinds import own_sentences, own_work_begins
from askpapers.text import terms


def own(*sentences: str, names: frozenset[str] = frozenset()) -> list[bool]:
    return own_sentences(sentences, [frozenset(terms(sentence)) for sentence in sentences], names)


def test_own_work_begins_where_a_name_of_its_own_stands() -> None:
    abstract = ["Purring is hard.", "Purrer is a model that purrs.", "It purrs well.", "We share it."]
    assert own_work_begins(abstract, ["Purrer"]) == 1
    assert own_work_begins(abstract) == 3


def test_own_work_begins_with_the_first_we() -> None:
    assert own("Training is costly.", "We use less of it.", "Costs fall.") == [False, True, True]


@pytest.mark.parametrize("sign", ["We", "Our", "In this paper,", "Here"])
def test_what_tells_of_own_work(sign: str) -> None:
    assert own("Training is costly.", f"{sign} data is small.") == [False, True]


def test_an_abstract_that_never_says_we_is_all_its_own() -> None:
    assert all(own("Costs fall.", "Data is small."))


def test_a_sentence_before_with_the_papers_own_name_is_its_own() -> None:
    names = frozenset(terms("Whisper"))
    assert own("Speech is hard.", "Whisper is a model.", "We train it.", names=names) == [False, True, True]
