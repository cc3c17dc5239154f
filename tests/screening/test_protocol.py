"""A protocol as reviewers write it, and what is said of one that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.errors import ProtocolError
from askpapers.screening.protocol import load_protocol, read_protocol

PROTOCOL = """---
status: draft
---
# Feedback training

Background: what we look at
- this is no criterion

## Inclusion criteria
1. about *feedback*
2. published after 2015
   and before 2024
- [ ] in **English**

Exclude:

* no robots
+ reviews: of all kinds

### Known studies
- 2203.02155 (InstructGPT)
- Learning to summarize from human feedback
"""


def test_criteria_in_the_order_of_the_file_with_their_lines() -> None:
    protocol = read_protocol(PROTOCOL.replace("\n", "\r\n"), "review.md")
    found = [(one.number, one.text, one.excludes, one.line) for one in protocol.criteria]
    assert found == [
        (1, "about feedback", False, 10),
        (2, "published after 2015 and before 2024", False, 11),
        (3, "in English", False, 13),
        (4, "no robots", True, 17),
        (5, "reviews: of all kinds", True, 18),
    ]
    assert [(seed.name, seed.line) for seed in protocol.seeds] == [
        ("2203.02155", 21),
        ("Learning to summarize from human feedback", 22),
    ]
    assert protocol.title == "Feedback training"
    assert protocol.notes == (
        "The list below “Feedback training” (line 7) is not read: it is no section of a protocol.",
    )


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ("", "review.md has no criteria", "## Include"),
        ("## Include\nWe include:\n\nI1: adults\n", "review.md:2: “We include:” is no item", "hyphen"),
        ("## Seeds\n- a\n", "review.md has no criteria", "## Include"),
        ("## Inclde\n- a\n", "review.md:1:", "Include"),
        ("## Include\n\n- a\n  - b\n", "review.md:4:", "by itself"),
        ("## Include\n- a\n- b\n- A.\n", "review.md:4: “A.” stands on line 2", "Take one out"),
        ("## Include\n- a\n## Exclude\n- a\n", "review.md:4:", "Take one out"),
        ("## Include\n" + "".join(f"- a{n}\n" for n in range(41)), "review.md:42:", "Join some"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_line(text: str, where: str, hint: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        read_protocol(text, "review.md")
    assert where in str(raised.value)
    assert hint in raised.value.hint


def test_what_stands_beside_the_lists_is_told_unless_it_introduces_one() -> None:
    text = "## Include\nAll of these:\n- about kilns\n\n  which are hot\n\nand not cold\n## Exclude\nNone.\n"
    protocol = read_protocol(text, "review.md")
    assert [criterion.text for criterion in protocol.criteria] == ["about kilns"]
    assert protocol.notes == (
        "Line 5 is not read: it is no item of a list.",
        "Line 7 is not read: it is no item of a list.",
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "review.md"
    with pytest.raises(ProtocolError, match="No such file"):
        load_protocol(file)
    file.write_bytes("## Include\n- über Öfen\n".encode("latin-1"))
    with pytest.raises(ProtocolError, match="not UTF-8"):
        load_protocol(file)


@given(st.text(max_size=200), st.sampled_from(["", "## Include\n- about kilns\n"]))
def test_every_text_is_a_protocol_or_an_error_of_one(text: str, before: str) -> None:
    try:
        protocol = read_protocol(before + text, "review.md")
    except ProtocolError as error:
        assert error.hint
    else:
        numbers = [criterion.number for criterion in protocol.criteria]
        assert numbers == list(range(1, len(numbers) + 1))
        assert numbers
