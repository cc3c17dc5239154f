r"""Make the pairs of texts that the Reader is trained on, from labels that were written by reading abstracts.

    python training/pairs.py pairs.json.gz --abstracts DATA/reader/abstracts.jsonl \
        --arxiv DATA/arxiv/corpus.jsonl.gz --leave-out DATA/arxiv/corpus_10k.jsonl

A pair is (task, first, second, target): for *relevance* a question or topic and an abstract or a part of one, the
target over (neither, mentions, answers); for *support* a statement and a source, the target over (supported, not said,
contradicted). Negatives are made from the labels without new writing (MiniCheck, arXiv 2404.10774; FactCG, NAACL 2025):
a needed sentence is left out, a claim is held against another abstract, half of one claim is joined to half of another,
a sentence is changed in a number, a direction or a negation. Pairs without a target are for distillation.

`training/README.md` says what each source is and which part of it is held back.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from askpapers.index.embedder import MiniLM
from askpapers.text import sentences

Task = Literal["relevance", "support"]
Target = tuple[float, float, float] | None
NEITHER, MENTIONS, ANSWERS = (0.92, 0.07, 0.01), (0.15, 0.70, 0.15), (0.02, 0.08, 0.90)
SUPPORTED, NOT_SAID, CONTRADICTED = (0.96, 0.03, 0.01), (0.03, 0.94, 0.03), (0.01, 0.03, 0.96)
SPOILT = {"contradicted": CONTRADICTED, "unsupported": NOT_SAID}
HELD_BACK = "7-"  # pools of topics.jsonl whose names begin so are for development
DEV_ABSTRACTS = 110
DEV_POOLS = 12
DEV_OF_ANSWERS = 10  # one in so many of claims-answers.jsonl
ROOM = 128  # word pieces of a question and of what is read of a paper for it


@dataclass(frozen=True, slots=True)
class Abstract:
    """A title and the sentences of an abstract."""

    title: str
    sentences: tuple[str, ...]

    def part(self, keep: Sequence[int], *, titled: bool = True) -> str:
        """Some of the sentences, in order, after the title."""
        text = " ".join(self.sentences[i] for i in sorted(keep))
        return f"{self.title.rstrip('.')}. {text}" if titled and self.title else text

    @classmethod
    def of_labelled(cls, record: Mapping[str, Any]) -> Abstract:
        """That of a labelled record, whose sentences are offsets."""
        return cls(record["title"], tuple(record["text"][a:b] for a, b in record["sentences"]))

    @property
    def all(self) -> str:
        """Title and abstract."""
        return self.part(range(len(self.sentences)))


@dataclass
class Pairs:
    """Pairs by number of their texts, which stand once in a table."""

    texts: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[str, int, int, Target, str, str]] = field(default_factory=list)

    def add(self, task: Task, first: str, second: str, target: Target, kind: str, part: str) -> None:
        """Add a pair; `part` is train, dev or unlabelled."""
        if first.strip() and second.strip():
            a, b = (self.texts.setdefault(text, len(self.texts)) for text in (first, second))
            self.rows.append((task, a, b, target, kind, part))


def abstract_of(record: Mapping[str, Any]) -> Abstract:
    """The abstract of a record with `title` and `text`, cut into sentences as the product does."""
    text = " ".join(record["text"].split())
    return Abstract(" ".join(record["title"].split()), tuple(text[a:b] for a, b in sentences(text)))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a file of JSON lines, packed or not."""
    is_packed = path.suffix == ".gz"
    with gzip.open(path, "rt", encoding="utf-8") if is_packed else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


# --- questions as they are typed


