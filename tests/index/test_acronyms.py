from __future__ import annotations

import pytest

from askpapers.index.acronyms import spelled_out


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "We use reinforcement learning from human feedback (RLHF) here.",
            [("RLHF", "reinforcement learning from human feedback")],
        ),
        ("Large language models (LLMs) can.", [("LLM", "Large language model")]),
        ("a support vector machine (SVMs)", [("SVM", "support vector machine")]),
        ("Sparse autoencoders (SAEs) find features.", [("SAE", "Sparse autoencoder")]),
        (
            "Learning from process (PRM) and outcome reward models (ORMs).",
            [("ORM", "outcome reward model")],
        ),
        ("Contrastive Language-Image Pre-training (CLIP)", [("CLIP", "Contrastive Language-Image Pre-training")]),
        (
            "the Massive Multitask Language Understanding (MMLU, 5-shot)",
            [("MMLU", "Massive Multitask Language Understanding")],
        ),
        ('mixture of experts ("MoE")', [("MoE", "mixture of experts")]),
        ("the \\emph{policy gradient} (PG) method", [("PG", "policy gradient")]),
        ("An end. Adversarial networks (GAN)", []),  # the g stands nowhere in the sentence
        ("a benchmark (see Section 3)", []),
        ("a benchmark (GSM8K)", []),
        ("we train on images (64x64)", []),
        ("the model (2020)", []),
        ("(RLHF)", []),
        ("BERT (BERT) is", []),
        ("the BLEU score (BLEU)", []),
        ("no brackets at all", []),
        ("unclosed (RLHF", []),
        (
            "first the long short-term memory (LSTM), then gated recurrent units (GRUs)",
            [("LSTM", "long short-term memory"), ("GRU", "gated recurrent unit")],
        ),
    ],
)
def test_acronyms_with_their_long_forms(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(spelled_out(text)) == pairs


def test_the_long_form_stays_in_its_sentence() -> None:
    assert list(spelled_out("Rockets fly. Large models (RLM) win.")) == []
    assert list(spelled_out("Rockets of large models (RLM) win.")) == [("RLM", "Rockets of large models")]
