"""Two papers on animals, and an answer of every kind from them, made by hand."""

from __future__ import annotations

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
    Verdict,
    quote_of,
)
from askpapers.metadata import Metadata, Person

ABSTRACT = "Cats purr at night because they are content. They sleep 16 hours a day, which is long for an animal."
CATS = Paper("2101.1", "On cats", ABSTRACT, (Source("a.txt", 3),), 2021, ("Ann Ash", "Bo Bark"), "https://cats.org/1")
DOGS = Paper("2202.2", "On dogs", "Dogs bark at strangers.", (Source("b.txt", 7),))
METADATA = Metadata(
    type="article-journal",
    venue="Journal of Cats",
    publisher="Paw",
    volume="12",
    issue="3",
    pages="45-67",
    date="2021-03-05",
    doi="10.1000/c",
    pmid="123",
    key="ash2021",
    language="en",
    people=(Person("van der Ash", "Ann"), Person("Cats Group")),
    editors=(Person("Claw", "Cy"),),
    categories=("cs.CL",),
    tags=("purring", "sleep"),
)
"""A full record, for exports."""
PURR = Citation(1, quote_of(CATS, 0, 44))
SLEEP = Citation(2, quote_of(CATS, 45, 101))
BARK = Citation(3, quote_of(DOGS, 0, 23))


def answer(**more: object) -> Answer:
    fields: dict[str, object] = {
        "question": "what do cats do?",
        "intent": "open",
        "status": Status.ANSWERED,
        "text": "Cats purr. [1] They sleep. [2]",
        "statements": (
            Statement("Cats purr.", (1,), Verdict.SUPPORTED, 1.0),
            Statement("They sleep.", (2,), Verdict.SUPPORTED, 1.0),
        ),
        "citations": (PURR, SLEEP),
        "papers": (CitedPaper(CATS, (1, 2)),),
        "coverage": None,
        "comparison": None,
        "closest": (),
        "engine": Provenance("extractive", "minilm", "f" * 16),
        "emphasis": frozenset({"cat", "purr"}),
    }
    return Answer(**{**fields, **more})  # type: ignore[arg-type]


def survey(count: int) -> Answer:
    papers = [Paper(f"p{i}", f"Paper {i}", f"Cat {i} purrs.", (Source("a.txt", i + 1),)) for i in range(count)]
    return answer(
        intent="survey",
        citations=tuple(Citation(i + 1, quote_of(p, 0, len(p.abstract))) for i, p in enumerate(papers)),
        papers=tuple(
            CitedPaper(p, (i + 1,), Relevance.MATCH if i < 3 else Relevance.MENTION) for i, p in enumerate(papers)
        ),
        coverage=Coverage(1234, 1234),
    )


REFUSAL = answer(
    status=Status.NOT_IN_CORPUS,
    text="",
    statements=(),
    citations=(),
    papers=(),
    closest=(NearMiss(BARK.quote, "this paper does not mention “cats”", "Dogs"),),
)
COMPARISON = answer(
    intent="comparison",
    statements=(
        Statement("Cats purr.", (1,), Verdict.SUPPORTED, 1.0),
        Statement("They sleep.", (2,), Verdict.PARTIAL, 0.6),
    ),
    comparison=Compared(
        ("cats", "cows"), ("cows",), (ComparedRow("what", (1, None)), ComparedRow("asked", (2, None))), ()
    ),
)
