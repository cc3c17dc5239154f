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
    assert read_sides(question) == Sides((one, other), respect)
    assert read_sides(f"  {question.replace(' ', '   ')}\n") == Sides((one, other), respect)


@pytest.mark.parametrize("question", ["compare CLIP", "what is a verifier?", "vs", "", "compare", "CLIP and GLIDE"])
def test_no_two_sides(question: str) -> None:
    assert read_sides(question) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_sides_are_never_empty(one: str, other: str) -> None:
    for question in (f"compare {one} and {other}", f"{one} vs {other}", f"difference between {one} and {other}"):
        sides = read_sides(question)
        assert sides is None or all(sides.names)


@pytest.mark.parametrize(
    ("question", "names", "respect"),
    [
        ("Compare WebGPT, InstructGPT and Codex", ("WebGPT", "InstructGPT", "Codex"), ""),
        ("compare WebGPT, InstructGPT, and Codex on truthfulness", ("WebGPT", "InstructGPT", "Codex"), "truthfulness"),
        ("CLIP vs GLIDE vs DALL-E?", ("CLIP", "GLIDE", "DALL-E"), ""),
        (
            "differences between RLHF, expert iteration, and distillation",
            ("RLHF", "expert iteration", "distillation"),
            "",
        ),
        ("compare how cats, dogs and cows are fed", ("cats", "dogs", "cows"), "are fed"),
        ("how do GPT-2, GPT-3, GPT-4 and Codex differ in size?", ("GPT-2", "GPT-3", "GPT-4", "Codex"), "size"),
    ],
)
def test_a_comparison_may_have_more_sides(question: str, names: tuple[str, ...], respect: str) -> None:
    assert read_sides(question) == Sides(names, respect)


@pytest.mark.parametrize("asks", ["which one do people prefer?", "who is faster?", "what is better for code?"])
def test_a_question_after_the_sides_is_the_respect(asks: str) -> None:
    for between in (", ", ": ", " ", " and "):
        assert read_sides(f"GLIDE vs DALL-E{between}{asks}") == Sides(("GLIDE", "DALL-E"), asks.rstrip("?"))


@pytest.mark.parametrize("asked", ["how big is", "how fast are", "what is", "who was"])
def test_a_question_before_the_sides_is_no_part_of_the_first(asked: str) -> None:
    assert read_sides(f"{asked} GLIDE vs. DALL-E?") == Sides(("GLIDE", "DALL-E"))


@given(st.lists(st.sampled_from("CLIP GLIDE Codex Whisper GPT-3 RLHF".split()), min_size=2, max_size=6, unique=True))
def test_all_of_a_list_are_compared(names: list[str]) -> None:
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    for question in (f"compare {listed}", f"how do {listed} differ?", f"what is the difference between {listed}?"):
        assert read_sides(question) == Sides(tuple(names))
