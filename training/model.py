"""The Reader's network: one BERT-like encoder of a pair of texts, and two heads on its first token."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of an encoder; `buckets` is the number of relative positions that MPNet has in place of kinds."""

    words: int
    positions: int
    width: int
    layers: int
    heads: int
    inner: int
    kinds: int = 2
    buckets: int = 0
    first_position: int = 0


MINILM = Shape(30522, 512, 384, 12, 12, 1536)
MPNET = Shape(30527, 514, 768, 12, 12, 3072, kinds=0, buckets=32, first_position=2)


class Layer(nn.Module):
    """A transformer layer, normed after each part as in BERT."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, dropout
        self.query, self.key, self.value, self.out = (nn.Linear(shape.width, shape.width) for _ in range(4))
        self.inner, self.outer = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)
        self.norm1, self.norm2 = nn.LayerNorm(shape.width, eps=1e-12), nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, hidden: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """Attend and transform; `bias` is added to the scores of attention.

        Attention is written out: on a CPU torch's own takes six times as long to differentiate.
        """
        batch, length, width = hidden.shape
        query, key, value = (
            part(hidden).view(batch, length, self.heads, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        dropped = self.dropout if self.training else 0.0
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + bias.to(query.dtype)
        mixed = functional.dropout(torch.softmax(scores, dim=-1), dropped) @ value
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        hidden = self.norm1(hidden + functional.dropout(mixed, dropped))
        return self.norm2(hidden + functional.dropout(self.outer(functional.gelu(self.inner(hidden))), dropped))


class Network(nn.Module):
    """An encoder with two heads of three outputs each: relevance, then support."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.words, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.kinds = nn.Embedding(shape.kinds, shape.width) if shape.kinds else None
        self.buckets = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.pooler = nn.Linear(shape.width, shape.width)
        self.head = nn.Linear(shape.width, 6)
        self.dropout = dropout

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """Logits of shape (batch, 6)."""
        length = ids.shape[1]
        places = torch.arange(length, device=ids.device)
        hidden = self.words(ids) + self.positions(places + self.shape.first_position)
        if self.kinds is not None:
            hidden = hidden + self.kinds(kinds)
        hidden = functional.dropout(self.norm(hidden), self.dropout if self.training else 0.0)
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        if self.buckets is not None:
            bias = bias + self.buckets(_bucket(places[None] - places[:, None])).permute(2, 0, 1)[None]
        for layer in self.layers:
            hidden = layer(hidden, bias)
        pooled = torch.tanh(self.pooler(hidden[:, 0]))
        return self.head(functional.dropout(pooled, self.dropout if self.training else 0.0))


def _bucket(away: torch.Tensor) -> torch.Tensor:
    """MPNet's number of a relative position: near ones exactly, far ones by their logarithm, both sides apart."""
    side, exact, farthest = 16, 8, 128
    found = (away > 0).long() * side
    away = away.abs()
    far = exact + (torch.log(away.float().clamp(min=1) / exact) / math.log(farthest / exact) * (side - exact)).long()
    return found + torch.where(away < exact, away, far.clamp(max=side - 1))


class FullPrecision:
    """Copies in 32 bits of the weights of a network that computes in sixteen, for which a step is too small."""

    def __init__(self, network: nn.Module, rate: float, decay: float) -> None:
        """Turn the network to bfloat16. Weights that need no gradient have no copy; matrices alone decay."""
        self.weights = {name: p.detach().clone() for name, p in network.named_parameters() if p.requires_grad}
        self._fixed = {name: p.detach().clone() for name, p in network.named_parameters() if not p.requires_grad}
        self._network = network.to(torch.bfloat16)
        self._sixteen = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self.weights.values() if p.ndim >= 2], "weight_decay": decay},
                {"params": [p for p in self.weights.values() if p.ndim < 2], "weight_decay": 0.0},
            ],
            lr=rate,
            fused=True,
        )

    def step(self, loss: torch.Tensor, rate: float) -> None:
        """Take a step down the gradient of a loss, whose norm counts as 1 at most."""
        self._network.zero_grad(set_to_none=True)
        loss.backward()
        for name, weight in self.weights.items():
            gradient = self._sixteen[name].grad
            weight.grad = None if gradient is None else gradient.float()
        for settings in self.optimizer.param_groups:
            settings["lr"] = rate
        torch.nn.utils.clip_grad_norm_(self.weights.values(), 1.0)
        self.optimizer.step()
        with torch.no_grad():
            for name, weight in self.weights.items():
                self._sixteen[name].copy_(weight)

    def restore(self) -> None:
        """Give the network its weights in 32 bits."""
        self._network.float().load_state_dict({**self._fixed, **self.weights})


_INSIDE = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "norm1",
    "attention.attn.q": "query",
    "attention.attn.k": "key",
    "attention.attn.v": "value",
    "attention.attn.o": "out",
    "attention.LayerNorm": "norm1",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "norm2",
}
_OUTSIDE = {
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "positions",
    "embeddings.token_type_embeddings": "kinds",
    "embeddings.LayerNorm": "norm",
    "encoder.relative_attention_bias": "buckets",
    "pooler.dense": "pooler",
}


def renamed(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights of BERT or MPNet, as transformers names them, under this network's names; others are left out."""
    found = {}
    for name, tensor in weights.items():
        path, _, last = name.removeprefix("bert.").removeprefix("mpnet.").rpartition(".")
        if path.startswith("encoder.layer."):
            _, _, number, inside = path.split(".", 3)
            if inside in _INSIDE:
                found[f"layers.{number}.{_INSIDE[inside]}.{last}"] = tensor
        elif path in _OUTSIDE:
            found[f"{_OUTSIDE[path]}.{last}"] = tensor
    return found


def as_bert(weights: Mapping[str, torch.Tensor], bert: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """An encoder's weights, without the head, under the names that `bert`, a network of transformers, has for them."""
    places = {new: name for name, tensor in bert.items() for new in renamed({name: tensor})}
    found = {places[name]: tensor for name, tensor in weights.items() if name in places}
    assert not {name for name in weights if name not in places} - {"head.weight", "head.bias"}
    return found
