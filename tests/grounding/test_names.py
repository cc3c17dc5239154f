from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from askpapers.grounding.names import missing_names, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GPT-4 is a BERT-based model trained on Wikipedia.", ("GPT-4", "BERT", "Wikipedia")),
        ("In Europe, p53 and iPhone's chips.", ("Europe", "p53", "iPhone")),
        ("ResNet-50-based nets and ViT-L/14.", ("ResNet-50", "ViT-L/14")),
        ("The model has 175B parameters, 10x more, in March. We use it.", ()),
        ("Attention Is All You Need", ()),
        ("TNF-α rises.", ("TNF",)),
        ("", ()),
    ],
)
def test_names_of_a_text(text: str, expected: tuple[str, ...]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("It uses GPT-3.", "We use gpt3."),
        ("It uses CIFAR-10.", "We use CIFAR 10."),
        ("It uses LLMs.", "We use large language models."),
        ("It uses Reinforcement Learning from Human Feedback.", "We use RLHF."),
        ("It uses RNNs.", "an RNN"),
        ("It is European.", "It was done in Europe."),
        ("Here the Transformer wins.", "We train transformers."),
        ("Use of TNF-alpha1.", "Use of TNF-α1."),
        ("It is in the U.S. now.", "the United States"),
    ],
)
def test_names_that_the_source_writes_otherwise(statement: str, source: str) -> None:
    assert missing_names(statement, source) == ()


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("It uses GPT-4.", "It uses GPT-3.", ("GPT-4",)),
        ("It uses GPT-3.", "It uses GPT-3.5.", ("GPT-3",)),
        ("It uses BERT.", "It uses RoBERTa.", ("BERT",)),
        ("They test on Wikipedia.", "They test on news.", ("Wikipedia",)),
    ],
)
def test_names_that_it_does_not_have(statement: str, source: str, missing: tuple[str, ...]) -> None:
    assert missing_names(statement, source) == missing


@given(st.text(max_size=80))
@example("0.A")
def test_no_text_lacks_its_own_names(text: str) -> None:
    assert missing_names(text, text) == ()
