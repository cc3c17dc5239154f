from __future__ import annotations

import numpy as np
import pytest
from llama_index.core.schema import NodeWithScore, TextNode

from askpapers.answering.evidence import PaperText, Sentence, of_named_papers, rank, read_nodes, rerank
from askpapers.answering.intent import Intent
from askpapers.answering.question import Term, Topic
from askpapers.datatypes import Passage
from fakes import ScriptedReader

CAT = Term("cat", 2.0, False, ((("cat",), 1.0),))
SLEEP = Term("sleep", 1.0, False, ((("sleep",), 1.0),))
WHISKERS = Term("Whiskers", 1.0, True, ((("whisker",), 1.0),))


def paper(title: str = "On animals", text: str = "", score: float = 0.5) -> PaperText:
    return PaperText("p", title, text, score)


def sentence(text: str, of: PaperText | None = None, cosine: float = 0.5, start: int = 0) -> Sentence:
    of = of or paper(text=text)
    return Sentence(of, Passage(of.id, start, start + len(text)), text, cosine)


@pytest.mark.parametrize(
    "text",
    [
        "It has 175 billion parameters.",
        "It has 8.5K problems.",
        "56% are preferred.",
        "56 \\% are preferred.",
        "It is 100x smaller.",
        "It took three days.",
        "Half of them are solved.",
        "There are 1,300 of them (28.8).",
        "We release the 1.3B model.",
        "It is twice as fast.",
        "In $10$ steps.",
    ],
)
def test_a_figure(text: str) -> None:
    assert sentence(text).has_number


def test_only_papers_with_a_name_that_is_asked_for_can_answer() -> None:
    norway = Term("Norway", 1.0, True, ((("norway",), 1.0),), is_proper=True)
    ranked = [(1.0, sentence("The cat sleeps in Peru.")), (0.5, sentence("It naps.", paper(text="A cat of Norway.")))]
    assert of_named_papers(Topic("", (CAT,)), ranked) == ranked
    assert of_named_papers(Topic("", (CAT, norway)), ranked) == ranked[1:]


@pytest.mark.parametrize(
    "text",
    [
        "We train GPT-3 on text.",
        "On WMT14 and GSM8K it fails.",
        "On ImageNet 64x64 it works.",
        "We test 3-digit addition.",
        "It is often done.",
        "",
    ],
)
def test_digits_of_names_and_shapes_are_no_figure(text: str) -> None:
    assert not sentence(text).has_number


def test_a_title_counts_as_said() -> None:
    topic = Topic("cats sleep", (CAT, SLEEP))
    found = sentence("They sleep.", paper("On cats"))
    assert found.coverage(topic) == 1
    assert sentence("They sleep.", paper("On dogs")).coverage(topic) == pytest.approx(1 / 3)


def test_new_is_what_the_title_leaves_open() -> None:
    topic = Topic("cats sleep", (CAT, SLEEP))
    about_cats = paper("On cats")
    assert sentence("They sleep.", about_cats).new_coverage(topic) == 1
    assert sentence("Cats eat.", about_cats).new_coverage(topic) == 0
    assert sentence("Cats sleep.", paper("Cats sleep")).new_coverage(topic) == 1  # nothing is left open


def test_a_paper_goes_by_its_title_and_the_names_it_introduces() -> None:
    own = paper("On models of speech", "We present Whiskers, a model. It beats Purrer.").own_names
    assert {"speech", "whisker"} <= own
    assert "purrer" not in own


def test_names_that_neither_sentence_nor_paper_has() -> None:
    topic = Topic("cats called Whiskers", (CAT, WHISKERS))
    assert sentence("Dogs bark.").missing_names(topic) == [WHISKERS]
    assert sentence("Whiskers barks.").missing_names(topic) == []
    assert sentence("It barks.", paper("Whiskers")).missing_names(topic) == []


def node(paper: str, start: int, text: str, cosine: float = 0.5) -> NodeWithScore:
    data = {
        "paper": paper,
        "title": f"On {paper}",
        "start": start,
        "end": start + len(text),
        "paper_score": 0.7,
        "cosine": cosine,
    }
    return NodeWithScore(node=TextNode(text=text, metadata=data), score=1.0)


