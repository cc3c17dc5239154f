from __future__ import annotations

import pytest

from askpapers.answering.sentence_kinds import own_work_begins


def test_own_work_begins_where_a_name_of_its_own_stands() -> None:
    abstract = ["Purring is hard.", "Purrer is a model that purrs.", "It purrs well.", "We share it."]
    assert own_work_begins(abstract, ["Purrer"]) == 1
    assert own_work_begins(abstract) == 3


@pytest.mark.parametrize("sign", ["We", "Our", "In this paper,", "Here"])
def test_what_tells_of_own_work(sign: str) -> None:
    assert own_work_begins(["Training is costly.", f"{sign} data is small.", "Costs fall."]) == 1


def test_an_abstract_that_never_says_we_is_all_its_own() -> None:
    assert own_work_begins(["Costs fall.", "Data is small."]) == 0
