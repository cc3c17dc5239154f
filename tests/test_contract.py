from __future__ import annotations

import dataclasses
import json

from askpapers.contract import SCHEMA, answer_dict, source_dict
from askpapers.coverage import Coverage
from askpapers.datatypes import (
    Answer,
    Citation,
    CitedPaper,
    Compared,
    ComparedRow,
    NearMiss,
    Paper,
    Provenance,
    Relevance,
    Source,
    Statement,
    Status,
    Usage,
    Verdict,
    quote_of,
)
from askpapers.metadata import Metadata, Notice

PAPER = Paper(
    "2101.00001",
    "A Title",
    "It works. It is fast.",
    (Source("a.txt", 3), Source("b.txt", 1)),
    2021,
    ("A. B.",),
    "https://x",
    Metadata(venue="Journal of Works", doi="10.1/x", tags=("fast",), notice=Notice.RETRACTED),
)
QUOTE = quote_of(PAPER, 10, 21)
ANSWER = Answer(
    question="is it fast?",
    intent="fact",
    status=Status.ANSWERED,
    text="It is fast. [1]",
    statements=(Statement("It is fast.", (1,), Verdict.SUPPORTED, 0.98765),),
    citations=(Citation(1, QUOTE),),
    papers=(CitedPaper(PAPER, (1,), Relevance.MATCH, None, 0.87654),),
    coverage=Coverage(34, 34),
    comparison=Compared(("A", "B"), ("B",), (ComparedRow("what it is", (1, None)),), ("fast",)),
    closest=(NearMiss(QUOTE, "no figure"),),
    engine=Provenance("extractive", "minilm", "abc"),
    usage=Usage(10, 2, 0.5),
    timings_ms={"retrieval": 12.345},
)


def test_an_answer_is_the_json_object_of_the_contract() -> None:
    assert SCHEMA == 1
    assert source_dict(QUOTE.source) == {"file": "a.txt", "line": 3}
    quote = {
        "paper": "2101.00001",
        "quote": "It is fast.",
        "start": 10,
        "end": 21,
        "source": {"file": "a.txt", "line": 3},
    }
    assert json.loads(json.dumps(answer_dict(ANSWER))) == {
        "schema": 1,
        "question": "is it fast?",
        "searched": None,
        "intent": "fact",
        "status": "answered",
        "text": "It is fast. [1]",
        "statements": [
            {
                "text": "It is fast.",
                "citations": [1],
                "verdict": "supported",
                "support": 0.988,
                "missing": [],
                "repaired": False,
            }
        ],
        "withheld": [],
        "citations": [{"number": 1, **quote}],
        "papers": [
            {
                "id": "2101.00001",
                "title": "A Title",
                "year": 2021,
                "authors": ["A. B."],
                "url": "https://x",
                "abstract": "It works. It is fast.",
                "type": None,
                "venue": "Journal of Works",
                "publisher": None,
                "volume": None,
                "issue": None,
                "pages": None,
                "date": None,
                "doi": "10.1/x",
                "arxiv": None,
                "pmid": None,
                "key": None,
                "aliases": [],
                "language": None,
                "people": [],
                "editors": [],
                "categories": [],
                "tags": ["fast"],
                "notice": "retracted",
                "notice_details": None,
                "extra": [],
                "verdict": "match",
                "stance": None,
                "confidence": 0.877,
                "citations": [1],
            }
        ],
        "coverage": {
            "checked": 34,
            "total": 34,
            "left_out": dict.fromkeys(
                (
                    "not_chosen",
                    "older",
                    "newer",
                    "without_year",
                    "by_others",
                    "without_authors",
                    "other_venues",
                    "without_venue",
                    "other_tags",
                    "without_tags",
                    "without_notice",
                ),
                0,
            ),
            "since": None,
            "until": None,
            "named": "",
            "read_by_model": None,
            "text": "34 of 34 papers checked",
        },
        "comparison": {
            "sides": ["A", "B"],
            "missing": ["B"],
            "rows": [{"tells": "what it is", "citations": [1, None]}],
            "shared": ["fast"],
        },
        "closest": [{**quote, "title": "", "why": "no figure"}],
        "notes": [],
        "suggestions": [],
        "engine": {"synthesizer": "extractive", "llm": None, "embedder": "minilm", "prompts": None, "index": "abc"},
        "usage": {"prompt_tokens": 10, "completion_tokens": 2, "cost_usd": 0.5, "estimated": False}
        | {"evidence_tokens": 0},
        "timings_ms": {"retrieval": 12.3},
    }


def test_what_is_not_known_is_null() -> None:
    answer = dataclasses.replace(
        ANSWER,
        status=Status.NOT_IN_CORPUS,
        papers=(CitedPaper(Paper("x", "X", "Text.", (Source("a", 1),)), ()),),
        coverage=None,
        comparison=None,
        usage=Usage(),
    )
    bare = answer_dict(answer)
    assert bare["status"] == "not_in_corpus"
    assert bare["coverage"] is None
    assert bare["comparison"] is None
    assert bare["usage"]["cost_usd"] is None
    paper = bare["papers"][0]
    assert (paper["year"], paper["authors"], paper["url"], paper["verdict"]) == (None, [], None, None)
