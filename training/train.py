"""Train the Reader: a teacher from all-mpnet-base-v2, then the small network that ships, from labels and teacher.

    python training/train.py pairs.json.gz student.pt trained.pt [--teacher mpnet.pt --teacher-tokenizer tokenizer.json]

`student.pt` and `mpnet.pt` are starting weights that training/start.py writes. Without a teacher the small network
learns from the labels alone. A GPU takes minutes, two cores hours. Figures on the development part are printed after
each stage.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from model import MINILM, MPNET, FullPrecision, Network, Shape

MAX_TOKENS = 256
HEADS = {"relevance": slice(0, 3), "support": slice(3, 6)}
MOST = 9  # pairs of one group in a batch
RANKED = 0.5  # the weight of the order inside a group beside the label
SOFT = 0.5  # the weight of the teacher's opinion beside the label
_DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of texts, the head that reads it, and the target; `None` for what only the teacher has an opinion on."""

    task: str
    first: str
    second: str
    target: tuple[float, float, float] | None
    kind: str
    part: str

    @property
    def label(self) -> int:
        """The column that the target has most of; raises ValueError where there is none."""
        if self.target is None:
            raise ValueError("the pair has no target")
        return int(np.argmax(self.target))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained."""

    rate: float
    batch: int
    epochs: float
    seconds: float
    warm_up: float = 0.06
    decay: float = 0.01
    frozen: int = 3  # layers, with the word table: they know words, which is not what is to be learnt


class Tokens:
    """Pairs as tokens, in batches of alike length."""

    def __init__(self, pairs: Sequence[Pair], tokenizer: Path, pad: int) -> None:
        reader = Tokenizer.from_file(str(tokenizer))
        reader.enable_truncation(MAX_TOKENS)
        reader.no_padding()
        encoded = reader.encode_batch([(pair.first, pair.second) for pair in pairs])
        self.ids = [np.array(e.ids, dtype=np.int64) for e in encoded]
        self.kinds = [np.array(e.type_ids, dtype=np.int64) for e in encoded]
        self.pad = pad

    def batches(self, rows: Sequence[int], size: int) -> list[list[int]]:
        """The rows in batches of alike length."""
        order = sorted(rows, key=lambda i: len(self.ids[i]))
        return [order[begin : begin + size] for begin in range(0, len(order), size)]

    def grouped(self, groups: Sequence[Sequence[int]], size: int, chance: random.Random) -> list[list[int]]:
        """Groups in shuffled batches of about `size` rows, with some spread of lengths in each."""
        order = sorted(groups, key=lambda group: max(len(self.ids[i]) for i in group) + chance.random() * 24)
        found: list[list[int]] = [[]]
        for group in order:
            if len(found[-1]) + len(group) > size and found[-1]:
                found.append([])
            found[-1] += group
        chance.shuffle(found)
        return found

    def inputs(self, rows: Sequence[int]) -> tuple[torch.Tensor, ...]:
        """Ids, mask and kinds, padded to a multiple of eight."""
        longest = -(-max(len(self.ids[i]) for i in rows) // 8) * 8
        ids = np.full((len(rows), longest), self.pad, dtype=np.int64)
        mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
        for row, i in enumerate(rows):
            size = len(self.ids[i])
            ids[row, :size], mask[row, :size], kinds[row, :size] = self.ids[i], 1, self.kinds[i]
        return tuple(torch.from_numpy(part).to(_DEVICE, non_blocking=True) for part in (ids, mask, kinds))


def sixteen_bits() -> AbstractContextManager[Any]:
    """Sixteen bits where they are enough."""
    context: AbstractContextManager[Any] = torch.autocast(_DEVICE.type, dtype=torch.bfloat16)
    return context


def groups_of(pairs: Sequence[Pair], rows: Sequence[int], chance: random.Random) -> list[list[int]]:
    """Rows that differ in one text: the papers of a topic, the claims about a source; at most MOST of each."""
    found: dict[tuple[str, str], list[int]] = {}
    for i in rows:
        pair = pairs[i]
        found.setdefault((pair.task, pair.first if pair.task == "relevance" else pair.second), []).append(i)
    groups = []
    for group in found.values():
        chance.shuffle(group)
        groups += [group[begin : begin + MOST] for begin in range(0, len(group), MOST)]
    return groups


def rank_loss(scores: torch.Tensor, wanted: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
    """How far pairs of one group stand in the wrong order; a logistic loss over each two, all of shape (batch,)."""
    above = (group[:, None] == group[None, :]) & (wanted[:, None] - wanted[None, :] > 0.3)
    if not above.any():
        return scores.sum() * 0.0
    return functional.softplus(-(scores[:, None] - scores[None, :]))[above].mean()


def train(
    network: Network,
    tokens: Tokens,
    pairs: Sequence[Pair],
    rows: Sequence[int],
    recipe: Recipe,
    teacher: npt.NDArray[np.float32] | None,
    checkpoint: Path | None = None,
) -> None:
    """Train on some rows; `teacher` holds its logits for every pair, shape (pairs, 6).

    What is learnt so far is written to `checkpoint` now and then.
    """
    chance = random.Random(1)
    targets = torch.zeros(len(pairs), 6)
    known = torch.zeros(len(pairs), 2)
    for i, pair in enumerate(pairs):
        if pair.target is not None:
            targets[i, HEADS[pair.task]] = torch.tensor(pair.target)
    for i, pair in enumerate(pairs):
        known[i, 0 if pair.task == "relevance" else 1] = 1.0 if pair.target is not None else 0.0
    mine = torch.tensor([0 if pair.task == "relevance" else 1 for pair in pairs])
    opinions = None if teacher is None else torch.from_numpy(teacher)
    for module in (network.words, network.positions, network.kinds, network.norm, *network.layers[: recipe.frozen]):
        if module is not None and recipe.frozen:
            module.requires_grad_(False)
    exact = FullPrecision(network, recipe.rate, recipe.decay)
    plan: list[list[int]] = []
    while sum(map(len, plan)) < recipe.epochs * len(rows):
        plan += tokens.grouped(groups_of(pairs, rows, chance), recipe.batch, chance)
    plan = plan[: int(recipe.epochs * len(rows) / recipe.batch) + 1]
    keys: dict[tuple[str, str], int] = {}
    group = torch.tensor(
        [keys.setdefault((p.task, p.first if p.task == "relevance" else p.second), len(keys)) for p in pairs]
    )
    network.train()
    started, losses = time.monotonic(), torch.zeros((), device=_DEVICE)
    for step, batch in enumerate(plan):
        passed = max(step / len(plan), (time.monotonic() - started) / recipe.seconds)
        if passed >= 1:
            break
        rate = recipe.rate * min(1.0, passed / recipe.warm_up + 0.01) * (1.0 - passed)
        logits = network(*tokens.inputs(batch)).float().view(len(batch), 2, 3)
        log_chances = functional.log_softmax(logits, dim=-1)
        target = targets[batch].view(-1, 2, 3).to(_DEVICE)
        weight = known[batch].to(_DEVICE)
        loss = -((target * log_chances).sum(-1) * weight).sum() / len(batch)
        if opinions is None:
            best = torch.tensor([[2], [0]], device=_DEVICE)[mine[batch].to(_DEVICE)]  # answers, or supported
            own = logits[torch.arange(len(batch)), mine[batch]]
            chances = functional.log_softmax(own, dim=-1).gather(1, best)[:, 0]
            odds = chances - torch.log1p(-chances.exp().clamp(max=1 - 1e-6))
            wanted = target[torch.arange(len(batch)), mine[batch]].gather(1, best)[:, 0]
            loss = loss + RANKED * rank_loss(odds, wanted, group[batch].to(_DEVICE))
        else:
            opinion = functional.softmax(opinions[batch].view(-1, 2, 3).to(_DEVICE), dim=-1)
            # Of a labelled pair the head that has the label; of one without, both heads have something to learn.
            heads = functional.one_hot(mine[batch], 2).to(_DEVICE).float()
            soft = -((opinion * log_chances).sum(-1) * heads).sum() / len(batch)
            loss = (1 - SOFT) * loss + SOFT * soft
        exact.step(loss, rate)
        losses += loss.detach()
        if step % 100 == 99:
            print(
                f"  {step + 1}/{len(plan)} loss {losses.item() / 100:.3f} {time.monotonic() - started:.0f} s",
                flush=True,
            )
            losses.zero_()
            if checkpoint is not None:
                torch.save(packed({**network.state_dict(), **exact.weights}), checkpoint)
    exact.restore()
    network.eval()


def logits(network: Network, tokens: Tokens, rows: Sequence[int], size: int = 256) -> npt.NDArray[np.float32]:
    """The logits of some rows, at their places in an array for all; shape (pairs, 6)."""
    found = np.zeros((len(tokens.ids), 6), dtype=np.float32)
    network.eval()
    with torch.inference_mode(), sixteen_bits():
        for batch in tokens.batches(rows, size):
            found[batch] = network(*tokens.inputs(batch)).float().cpu().numpy()
    return found


# --- figures


def area(right: npt.NDArray[np.bool_], score: npt.NDArray[np.float32]) -> float:
    """The area under the ROC curve."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    yes, no = int(right.sum()), int((~right).sum())
    return float((ranks[right].sum() - yes * (yes + 1) / 2) / max(yes * no, 1))


