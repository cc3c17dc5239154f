"""Questions that a corpus answers, and questions that it does not, in other fields than the seeds and of several sizes.

A question of PubMedQA (Jin et al., 2019; MIT) is answered by its own abstract, and by none of a pool that does not have
it, nearly always. The labelled abstracts of `reader/` have one question that they answer and one near miss each. One
half is to fit on, the other is held back to be reported on (`benchmarks/answerable.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from askpapers.engine import Corpus, open_corpus

Record = dict[str, Any]
Question = TypeVar("Question")


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """A question, and whether its corpus answers it; `near_miss`: a paper is about it, and does not."""

    text: str
    answerable: bool
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class Pool(Generic[Question]):
    """A corpus and the questions put to it; pools of one `group` are counted together."""

    group: str
    papers: Sequence[Record]
    questions: Sequence[Question]

    def opened(self, folder: Path) -> Corpus:
        """The corpus, opened below a folder."""
        place = folder / f"{self.group}-{id(self)}"
        (place / "papers").mkdir(parents=True)
        lines = (json.dumps({"id": p["id"], "title": p["title"], "text": p["text"]}) for p in self.papers)
        (place / "papers" / "papers.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return open_corpus(place / "papers", index=place / "index")


def pools(data: Path, *, held_back: bool = False) -> Iterator[Pool[PoolQuestion]]:
    """The pools to fit on, or those that are `held_back`: of 500, of 2,500 and of 40 papers."""
    first = int(held_back)
    medicine, labelled = read_pubmedqa(data), read_labelled(data)
    own, others = medicine[500 * first :][:500], medicine[500 * (1 - first) :][:500]
    chosen = slice(250 * first, 250 * first + 200)
    yield Pool("PubMedQA, 500 papers", own, [*_answered(own[chosen]), *_absent(others[chosen])])
    few = [(own[start : start + 40], others[300 + start // 2 :][:20]) for start in range(0, 160, 40)]
    yield from (Pool("PubMedQA, 40 papers", papers, [*_answered(papers), *_absent(absent)]) for papers, absent in few)
    own, others = labelled[first::2], labelled[1 - first :: 2]
    asked = [*_answered(own[::2]), *_missed(own[1::2]), *_absent(others[1::4])]
    yield Pool("labelled, 475 papers", own, asked)
    for start in range(0, 160, 40):
        papers = own[start : start + 40]
        yield Pool("labelled, 40 papers", papers, [*_answered(papers), *_missed(papers)])
    arxiv = read_records(data / "arxiv" / "corpus_10k.jsonl")[first::2][:2000]
    more = [{"id": p["_id"], "title": p["title"], "text": p["text"]} for p in arxiv]
    yield Pool("labelled among arXiv, 2,475 papers", [*more, *own], asked[::2])


def read_pubmedqa(data: Path) -> list[Record]:
    """The abstracts of PubMedQA, each with the question that it answers."""
    text_of = {record["_id"]: record["text"] for record in read_records(data / "pubmedqa" / "corpus.jsonl")}
    asked = read_records(data / "pubmedqa" / "qa.jsonl")
    return [{"id": one["id"], "title": "", "text": text_of[one["id"]], "question": one["question"]} for one in asked]


def read_labelled(data: Path) -> list[Record]:
    """The labelled abstracts, each with a question that it answers and a near miss."""
    found = []
    for record in read_records(data / "reader" / "abstracts.jsonl"):
        answered = [one["text"] for one in record["questions"] if one["sentences"]]
        missed = [one["text"] for one in record["questions"] if not one["sentences"]]
        if answered and missed:
            found.append({**record, "question": answered[0], "missed": missed[0]})
    return found


def _answered(records: Sequence[Record]) -> list[PoolQuestion]:
    return [PoolQuestion(record["question"], True) for record in records]


def _absent(records: Sequence[Record]) -> list[PoolQuestion]:
    return [PoolQuestion(record["question"], False) for record in records]


def _missed(records: Sequence[Record]) -> list[PoolQuestion]:
    return [PoolQuestion(record["missed"], False, near_miss=True) for record in records]


def read_records(file: Path) -> list[Record]:
    """The records of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]
