"""What a person sees on the terminal. Answers are made up here."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from askpapers import render, render_papers
from askpapers.coverage import Coverage
from askpapers.datatypes import (
    Answer,
    Citation,
    CitedPaper,
    Compared,
    ComparedRow,
    Paper,
    Source,
    Statement,
    Status,
    Verdict,
    quote_of,
)
from askpapers.export.markdown import markdown
from askpapers.export.text import answer_text
from askpapers.metadata import Metadata, Notice, Person
from askpapers.web.answers import turn
from askpapers.web.stored_turns import StoredTurn
from cats_and_dogs import BARK, CATS, COMPARISON, DOGS, PURR, REFUSAL, SLEEP, answer, survey


def printed(found: Answer, *, width: int = 80, top: int = 20, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    render.print_answer(found, console, top)
    return out.getvalue()


# ---- terminal


def test_an_answer_with_its_numbered_sources() -> None:
    assert [line.rstrip() for line in printed(answer(), width=60).splitlines()] == [
        "Cats purr. [1] They sleep. [2]",
        "",
        "2 statements, 2 supported by the quotes below.",
        "",
        "[1] On cats (2021)",
        "    “Cats purr at night because they are content.”",
        "    2101.1 · a.txt:3, characters 0–44",
        "",
        "[2] On cats (2021)",
        "    “They sleep 16 hours a day, which is long for an",
        "    animal.”",
        "    2101.1 · a.txt:3, characters 45–101",
        "",
    ]


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize("found", [answer(), survey(5), REFUSAL, COMPARISON], ids=["answer", "survey", "no", "compare"])
def test_no_line_is_wider_than_the_terminal(found: Answer, width: int) -> None:
    lines = printed(found, width=width).splitlines()
    assert all(len(line) <= width for line in lines)
    assert width > 50 or max(map(len, lines)) > width - 15  # and what it has is used


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_every_citation_has_number_title_year_quote_and_place() -> None:
    text = words_of(printed(answer()))
    for number, quote in ((1, PURR.quote), (2, SLEEP.quote)):
        source = f"[{number}] On cats (2021) “{quote.text}” 2101.1 · a.txt:3, characters {quote.start}–{quote.end}"
        assert source in text
    assert text.startswith("Cats purr. [1] They sleep. [2] 2 statements, 2 supported by the quotes below.")


def test_one_statement_is_no_plural() -> None:
    one = answer(statements=(Statement("Cats purr.", (1,), Verdict.SUPPORTED, 1.0),), citations=(PURR,))
    assert "1 statement, 1 supported" in printed(one)


def test_a_doubtful_statement_is_said_to_be_doubtful() -> None:
    doubtful = answer(
        statements=(
            Statement("Cats purr.", (1,), Verdict.UNSUPPORTED, 0.0),
            Statement("They sleep.", (2,), Verdict.PARTIAL, 0.6),
        )
    )
    text = printed(doubtful)
    assert "unsupported: Cats purr." in text
    assert "partly supported: They sleep." in text
    assert "2 statements, 0 supported" in text


def test_a_paper_without_a_year_shows_none() -> None:
    text = printed(answer(citations=(BARK,), papers=(CitedPaper(DOGS, (3,)),)))
    assert "[3] On dogs\n" in text
    assert "None" not in text


@pytest.mark.parametrize("found", [answer(), survey(5), REFUSAL, COMPARISON])
def test_without_colour_there_is_no_escape(found: Answer) -> None:
    assert "\x1b" not in printed(found)


def test_emphasis_falls_on_the_words_of_the_question() -> None:
    bold = re.findall(r"\x1b\[1m(.*?)\x1b\[0m", printed(answer(), colour=True))
    assert {"Cats", "purr"} <= set(bold)
    assert not {"night", "content"} & set(bold)


def test_markup_of_a_text_is_shown_not_obeyed() -> None:
    paper = Paper("p", "[bold]On[/bold] [red]cats", "It is [0, 1] or [link=x]y[/link].", (Source("[a].txt", 1),))
    cited = answer(
        text="It is [bold]. [1]",
        citations=(Citation(1, quote_of(paper, 0, len(paper.abstract))),),
        papers=(CitedPaper(paper, (1,)),),
    )
    text = printed(cited)
    for verbatim in ("[bold]On[/bold] [red]cats", paper.abstract, "[a].txt:1", "It is [bold]. [1]"):
        assert verbatim in text


def test_a_survey_shows_the_first_and_says_how_many_more() -> None:
    text = printed(survey(5), top=2)
    assert text.startswith("1,234 of 1,234 papers checked: 3 match, 2 mention\n")
    assert "Paper 1" in text
    assert "Paper 2" not in text
    assert "and 3 more (--top 5 shows all)" in text


@pytest.mark.parametrize("top", [5, 6, 20])
def test_a_survey_that_is_shown_whole_says_nothing_of_more(top: int) -> None:
    text = printed(survey(5), top=top)
    assert "more" not in text
    assert [text.index(f"Paper {i}") for i in range(5)] == sorted(text.index(f"Paper {i}") for i in range(5))


def test_matches_and_mentions_have_a_heading_each() -> None:
    lines = printed(survey(5)).splitlines()
    assert lines.count("Match") == lines.count("Mention") == 1
    assert lines.index("Match") < lines.index("Mention") < lines.index("[4] Paper 3")
    assert "Mention" not in printed(survey(3))
    assert "mention" not in printed(survey(3))


def test_a_refusal_shows_what_is_closest_and_why() -> None:
    text = words_of(printed(REFUSAL))
    assert text.startswith("Not in this corpus. No paper here answers this. The closest that it has:")
    assert (
        "“Dogs bark at strangers.” Dogs: this paper does not mention “cats” 2202.2 · b.txt:7, characters 0–23" in text
    )


def test_a_refusal_with_nothing_close() -> None:
    text = printed(answer(status=Status.NOT_IN_CORPUS, text="", statements=(), closest=(), coverage=Coverage(34, 34)))
    assert text == "Not in this corpus. No paper here answers this (34 of 34 papers checked).\n"


def test_a_comparison_is_a_table_with_the_missing_side_named() -> None:
    text = printed(COMPARISON)
    head = next(line for line in text.splitlines() if "cats" in line)
    assert head.index("cats") < head.index("cows")
    row = next(line for line in text.splitlines() if "what it is" in line)
    assert "Cats purr. [1]" in row
    assert "nothing found" in row
    assert "asked for" in text
    assert "They sleep. [2] (partly supported)" in text
    assert "“cows” is not in this corpus." in text
    assert "Words that both" not in text
    assert "[1] a.txt:3, characters 0–44" in text


def test_a_comparison_of_two_that_are_there() -> None:
    both = answer(
        citations=(PURR, BARK),
        statements=(
            Statement("Cats purr.", (1,), Verdict.SUPPORTED, 1.0),
            Statement("Dogs bark.", (3,), Verdict.SUPPORTED, 1.0),
        ),
        papers=(CitedPaper(CATS, (1,)), CitedPaper(DOGS, (3,))),
        comparison=Compared(("cats", "dogs"), (), (ComparedRow("what", (1, 3)),), ("animal", "sound")),
    )
    text = printed(both)
    assert "not in this corpus" not in text
    assert "nothing found" not in text
    assert "Words that both papers use: animal, sound" in text


# ---- lists


def test_papers_are_a_table_of_what_they_give() -> None:
    out = io.StringIO()
    render_papers.print_papers([replace(CATS, authors=()), replace(DOGS, authors=())], Console(file=out, width=80))
    assert [line.split() for line in out.getvalue().splitlines()] == [
        ["Id", "Year", "Title"],
        ["2101.1", "2021", "On", "cats"],
        ["2202.2", "On", "dogs"],
    ]


def test_papers_with_authors_and_venues_show_them_in_short() -> None:
    out = io.StringIO()
    metadata = Metadata(
        venue="Nature", notice=Notice.RETRACTED, people=(Person("Moss", "Ada"), Person("Ng", "B."), Person("Ono"))
    )
    known = replace(CATS, authors=("Ada Moss", "B. Ng", "Ono"), metadata=metadata)
    render_papers.print_papers([known, replace(DOGS, authors=("Ann", "Bo"))], Console(file=out, width=90))
    assert [" ".join(line.split()) for line in out.getvalue().splitlines()] == [
        "Id Year Authors Venue Title",
        "2101.1 2021 Moss et al. Nature On cats [RETRACTED]",
        "2202.2 Ann and Bo On dogs",
    ]


def test_all_that_a_record_gives_is_shown() -> None:
    out = io.StringIO()
    metadata = Metadata(
        type="article-journal", venue="Nature", volume="3", pages="1--9", doi="10.1/x", tags=("cats", "purring"),
        editors=(Person("Ono", "C."),), notice=Notice.RETRACTED, extra=(("ris:M1", "12"),),
    )  # fmt: skip
    render_papers.print_paper(replace(CATS, metadata=metadata), Console(file=out, width=80))
    for line in ("type: article-journal", "venue: Nature", "volume: 3", "pages: 1--9", "DOI: 10.1/x",
                 "tags: cats, purring", "editors: C. Ono", "Retracted", "ris:M1: 12"):  # fmt: skip
        assert f"\n{line}\n" in out.getvalue()
    assert out.getvalue().startswith("On cats (2021) [RETRACTED]\n")


def test_one_paper_with_every_place() -> None:
    out = io.StringIO()
    twice = Paper(
        "p", "On cats", "Cats [purr].", (Source("a.txt", 1), Source("b.txt", 2)), 2021, ("Ann",), "https://x.org"
    )
    render_papers.print_paper(twice, Console(file=out, width=80))
    assert out.getvalue() == ("On cats (2021)\nAnn\np · https://x.org\n\nCats [purr].\n\na.txt:1\nb.txt:2\n")


@pytest.mark.parametrize("status", Status)
def test_guidance_is_its_text_on_every_face(status: Status) -> None:
    text = "Only English is read.\nAsk in English."
    given = answer(status=status, text=text, statements=(), citations=(), papers=(), notes=("a note",))
    page = str(turn(StoredTurn("t", given)))
    for shown in (printed(given), markdown(given), answer_text(given), page):
        assert "Only English is read." in shown
        assert "Ask in English." in shown
        assert "Not in this corpus" not in shown
        assert "statement" not in shown.casefold()


SURE = replace(
    survey(4),
    papers=tuple(
        replace(found, confidence=chance)
        for found, chance in zip(survey(4).papers, (0.99, 0.8, 0.1, None), strict=True)
    ),
)


def test_how_sure_a_survey_is_of_each_paper_is_aligned_and_explained_once() -> None:
    lines = printed(SURE).splitlines()
    places = [line for line in lines if "characters" in line]
    assert [line.split("·")[0].strip() for line in places] == ["sure", "likely", "doubtful", ""]
    assert len({line.index("·") for line in places}) == 1
    note = "How likely a paper is what is asked for: sure from 95%, likely from 75%, doubtful below 45%."
    assert " ".join(printed(SURE).split()).count(note) == 1
    assert "How likely" not in printed(survey(4))
    assert "doubtful" not in printed(SURE, top=2)
