"""Entries of a bibliography: their keys, the evidence that answers give, the notes and tags made of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import CitedPaper, Paper, Statement, Verdict
from askpapers.export.entries import cite_key, entries_of_answers, entries_of_papers, unique_keys
from askpapers.metadata import Metadata, Notice
from cats_and_dogs import CATS, DOGS, REFUSAL, answer, survey


@given(
    st.lists(st.sampled_from(["smith2020", "Smith2020", "smith2020a", "smith 2020", "smith-2020", "", "ä"]) | st.text())
)
def test_keys_are_legal_and_no_two_are_alike(wanted: list[str]) -> None:
    keys = unique_keys(wanted)
    assert len({key.casefold() for key in keys}) == len(wanted)
    assert all(re.fullmatch(r"[^\s\"#%'(),={}~\\]+", key) for key in keys)


@given(st.lists(st.from_regex(r"[A-Za-z][\w:./+-]{0,8}", fullmatch=True), unique_by=str.casefold))
def test_a_legal_key_of_its_own_stays(wanted: list[str]) -> None:
    assert unique_keys(wanted) == wanted


def test_of_two_papers_with_one_key_the_second_gets_a_letter_that_is_free() -> None:
    assert unique_keys(["a", "ab", "A", "a", "aa"]) == ["a", "ab", "Ac", "ad", "aa"]
    assert len(set(unique_keys(["k"] * 60))) == 60


@pytest.mark.parametrize(
    ("paper", "key"),
    [
        (Paper("7", "Glass frogs hide their blood", "", (), 2022, ("Ada Moss", "Ben Reed")), "moss2022glass"),
        (Paper("7", "The {GPT}-4o System Card", "", (), 2024), "gpt4o2024system"),
        (Paper("7", "On the Müllers", "", (), None, ("Müller, Jörg",)), "mullermullers"),
        (Paper("7", "A", "", (), 1999, ("van der Berg, Anna",)), "vanderberg1999"),
        (Paper("7", "青蛙", "", (), 2020, ("王伟",)), "7"),
        (Paper("7", "", "", ()), "7"),
    ],
)
def test_a_cite_key_is_made_of_first_author_year_and_title(paper: Paper, key: str) -> None:
    assert cite_key(paper) == key


@given(st.text(), st.lists(st.text(), max_size=2), st.none() | st.integers(0, 3000))
def test_a_made_key_is_short_and_in_ascii(title: str, authors: list[str], year: int | None) -> None:
    made = cite_key(Paper("the id", title, "", (), year, tuple(authors)))
    assert made == "the id" or re.fullmatch(r"[a-z0-9]{1,64}", made)


def test_the_cite_key_is_the_records_own() -> None:
    own = replace(CATS, metadata=Metadata(key="ash:2021+x"))
    assert [entry.key for entry in entries_of_papers([own, DOGS])] == ["ash:2021+x", "dogs"]


def test_each_quote_is_a_note_with_question_verdict_and_place() -> None:
    (entry,) = entries_of_answers([answer()])
    assert entry.notes == (
        "what do cats do? – supported: Cats purr. “Cats purr at night because they are content.”"
        " (a.txt:3, characters 0–44)",
        "what do cats do? – supported: They sleep. “They sleep 16 hours a day, which is long for an animal.”"
        " (a.txt:3, characters 45–101)",
    )
    assert entry.tags == ("askpapers: supported",)


def test_a_survey_gives_its_verdict_on_each_paper() -> None:
    entries = entries_of_answers([survey(4)])
    assert entries[0].notes == ("what do cats do? – match: “Cat 0 purrs.” (a.txt:1, characters 0–12)",)
    assert [entry.tags for entry in entries] == [("askpapers: match",)] * 3 + [("askpapers: mention",)]


def test_a_doubt_is_in_the_note_and_a_tag() -> None:
    doubted = answer(statements=(Statement("They bark.", (1,), Verdict.UNSUPPORTED, 0.1, ("bark",)),))
    (entry,) = entries_of_answers([doubted])
    assert "– unsupported; not in the source: bark: They bark. “" in entry.notes[0]
    assert "askpapers: unsupported" in entry.tags


def test_a_paper_of_several_answers_is_one_entry_with_all_their_quotes() -> None:
    other = replace(answer(), question="who purrs?")
    (entry,) = entries_of_answers([answer(), other, answer()])
    assert len(entry.notes) == 4
    assert entries_of_answers([REFUSAL]) == ()


def test_a_retracted_paper_has_a_note_and_a_tag() -> None:
    gone = replace(CATS, metadata=Metadata(notice=Notice.RETRACTED, tags=("cats",)))
    (entry,) = entries_of_answers([answer(papers=(CitedPaper(gone, (1, 2)),))])
    assert entry.notes[0] == "Retracted."
    assert entry.tags == ("cats", "retracted", "askpapers: supported")
