"""What abstracts say in short: the sentences that report what was found, and no aims."""

from __future__ import annotations

import pytest

from askpapers.answering.abstracts import findings
from askpapers.datatypes import Paper

AIM = "We aim to see whether walking helps."


@pytest.mark.parametrize(
    ("abstract", "found"),
    [
        (
            f"Memory fades. {AIM} We find that walking helps. 40 adults took part. Runners gained less. All went home.",
            ["We find that walking helps.", "Runners gained less.", "All went home."],
        ),
        (
            "We find A. We show B. We observe C. We conclude D.",
            ["We find A.", "We observe C.", "We conclude D."],
        ),
        (f"Memory fades. {AIM} 40 adults walked.", ["40 adults walked."]),
        (AIM, [AIM]),
    ],
    ids=["reported, then last", "many", "no background", "nothing but an aim"],
)
def test_what_a_paper_found(abstract: str, found: list[str]) -> None:
    assert [statement.text for statement in findings([Paper("p", "Walking", abstract, (), 2020)]).statements] == found
