"""Questions read into terms, on the seeds: what they weigh, and what can stand for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askpapers.answering.question import Term, Topic, read_terms
from askpapers.engine import Corpus
from askpapers.text import terms

Read = Callable[[str], Topic]


@pytest.fixture(scope="module")
def read(corpus: Corpus) -> Read:
    return lambda text: read_terms(text, corpus.index, corpus.embedder)


def only(topic: Topic) -> Term:
    (term,) = topic.terms
    return term


def says(topic: Topic, text: str) -> float:
    return topic.coverage(terms(text))


def test_an_acronym_is_said_by_its_long_form(read: Read) -> None:
    topic = read("RLHF")
    assert says(topic, "We use reinforcement learning from human feedback.") == 1
    assert says(topic, "We use RLHF.") == 1
    assert says(topic, "We use reinforcement learning.") < 0.1


def test_a_long_form_is_said_by_its_acronym(read: Read) -> None:
    topic = read("reinforcement learning from human feedback")
    assert says(topic, "Such as RLHF.") == 1
    assert len(topic.terms) == 1


@pytest.mark.parametrize("text", ["human feedback", "learning from feedback", "human reinforcement of learning"])
def test_parts_of_a_phrase_are_little_of_it(read: Read, text: str) -> None:
    assert says(read("reinforcement learning from human feedback"), text) < 0.2


@pytest.mark.parametrize("question", ["LLM", "LLMs", "large language model", "large language models"])
def test_a_plural_acronym_is_the_same_as_its_singular(read: Read, question: str) -> None:
    for text in ("an LLM is used", "LLMs are used", "a large language model"):
        assert says(read(question), text) == 1, text


def test_a_capital_s_is_no_plural(read: Read) -> None:
    assert says(read("CMS"), "5 cm") == 0


@pytest.mark.parametrize("question", ["NLP", "natural language processing"])
def test_acronyms_of_the_field(read: Read, question: str) -> None:
    assert says(read(question), "NLP tasks") == 1
    assert says(read(question), "natural language processing tasks") == 1


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("GPT-3", ["GPT-3"]),
        ("what is fine-tuning?", ["fine-tuning"]),
        ("use image-text pairs", ["image-text", "pairs"]),
    ],
)
def test_hyphens_make_one_term(read: Read, question: str, words: list[str]) -> None:
    assert [term.word for term in read(question).terms] == words


@pytest.mark.parametrize("text", ["we fine-tune it", "we finetune it", "we fine tune it"])
def test_a_compound_is_said_in_any_way_of_writing_it(read: Read, text: str) -> None:
    assert says(read("fine-tune"), text) == 1


def test_another_number_is_another_name(read: Read) -> None:
    topic = read("GPT-3")
    assert only(topic).is_name
    assert topic.missing_names(terms("GPT-3 is large")) == []
    assert topic.missing_names(terms("GPT-4 is large")) == ["GPT-3"]
    assert topic.missing_names(terms("GPT is large")) == ["GPT-3"]


def test_alternatives_are_one_term(read: Read) -> None:
    topic = read("images or audio")
    assert only(topic).word == "images or audio"
    assert says(topic, "pure audio") == says(topic, "an image") == 1
    assert says(topic, "pure text") == 0


def test_and_makes_two_terms(read: Read) -> None:
    topic = read("images and audio")
    assert len(topic.terms) == 2
    assert 0 < says(topic, "pure audio") < 1


def test_near_words_stand_in_at_less_weight(read: Read) -> None:
    topic = read("pictures")
    assert not only(topic).is_name
    assert 0.3 < says(topic, "an image") < 0.9
    assert says(topic, "a picture") == 1
    assert says(topic, "a sentence") == 0


@pytest.mark.parametrize("name", ["GPT-3", "GSM8K", "Atari", "WMT14", "French", "CLIP", "Wikipedia", "ResNet"])
def test_names_have_no_near_forms(read: Read, name: str) -> None:
    term = only(read(name))
    assert term.is_name
    assert all(weight == 1 for _, weight in term.forms)


def test_a_capital_at_the_beginning_makes_no_name(read: Read) -> None:
    assert not only(read("Pictures")).is_name
    assert only(read("are there Pictures")).is_name


@pytest.mark.parametrize(
    "question",
    [
        "",
        "which papers are there about it?",
        "how many of the papers use this?",
        "what do you get?",
        "?!",
        "the of and",
    ],
)
def test_words_of_asking_weigh_nothing(read: Read, question: str) -> None:
    topic = read(question)
    assert topic.terms == ()
    assert topic.coverage(terms("anything at all")) == 0
    assert topic.stems == frozenset()


def test_asking_around_a_word_changes_nothing(read: Read) -> None:
    bare = read("verifiers").terms
    for question in ("which papers use verifiers?", "how many works involve verifiers?", "what are verifiers?"):
        assert read(question).terms == bare


def test_verbs_that_any_paper_takes_weigh_little(read: Read) -> None:
    topic = read("which papers discuss verifiers?")
    weight_of = {term.word: term.weight for term in topic.terms}
    assert weight_of["discuss"] < 0.25 * weight_of["verifiers"]


def test_rare_words_weigh_more(read: Read) -> None:
    weight_of = {term.word: term.weight for term in read("language of Atari").terms}
    assert weight_of["Atari"] > 2 * weight_of["language"]


def test_a_repeated_word_counts_once(read: Read) -> None:
    assert read("image and image").terms == read("image").terms


def test_coverage_is_the_share_of_the_weight() -> None:
    heavy = Term("heavy", 3.0, False, ((("heavi",), 1.0), (("weighti",), 0.5)))
    light = Term("light", 1.0, True, ((("light",), 1.0),))
    topic = Topic("heavy light", (heavy, light))
    assert topic.coverage({"heavi"}) == 0.75
    assert topic.coverage({"light"}) == 0.25
    assert topic.coverage({"weighti"}) == 0.375
    assert topic.coverage({"heavi", "light"}) == 1
    assert topic.coverage({"light"}, [heavy]) == 0
    assert topic.stems == {"heavi", "weighti", "light"}
    assert topic.missing_names({"heavi"}) == ["light"]


def test_emphasis_falls_on_every_way_of_saying_it(read: Read) -> None:
    assert {"rlhf", "human", "feedback"} <= read("RLHF").stems


@pytest.mark.parametrize(
    ("text", "terms_of"),
    [
        ("is vitamin E protective?", ["vitamin E", "protective"]),
        ("what does vitamin a do", ["vitamin"]),  # an article, as it is typed
        ("what kills S. aureus?", ["kills", "aureus"]),
        ("did I train it", ["train"]),
        ("what is DALL-E 3 trained on", ["DALL-E-3", "trained"]),
        ("is Llama 2 open?", ["Llama 2", "open"]),
        ("does it take 3 days?", ["3", "days"]),
    ],
)
def test_a_letter_or_number_behind_a_name_is_a_part_of_it(read: Read, text: str, terms_of: list[str]) -> None:
    assert [term.word for term in read(text).terms] == terms_of


@pytest.mark.parametrize(
    ("text", "proper"),
    [
        ("is there a glacier in Norway?", ["Norway"]),
        ("how large is GPT-5 or M87?", ["GPT-5 or M87"]),
        ("does vitamin D help?", ["vitamin D"]),
        ("how does Reinforcement Learning help?", []),  # the corpus writes it in small letters
        ("do HMO patients gain?", []),  # it stands for words that may be there
        ("Glaciers melt, why?", []),
    ],
)
def test_a_proper_name_is_typed_as_one(read: Read, text: str, proper: list[str]) -> None:
    assert [term.word for term in read(text).terms if term.is_proper] == proper


def test_another_vitamin_is_not_the_one_that_is_asked_for(read: Read) -> None:
    (vitamin,) = read("vitamin E").terms
    assert vitamin.found_in(frozenset(terms("Vitamin D is in plasma."))) < 0.1
    assert vitamin.found_in(frozenset(terms("Vitamins C and E are antioxidants."))) == 1.0
