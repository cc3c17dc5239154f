"""Comparisons on the seeds: two sides set beside each other, and a side that is not there said to be missing."""

from __future__ import annotations

import pytest

from askpapers.datatypes import Answer, Status
from askpapers.engine import Corpus

GSM8K, WEBGPT, PERFORMERS, AREA = "2110.14168", "2112.09332", "2009.14794", "1810.10126"


def papers_of_sides(answer: Answer) -> tuple[set[str], set[str]]:
    assert answer.comparison
    paper_of = {c.number: c.quote.paper for c in answer.citations}
    one, other = (
        {paper_of[n] for row in answer.comparison.rows if (n := row.citations[side]) is not None} for side in (0, 1)
    )
    return one, other


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("compare WebGPT and GSM8K verifiers", WEBGPT, GSM8K),
        ("compare GSM8K verifiers and WebGPT", GSM8K, WEBGPT),
        ("how does WebGPT differ from Performers?", WEBGPT, PERFORMERS),
        ("Performers vs area attention", PERFORMERS, AREA),
        ("what is the difference between area attention and Performers?", AREA, PERFORMERS),
    ],
)
def test_each_side_has_its_own_paper(corpus: Corpus, question: str, one: str, other: str) -> None:
    answer = corpus.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.comparison
    assert answer.comparison.missing == ()
    assert papers_of_sides(answer) == ({one}, {other})
    assert answer.closest == ()


def test_rows_come_in_one_order_and_none_is_empty(corpus: Corpus) -> None:
    comparison = corpus.ask("compare WebGPT and GSM8K verifiers").comparison
    assert comparison
    order = ["asked", "what", "how", "result"]
    told = [row.tells for row in comparison.rows]
    assert told == sorted(told, key=order.index)
    assert len(set(told)) == len(told) >= 2
    assert all(any(row.citations) for row in comparison.rows)
    numbers = [n for row in comparison.rows for n in row.citations if n]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("compare GPT-4o and Codex", ("GPT-4o", "Codex")),
        ("Performers vs area attention", ("Performers", "area attention")),
    ],
)
def test_what_a_side_is_tells_a_sentence_that_names_it(corpus: Corpus, question: str, sides: tuple[str, str]) -> None:
    answer = corpus.ask(question)
    assert answer.comparison
    text_of = {statement.citations[0]: statement.text for statement in answer.statements}
    (row,) = (row for row in answer.comparison.rows if row.tells == "what")
    assert all(number and side in text_of[number] for side, number in zip(sides, row.citations, strict=True))


def test_a_row_is_about_its_side(corpus: Corpus) -> None:
    """What else a paper tells that only mentions RLHF is not told of RLHF."""
    answer = corpus.ask("compare DPO and RLHF")
    assert answer.comparison
    assert answer.comparison.missing == ("DPO",)
    assert answer.statements
    assert all("RLHF" in statement.text for statement in answer.statements)


def test_the_respect_asked_for_comes_first(corpus: Corpus) -> None:
    answer = corpus.ask("compare Performers and area attention in terms of machine translation")
    assert answer.comparison
    row = answer.comparison.rows[0]
    assert row.tells == "asked"
    quote_of = {c.number: c.quote.text for c in answer.citations}
    number = row.citations[1]
    assert number
    assert "machine translation" in quote_of[number]
    without = corpus.ask("compare Performers and area attention").comparison
    assert without
    assert "asked" not in [row.tells for row in without.rows]


@pytest.mark.parametrize(("question", "side"), [("compare Performers and BERT", 1), ("compare BERT and Performers", 0)])
def test_a_missing_side_is_said_to_be_missing(corpus: Corpus, question: str, side: int) -> None:
    answer = corpus.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.comparison
    assert answer.comparison.missing == ("BERT",)
    assert all(row.citations[side] is None for row in answer.comparison.rows)
    assert papers_of_sides(answer)[1 - side] == {PERFORMERS}
    assert answer.comparison.shared == ()
    (miss,) = answer.closest
    assert miss.why == "“BERT”: this paper does not mention “BERT”"


def test_two_missing_sides_are_not_in_the_corpus(corpus: Corpus) -> None:
    answer = corpus.ask("compare apples and oranges")
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.comparison is None
    assert [miss.why.split(":")[0] for miss in answer.closest] == ["“apples”", "“oranges”"]


def test_two_things_that_one_paper_speaks_of_are_answered_by_its_sentences(corpus: Corpus) -> None:
    answer = corpus.ask("difference between outcome and process supervision")
    assert answer.comparison is None
    assert answer.papers[0].paper.title == "Let's Verify Step by Step"
    assert "outcome supervision, which provides feedback for a final result" in answer.text


def test_shared_words_are_in_both_papers_and_name_neither(corpus: Corpus) -> None:
    comparison = corpus.ask("Performers vs area attention").comparison
    assert comparison
    assert 1 <= len(comparison.shared) <= 6
    abstract_of = {paper.id: paper.abstract.casefold() for paper in corpus.papers()}
    for word in comparison.shared:
        assert word.casefold() in abstract_of[PERFORMERS]
        assert word.casefold()[:4] in abstract_of[AREA]
        assert word.casefold() not in ("performers", "attention", "area")


def test_without_two_sides_it_is_a_question_like_others(corpus: Corpus) -> None:
    answer = corpus.ask("compare Performers")
    assert answer.intent == "comparison"
    assert answer.engine.synthesizer == "extractive"
    assert answer.comparison is None


def test_papers_stand_in_the_order_of_the_sides(corpus: Corpus) -> None:
    """Whichever side the first row has: "and the second?" asks about the second side."""
    for question, papers in (
        ("compare CLIP and GLIDE", ["2108.02818", "2112.10741"]),
        ("compare GLIDE and CLIP", ["2112.10741", "2108.02818"]),
    ):
        answer = corpus.ask(question)
        assert [found.paper.id for found in answer.papers] == papers
        assert all(found.citations for found in answer.papers)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("compare WebGPT, Performers and area attention", (WEBGPT, PERFORMERS, AREA)),
        ("area attention vs WebGPT vs Performers", (AREA, WEBGPT, PERFORMERS)),
    ],
)
def test_three_sides_have_a_column_each(corpus: Corpus, question: str, sides: tuple[str, ...]) -> None:
    answer = corpus.ask(question)
    assert answer.comparison
    paper_of = {c.number: c.quote.paper for c in answer.citations}
    columns = zip(*(row.citations for row in answer.comparison.rows), strict=True)
    assert tuple({paper_of[n] for n in column if n} for column in columns) == tuple({paper} for paper in sides)
    assert answer.comparison.missing == ()


def test_two_things_of_one_paper_are_answered_from_it(corpus: Corpus) -> None:
    answer = corpus.ask("GLIDE vs DALL-E, which one do people prefer?")
    assert answer.comparison is None
    assert "favored by human evaluators" in answer.text