def report(name: str, pairs: Sequence[Pair], found: npt.NDArray[np.float32]) -> None:
    """Print how well the development pairs are told apart."""
    rows = [i for i, pair in enumerate(pairs) if pair.part == "dev"]
    support = [i for i in rows if pairs[i].task == "support"]
    label = np.array([pairs[i].label for i in support])
    scores = found[support, 3:]
    decided = label != 1
    versus = scores[:, 0] - scores[:, 2]
    said = scores[:, 0] - np.logaddexp(scores[:, 1], scores[:, 2])
    guess = scores.argmax(1)
    recall = [float(np.mean(guess[label == k] == k)) for k in range(3)]
    print(
        f"{name}: support recall S/N/C {recall[0]:.3f} {recall[1]:.3f} {recall[2]:.3f};"
        f" S against C {area(label[decided] == 0, versus[decided]):.3f}; S against rest {area(label == 0, said):.3f}"
    )
    kinds = sorted({pairs[i].kind for i in support})
    print(
        "   "
        + ", ".join(
            f"{k} {np.mean([guess[n] == label[n] for n, i in enumerate(support) if pairs[i].kind == k]):.2f}"
            for k in kinds
        )
    )
    for kinds_of in (("topic",), ("fact in abstract", "fact left out"), ("fact in sentence", "fact not in sentence")):
        some = [i for i in rows if pairs[i].task == "relevance" and pairs[i].kind in kinds_of]
        if not some:
            continue
        answers = np.array([pairs[i].label == 2 for i in some], dtype=bool)
        score = found[some, 2] - np.logaddexp(found[some, 0], found[some, 1])
        order = np.argsort(-score)
        hits = np.cumsum(answers[order])
        f1 = 2 * hits / (np.arange(1, len(order) + 1) + answers.sum())
        at_half = score > 0
        print(
            f"   {kinds_of[0]}: area {area(answers, score):.3f}, best F1 {f1.max():.3f}, at one half precision"
            f" {answers[at_half].mean():.3f} recall {at_half[answers].mean():.3f}",
            flush=True,
        )