_VERBS = frozenset(
    "uses proves shows releases runs introduces reports makes works gives tests compares proposes asks settles"
    " studies improves applies argues describes presents builds trains learns measures evaluates finds extends"
    " combines develops provides offers needs helps explains looks claims solves turns reviews avoids handles adds"
    " takes lets tries gets beats considers relies requires analyses analyzes examines discusses designs"
    " creates".split()
)
_OF_A_DOER = (
    "papers that {}",
    "a paper that {}",
    "anything that {}?",
    "is there a paper that {}?",
    "who {}?",
    "work that {}",
)
_OF_A_THING = (
    "which papers are about {}?",
    "papers on {}",
    "anything on {}?",
    "what is there on {}?",
    "list all papers on {}",
    "who works on {}?",
    "does anyone study {}?",
    "{} papers",
    "show me work on {}",
    "looking for {}",
    "any papers about {}",
    "what do we have about {}",
)


def framed(topic: str, chance: random.Random) -> str:
    """A topic as someone may type it: often bare, else in a frame that fits its first word."""
    first = topic.split()[0].casefold()
    if topic.endswith("?") or first.endswith("ed") or chance.random() < 0.55:
        return topic
    return chance.choice(_OF_A_DOER if first in _VERBS else _OF_A_THING).format(topic)


# --- relevance


def add_topics(
    out: Pairs,
    topics: Sequence[tuple[str, list[int], list[int]]],
    papers: Sequence[Abstract],
    excerpts: Excerpts,
    part: str,
    chance: random.Random,
) -> None:
    """The topics of a pool against its papers: all that match or touch on it, the two nearest others, one more."""
    cosines = excerpts.cosines([topic for topic, _, _ in topics], papers)
    for (topic, yes, maybe), mine in zip(topics, cosines, strict=True):
        near = sorted(range(len(papers)), key=lambda i: -float(mine[i].max()))
        others = [i for i in near if i + 1 not in yes and i + 1 not in maybe]
        chosen = others if part == "dev" else others[:2] + chance.sample(others[2:], min(1, len(others[2:])))
        typed = topic if part == "dev" else framed(topic, chance)
        for i, target in (
            [(i, NEITHER) for i in chosen] + [(i - 1, ANSWERS) for i in yes] + [(i - 1, MENTIONS) for i in maybe]
        ):
            out.add("relevance", typed, excerpts.excerpt(typed, papers[i], mine[i]), target, "topic", part)


def add_question(
    out: Pairs,
    question: str,
    paper: Abstract,
    answering: set[int],
    others: Sequence[Abstract],
    part: str,
    chance: random.Random,
) -> None:
    """A question of fact against sentences, windows and the whole of its paper, with and without what answers it."""
    rest = [i for i in range(len(paper.sentences)) if i not in answering]

    def add(text: str, target: Target, kind: str) -> None:
        out.add("relevance", question, text, target, kind, part)

    if chance.random() < 0.3 or part == "dev":
        add(paper.all, ANSWERS if answering else MENTIONS, "fact in abstract")
    for i in answering:
        add(paper.part([i]), ANSWERS, "fact in sentence")
        window = {i, *(j for j in (i - 1, i + 1) if 0 <= j < len(paper.sentences))}
        add(paper.part(sorted(window), titled=chance.random() < 0.7), ANSWERS, "fact in window")
    for i in chance.sample(rest, min(1, len(rest))):
        add(paper.part([i]), MENTIONS, "fact not in sentence")
    if answering and rest and (chance.random() < 0.2 or part == "dev"):
        add(paper.part(rest), MENTIONS, "fact left out")
    for other in others:
        add(other.part([chance.randrange(len(other.sentences))]), NEITHER, "fact of another paper")


