"""Answers, papers and cases made by hand, and a check of support that can be worked in the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askpapers.datatypes import Paper, Source, Verdict
from askpapers.evaluation.replies import Reply, read_reply
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.suites import Case, Suite
from askpapers.grounding.support import Support

ABSTRACTS = {
    "cats": "Cats purr at night. They sleep 16 hours a day.",
    "dogs": "Dogs bark at strangers. They sleep 12 hours a day.",
    "fish": "Fish swim in schools.",
}
PAPERS = {key: Paper(key, f"On {key}", text, (Source("papers.jsonl", 1),)) for key, text in ABSTRACTS.items()}


def check_words(statement: str, source: str) -> Support:
    """Supported when the source has every word of the statement."""
    wanted, there = set(statement.lower().split()), set(source.lower().split())
    return Support(Verdict.SUPPORTED if wanted and wanted <= there else Verdict.UNSUPPORTED, 1.0)


def quote(number: int, paper: str, text: str) -> dict[str, Any]:
    """A citation of words that stand in a paper; elsewhere its offsets are those of the paper's beginning."""
    start = max(ABSTRACTS.get(paper, "").find(text), 0)
    return {"number": number, "paper": paper, "quote": text, "start": start, "end": start + len(text)}


def answer(
    statements: Sequence[tuple[str, Sequence[int]]] = (),
    citations: Sequence[dict[str, Any]] = (),
    matches: Sequence[str] = (),
    **fields: Any,
) -> dict[str, Any]:
    """An answer of the JSON contract; without statements and matches it is a refusal."""
    cited = dict.fromkeys(citation["paper"] for citation in citations)
    named = [*matches, *(paper for paper in cited if paper not in matches)]
    return {
        "schema": 1,
        "status": "answered" if statements or matches else "not_in_corpus",
        "text": " ".join(text for text, _ in statements),
        "statements": [{"text": text, "citations": list(numbers)} for text, numbers in statements],
        "citations": list(citations),
        "papers": [{"id": paper, "verdict": "match" if paper in matches else None} for paper in named],
        **fields,
    }


def reply(*arguments: Any, **fields: Any) -> Reply:
    """Such an answer, read."""
    return read_reply(answer(*arguments, **fields))


def case(case_id: str = "c1", intent: str = "open", must: Sequence[str] = ("cats",), **fields: Any) -> Case:
    """A case on the papers above; answerable when it has papers to cite."""
    return Case(case_id, f"Question {case_id}?", intent, bool(must), tuple(must), **fields)


def run_of(scores: Mapping[str, Mapping[str, float]], name: str = "suite", digest: str = "d1") -> Run:
    """A run with such scores by case."""
    outcomes = tuple(
        Outcome(
            case(key),
            reply([(f"Answer {key}.", [1])], [quote(1, "cats", "Cats purr at night.")], timings_ms={"all": 12.5}),
            ("cats", "dogs"),
            dict(values),
        )
        for key, values in scores.items()
    )
    suite = Suite(name, tuple(outcome.case for outcome in outcomes), digest)
    return Run(suite, outcomes, {"suite": digest, "embedder": "e1"})
