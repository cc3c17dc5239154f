"""Makes `tiny_reader/model.onnx`, by hand: a reader's inputs and outputs with random weights.

It looks at words, their order and which of the two texts they are in. It needs onnx 1.23, which the tests do not:

    python tests/reading/make_tiny_reader.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS, WIDTH = 97, 4  # word pieces share rows of the table
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
HEADS = ("relevance", "support")


def main() -> None:
    """Write the file."""
    random = np.random.default_rng(7)
    weights = {
        "words": random.normal(size=(WORDS, WIDTH)),
        "kinds": random.normal(size=(2, WIDTH)),
        "relevance_head": random.normal(size=(WIDTH, 3)),
        "support_head": random.normal(size=(WIDTH, 3)),
        "step": np.array(0.7),
        "sharpness": np.array(9.0),
    }
    numbers = {"rows": WORDS, "second": 1, "last": [-1]}
    tensors = [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in weights.items()]
    tensors += [numpy_helper.from_array(np.asarray(value, np.int64), name) for name, value in numbers.items()]
    nodes = [
        helper.make_node("Mod", ["input_ids", "rows"], ["row"]),
        helper.make_node("Gather", ["words", "row"], ["word"]),
        helper.make_node("Gather", ["kinds", "token_type_ids"], ["kind"]),
        helper.make_node("Add", ["word", "kind"], ["token"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("CumSum", ["mask", "second"], ["place"]),
        helper.make_node("Mul", ["place", "step"], ["angle"]),
        helper.make_node("Cos", ["angle"], ["wave"]),
        helper.make_node("Mul", ["wave", "mask"], ["weight"]),
        helper.make_node("Unsqueeze", ["weight", "last"], ["weights"]),
        helper.make_node("Mul", ["token", "weights"], ["weighed"]),
        helper.make_node("ReduceMean", ["weighed"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("Mul", ["mean", "sharpness"], ["sharp"]),
        helper.make_node("Tanh", ["sharp"], ["pooled"]),
        helper.make_node("MatMul", ["pooled", "support_head"], ["support"]),
        helper.make_node("MatMul", ["pooled", "relevance_head"], ["relevance"]),
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in INPUTS]
    outputs = [helper.make_tensor_value_info(head, TensorProto.FLOAT, ["batch", 3]) for head in HEADS]
    graph = helper.make_graph(nodes, "tiny_reader", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, Path(__file__).parent / "tiny_reader" / "model.onnx")


if __name__ == "__main__":
    main()
