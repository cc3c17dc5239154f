"""Write the support head of a trained network as the int8 ONNX model that ships, with its temperature.

    python training/export.py pairs.json.gz trained.pt src/askpapers/assets/support_reader

The graph takes `input_ids`, `attention_mask` and `token_type_ids` (int64, batch by length) and gives `support`
(float32, batch by 3): logits. docs/decisions/0002-embedded-model.md says why it is evened out before it is quantised.
The temperature is the one with the least log loss on the development pairs (Guo et al. 2017), of the quantised model.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from model import MINILM, as_bert
from train import HEADS, MAX_TOKENS, Pair, read_pairs, report, unpacked

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from onnx_export import ASSETS, additive, even_out, export, quantise
from onnx_export import report as report_file

EXAMPLES = 48  # pairs that the layers are evened out on
WINDOW = 96  # word pieces of a source that are read at a time: about what the pairs for training have


class Reader(torch.nn.Module):
    """BERT with its pooler, and the head that reads support."""

    def __init__(self) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=MINILM.words,
            hidden_size=MINILM.width,
            num_hidden_layers=MINILM.layers,
            num_attention_heads=MINILM.heads,
            intermediate_size=MINILM.inner,
            hidden_act="gelu",
            attn_implementation="eager",
        )
        self.bert = BertModel(config)
        self.head = torch.nn.Linear(MINILM.width, 3)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Read a batch of pairs."""
        mask = additive(attention_mask.to(torch.float32))
        hidden = self.bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        *layers, last = self.bert.encoder.layer
        for layer in layers:
            hidden = layer(hidden, mask)
        # The pooler reads the first token alone, so the last layer is spared the work on the others.
        attended = last.attention.output(last.attention.self(hidden, mask)[0][:, :1], hidden[:, :1])
        logits: torch.Tensor = self.head(self.bert.pooler(last.output(last.intermediate(attended), attended)))
        return logits


def named_as_bert(model: Reader, weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights under BERT's names."""
    support = HEADS["support"]
    head = {"head.weight": weights["head.weight"][support], "head.bias": weights["head.bias"][support]}
    return {**as_bert(weights, model.state_dict()), **head}


def encoded(pairs: list[Pair]) -> list[tuple[npt.NDArray[np.int64], ...]]:
    """Each pair as the model's inputs."""
    tokenizer = Tokenizer.from_file(str(ASSETS / "minilm" / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    found = tokenizer.encode_batch([(pair.first, pair.second) for pair in pairs])
    return [tuple(np.array([row], dtype=np.int64) for row in (e.ids, e.attention_mask, e.type_ids)) for e in found]


def main() -> None:
    """Read the command line, write the model and its temperature."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("trained", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pairs = [pair for pair in read_pairs(arguments.pairs) if pair.part == "dev" and pair.task == "support"]
    model = Reader().eval()
    model.load_state_dict(named_as_bert(model, unpacked(torch.load(arguments.trained, weights_only=True))))
    step = len(pairs) // EXAMPLES
    even_out(model, [tuple(torch.from_numpy(part) for part in inputs) for inputs in encoded(pairs[::step])])
    ids = torch.arange(1000, 1051).reshape(3, 17)
    mask, kinds = torch.ones_like(ids), torch.zeros_like(ids)
    mask[1, 9:] = 0
    kinds[:, 6:] = 1
    names = dict(zip(("input_ids", "attention_mask", "token_type_ids"), (ids, mask, kinds), strict=True))
    written = arguments.out / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        onnx.save(quantise(export(model, names, ("support",)), Path(scratch)), written)
    report_file(written)
    found = run(written, pairs)
    report("int8", pairs, found)
    support = found[:, HEADS["support"]]
    made = {"temperature": temperature(support, np.array([pair.label for pair in pairs])), "window": WINDOW}
    (arguments.out / "reader.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(made)


def run(file: Path, pairs: list[Pair]) -> npt.NDArray[np.float32]:
    """The written model's logits, shape (pairs, 6), at the places of its head."""
    from askpapers.embedded import EmbeddedModel

    outputs = EmbeddedModel(file.parent.name, file.parent.parent).run([(pair.first, pair.second) for pair in pairs])
    found = np.zeros((len(pairs), 6), dtype=np.float32)
    found[:, HEADS["support"]] = [output["support"] for output in outputs]
    return found


def temperature(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> float:
    """What to divide the logits by for the least log loss."""

    def loss(by: float) -> float:
        scaled = logits / by
        chances = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return -float(chances[np.arange(len(labels)), labels].mean())

    return float(min(np.arange(0.5, 3.0, 0.05).round(2), key=loss))


if __name__ == "__main__":
    main()
