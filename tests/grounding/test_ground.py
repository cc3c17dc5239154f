"""From a draft to an answer: numbers, quotes, markers, verdicts. Then the same of real answers."""

from __future__ import annotations

import re

import pytest

from askpapers.answering.draft import Comparison, Draft, DraftStatement, Judged, Miss, Row
from askpapers.coverage import Coverage
from askpapers.datatypes import Answer, Paper, Passage, Relevance, Source, Status, Verdict
from askpapers.engine import Corpus
from askpapers.grounding.fitted import FittedCheck
from askpapers.grounding.ground import Grounded, ground

CATS = Paper("cats", "On cats", "Cats purr. They sleep 16 hours.", (Source("a.txt", 3), Source("b.txt", 9)))
DOGS = Paper("dogs", "On dogs", "Dogs bark. They fetch sticks.", (Source("a.txt", 7),))
PURR, SLEEP = Passage("cats", 0, 10), Passage("cats", 11, 31)
CHECK = FittedCheck()
BARK, FETCH = Passage("dogs", 0, 10), Passage("dogs", 11, 29)


def grounded(*statements: tuple[str, tuple[Passage, ...]], **more: object) -> Grounded:
    draft = Draft(statements=tuple(DraftStatement(*s) for s in statements), **more)  # type: ignore[arg-type]
    return ground(draft, {"cats": CATS, "dogs": DOGS}.__getitem__, CHECK)


def test_nothing_drafted_is_nothing_grounded() -> None:
    assert grounded() == Grounded("", (), (), (), (), None)


def test_citations_are_numbered_by_their_first_use() -> None:
    found = grounded(("Dogs bark.", (BARK,)), ("Cats purr.", (PURR,)), ("They purr and bark.", (PURR, BARK)))
    assert [(c.number, c.quote.text) for c in found.citations] == [(1, "Dogs bark."), (2, "Cats purr.")]
    assert [s.citations for s in found.statements] == [(1,), (2,), (2, 1)]


def test_a_quote_is_verbatim_with_its_first_place() -> None:
    (citation,) = grounded(("Cats sleep.", (SLEEP,))).citations
    quote = citation.quote
    assert (quote.text, quote.start, quote.end) == ("They sleep 16 hours.", 11, 31)
    assert quote.source == Source("a.txt", 3)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("They sleep 16 hours.", Verdict.SUPPORTED),
        ("They sleep 16 hours in winter.", Verdict.PARTIAL),
        ("They sleep 17 hours.", Verdict.UNSUPPORTED),
        ("Whales sing.", Verdict.UNSUPPORTED),
    ],
)
def test_each_statement_gets_its_verdict(text: str, verdict: Verdict) -> None:
    (statement,) = grounded((text, (SLEEP,))).statements
    assert statement.verdict is verdict


def test_all_that_a_statement_cites_supports_it_together() -> None:
    text = "Cats purr, dogs bark."
    apart = grounded((text, (PURR,)), (text, (BARK,)))
    assert [s.verdict for s in apart.statements] == [Verdict.PARTIAL, Verdict.PARTIAL]
    assert grounded((text, (PURR, BARK))).statements[0].verdict is Verdict.SUPPORTED


def test_a_statement_without_a_citation_is_unsupported() -> None:
    found = grounded(("Cats purr.", ()))
    assert found.statements[0].verdict is Verdict.UNSUPPORTED
    assert found.text == "Cats purr."
    assert found.citations == ()
    assert found.papers == ()


def test_the_text_has_a_paragraph_for_each_paper() -> None:
    found = grounded(("Cats purr.", (PURR,)), ("They sleep.", (SLEEP,)), ("Dogs bark.", (BARK,)))
    assert found.text == "Cats purr. [1] They sleep. [2]\n\nDogs bark. [3]"


def test_the_lead_comes_first_and_is_no_statement() -> None:
    found = grounded(("Cats purr.", (PURR,)), lead="1 of 2 papers match.")
    assert found.text == "1 of 2 papers match.\n\nCats purr. [1]"
    assert len(found.statements) == 1


def test_papers_know_their_citations_and_their_relevance() -> None:
    found = grounded(
        ("Cats purr.", (PURR,)),
        ("Dogs bark.", (BARK,)),
        ("Cats sleep.", (SLEEP,)),
        judged=(Judged(PURR, Relevance.MATCH), Judged(BARK, Relevance.MENTION)),
        coverage=Coverage(2, 2),
    )
    assert [(p.paper, p.citations, p.relevance) for p in found.papers] == [
        (CATS, (1, 3), Relevance.MATCH),
        (DOGS, (2,), Relevance.MENTION),
    ]


def test_near_misses_are_quotes_too() -> None:
    found = grounded(closest=(Miss(FETCH, "no cats in it"),))
    (miss,) = found.closest
    assert (miss.quote.text, miss.quote.paper, miss.why) == ("They fetch sticks.", "dogs", "no cats in it")
    assert found.citations == ()


def test_a_comparisons_rows_hold_a_number_for_each_side() -> None:
    table = Comparison(
        ("cats", "dogs"),
        (),
        (Row("what", (PURR, BARK)), Row("how", (None, FETCH))),
        ("they",),
    )
    found = grounded(("Cats purr.", (PURR,)), ("Dogs bark.", (BARK,)), ("They fetch.", (FETCH,)), comparison=table)
    assert found.comparison
    assert (found.comparison.sides, found.comparison.shared) == (("cats", "dogs"), ("they",))
    assert [(r.tells, r.citations) for r in found.comparison.rows] == [("what", (1, 2)), ("how", (None, 3))]


