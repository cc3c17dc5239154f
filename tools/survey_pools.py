"""Surveys of other fields than the seeds': topics that one paper of a corpus is on, only touches, or is a near miss of.

Each labelled abstract has one topic of each of these (`DATA/reader/`, and `training/labels/claims.jsonl` for PubMed). A
corpus is a pool of abstracts of one field, or of many; what its other papers are to the topic is not known. An absent
topic is one that a paper of the other half is on. One half is for development, the other is held back to be reported on
(`benchmarks/survey_fields.py`).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from answerable_pools import Pool, Record, read_records

_LABELLED = Path(__file__).parents[1] / "eval" / "fields" / "surveys.jsonl"
_CLAIMS = Path(__file__).parents[1] / "training" / "labels" / "claims.jsonl"
_FRAMES = (
    "{}",
    "Which papers are about {}?",
    "papers on {}",
    "which papers study {}",
    "How many papers are on {}?",
    "anything on {}?",
    "hi, I'm looking for work on {} - what do we have?",
    "Is there anything about {} in here",
    "I have to give a talk on {}. Which papers should I read?",
)
_FIELDS = {
    "biology": ("q-bio",),
    "physics": ("physics", "quant-ph", "cond-mat"),
    "economics and statistics": ("econ", "q-fin", "stat"),
}


@dataclass(frozen=True, slots=True)
class PoolSurvey:
    """A survey as it is typed, and what a paper of the pool is to its topic: match, mention or no.

    Where the topic is absent the label says so, and there is no paper.
    """

    text: str
    label: str
    paper: str = ""


@dataclass(frozen=True, slots=True)
class LabelledSurvey:
    """A survey as it is typed, the papers of its pool that match, and those that only touch on it."""

    text: str
    matches: frozenset[str]
    touched: frozenset[str]


def labelled_pools(data: Path, every: int) -> Iterator[Pool[LabelledSurvey]]:
    """Each so many-th pool of `eval/fields/`, of which every paper is labelled for every survey."""
    made = read_records(_LABELLED)[::every]
    wanted = {paper for pool in made for paper in pool["papers"]}
    texts = {f"pm{r['_id']}": r for r in read_records(data / "pubmedqa" / "corpus.jsonl")}
    with gzip.open(data / "arxiv" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts |= {r["_id"]: r for r in map(json.loads, lines) if r["_id"] in wanted}
    for pool in made:
        names = pool["papers"]
        yield Pool(
            pool["pool"].rpartition("-")[0].rstrip("2"),
            [
                {"id": name, "title": " ".join(texts[name]["title"].split()), "text": texts[name]["text"]}
                for name in names
            ],
            [
                LabelledSurvey(typed, *(frozenset(names[number - 1] for number in part) for part in (yes, touched)))
                for typed, yes, touched in pool["topics"]
            ],
        )


def pools(data: Path, *, held_back: bool = False) -> Iterator[Pool[PoolSurvey]]:
    """The pools for development, or those that are `held_back`."""
    first = int(held_back)
    records = read_records(data / "reader" / "abstracts.jsonl")
    labelled = {r["id"].removeprefix("pm"): r for r in [*records, *read_records(_CLAIMS)]}
    medicine = [
        {**paper, **labelled.get(paper["_id"], {"topics": []}), "id": paper["_id"]}
        for paper in read_records(data / "pubmedqa" / "corpus.jsonl")
    ]
    own, others = medicine[500 * first :][:500], _with_topics(medicine[500 * (1 - first) :][:500])
    few = _with_topics(own)
    for start in (0, 40):
        yield Pool("medicine, 40 papers", few[start:][:40], _asked(few[start:][:25], others[start:][:15]))
    yield Pool("medicine, 500 papers", own, _asked(few[80:120], others[80:120]))
    field_of = _fields(data, {r["id"] for r in records})
    arxiv = [r for r in records if r["id"] in field_of]
    own, others = arxiv[first::2], arxiv[1 - first :: 2]
    for field in _FIELDS:
        mine, absent = ([r for r in half if field_of[r["id"]] == field] for half in (own, others))
        yield Pool(f"{field}, at most 50 papers", mine[:50], _asked(mine[:25], absent[:15]))
    yield Pool("many fields, some 400 papers", own, _asked(own[100:140], others[100:140]))
    more = [{**r, "id": r["_id"]} for r in read_records(data / "arxiv" / "corpus_10k.jsonl")[first::2][:2000]]
    yield Pool("many fields, some 2,400 papers", [*more, *own], _asked(own[100:130], others[100:130]))


def _framed(topic: str) -> str:
    """A topic as someone may type it: bare, as a question, in a chat; always the same one for a topic."""
    return _FRAMES[zlib.crc32(topic.encode()) % len(_FRAMES)].format(topic)


def _asked(papers: Sequence[Record], absent: Sequence[Record]) -> list[PoolSurvey]:
    known = [
        PoolSurvey(_framed(topic["text"]), topic["label"], paper["id"]) for paper in papers for topic in paper["topics"]
    ]
    return known + [
        PoolSurvey(_framed(topic["text"]), "absent")
        for paper in absent
        for topic in paper["topics"]
        if topic["label"] == "match"
    ]


def _with_topics(papers: Sequence[Record]) -> list[Record]:
    return [paper for paper in papers if paper["topics"]]


def _fields(data: Path, ids: set[str]) -> dict[str, str]:
    """The field of each of these papers of the arXiv archive; empty for one of none of those that have a pool."""
    found = {}
    with gzip.open(data / "arxiv" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["_id"] in ids:
                primary = record["metadata"]["primary"].partition(".")[0]
                found[record["_id"]] = next((name for name, own in _FIELDS.items() if primary in own), "")
    return found
