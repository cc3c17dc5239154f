"""Spelling out the acronyms of a question."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askpapers.answering.long_forms import FIELD, spell_out
from askpapers.engine import Corpus


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("use RLHF", "use reinforcement learning from human feedback"),  # of the corpus
        ("who uses rlhf?", "who uses reinforcement learning from human feedback?"),
        ("LLMs and GANs", "large language model and generative adversarial network"),  # of the field
        ("OCR, then QA", "optical character recognition, then question answering"),
        ("papers on diffusion", "papers on diffusion"),
        ("GPT-3 and CLIP", "GPT-3 and CLIP"),  # names that no one spells out
        ("", ""),
    ],
)
def test_spell_out(corpus: Corpus, text: str, spelled: str) -> None:
    assert spell_out(text, corpus.index) == spelled


@given(st.text(max_size=80))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_spelled_out_once(corpus: Corpus, text: str) -> None:
    once = spell_out(text, corpus.index)
    assert once or not text.strip()
    assert all(long in once.casefold() for short, long in dict(reversed(FIELD)).items() if short == text.casefold())
