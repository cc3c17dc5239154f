from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.people import people
from askpapers.metadata import Person

ADA, BO = Person("Moss", "Ada"), Person("Fern", "Bo")
A, B = Person("Moss", "A."), Person("Fern", "B.")


@pytest.mark.parametrize(
    "value",
    [
        "Moss, Ada and Fern, Bo",
        "Moss, Ada and Fern, Bo and others",
        "{Moss}, {Ada} and Fern, {B}o",
        "Ada Moss and Bo Fern",
        "Moss, Ada; Fern, Bo",
        "Moss, Ada; Fern, Bo;",
        "Ada Moss; Bo Fern",
        "Ada Moss, Bo Fern",
        "Ada Moss & Bo Fern",
        "Moss, Ada, Fern, Bo",
        "Ada Moss|Bo Fern",
        "Ada Moss\nBo Fern",
        "By Ada Moss and Bo Fern",
        "Authors: Ada Moss, Bo Fern, et al.",
        "Ada Moss1, Bo Fern*".replace("1", "(1)"),
        "Moss, Ada (57190000000); Fern, Bo (57190000001)",
        "['Ada Moss', 'Bo Fern']",
        "['Ada Moss' 'Bo Fern']",
        '["Ada Moss", "Bo Fern"]',
        '[{"name": "Ada Moss"}, {"name": "Bo Fern"}]',
        ["Ada Moss", "Bo Fern"],
        ["Moss, Ada", None, True, 7, "", "N/A", "Fern, Bo"],
        [{"given": "Ada", "family": "Moss"}, {"firstName": "Bo", "lastName": "Fern", "creatorType": "author"}],
        [{"name": "Ada Moss", "authorId": "1"}, {"literal": "Bo Fern"}],
        [{"author": {"id": "A1", "display_name": "Ada Moss"}}, {"author": {"display_name": "Bo Fern"}}],
        [["Moss", "Ada", ""], ["Fern", "Bo", "", "Wall Institute"]],
        {"author": [{"text": "Ada Moss 0001", "@pid": "1"}, {"text": "Bo Fern"}]},
        {"0": "Ada Moss", "1": "Bo Fern"},
    ],
)
def test_two_people_in_every_form(value: Any) -> None:
    assert people(value) == (ADA, BO)


@pytest.mark.parametrize(
    "value",
    [
        "Moss A., Fern B.", "Moss A.; Fern B.", "Moss, A., Fern, B.", "Moss, A., & Fern, B.", "A. Moss, B. Fern",
        "Moss, A. and Fern, B.", "Moss,A.,Fern,B.", "A. Moss and B. Fern", "Moss, A.; Fern, B. et al.",
    ],
)  # fmt: skip
def test_two_people_with_initials(value: str) -> None:
    assert people(value) == (A, B)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Moss A, van der Berg JW", (Person("Moss", "A"), Person("van der Berg", "JW"))),
        ("Smith JR, Jones T 3rd", (Person("Smith", "JR"), Person("Jones 3rd", "T"))),
        ("O'Brien K, D'Angelo P", (Person("O'Brien", "K"), Person("D'Angelo", "P"))),
        ("Moss A(1), Fern B(2).", (Person("Moss", "A"), Person("Fern", "B"))),
        ("van der Berg, Jan", (Person("van der Berg", "Jan"),)),
        ("Jan van der Berg", (Person("van der Berg", "Jan"),)),
        ("Charles de Gaulle", (Person("de Gaulle", "Charles"),)),
        ("Smith, John, Jr.", (Person("Smith Jr.", "John"),)),
        ("King, Jr., Martin Luther and Moss, Ada", (Person("King Jr.", "Martin Luther"), ADA)),
        ("García Márquez, Gabriel", (Person("García Márquez", "Gabriel"),)),
        (r"{\"O}zg{\"u}r, Ada and {\O}re, Bo", (Person("Özgür", "Ada"), Person("Øre", "Bo"))),
        ("{World Health Organization} and Moss, Ada", (Person("World Health Organization"), ADA)),
        ("{Barnes and Noble, Inc.}", (Person("Barnes and Noble, Inc."),)),
        ("ATLAS Collaboration", (Person("ATLAS Collaboration"),)),
        ("Department of Health and Human Services", (Person("Department of Health and Human Services"),)),
        ("Plato", (Person("Plato"),)),
        ("张伟、李娜", (Person("张伟"), Person("李娜"))),
        ("Li, Na; Null, Bo", (Person("Li", "Na"), Person("Null", "Bo"))),
        ([["Na", "Li", ""]], (Person("Na", "Li"),)),
        ("J. Smith, A. Doe and B. Oak", (Person("Smith", "J."), Person("Doe", "A."), Person("Oak", "B."))),
        ("Ada Moss, Bo Fern, and Cy Oak", (ADA, BO, Person("Oak", "Cy"))),
        (
            [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den", "suffix": "Jr."}],
            (Person("van den Berg Jr.", "Jan"),),
        ),
    ],
)
def test_names_of_several_kinds(value: Any, expected: tuple[Person, ...]) -> None:
    assert people(value) == expected


@pytest.mark.parametrize(
    "value", [None, True, 7, 1.5, float("nan"), "", " ", "nan", "None", "[]", "{}", "-", "[No author name available]",
              "No authors listed", "[Anonymous]", [None], [[]], {}, {"id": 5}, "[" * 5000, "12, 13", [["", "", ""]]],
)  # fmt: skip
def test_what_is_no_name_is_left_out(value: Any) -> None:
    assert people(value) == ()


_WORD = st.text("abcdeéøñ", min_size=2, max_size=8).map(str.title)
_PEOPLE = st.lists(
    st.builds(Person, _WORD, st.one_of(_WORD, st.builds(lambda a, b: f"{a} {b[0]}.", _WORD, _WORD))),
    min_size=1,
    max_size=5,
)


@given(_PEOPLE, st.sampled_from(["bibtex", "semicolons", "display", "and", "json", "python", "objects", "parsed"]))
def test_names_are_read_as_they_were_written(written: list[Person], form: str) -> None:
    displayed, turned = [str(p) for p in written], [f"{p.family}, {p.given}" for p in written]
    value: Any = {
        "bibtex": " and ".join(turned),
        "semicolons": "; ".join(turned),
        "display": ", ".join(displayed),
        "and": " and ".join(displayed),
        "json": json.dumps(displayed),
        "python": repr(displayed),
        "objects": [{"family": p.family, "given": p.given} for p in written],
        "parsed": [[p.family, p.given, ""] for p in written],
    }[form]
    assert people(value) == tuple(written)


_LEAVES = st.none() | st.booleans() | st.floats() | st.text("aA, .;{}[]\\and|'\"(1)\n", max_size=30)
_KEYS = st.sampled_from(["name", "family", "x"])


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner), max_leaves=6))
def test_any_value_gives_people_with_names_or_none(value: Any) -> None:
    for person in people(value):
        assert any(c.isalpha() for c in person.family)
        assert person.family == person.family.strip()
