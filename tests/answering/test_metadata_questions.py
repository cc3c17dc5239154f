"""Questions about records are read by their structure; a word of content makes a question one about content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.metadata_questions import read_metadata
from askpapers.answering.metadata_words import is_only_frame
from askpapers.answering.record_question import Field, MetadataQuestion, RecordIntent

_SUITES = Path(__file__).resolve().parents[2] / "eval" / "suites"
OF_ALL = {
    "how many papers are there?": MetadataQuestion(RecordIntent.PAPERS, counted=True),
    "what is the total number of papers?": MetadataQuestion(RecordIntent.PAPERS, counted=True),
    "how many papers do you know?": MetadataQuestion(RecordIntent.PAPERS, counted=True),
    "list everything": MetadataQuestion(RecordIntent.PAPERS),
    "show me the titles of all papers": MetadataQuestion(RecordIntent.PAPERS),
    "list papers by year": MetadataQuestion(RecordIntent.PAPERS, Field.YEAR),
    "which years does this cover?": MetadataQuestion(RecordIntent.SPAN),
    "how far back do the papers go?": MetadataQuestion(RecordIntent.SPAN),
    "how many papers per year?": MetadataQuestion(RecordIntent.TALLY, Field.YEAR),
    "which year has the most papers?": MetadataQuestion(RecordIntent.TALLY, Field.YEAR, ranked=True),
    "papers per venue": MetadataQuestion(RecordIntent.TALLY, Field.VENUE),
    "which journals are there?": MetadataQuestion(RecordIntent.TALLY, Field.VENUE),
    "who are the most frequent authors?": MetadataQuestion(RecordIntent.TALLY, Field.AUTHORS, ranked=True),
    "who has written the most papers?": MetadataQuestion(RecordIntent.TALLY, Field.AUTHORS, ranked=True),
    "top 5 authors": MetadataQuestion(RecordIntent.TALLY, Field.AUTHORS, most=5, ranked=True),
    "how many authors are there?": MetadataQuestion(RecordIntent.DISTINCT, Field.AUTHORS),
    "which papers have no year?": MetadataQuestion(RecordIntent.LACKING, Field.YEAR),
    "how many papers lack a DOI?": MetadataQuestion(RecordIntent.LACKING, Field.DOI, counted=True),
    "papers without authors": MetadataQuestion(RecordIntent.LACKING, Field.AUTHORS),
    "papers with tags": MetadataQuestion(RecordIntent.HAVING, Field.TAGS),
}


def test_a_question_about_all_records() -> None:
    assert {question: read_metadata(question) for question in OF_ALL} == OF_ALL


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("who wrote KilnNet?", MetadataQuestion(RecordIntent.FIELD, Field.AUTHORS, "KilnNet")),
        ("authors of the KilnNet paper", MetadataQuestion(RecordIntent.FIELD, Field.AUTHORS, "the KilnNet paper")),
        (
            "who is the last author of 2203.02155?",
            MetadataQuestion(RecordIntent.FIELD, Field.AUTHORS, "2203.02155", place=-1),
        ),
        ("by whom was KilnNet written?", MetadataQuestion(RecordIntent.FIELD, Field.AUTHORS, "KilnNet")),
        ("who wrote the papers on clay?", MetadataQuestion(RecordIntent.FIELD, Field.AUTHORS, "clay", topical=True)),
        (
            "is Moss an author of KilnNet?",
            MetadataQuestion(RecordIntent.IS_AUTHOR, Field.AUTHORS, "KilnNet", name="Moss"),
        ),
        (
            "did Ada Moss write KilnNet?",
            MetadataQuestion(RecordIntent.IS_AUTHOR, Field.AUTHORS, "KilnNet", name="Ada Moss"),
        ),
        (
            "how many authors does KilnNet have?",
            MetadataQuestion(RecordIntent.HOW_MANY_AUTHORS, Field.AUTHORS, "KilnNet"),
        ),
        ("when was KilnNet published?", MetadataQuestion(RecordIntent.FIELD, Field.YEAR, "KilnNet")),
        ("what year is KilnNet from?", MetadataQuestion(RecordIntent.FIELD, Field.YEAR, "KilnNet")),
        ("where was KilnNet published?", MetadataQuestion(RecordIntent.FIELD, Field.VENUE, "KilnNet")),
        ("in which journal did KilnNet appear?", MetadataQuestion(RecordIntent.FIELD, Field.VENUE, "KilnNet")),
        ("what is the DOI of KilnNet?", MetadataQuestion(RecordIntent.FIELD, Field.DOI, "KilnNet")),
        ("arxiv link for KilnNet", MetadataQuestion(RecordIntent.FIELD, Field.LINK, "KilnNet")),
        ("does KilnNet have an arXiv id?", MetadataQuestion(RecordIntent.FIELD, Field.ARXIV, "KilnNet")),
        ("was KilnNet retracted?", MetadataQuestion(RecordIntent.FIELD, Field.NOTICE, "KilnNet")),
        (
            "the most frequent authors on clay",
            MetadataQuestion(RecordIntent.TALLY, Field.AUTHORS, "clay", True, ranked=True),
        ),
        ("how many papers on clay per year?", MetadataQuestion(RecordIntent.TALLY, Field.YEAR, "clay", True)),
        ("which journals publish on clay?", MetadataQuestion(RecordIntent.TALLY, Field.VENUE, "clay", True)),
    ],
)
def test_a_question_about_some_records(question: str, read: MetadataQuestion) -> None:
    assert read_metadata(question) == read


@pytest.mark.parametrize(
    "question",
    [
        "who proposed chain-of-thought prompting?",
        "how many papers use RLHF?",
        "who works on blockchain?",
        "which authors work on clay?",
        "which papers use people?",
        "how many people were in the study?",
        "what is a tag?",
        "which papers report the year of their data?",
        "where is KilnNet used?",
        "papers without supervision",
        "which papers have no labels?",
        "which data did the authors use?",
        "in which journal did it appear?",
        "how many hours of audio by year?",
        "what are the papers about?",
    ],
)
def test_a_question_about_content_is_left_to_it(question: str) -> None:
    assert read_metadata(question) is None


CONTENT = st.from_regex(r"[b-z]{3}q[a-z]{2,5}", fullmatch=True)


@given(st.sampled_from(sorted(OF_ALL)), CONTENT, st.randoms(use_true_random=False))
def test_a_word_of_content_anywhere_makes_it_no_question_about_all_records(
    question: str, word: str, random: object
) -> None:
    words = question.rstrip("?").split()
    place = random.randint(1, len(words))  # type: ignore[attr-defined]
    read = read_metadata(" ".join([*words[:place], word, *words[place:]]))
    assert read is None or word in read.subject.split()


@given(st.lists(st.sampled_from(sorted(OF_ALL)), min_size=1, max_size=3), CONTENT)
def test_only_frame_means_no_word_of_content(frames: list[str], word: str) -> None:
    assert not is_only_frame(f"{' '.join(frames)} {word}")


def test_no_question_of_the_suites_about_content_is_taken_for_one_about_records() -> None:
    """But for those about records by their label, and surveys that ask for the papers of a year alone."""
    taken = []
    for suite in ("seeds-dev", "seeds-dev2", "seeds-narrow-dev", "seeds-people-dev", "arxiv-dev"):
        for line in (_SUITES / f"{suite}.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            read = read_metadata(entry["question"])
            if entry["intent"] != "metadata" and read and not read.subject:
                taken.append(entry["question"])
    assert taken == []


@pytest.mark.parametrize("question", ["who wrote about drying clay?", "who has written papers on drying clay?"])
def test_who_wrote_about_a_topic_asks_for_the_authors_of_papers_on_it(question: str) -> None:
    assert read_metadata(question) == MetadataQuestion(RecordIntent.FIELD, Field.AUTHORS, "drying clay", topical=True)
