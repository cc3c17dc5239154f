from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.sides import Sides, read_sides


@pytest.mark.parametrize(
    ("question", "one", "other", "respect"),
    [
        ("compare CLIP and GLIDE", "CLIP", "GLIDE", ""),
        ("please compare GPT-3 and Codex on code.", "GPT-3", "Codex", "code"),
        ("Compare WebGPT with InstructGPT on truthfulness", "WebGPT", "InstructGPT", "truthfulness"),
        ("compare GLIDE to DALL-E, in terms of photorealism", "GLIDE", "DALL-E", "photorealism"),
        ("compare the training of CLIP and GPT-3", "CLIP", "GPT-3", "training"),
        ("compare how WebGPT and InstructGPT use human feedback", "WebGPT", "InstructGPT", "use human feedback"),
        ("compare the Performers and the area attention", "Performers", "area attention", ""),
        ("contrast Performers and area attention", "Performers", "area attention", ""),
        ("how does WebGPT differ from GPT-3?", "WebGPT", "GPT-3", ""),
        ("How do DALL-E and GLIDE differ in training?", "DALL-E", "GLIDE", "training"),
        ("how is InstructGPT different from GPT-3 in terms of size?", "InstructGPT", "GPT-3", "size"),
        ("how does GLIDE compare to DALL-E?", "GLIDE", "DALL-E", ""),
        ("how do WebGPT and GPT-3 compare when it comes to truth?", "WebGPT", "GPT-3", "truth"),
        ("what is the difference between CLIP and DALL-E?", "CLIP", "DALL-E", ""),
        ("difference in data between CLIP and GPT-3", "CLIP", "GPT-3", "data"),
        ("what are the differences between a verifier and a reward model?", "verifier", "reward model", ""),
        ("similarities between Whisper and CLIP", "Whisper", "CLIP", ""),
        ("outcome vs process supervision", "outcome supervision", "process supervision", ""),
        ("CLIP vs GLIDE", "CLIP", "GLIDE", ""),
        ("CLIP vs. GLIDE?", "CLIP", "GLIDE", ""),
        ("Codex versus GPT-3 for code", "Codex", "GPT-3", "for code"),
    ],
)
def test_a_comparison_taken_apart(question: str, one: str, other: str, respect: str) -> None:
    assert read_sides(question) == Sides(one, other, respect)
    assert read_sides(f"  {question.replace(' ', '   ')}\n") == Sides(one, other, respect)


@pytest.mark.parametrize("question", ["compare CLIP", "what is a verifier?", "vs", "", "compare", "CLIP and GLIDE"])
def test_no_two_sides(question: str) -> None:
    assert read_sides(question) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_sides_are_never_empty(one: str, other: str) -> None:
    for question in (f"compare {one} and {other}", f"{one} vs {other}", f"difference between {one} and {other}"):
        sides = read_sides(question)
        assert sides is None or (sides.one and sides.other)
