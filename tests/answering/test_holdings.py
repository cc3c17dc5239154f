"""A question what there is on a topic is one request, however it is asked; other questions stay as they are."""

from __future__ import annotations

import pytest

from askpapers.answering.holdings import as_request
from askpapers.answering.topic import read_topic

WAYS = """X - anything in here?
X: do we have that?
what have we got on X?
hi, I'm writing a grant on X - what do you have for me?
we are preparing a course about X, got anything for that?
what's in here on X - anything?
show me what you have about X
what else is there on X?
does this collection have anything on X?
do you have papers on X?
is there much on X?
something in our library about X
where can I read about X?
what should I read first about X?
does my library cover X?
is X covered here?""".splitlines()


@pytest.mark.parametrize("topic", ["gut bacteria", "HIV prevention in rural areas", "sleep since 2015"])
def test_every_way_of_asking_what_there_is_has_the_topic(topic: str) -> None:
    for way in WAYS:
        assert as_request(way.replace("X", topic)) == f"anything on {topic}", way
        assert read_topic(as_request(way.replace("X", topic))) == topic.removesuffix(" since 2015"), way


@pytest.mark.parametrize(
    "question",
    [
        "what did they find about gut bacteria?",
        "do you have any papers that use rats?",
        "is gut flora altered by diet?",
        "what has diet to do with gut flora?",
        "does this drug have an effect on sleep?",
        "is it in here?",
    ],
)
def test_other_questions_stay(question: str) -> None:
    assert as_request(question) == question
