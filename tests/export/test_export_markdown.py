"""Answers and lists of papers in Markdown and as text."""

from __future__ import annotations

from dataclasses import replace

from askpapers.datatypes import Citation, CitedPaper, Compared, ComparedRow, Paper, Source, Statement, Verdict, quote_of
from askpapers.export.markdown import markdown, papers_markdown
from askpapers.export.text import answer_text, answers_text, papers_text
from askpapers.metadata import Metadata, Notice
from cats_and_dogs import BARK, CATS, COMPARISON, DOGS, PURR, REFUSAL, answer, survey


def test_an_answer_has_each_quote_with_its_place() -> None:
    assert markdown(answer(citations=(PURR,))) == (
        "**what do cats do?**\n\n"
        "Cats purr. [1] They sleep. [2]\n\n"
        "1. [On cats (2021)](https://cats.org/1)\n\n"
        "   > Cats purr at night because they are content.\n\n"
        "   2101.1 · a.txt:3, characters 0–44\n"
    )


def test_a_survey_says_what_it_checked_and_shows_all() -> None:
    text = markdown(survey(30))
    assert "1,234 of 1,234 papers checked: 3 match, 27 mention" in text
    assert "1. (match) Paper 0" in text
    assert "30. (mention) Paper 29" in text


def test_a_refusal_says_what_came_closest_and_where() -> None:
    text = markdown(REFUSAL)
    assert "*Not in this corpus.*" in text
    assert "- Dogs: this paper does not mention “cats”\n  > Dogs bark at strangers." in text
    assert "b.txt:7, characters 0–23" in text


def test_a_comparison_is_a_table_with_the_missing_side_named() -> None:
    text = markdown(COMPARISON)
    assert "| | cats | cows |\n| --- | --- | --- |\n| what it is | Cats purr. [1] | nothing found |" in text
    assert "“cows” is not in this corpus." in text
    assert "*partly supported:* They sleep." in text


def test_a_comparison_of_two_that_are_there() -> None:
    both = answer(
        citations=(PURR, BARK),
        statements=(
            Statement("Cats purr.", (1,), Verdict.SUPPORTED, 1.0),
            Statement("Dogs bark.", (3,), Verdict.SUPPORTED, 1.0),
        ),
        papers=(CitedPaper(CATS, (1, 2)), CitedPaper(DOGS, (3,))),
        comparison=Compared(("cats", "dogs"), (), (ComparedRow("what", (1, 3)),), ("animal", "sound")),
    )
    text = markdown(both)
    assert "| what it is | Cats purr. [1] | Dogs bark. [3] |" in text
    assert "Words that both papers use: animal, sound" in text


def test_markup_of_a_text_is_escaped() -> None:
    paper = Paper("p", "A *b* _c_ <d> `e` | #f ](x", "x", (Source("a", 1),), url="https://x.org")
    shown = answer(question="a|b*c", citations=(Citation(1, quote_of(paper, 0, 1)),), papers=(CitedPaper(paper, (1,)),))
    assert "**a\\|b\\*c**" in markdown(shown)
    assert "1. [A \\*b\\* \\_c\\_ \\<d\\> \\`e\\` \\| \\#f \\](x](https://x.org)" in markdown(shown)
    assert "[" not in papers_markdown([replace(paper, title="t", url="javascript:alert(1)")])


def test_a_doubt_stands_behind_its_sentence_wherever_it_is_copied_to() -> None:
    doubted = answer(
        text="Cats purr. [1] They bark. [1]",
        statements=(
            Statement("Cats purr.", (1,), Verdict.SUPPORTED, 1.0),
            Statement("They bark.", (1,), Verdict.UNSUPPORTED, 0.1, ("bark",)),
        ),
    )
    for text in (markdown(doubted), answer_text(doubted)):
        assert "Cats purr. [1] They bark. [1] (unsupported)" in text
    assert "unsupported; not in the source: bark" in markdown(doubted)


def test_text_has_each_quote_with_its_place() -> None:
    text = answer_text(answer())
    assert text.startswith(
        "what do cats do?\n\nCats purr. [1] They sleep. [2]\n\n[1] Ann Ash, Bo Bark. On cats (2021). 2101.1"
    )
    assert "    “Cats purr at night because they are content.”\n    a.txt:3, characters 0–44\n" in text
    assert answers_text([answer(), REFUSAL]).count("\n\n") > text.count("\n\n")


def test_papers_are_a_list() -> None:
    text = papers_markdown([CATS, DOGS])
    assert text.startswith(
        "1. [On cats (2021)](https://cats.org/1)  \n   Ann Ash, Bo Bark · 2101.1 · a.txt:3\n2. On dogs"
    )
    assert papers_text([CATS, DOGS]).splitlines()[1] == "On dogs. 2202.2"


def test_an_answer_from_records_lists_their_papers() -> None:
    found = answer(text="Two papers.", statements=(), citations=(), papers=(CitedPaper(CATS, ()), CitedPaper(DOGS, ())))
    assert markdown(found).startswith("**what do cats do?**\n\nTwo papers.\n\n1. [On cats (2021)](https://cats.org/1)")
    assert "2202.2 · b.txt:7" in markdown(found)
    assert answer_text(found).endswith(
        "Two papers.\n\nAnn Ash, Bo Bark. On cats (2021). 2101.1. https://cats.org/1\nOn dogs. 2202.2\n"
    )


def test_a_retracted_paper_is_marked() -> None:
    gone = replace(CATS, metadata=Metadata(notice=Notice.RETRACTED))
    cited = answer(papers=(CitedPaper(gone, (1, 2)),))
    for text in (markdown(cited), answer_text(cited), papers_markdown([gone]), papers_text([gone])):
        assert "[RETRACTED]" in text


def test_how_sure_a_survey_is_stands_behind_the_verdict() -> None:
    found = survey(2)
    text = markdown(replace(found, papers=(replace(found.papers[0], confidence=0.5), found.papers[1])))
    assert "1. (match, unsure) Paper 0" in text
    assert "2. (match) Paper 1" in text
    assert "*How likely a paper is what is asked for: unsure from 45%.*" in text
