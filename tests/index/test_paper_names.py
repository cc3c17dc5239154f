"""Names of people: their ways of writing meet, and other people's do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.index.names import Name, agree, name_of, read_name, readings
from askpapers.metadata import Person

WORDS = st.from_regex(r"[A-Z][a-z]{3,7}", fullmatch=True).filter(lambda word: word.casefold() not in {"della", "dello"})


@given(WORDS, WORDS)
def test_the_ways_of_writing_a_name_are_one_name(given_name: str, family: str) -> None:
    known = name_of(Person(family, given_name))
    for written in (
        f"{given_name} {family}",
        f"{family}, {given_name}",
        f"{family}, {given_name[0]}.",
        f"{given_name[0]}. {family}",
        f"{family} {given_name[0]}",
        f"{family} {given_name[0]}B",
        f"{given_name} B. {family}",
        f"{family.upper()}, {given_name}",
        f"{given_name} van der {family}",
        f"{given_name} {family} Jr.",
        f"{family}, {given_name}, Jr.",
    ):
        read = read_name(written)
        assert read.family == known.family, written
        assert agree(read.given, known.given) and agree(known.given, read.given), written


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Erwin Schrödinger", Name("schrodinger", ("erwin",))),
        ("O’Neil, C.", Name("oneil", ("c",))),
        ("Smith-Jones, J.-P.", Name("smith jones", ("j", "p"))),
        ("van den Oord, Aäron", Name("oord", ("aaron",))),
        ("OpenAI", Name("openai")),
        ("Bin Liu", Name("liu", ("bin",))),
        ("Beethoven, Ludwig van", Name("beethoven", ("ludwig",))),
        ("Moss AB", Name("moss", ("a", "b"))),
        ("A. B. Moss", Name("moss", ("a", "b"))),
        ("Łukasz Kaiser", Name("kaiser", ("lukasz",))),
        ("张伟", Name("张伟")),
        ("", Name("")),
        ("—", Name("")),
    ],
)
def test_a_name_is_read(written: str, name: Name) -> None:
    assert read_name(written) == name


def test_a_name_without_a_sign_of_its_order_is_read_in_each() -> None:
    assert [name.family for name in readings("Long Ouyang")] == ["ouyang", "long ouyang", "long"]


@pytest.mark.parametrize(
    ("asked", "known", "same"),
    [
        (("ada",), ("a",), True),
        (("a",), ("ada", "b"), True),
        (("ada",), ("alan",), False),
        (("a", "b"), ("ada", "c"), False),
        (("b",), ("ada", "b"), False),
        (("beth",), ("ada", "beth"), True),
        ((), ("ada",), True),
        (("ada",), (), True),
    ],
)
def test_given_names_agree(asked: tuple[str, ...], known: tuple[str, ...], same: bool) -> None:
    assert agree(asked, known) is same
