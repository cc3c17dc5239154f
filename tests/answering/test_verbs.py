from __future__ import annotations

import pytest

from askpapers.answering.verbs import Deed, Telling, read_deed, tellings
from askpapers.text import terms


@pytest.mark.parametrize(
    ("topic", "deed"),
    [
        ("use RLHF", Deed.USE),
        ("using transformers", Deed.USE),
        ("applied GPT-3 to code", Deed.USE),
        ("rely on human feedback", Deed.USE),
        ("introduce a new dataset", Deed.INTRODUCE),
        ("whose authors introduce GSM8K", Deed.INTRODUCE),
        ("proposed an attention mechanism", Deed.INTRODUCE),
        ("released code", Deed.INTRODUCE),
        ("evaluate on HumanEval", Deed.EVALUATE),
        ("are tested on MATH", Deed.EVALUATE),
        ("train on code", Deed.TRAIN),
        ("fine-tune GPT-3", Deed.TRAIN),
        ("trained reward models", Deed.TRAIN),
        ("introduce or release a dataset", Deed.INTRODUCE),
        ("use GRUs or LSTMs", Deed.USE),
        ("images", None),
        ("propose or study secret sharing", None),
        ("trained and evaluated on code", None),
        ("learning from human feedback", None),
        ("reinforcement learning, all sorts", None),
        ("source code or writing programs", None),
        ("mention GPT-3", None),
        ("about images", None),
        ("", None),
        ("an uncommonly long way to something before using it", None),
    ],
)
def test_the_deed_of_a_topic(topic: str, deed: Deed | None) -> None:
    assert read_deed(topic) is deed


def told(*sentences: str, names: frozenset[str] = frozenset()) -> list[Telling]:
    return tellings(sentences, [frozenset(terms(sentence)) for sentence in sentences], names)


def test_own_work_begins_with_the_first_we() -> None:
    found = told("Training is costly.", "We use less of it.", "Costs fall.")
    assert [telling.own for telling in found] == [False, True, True]


@pytest.mark.parametrize("sign", ["We", "Our", "In this paper,", "Here"])
def test_what_tells_of_own_work(sign: str) -> None:
    assert [telling.own for telling in told("Training is costly.", f"{sign} data is small.")] == [False, True]


def test_an_abstract_that_never_says_we_is_all_its_own() -> None:
    assert all(telling.own for telling in told("Costs fall.", "Data is small."))


def test_a_sentence_before_with_the_papers_own_name_is_its_own() -> None:
    names = frozenset(terms("Whisper"))
    found = told("Speech is hard.", "Whisper is a model.", "We train it.", names=names)
    assert [telling.own for telling in found] == [False, True, True]


def test_what_others_do_is_no_deed_of_the_paper() -> None:
    field, own = told("Others train large models.", "We train small models.")
    assert not field.does(Deed.TRAIN)
    assert not field.does(Deed.USE)
    assert own.does(Deed.TRAIN)


def test_any_own_sentence_tells_of_a_use_but_not_of_another_deed() -> None:
    (own,) = told("We look at pictures.")
    assert [deed for deed in Deed if own.does(deed)] == [Deed.USE]


@pytest.mark.parametrize(
    ("sentence", "deed"),
    [
        ("We introduce a dataset.", Deed.INTRODUCE),
        ("We released it.", Deed.INTRODUCE),
        ("We evaluated it on MATH.", Deed.EVALUATE),
        ("We are fine-tuning GPT-3.", Deed.TRAIN),
    ],
)
def test_deeds_by_any_form_of_their_verbs(sentence: str, deed: Deed) -> None:
    (own,) = told(sentence)
    assert {d for d in Deed if own.does(d)} == {deed, Deed.USE}