def test_nodes_become_sentences_of_whole_papers() -> None:
    found = read_nodes(
        [node("cats", 11, "They sleep.", 0.9), node("dogs", 0, "Dogs bark."), node("cats", 0, "Cats purr.")]
    )
    assert [s.text for s in found] == ["They sleep.", "Dogs bark.", "Cats purr."]
    assert found[0].paper is found[2].paper
    assert found[0].paper.text == "Cats purr. They sleep."
    assert (found[0].passage, found[0].cosine) == (Passage("cats", 11, 22), 0.9)
    assert read_nodes([]) == []


TOPIC = Topic("cats sleep", (CAT, SLEEP))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (sentence("Cats sleep.", paper(score=0.9)), sentence("Cats sleep.", paper(score=0.1))),
        (sentence("Cats sleep."), sentence("Cats eat.")),
        (sentence("Cats sleep.", cosine=0.9), sentence("Cats sleep.", cosine=0.1)),
        (sentence("They sleep.", paper("On cats")), sentence("They sleep.", paper("On dogs"))),
    ],
)
def test_what_ranks_higher(better: Sentence, worse: Sentence) -> None:
    for order in ([better, worse], [worse, better]):
        ranked = rank(order, TOPIC, Intent.OPEN)
        assert [s for _, s in ranked] == [better, worse]
        assert ranked[0][0] > ranked[1][0]


def test_a_missing_name_ranks_lower() -> None:
    topic = Topic("Whiskers", (CAT, SLEEP, Term("Whiskers", 0.0, True, ((("whisker",), 1.0),))))
    has, has_not = sentence("Whiskers sleeps."), sentence("Purrer sleeps.")
    assert [s for _, s in rank([has_not, has], topic, Intent.OPEN)] == [has, has_not]


def test_a_figure_ranks_higher_where_one_is_asked_for() -> None:
    without, figure = sentence("Cats sleep long."), sentence("Cats sleep 16 hours.")
    assert rank([without, figure], TOPIC, Intent.QUANTITY)[0][1] is figure
    assert rank([without, figure], TOPIC, Intent.OPEN)[0][1] is without  # all else is the same: order stays


def test_the_sentence_that_answers_comes_first_once_it_is_read() -> None:
    of = paper("On animals in the house")
    alike = sentence("Many people ask how long cats sleep a day.", of)
    answer = sentence("Felines rest for sixteen hours daily.", of)
    reader = ScriptedReader(lambda question, text: 0.9 if answer.text in text else 0.4)
    read = rerank("how long do cats sleep a day?", [(0.6, alike), (0.6, answer)], reader)
    assert [r.sentence for r in read] == [answer, alike]
    assert [r.odds for r in read] == pytest.approx([np.log(9), np.log(2 / 3)], abs=1e-4)
    asked = ("how long do cats sleep a day?", "On animals in the house. Felines rest for sixteen hours daily.")
    assert reader.given[1] == asked


def test_what_scores_far_below_stays_below() -> None:
    first, last = sentence("Cats sleep 16 hours."), sentence("Felines rest for sixteen hours daily.")
    reader = ScriptedReader(lambda question, text: 0.99 if last.text in text else 0.01)
    read = rerank("how long do cats sleep?", [(1.9, first), (0.1, last)], reader)
    assert [r.sentence for r in read] == [first, last]


def test_only_the_best_eight_are_read_and_kept() -> None:
    ranked = [(1.0 - n / 100, sentence(f"Cats sleep {n} hours.")) for n in range(12)]
    reader = ScriptedReader(0.5)
    assert [r.sentence for r in rerank("how long do cats sleep?", ranked, reader)] == [s for _, s in ranked[:8]]
    assert len(reader.given) == 8
    assert rerank("how long do cats sleep?", [], reader) == []


def test_the_words_of_a_label_are_said_by_the_first_sentence_alone() -> None:
    topic = Topic("do cats sleep?", (CAT, SLEEP))
    label, title = paper("Cats sleep by day, and they hunt when it…"), paper("Cats sleep by day")
    assert sentence("Data came from a registry.", label).coverage(topic) == 0
    assert sentence("Data came from a registry.", title).coverage(topic) == 1
