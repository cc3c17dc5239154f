"""What the scripts that make the embedded models share: evening out, exporting and quantising a BERT.

docs/decisions/0002-embedded-model.md says why each step is there and what it measures.
"""

import functools
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when the library is loaded
from onnxruntime.quantization import QuantType, quantize_dynamic

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "src" / "askpapers" / "assets"
OPSET = 20  # the first with a Gelu operator: one node instead of five

Inputs = tuple[torch.Tensor, ...]


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


def additive(keep: torch.Tensor) -> torch.Tensor:
    """Return a mask of ones and zeros, as floats, as what attention adds to its scores.

    The models are given it ready made, so that the export does not trace how transformers builds one.
    """
    return (1.0 - keep[:, None, None, :]) * torch.finfo(torch.float32).min


def even_out(model: torch.nn.Module, examples: Sequence[Inputs]) -> None:
    """Replace the layers whose inputs vary most by `Evened` ones, fitted to the examples given."""
    groups = []
    for layer in model.bert.encoder.layer:
        groups += [
            Group(layer.attention.self, ("query", "key", "value"), 0.7, False),
            Group(layer.intermediate, ("dense",), 0.7, False),
            Group(layer.output, ("dense",), 0.5, True),
        ]
    largest = largest_inputs(model, [group.linears[0] for group in groups], examples)
    for group, inputs in zip(groups, largest, strict=True):
        weights = torch.stack([linear.weight.detach().abs().amax(0) for linear in group.linears])
        scales = inputs.clamp(min=1e-4) ** group.strength
        scales /= weights.amax(0).clamp(min=1e-4) ** (1 - group.strength)
        # Rounded in coarse steps, so that a CPU that adds in another order arrives at the same ones.
        scales = torch.exp2((torch.log2(scales / scales.mean()) * 4).round() / 4)
        for name, linear in zip(group.names, group.linears, strict=True):
            setattr(group.parent, name, Evened(linear, scales, group.per_token))


def largest_inputs(
    model: torch.nn.Module, linears: Sequence[torch.nn.Linear], examples: Sequence[Inputs]
) -> list[torch.Tensor]:
    """Return, for each layer, the largest magnitude that reaches each of its inputs over the examples."""
    largest = [torch.zeros(linear.in_features) for linear in linears]

    def note(seen: torch.Tensor, _: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        torch.maximum(seen, inputs[0].abs().flatten(0, -2).amax(0), out=seen)

    handles = [
        linear.register_forward_pre_hook(functools.partial(note, seen))
        for linear, seen in zip(linears, largest, strict=True)
    ]
    with torch.no_grad():
        for example in examples:
            model(*example)
    for handle in handles:
        handle.remove()
    return largest


def export(model: torch.nn.Module, inputs: Mapping[str, torch.Tensor], names: Sequence[str]) -> onnx.ModelProto:
    """Trace the model to an fp32 ONNX graph with free batch and length, from an example of its inputs."""
    # The inputs must be distinct tensors: the exporter takes one tensor passed twice for a single input.
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    program = torch.onnx.export(
        model,
        tuple(inputs.values()),
        dynamo=True,
        opset_version=OPSET,
        input_names=list(inputs),
        output_names=list(names),
        dynamic_shapes=tuple({0: batch, 1: length} for _ in inputs),
        verbose=False,
    )
    assert program is not None
    # The exporter itself calls the word lookup `embedding`, which would clash with an output of that name.
    outputs = program.model.graph.outputs
    for node in program.model.graph:
        for value in node.outputs:
            if value.name in names and value not in outputs:
                value.name = f"word_{value.name}"
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


def floats_of(graph: onnx.GraphProto) -> dict[str, torch.Tensor]:
    """The weights of a graph that `even_out`, `export` and `quantise` made, as floats and not evened out, to train on.

    Of the output of attention, whose matrix has a number for a name, there is one in each layer, in their order.
    """
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def matrix(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        whole = stored[f"{name}_quantized"].astype(np.float32) - stored[f"{name}_zero_point"].astype(np.float32)
        return np.asarray(whole * stored[f"{name}_scale"], dtype=np.float32)

    found = {"bert.embeddings.word_embeddings.weight": stored["word_rows"].astype(np.float32) * stored["word_scales"]}
    numbered = []
    for name, values in stored.items():
        base = name.removesuffix("_quantized")
        if base != name and base.startswith("val_"):
            numbered.append(base)
        elif base != name:
            part = base.removesuffix(".weight").replace("self.key", "self.query").replace("self.value", "self.query")
            inverse = stored.get(f"{part}.inverse", np.ones(1, dtype=np.float32))
            found[base] = (matrix(base) * inverse[:, None]).T
        elif values.dtype == np.float32 and name.endswith((".weight", ".bias")):
            found[name] = values
    numbered.sort(key=lambda name: int(name.removeprefix("val_")))
    for layer, name in enumerate(numbered):
        found[f"bert.encoder.layer.{layer}.attention.output.dense.weight"] = matrix(name).T
    return {name: torch.from_numpy(np.array(values, order="C")) for name, values in found.items()}


def seed_abstracts() -> list[str]:
    """Return the distinct seed abstracts, in order."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("Abstract:"):
                found[line.removeprefix("Abstract:").strip()] = None
    return list(found)


def checked(content: bytes, name: str, expected: str) -> bytes:
    """Return the content; refuse one with another sha256 than the expected."""
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise SystemExit(f"{name} has sha256 {found}, expected {expected}")
    return content


def report(path: Path) -> None:
    """Print a written file's sha256, size and name."""
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.stat().st_size:>10}  {path.name}")
