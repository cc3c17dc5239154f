from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.topic import Scope, read_scope


@pytest.mark.parametrize(
    ("topic", "scope"),
    [
        ("diffusion", Scope("diffusion")),
        ("weak-to-strong generalization", Scope("weak-to-strong generalization")),
        ("android phones", Scope("android phones")),
        ("notation", Scope("notation")),
        # negation
        ("do not use RLHF", Scope("", (), "use RLHF")),
        ("don't use RLHF", Scope("", (), "use RLHF")),
        ("that don’t use RLHF", Scope("", (), "use RLHF")),
        ("isn't about code", Scope("", (), "about code")),
        ("never mention humans", Scope("", (), "mention humans")),
        ("not about images", Scope("", (), "images")),
        ("diffusion but not images", Scope("diffusion", (), "images")),
        ("diffusion, not images", Scope("diffusion", (), "images")),
        ("diffusion but not about images", Scope("diffusion", (), "images")),
        ("use RLHF but do not train on code", Scope("use RLHF", (), "train on code")),
        ("attention without transformers", Scope("attention", (), "transformers")),
        ("vision except CLIP", Scope("vision", (), "CLIP")),
        ("vision except for CLIP", Scope("vision", (), "CLIP")),
        ("images other than photographs", Scope("images", (), "photographs")),
        ("language models, excluding GPT-3", Scope("language models", (), "GPT-3")),
        ("do not mention GPT-3 or Codex", Scope("", (), "mention GPT-3 or Codex")),
        ("use images without text and audio", Scope("use images", (), "text and audio")),
        # conjunction
        ("diffusion and audio", Scope("diffusion and audio", ("diffusion", "audio"))),
        ("both images and text", Scope("images and text", ("images", "text"))),
        ("speech as well as text", Scope("speech as well as text", ("speech", "text"))),
        ("code, and also math", Scope("code, and also math", ("code", "math"))),
        ("code and math and text", Scope("code and math and text", ("code", "math", "text"))),
        ("images and text but not audio", Scope("images and text", ("images", "text"), "audio")),
        ("code and not math", Scope("code", (), "math")),
        # an "or" makes no conjunction
        ("images or audio and text", Scope("images or audio and text")),
        # nothing on one side
        ("and", Scope("and")),
        ("", Scope("")),
    ],
)
def test_a_topic_taken_apart(topic: str, scope: Scope) -> None:
    assert read_scope(topic) == scope


@given(st.text(max_size=100))
def test_parts_stand_in_the_topic(topic: str) -> None:
    scope = read_scope(topic)
    assert scope.unwanted in topic
    assert len(scope.sides) != 1
    assert all(side and side in topic for side in scope.sides)
