"""Spelling out the acronyms of a question."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askpapers.answering.long_forms import spell_out
from askpapers.engine import Corpus


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("use RLHF", "use reinforcement learning from human feedback"),  # of the corpus
        ("who uses rlhf?", "who uses reinforcement learning from human feedback?"),
        ("LLMs and GANs", "large language model and generative adversarial network"),  # of the field
        ("OCR, then QA", "optical character recognition, then question answering"),
        ("CNN/DailyMail and NLP", "CNN/DailyMail and natural language processing"),  # of the first, a name
        ("QA (question answering)", "QA (question answering)"),  # it says so itself
        ("papers on diffusion", "papers on diffusion"),
        ("GPT-3 and CLIP", "GPT-3 and CLIP"),  # names that no one spells out
        ("", ""),
    ],
)
def test_spell_out(corpus: Corpus, text: str, spelled: str) -> None:
    assert spell_out(text, corpus.index) == spelled


PLAIN = st.lists(st.sampled_from("cats sleep without any noise (mostly) here, there".split()), max_size=5).map(" ".join)


@given(PLAIN, PLAIN)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_the_acronym_changes(corpus: Corpus, before: str, after: str) -> None:
    spelled = spell_out(f"{before} RLHF {after}", corpus.index)
    assert spelled.split() == f"{before} reinforcement learning from human feedback {after}".split()
    assert spell_out(before, corpus.index).split() == before.split()