# --- files


def read_pairs(path: Path) -> list[Pair]:
    """The pairs that training/pairs.py wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        data = json.load(file)
    texts = data["texts"]
    return [
        Pair(task, texts[a], texts[b], tuple(t) if t else None, kind, part)
        for task, a, b, t, kind, part in data["pairs"]
    ]


def packed(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights in few bytes: the word table as int8 rows with their scales, other matrices in sixteen bits."""
    found = {}
    for name, tensor in weights.items():
        tensor = tensor.detach().cpu()
        if name == "words.weight":
            scale = tensor.abs().amax(1, keepdim=True).clamp(min=1e-9) / 127
            found[f"{name}#q"], found[f"{name}#s"] = (tensor / scale).round().to(torch.int8), scale
        else:
            found[name] = tensor.half() if tensor.ndim == 2 else tensor
    return found


def unpacked(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What `packed` made, as floats again."""
    found = {name: tensor.float() for name, tensor in weights.items() if "#" not in name}
    for name, tensor in weights.items():
        if name.endswith("#q"):
            found[name[:-2]] = tensor.float() * weights[f"{name[:-2]}#s"].float()
    return found


def started(shape: Shape, path: Path) -> Network:
    """A network with starting weights."""
    network: Network = Network(shape, dropout=0.0)  # with it attention has no fast kernel, on a GPU or a CPU
    torch.manual_seed(1)
    left = network.load_state_dict(unpacked(torch.load(path, weights_only=True)), strict=False)
    assert set(left.missing_keys) <= {"head.weight", "head.bias"} and not left.unexpected_keys, left
    network.to(_DEVICE)
    return network


def rows_of(pairs: Sequence[Pair], *parts: str) -> list[int]:
    """The rows of some parts."""
    return [i for i, pair in enumerate(pairs) if pair.part in parts]


def main() -> None:
    """Read the command line, train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("student", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, help="starting weights of the teacher")
    parser.add_argument("--tokenizer", type=Path, default=Path("src/askpapers/assets/minilm/tokenizer.json"))
    parser.add_argument("--teacher-tokenizer", type=Path)
    parser.add_argument("--teacher-out", type=Path)
    parser.add_argument("--epochs", type=float, nargs=2, default=(2.5, 2.5), help="of the teacher and of the student")
    parser.add_argument(
        "--seconds",
        type=float,
        nargs=2,
        default=(36_000.0, 36_000.0),
        help="at most, of the teacher and of the student",
    )
    parser.add_argument("--rates", type=float, nargs=2, default=(4e-5, 1.5e-4))
    parser.add_argument("--only", choices=("relevance", "support"), help="one task alone")
    parser.add_argument(
        "--claim-alone", action="store_true", help="without sources: what the statements alone give away"
    )
    parser.add_argument("--score", type=Path, help="more pairs, whose logits are written beside the weights")
    parser.add_argument("--sample", type=int, help="so many pairs: a dry run")
    arguments = parser.parse_args()
    pairs = read_pairs(arguments.pairs)
    if arguments.only:
        pairs = [pair for pair in pairs if pair.task == arguments.only]
    if arguments.claim_alone:
        pairs = [Pair(p.task, p.first, "", p.target, p.kind, p.part) for p in pairs]
    if arguments.sample:
        pairs = random.Random(1).sample(pairs, arguments.sample)
    scored = read_pairs(arguments.score) if arguments.score else []
    begun = time.monotonic()
    opinions = None
    if arguments.teacher:
        tokens = Tokens(pairs, arguments.teacher_tokenizer, pad=1)
        print(f"{len(pairs)} pairs tokenized, {time.monotonic() - begun:.0f} s", flush=True)
        teacher = started(MPNET, arguments.teacher)
        recipe = Recipe(arguments.rates[0], 64, arguments.epochs[0], arguments.seconds[0])
        train(teacher, tokens, pairs, rows_of(pairs, "train"), recipe, None)
        if arguments.teacher_out:
            torch.save(packed(teacher.state_dict()), arguments.teacher_out)
        opinions = logits(teacher, tokens, range(len(pairs)))
        report("teacher", pairs, opinions)
        if scored:
            np.save(
                f"{arguments.out}.teacher.npy",
                logits(teacher, Tokens(scored, arguments.teacher_tokenizer, pad=1), range(len(scored))),
            )
        print(f"teacher done, {time.monotonic() - begun:.0f} s", flush=True)
        del teacher, tokens
    tokens = Tokens(pairs, arguments.tokenizer, pad=0)
    student = started(MINILM, arguments.student)
    learnt = rows_of(pairs, "train", "unlabelled") if arguments.teacher else rows_of(pairs, "train")
    recipe = Recipe(arguments.rates[1], 48, arguments.epochs[1], arguments.seconds[1])
    train(student, tokens, pairs, learnt, recipe, opinions, arguments.out)
    report("student", pairs, logits(student, tokens, rows_of(pairs, "dev")))
    torch.save(packed(student.state_dict()), arguments.out)
    if scored:
        np.save(
            f"{arguments.out}.student.npy",
            logits(student, Tokens(scored, arguments.tokenizer, pad=0), range(len(scored))),
        )
    print(f"all done, {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
