"""Follow-ups without a model: a question of a conversation becomes one that stands by itself, or stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.conversation import Conversation, FollowUp
from askpapers.answering.follow_up import resolve
from askpapers.datatypes import Paper, Passage, Source, Turn

PAPERS = {
    paper.id: paper
    for paper in (
        Paper("kiln", "KilnNet: Firing by Wire", "We introduce KilnNet, a controller. It saves gas.", (), 2021),
        Paper(
            "glaze",
            "Mixing Glazes",
            "We mix glazes. Colours match in 9 of 10 pots.",
            (),
            2018,
            ("A. Potter",),
        ),
        Paper("clay", "Drying Clay Slowly", "Clay cracks. We dry it in steps.", (Source("f", 1),), 2023),
    )
}
PAPERS["kiln2"] = Paper("kiln2", "To see whether a hotter kiln…", "To see whether a hotter kiln is better.", (), 2020)
SIDES = Turn("Does KilnNet need gas?", "2 say yes", papers=("kiln", "glaze"), survey=True)
HOTTER = Turn("is a hotter kiln better?", "It is.", papers=("kiln2",))
LISTED = Turn("which papers are about pots?", "3 papers", papers=("kiln", "glaze", "clay"), survey=True)
KILN = Turn("what is KilnNet?", "A controller.", papers=("kiln",), shown=(Passage("kiln", 0, 34),))
GLAZE = Turn("how are colours mixed?", "By machine.", papers=("glaze",))
UNCLEAR = Turn("how large was it?", "What does “it” refer to?", answered=False)


def follow(question: str, *before: Turn | str) -> FollowUp:
    turns = tuple(Turn(turn, "An answer.") if isinstance(turn, str) else turn for turn in before)
    return resolve(question, Conversation(turns, PAPERS.get))


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        ("what is GSM8K?", "and how large is it?", "how large is GSM8K?"),
        ("what is GSM8K?", "how many problems does it have?", "how many problems does GSM8K have?"),
        ("what is Whisper?", "what are its limits?", "what are Whisper's limits?"),
        ("what is Whisper?", "But how many hours was this model trained on?", "how many hours was Whisper trained on?"),
        ("how does CLIP work?", "what about Whisper?", "how does Whisper work?"),
        ("how does CLIP work?", "and how about DALL-E?", "how does DALL-E work?"),
        ("how good is it on MATH?", "and on GSM8K?", "how good is it on GSM8K?"),
        (r"what is \alpha?", "what is its value?", r"what is \alpha's value?"),
        (KILN, "how much gas does it save?", "how much gas does KilnNet save?"),
        (GLAZE, "how well does that work?", "how well does “Mixing Glazes” work?"),
        (GLAZE, "on how many pots?", "on how many pots (“Mixing Glazes”)?"),
        (GLAZE, "why?", "what is the reason: how are colours mixed?"),
        (LISTED, "only those before 2022", "which papers are about pots before 2022?"),
        (LISTED, "and in 2019?", "which papers are about pots in 2019?"),
        (LISTED, "and without glazes?", "which papers are about pots without glazes?"),
        (LISTED, "which of them are about gas?", "which of the papers are about gas?"),
        (LISTED, "any of those about gas?", "which of the papers are about gas?"),
        (LISTED, "how many of them use gas?", "how many of the papers use gas?"),
        (LISTED, "what about cups?", "which papers are about cups?"),
        (LISTED, "compare the first two", "compare “KilnNet” and “Mixing Glazes”"),
        (LISTED, "what does the second one say on colours?", "what does “Mixing Glazes” say on colours?"),
        (GLAZE, "what did the study find?", "what did “Mixing Glazes” find?"),
        (GLAZE, "and the main results?", "what did “Mixing Glazes” find?"),
        (GLAZE, "what came out?", "what did “Mixing Glazes” find?"),
        (GLAZE, "who did the study?", "who wrote “Mixing Glazes”?"),
        (GLAZE, "was that significant?", "was that significant: how are colours mixed?"),
        (HOTTER, "what was the conclusion", "what did paper kiln2 find?"),
        (HOTTER, "how many pots did they fire?", "how many pots did paper kiln2 fire?"),
        (SIDES, "how large is it?", "how large is KilnNet?"),
        (LISTED, "which of those is the newest?", "which of the papers is the newest?"),
        ("Is KilnNet any good?", "how large is it?", "how large is KilnNet?"),
        (UNCLEAR, "KilnNet", "how large was KilnNet?"),
        (UNCLEAR, "i meant KilnNet", "how large was KilnNet?"),
    ],
)
def test_what_is_referred_to_is_put_in(before: Turn | str, question: str, completed: str) -> None:
    assert follow(question, before).question == completed


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("which of those use gas?", {"kiln", "glaze", "clay"}),
        ("only those before 2022", {"kiln", "glaze", "clay"}),
        ("tell me about the second one", {"glaze"}),
        ("what's in the last paper?", {"clay"}),
        ("what does the one from 2018 propose?", {"glaze"}),
        ("what does the newest one propose?", {"clay"}),
        ("compare the last two", {"glaze", "clay"}),
        ("does number 3 crack?", {"clay"}),
    ],
)
def test_papers_of_the_list_alone_are_meant(question: str, papers: set[str]) -> None:
    found = follow(question, LISTED)
    assert found.only
    assert set(found.papers) == papers


def test_a_turn_by_turn_conversation_refers_to_what_was_searched() -> None:
    second = Turn("how large is it?", "Large.", searched="how large is KilnNet?", papers=("kiln",))
    assert follow("and how much does it cost?", KILN, second).question == "how much does KilnNet cost?"


def test_what_was_found_is_asked_about_as_it_was_asked_first() -> None:
    found = Turn("what did they find?", "Heat.", searched="what did paper kiln2 find?", papers=("kiln2",))
    assert follow("was that significant?", HOTTER, found) == FollowUp(
        "was that significant: is a hotter kiln better?", ("kiln2",), only=True
    )


def test_more_is_what_was_not_shown_of_the_same_paper() -> None:
    found = follow("tell me more", LISTED, KILN)
    assert (found.papers, found.beyond) == (("kiln",), (Passage("kiln", 0, 34),))


def test_a_summary_of_it_begins_at_its_beginning() -> None:
    found = follow("summarise it", GLAZE)
    assert (found.papers, found.only, found.beyond) == (("glaze",), True, ())


def test_the_other_one_is_the_one_that_was_not_talked_of() -> None:
    two = Turn("papers on pots?", "2 papers", papers=("kiln", "glaze"), survey=True)
    assert follow("what does the other one do?", two, KILN).papers == ("glaze",)


def test_who_wrote_it_is_asked_of_the_paper_that_was_talked_of() -> None:
    for question in ("who wrote it?", "who are the authors?", "who built that?"):
        found = follow(question, LISTED, GLAZE)
        assert (found.question.startswith("who wrote “"), found.only, found.papers) == (True, True, ("glaze",))


STANDING = [
    "what is CLIP?",
    "which papers use RLHF?",
    "is it true that GPT-4 passes exams?",
    "is it because GSM8K is hard that models fail?",
    "what is it that weak supervisors can do?",
    "does it take much data to train a summarizer?",
    "how many hours of audio was the speech model trained on?",
    "do people learn faster when they know that examples come from a teacher?",
    "how well does CLIP do on tasks that it was not trained for?",
    "any papers about protein folding?",
    "are there papers that study glazes?",
    "papers that compare glazes with enamels",
    "are there methods that scale to whole kilns?",
    "is there anything that works on old clay?",
    "how was that sparse autoencoder trained and what is it good for?",
    "what does that sparse autoencoder do with its latents?",
]


def test_what_is_there_refers_to_nothing_at_first() -> None:
    assert follow("what software is there?") == FollowUp("what software is there?")
    assert follow("what software was used there?", KILN).question == "what software was used in KilnNet?"


@pytest.mark.parametrize("before", [[], [KILN], [LISTED], [UNCLEAR]], ids=["first", "answer", "list", "unclear"])
def test_a_question_that_stands_by_itself_stays(before: Sequence[Turn]) -> None:
    assert [follow(question, *before) for question in STANDING] == [FollowUp(question) for question in STANDING]


REFERRING = {
    "how large was it?": "it",
    "tell me more": "tell me more",
    "why?": "why",
    "what about them": "them",
    "who wrote it?": "it",
    "what are its limits?": "its",
    "the second one": "the second one",
    "how many of those?": "those",
    "what does that study show?": "that study",
    "what did the study find?": "the study",
    "was that significant?": "that",
    "only those before 2022": "only those before 2022",
    "compare the two": "the two",
    "what score does it get?": "it",
    "summarise it": "it",
    "how many?": "how many",
    "which ones?": "which ones",
}


def test_a_first_question_that_refers_to_something_is_asked_back() -> None:
    assert {question: follow(question).unclear for question in REFERRING} == REFERRING


THINGS = st.sampled_from(["expert iteration", "the book summariser", "glazes", "KilnNet", "the drying of clay"])
ABOUT = [
    "how did they make {}?",
    "what do they say about {}?",
    "what do their tests of {} show?",
    "do the authors use {}?",
]
ABOUT += ["how many hours did they spend on {}?", "what does the paper say about {}?"]
OF_WHAT = ["what did they find?", "how did they train the model?", "what is their accuracy?", "how did they test it?"]
OF_WHAT += ["how were they fired in the kiln?", "what hardware did they use?"]


@given(st.sampled_from(ABOUT), THINGS)
def test_a_question_that_names_its_subject_is_not_asked_back_for_its_writers(question: str, thing: str) -> None:
    assert follow(question.format(thing)).unclear == ""


@pytest.mark.parametrize("question", OF_WHAT)
def test_a_question_that_names_nothing_but_its_writers_is_asked_back(question: str) -> None:
    assert follow(question).unclear in ("they", "their")


@pytest.mark.parametrize(
    "question", ["which of those use gas?", "in how many of them is gas used?", "is gas in any of these?"]
)
def test_some_of_them_at_the_beginning_are_papers_of_the_corpus(question: str) -> None:
    assert follow(question) == FollowUp(question)


def test_papers_that_left_the_corpus_are_not_referred_to() -> None:
    gone = Turn("which papers are about pots?", "2 papers", papers=("gone", "kiln"), survey=True)
    assert follow("what does the first one do?", gone).papers == ("kiln",)


QUESTIONS = st.one_of(
    st.text(max_size=60), st.sampled_from([*STANDING, "it", "the second one?", "which of those?", "more"])
)
TURNS = st.lists(
    st.builds(
        Turn,
        QUESTIONS,
        st.text(max_size=20),
        st.none() | QUESTIONS,
        st.lists(st.sampled_from([*PAPERS, "gone"]), max_size=3).map(tuple),
        survey=st.booleans(),
        answered=st.booleans(),
    ),
    max_size=4,
)


@given(TURNS, QUESTIONS)
def test_any_conversation_gives_a_question_about_papers_of_the_corpus(before: list[Turn], question: str) -> None:
    found = follow(question, *before)
    assert found.question.strip() or not question.strip() or found.unclear
    assert set(found.papers) <= set(PAPERS)
    assert len(found.question) <= 2 * len(question) + 2 * max((len(t.text) for t in before), default=0) + 120


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        (("does KilnNet save gas?",), "in large kilns?", "does KilnNet save gas in large kilns?"),
        (("how good is it on MATH?",), "on GSM8K?", "how good is it on GSM8K?"),
        ((LISTED,), "with electric kilns?", "which papers are about pots with electric kilns?"),
        ((LISTED,), "what about 2020?", "which papers are about pots in 2020?"),
        ((LISTED, "what is “KilnNet” about?"), "what about 2020?", "which papers are about pots in 2020?"),
        ((LISTED, "what is “KilnNet” about?"), "and in 2020?", "which papers are about pots in 2020?"),
        ((LISTED, "who wrote “Mixing Glazes”?"), "how many are left?", "how many papers: are about pots?"),
    ],
)
def test_a_piece_of_a_question_goes_on_with_the_one_before(
    before: Sequence[Turn | str], question: str, completed: str
) -> None:
    assert follow(question, *before).question == completed


@pytest.mark.parametrize("question", ["in large kilns?", "with clay", "under water"])
def test_a_piece_of_a_question_stays_at_the_beginning(question: str) -> None:
    assert follow(question).question == question