class Excerpts:
    """What the product reads of a paper for a question: the title and, while there is room, the nearest sentences."""

    def __init__(self, tokenizer: Path) -> None:
        self._embedder = MiniLM()
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._vectors: dict[Abstract, npt.NDArray[np.float32]] = {}

    def cosines(self, questions: Sequence[str], papers: Sequence[Abstract]) -> list[list[npt.NDArray[np.float32]]]:
        """For each question and paper the cosines of its sentences."""
        asked = self._embedder.embed(list(questions))
        for paper in papers:
            if paper not in self._vectors:
                self._vectors[paper] = self._embedder.embed(list(paper.sentences))
        return [[self._vectors[paper] @ vector for paper in papers] for vector in asked]

    def excerpt(self, question: str, paper: Abstract, cosines: npt.NDArray[np.float32]) -> str:
        """The title and the nearest sentences."""
        left = ROOM - self._length(question) - self._length(paper.title)
        taken: list[int] = []
        for i in np.argsort(-cosines).tolist():
            length = self._length(paper.sentences[i])
            if taken and length > left:
                break
            taken.append(i)
            left -= length
        return paper.part(taken)

    def _length(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


# --- support


def add_claims(
    out: Pairs, record: Mapping[str, Any], abstracts: Sequence[Abstract], part: str, chance: random.Random
) -> None:
    """The claims of an abstract and their spoilt versions against it, and negatives made from them."""
    abstract = abstracts[record["number"]]
    count = len(abstract.sentences)
    for claim in record["claims"]:
        need = sorted(i - 1 for i in claim["sentences"])
        source = _window(abstract, need, chance)
        out.add("support", claim["text"], source, SUPPORTED, "claim", part)
        for spoilt in claim["spoilt"]:
            out.add("support", spoilt["text"], source, SPOILT[spoilt["label"]], spoilt["kind"], part)
        gone = chance.choice(need)
        around = [i for i in range(max(0, gone - 3), min(count, gone + 4)) if i != gone]
        if around:
            missing = chance.choice((claim["text"], chance.choice(claim["spoilt"])["text"]))
            out.add("support", missing, abstract.part(around[:4], titled=False), NOT_SAID, "left out", part)
        if part == "train" and chance.random() < 0.5:
            other = abstracts[chance.randrange(len(abstracts))]
            if other is not abstract:
                out.add(
                    "support",
                    claim["text"],
                    _window(other, [chance.randrange(len(other.sentences))], chance),
                    NOT_SAID,
                    "elsewhere",
                    part,
                )
            own = chance.choice(need)
            out.add("support", abstract.sentences[own], source, SUPPORTED, "verbatim", part)
    one, two = chance.sample(record["claims"], 2)
    both = sorted({i - 1 for i in [*one["sentences"], *two["sentences"]]})
    joined = f"{one['text'].rstrip('.')}, and {two['text'][0].lower() + two['text'][1:]}"
    out.add("support", joined, _window(abstract, both, chance), SUPPORTED, "joined", part)
    wrong = chance.choice(two["spoilt"])
    spoilt = f"{one['text'].rstrip('.')}, and {wrong['text'][0].lower() + wrong['text'][1:]}"
    out.add("support", spoilt, _window(abstract, both, chance), SPOILT[wrong["label"]], "joined", part)
    half = sorted(i - 1 for i in one["sentences"])
    if set(both) - set(half):
        out.add("support", joined, abstract.part(half), NOT_SAID, "half", part)


def _window(abstract: Abstract, need: Sequence[int], chance: random.Random) -> str:
    """The needed sentences alone, with their neighbours, or the whole of the abstract."""
    count, way = len(abstract.sentences), chance.random()
    titled = chance.random() < 0.2
    if way < 0.4:
        return abstract.part(need, titled=titled)
    if way < 0.97:
        low, high = max(0, need[0] - chance.randint(0, 1)), min(count, need[-1] + 1 + chance.randint(0, 1))
        return abstract.part(range(low, high), titled=titled)
    return abstract.part(range(count), titled=titled)


_TURNED = [
    ("increases", "decreases"),
    ("increased", "decreased"),
    ("increase", "decrease"),
    ("higher", "lower"),
    ("better", "worse"),
    ("more", "less"),
    ("improves", "degrades"),
    ("improve", "degrade"),
    ("outperforms", "underperforms"),
    ("outperform", "underperform"),
    ("faster", "slower"),
    ("larger", "smaller"),
    ("positive", "negative"),
    ("with", "without"),
    ("best", "worst"),
    ("most", "least"),
    ("strong", "weak"),
    ("high", "low"),
    ("longer", "shorter"),
    ("before", "after"),
    ("reduces", "raises"),
    ("upper", "lower"),
]
_OTHER = {a: b for pair in _TURNED for a, b in (pair, pair[::-1])}
_NEGATED = {
    "is": "is not",
    "are": "are not",
    "can": "cannot",
    "does": "does not",
    "do": "do not",
    "was": "was not",
    "were": "were not",
    "has": "has no",
    "not": "",
    "cannot": "can",
    "have": "have no",
}


def changed(sentence: str, chance: random.Random) -> tuple[str, str] | None:
    """A sentence that says otherwise, by one number, one direction or one negation; None where it has none."""
    ways: list[tuple[int, int, str, str]] = []
    for found in re.finditer(r"(?<![\w.$\\-])\d+(?:\.\d+)?(?![\w\\])", sentence):
        value = found.group()
        factor = chance.choice((0.5, 0.8, 1.3, 2, 10))
        new = f"{float(value) * factor:.{len(value.partition('.')[2])}f}"
        ways.append((*found.span(), new if new != value else str(int(float(value)) + 1), "changed number"))
    for found in re.finditer(r"[a-z]+", sentence):
        if other := _OTHER.get(found.group()):
            ways.append((*found.span(), other, "changed direction"))
        if (other := _NEGATED.get(found.group())) is not None:
            ways.append((*found.span(), other, "changed negation"))
    if not ways:
        return None
    start, end, new, kind = chance.choice(ways)
    return " ".join(f"{sentence[:start]}{new}{sentence[end:]}".split()), kind


def add_changed(out: Pairs, abstracts: Sequence[Abstract], part: str, chance: random.Random) -> None:
    """One sentence of each abstract, changed, and one as it is, against what stands around them."""
    for abstract in abstracts:
        picked = chance.sample(range(len(abstract.sentences)), min(2, len(abstract.sentences)))
        if found := changed(abstract.sentences[picked[0]], chance):
            out.add("support", found[0], _window(abstract, [picked[0]], chance), CONTRADICTED, found[1], part)
        out.add(
            "support",
            abstract.sentences[picked[-1]],
            _window(abstract, [picked[-1]], chance),
            SUPPORTED,
            "verbatim",
            part,
        )


# --- all of it


def labelled_abstracts(abstracts: Path, labels: Path) -> tuple[list[dict[str, Any]], set[str]]:
    """The labelled records with their `number`, and the ids of those that are for development."""
    records = read_lines(abstracts)
    random.Random(7).shuffle(records)
    answers = read_lines(labels / "claims-answers.jsonl")
    dev = {record["id"] for record in [*records[-DEV_ABSTRACTS:], *answers[::DEV_OF_ANSWERS]]}
    records += [*read_lines(labels / "claims.jsonl"), *answers]
    return [{**record, "number": number} for number, record in enumerate(records)], dev


def pools_of(
    topics: Path, labels: Path, papers: Mapping[str, Abstract], most: int
) -> Iterator[tuple[dict[str, Any], list[Abstract], str]]:
    """The pools with their papers, and which part they belong to.

    Of those of `topics` at most `most` are for training, and a tenth as many for development.
    """
    left = {"train": most, "dev": most // 10}
    for pool in read_lines(topics):
        part = "dev" if pool["pool"].startswith(HELD_BACK) else "train"
        left[part] -= 1
        if left[part] >= 0:
            yield pool, [papers[name] for name in pool["papers"]], part
    for number, pool in enumerate(read_lines(labels / "surveys.jsonl")):
        yield pool, [papers[name] for name in pool["papers"]], "dev" if number < DEV_POOLS else "train"


def main() -> None:
    """Read the command line and write the pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--labels", type=Path, default=Path(__file__).parent / "labels")
    parser.add_argument("--topics", type=Path, default=Path(__file__).parent / "labels" / "topics.jsonl")
    parser.add_argument("--abstracts", type=Path, required=True)
    parser.add_argument("--arxiv", type=Path, required=True)
    parser.add_argument(
        "--leave-out",
        type=Path,
        required=True,
        help="abstracts that no pair may have: the sample that suites ask about",
    )
    parser.add_argument("--pools", type=int, default=640, help="of topics.jsonl, at most")
    parser.add_argument("--changed", type=int, default=1_500, help="further abstracts of which a sentence is changed")
    parser.add_argument("--tokenizer", type=Path, default=Path("src/askpapers/assets/minilm/tokenizer.json"))
    arguments = parser.parse_args()
    chance, out = random.Random(1), Pairs()

    left_out = {record["_id"] for record in read_lines(arguments.leave_out)}
    archive = {record["_id"]: record for record in read_lines(arguments.arxiv) if record["_id"] not in left_out}
    wanted = {
        name
        for file in (arguments.topics, arguments.labels / "surveys.jsonl")
        for pool in read_lines(file)
        for name in pool["papers"]
    }
    papers = {name: abstract_of(archive[name]) for name in wanted}

    excerpts = Excerpts(arguments.tokenizer)
    for pool, found, part in pools_of(arguments.topics, arguments.labels, papers, arguments.pools):
        add_topics(out, pool["topics"], found, excerpts, part, chance)
        for question, number, starts in pool["questions"]:
            paper = found[number - 1]
            spans = sentences(" ".join(archive[pool["papers"][number - 1]]["text"].split()))
            answering = {i for i, (a, _) in enumerate(spans) if a in starts}
            add_question(
                out, question, paper, answering, chance.sample([p for p in found if p is not paper], 1), part, chance
            )
        facts = pool.get("facts", [])
        for (question, number, answered), mine in zip(
            facts, excerpts.cosines([f[0] for f in facts], found) if facts else [], strict=True
        ):
            target = ANSWERS if answered else MENTIONS
            out.add(
                "relevance",
                question,
                excerpts.excerpt(question, found[number - 1], mine[number - 1]),
                target,
                "fact in excerpt",
                part,
            )

    labelled, dev = labelled_abstracts(arguments.abstracts, arguments.labels)
    abstracts = [Abstract.of_labelled(record) for record in labelled]
    for number, record in enumerate(labelled):
        part = "dev" if record["id"] in dev else "train"
        add_claims(out, record, abstracts, part, chance)
        others = [abstracts[chance.randrange(len(abstracts))]]
        for question in record.get("questions", ()):
            add_question(
                out, question["text"], abstracts[number], {i - 1 for i in question["sentences"]}, others, part, chance
            )
        for topic in record.get("topics", ()):
            target = {"match": ANSWERS, "mention": MENTIONS, "no": NEITHER}[topic["label"]]
            out.add("relevance", framed(topic["text"], chance), abstracts[number].all, target, "topic", part)
    dev_abstracts = [abstracts[record["number"]] for record in labelled if record["id"] in dev]
    add_changed(out, dev_abstracts, "dev", chance)

    names = sorted(name for name in archive if name not in wanted)
    more = [abstract_of(archive[name]) for name in chance.sample(names, arguments.changed)]
    add_changed(out, [abstract for abstract in more if abstract.sentences], "train", chance)

    with gzip.open(arguments.out, "wt", encoding="utf-8") as file:
        json.dump({"texts": list(out.texts), "pairs": out.rows}, file)
    counts: dict[tuple[str, str, str], int] = {}
    for task, _, _, _, kind, part in out.rows:
        counts[part, task, kind] = counts.get((part, task, kind), 0) + 1
    for key, count in sorted(counts.items()):
        print(*key, count)


if __name__ == "__main__":
    main()
