from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.grounding.displaced import displaced_numbers
from askpapers.grounding.numbers import missing_numbers, numbers


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("175B parameters", 175 * 10**9, "parameter"),
        ("175 billion parameters", 175 * 10**9, "parameter"),
        ("1.5 million images", 1_500_000, "image"),
        ("680,000 hours of speech", 680_000, "hour"),
        ("100K examples", 100_000, "example"),
        ("a 50,000-example set", 50_000, "example"),
        ("two hundred thousand words", 200_000, "word"),
        ("twenty-five participants", 25, "person"),
        ("a two-fold gain", 2, "times"),
        ("10x faster", 10, "times"),
        ("it doubled", 2, "times"),
        ("an order of magnitude", 10, "times"),
        ("56%", 56, "%"),
        ("56 percent", 56, "%"),
        (r"56\%", 56, "%"),
        ("half of it", 50, "%"),
        ("two thirds of it", Fraction(200, 3), "%"),
        ("10^{-4}", Fraction(1, 10_000), ""),
        ("3 x 10^5", 300_000, ""),
        ("1e-4", Fraction(1, 10_000), ""),
        ("fell to -3.2 points", Fraction(-32, 10), ""),
        ("in 2017", 2017, ""),
        ("the 1990s", 1990, ""),
        ("one layer", 1, "layer"),
        ("5-shot", 5, ""),
        ("0.5 mg/kg", Fraction(1, 2), "mg"),
        ("3×10¹⁸", 3 * 10**18, ""),
        ("10⁻⁹ of it", Fraction(1, 10**9), ""),
        ("2½ hours", Fraction(5, 2), "hour"),
        ("2⅓ hours", Fraction(7, 3), "hour"),
        ("¾ of it", Fraction(3, 4), ""),
        ("$12 per gram", 12, "dollar"),
        ("€ 12 per gram", 12, "euro"),
        ("12 euros", 12, "euro"),
        ("US$30 million", 30_000_000, "dollar"),
        ("5 μm wide", 5, "um"),
    ],
)
def test_a_number_is_its_value_and_unit(text: str, value: int | Fraction, unit: str) -> None:
    (number,) = numbers(text)
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    ["GPT-3", "p53 and CIFAR-10", "ResNet-50", "as shown [3]", "see [1, 2]", "zero-shot", "2nd", "one of the best"],
)
def test_what_is_no_number(text: str) -> None:
    assert numbers(text) == ()


def test_the_unit_of_a_range_is_that_of_both_ends() -> None:
    found = numbers("3-5% and 10 to 20 hours")
    assert [int(n.value) for n in found] == [3, 5, 10, 20]
    assert [n.unit for n in found] == ["%", "%", "hour", "hour"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("1.5B parameters", "1.5 billion parameters"),
        ("an accuracy of 90%", "an accuracy of 0.90"),
        ("two tasks", "2 tasks"),
        ("half of the users", "50% of users"),
        ("it fell by 3", "a change of -3"),
        ("100 people", "100 patients"),
        ("100 words", "over 100 words"),
        ("up to 45% faster", "45% faster"),
        ("more than 40 tasks", "over 40 tasks"),
        ("no number", ""),
        ("3×10^18 cells", "3×10¹⁸ cells"),
        ("2.5 hours", "2½ hours"),
        ("2 1/2 hours", "2½ hours"),
        ("$12", "$12"),
        ("12 dollars", "US$12"),
    ],
)
def test_what_the_source_has(statement: str, source: str) -> None:
    assert missing_numbers(statement, source) == ()


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("It has 44% fewer errors.", "It has 4% fewer errors.", ("44%",)),
        ("45 papers", "45% of papers", ("45 papers",)),
        ("45% of papers", "45 papers", ("45%",)),
        ("680,000 minutes", "680,000 hours", ("680,000 minutes",)),
        ("175 billion tokens", "175 billion parameters", ("175 billion tokens",)),
        ("12 women", "12 men", ("12 women",)),
        ("more than 40 tasks", "40 tasks", ("more than 40 tasks",)),
        ("10% faster", "up to 10% faster", ("10% without “up to”",)),
        ("fewer than 10 layers", "more than 10 layers", ("fewer than 10 layers",)),
        ("5 layers", "5.5 layers", ("5 layers",)),
        ("24 hours", "one day", ("24 hours",)),
        ("€12 per gram", "$12 per gram", ("€12",)),
        ("£12 million", "€12 million", ("£12 million",)),
        ("3×10^8 cells", "3×10¹⁸ cells", ("3×10^8",)),
        ("1018 cells", "10¹⁸ cells", ("1018",)),
        ("three methods", "We propose A and B.", ("three",)),
    ],
)
def test_what_it_does_not_have_is_named(statement: str, source: str, missing: tuple[str, ...]) -> None:
    assert missing_numbers(statement, source) == missing


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_another_number_is_always_missing(one: int, other: int) -> None:
    missing = missing_numbers(f"It reads {one:,} files.", f"It reads {other} files.")
    assert bool(missing) == (one != other)


@given(st.text(max_size=80))
def test_no_text_breaks_it_and_none_lacks_its_own_numbers(text: str) -> None:
    assert missing_numbers(text, text) == ()


SOURCE = (
    "The set consists of 52 videos (207 minutes). We manually annotate 25 summaries for each video, which are in total"
    " 1300 summaries."
)


def test_a_number_of_something_else_is_named() -> None:
    assert displaced_numbers("Each video has 52 manually annotated summaries.", SOURCE) == ("52",)


@pytest.mark.parametrize("statement", ["It has 52 videos.", "Each video has 25 annotated summaries.", "1300 summaries"])
def test_a_number_in_its_place_is_not(statement: str) -> None:
    assert displaced_numbers(statement, SOURCE) == ()


def test_the_number_of_an_opening_phrase_is_of_what_follows() -> None:
    source = "We fire old pots of red glaze at 600 degrees. At T = 850 degrees, however, old pots of red glaze crack."
    assert displaced_numbers("At 850 degrees old pots of red glaze crack.", source) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [("over two rounds of results", ""), ("over two million users", "lower"), ("over three times faster", "lower")],
)
def test_so_few_that_they_are_written_out_are_no_bound(text: str, bound: str) -> None:
    assert numbers(text)[0].bound == bound