# ---- real answers

QUESTIONS = (
    "which papers use RLHF?",
    "which papers do not use RLHF?",
    "how many papers use reinforcement learning?",
    "papers about images and text",
    "who works on summarization?",
    "papers about language models since 2023",
    "which papers are about graph neural networks?",
    "how many parameters does GPT-3 have?",
    "how many problems are in GSM8K?",
    "what is a sparse autoencoder?",
    "what is WebGPT?",
    "why do larger models write better critiques?",
    "how was InstructGPT trained?",
    "does Codex solve more problems than GPT-J?",
    "can CLIP classify images without training examples?",
    "linear attention",
    "compare CLIP and GLIDE",
    "how does WebGPT differ from InstructGPT in truthfulness?",
    "compare GSM8K and BERT",
    "compare apples and oranges",
    "what is the capital of France?",
    "what BLEU on WMT14 English-German?",
)


@pytest.fixture(scope="module")
def all_answers(corpus: Corpus) -> dict[str, Answer]:
    return {question: corpus.ask(question) for question in QUESTIONS}


@pytest.fixture(params=QUESTIONS)
def answer(all_answers: dict[str, Answer], request: pytest.FixtureRequest) -> Answer:
    return all_answers[request.param]


def test_the_questions_have_answers_of_every_kind(all_answers: dict[str, Answer]) -> None:
    answers = list(all_answers.values())
    assert {a.engine.synthesizer for a in answers} == {"survey", "extractive", "comparison"}
    assert {a.status for a in answers} == set(Status)
    assert sum(a.status is Status.ANSWERED for a in answers) > 15


def test_every_quote_occurs_at_its_place(corpus: Corpus, answer: Answer) -> None:
    abstract_of = {paper.id: paper for paper in corpus.papers()}
    for quote in [*(c.quote for c in answer.citations), *(m.quote for m in answer.closest)]:
        paper = abstract_of[quote.paper]
        assert paper.abstract[quote.start : quote.end] == quote.text != ""
        assert quote.source == paper.sources[0]


def test_every_quote_occurs_in_its_file(seeds_text: dict[str, str], answer: Answer) -> None:
    for citation in answer.citations:
        quote = citation.quote
        after = "".join(seeds_text[quote.source.file].splitlines(keepends=True)[quote.source.line - 1 :])
        assert quote.text in after


@pytest.fixture(scope="module")
def seeds_text(corpus: Corpus) -> dict[str, str]:
    from pathlib import Path

    files = {source.file for paper in corpus.papers() for source in paper.sources}
    return {file: Path(file).read_text(encoding="utf-8") for file in files}


def test_citations_are_numbered_from_one_and_all_are_used(answer: Answer) -> None:
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    used = list(dict.fromkeys(n for s in answer.statements for n in s.citations))
    assert used == [c.number for c in answer.citations]


def test_the_markers_of_the_text_are_the_citations(answer: Answer) -> None:
    for statement in answer.statements:
        assert f"{statement.text} {''.join(f'[{n}]' for n in statement.citations)}" in answer.text
    without = answer.text
    for statement in answer.statements:
        without = without.replace(statement.text, "", 1)
    markers = [int(n) for n in re.findall(r"\[(\d+)\]", without)]
    assert markers == [n for s in answer.statements for n in s.citations]


def test_every_statement_of_an_answer_without_a_model_is_supported(answer: Answer) -> None:
    assert all(s.verdict is Verdict.SUPPORTED and s.support == 1.0 and s.citations for s in answer.statements)


def test_papers_are_those_that_are_cited(answer: Answer) -> None:
    paper_of = {c.number: c.quote.paper for c in answer.citations}
    assert {p.paper.id for p in answer.papers} == set(paper_of.values())
    assert len({p.paper.id for p in answer.papers}) == len(answer.papers)
    for found in answer.papers:
        assert found.citations == tuple(n for n, paper in paper_of.items() if paper == found.paper.id)


def test_matches_come_before_mentions_and_only_in_surveys(answer: Answer) -> None:
    relevance = [p.relevance for p in answer.papers]
    if answer.coverage:
        matches = relevance.count(Relevance.MATCH)
        mentions = len(relevance) - matches
        assert relevance == [Relevance.MATCH] * matches + [Relevance.MENTION] * mentions
    else:
        assert set(relevance) <= {None}


def test_not_in_corpus_says_nothing_and_answered_says_something(answer: Answer) -> None:
    assert bool(answer.statements) == bool(answer.text) == (answer.status is Status.ANSWERED)


def test_the_rows_of_a_comparison_name_its_citations(answer: Answer) -> None:
    if answer.comparison and answer.status is Status.ANSWERED:
        rows = [n for row in answer.comparison.rows for n in row.citations if n]
        assert sorted(rows) == [c.number for c in answer.citations]
        for side, name in enumerate(answer.comparison.sides):
            has = any(row.citations[side] for row in answer.comparison.rows)
            assert has == (name not in answer.comparison.missing)
