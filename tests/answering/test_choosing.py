"""Which sentences are said: the defining ones, those that tell a method, or those near the best."""

from __future__ import annotations

import pytest

from askpapers.answering.choosing import able_to_answer, asked_doing, defining, near_the_best, telling_how
from askpapers.answering.evidence import PaperText, Reading, Sentence
from askpapers.answering.intent import Intent
from askpapers.answering.question import Term, Topic
from askpapers.datatypes import Passage
from askpapers.engine import Corpus
from fakes import ScriptedReader

PURRER = Term("Purrer", 1.0, True, ((("purrer",), 1.0),))
BACKGROUND, INTRODUCED, COLLECTED, RESULT = (
    "Cats are trained in many ways.",
    "We introduce Purrer, a cat that is trained on milk.",
    "We then collect mice, which we use to train it further.",
    "Purrer outperforms all dogs.",
)
WHOLE = f"{BACKGROUND} {INTRODUCED} {COLLECTED} {RESULT}"
PAPER = PaperText("cats", "On cats", WHOLE, 0.5)


def sentence(text: str) -> Sentence:
    return Sentence(PAPER, Passage("cats", WHOLE.find(text), WHOLE.find(text) + len(text)), text, 0.5)


def read(*texts: str) -> list[Reading]:
    return [Reading(1.0 - n / 10, 0.0, sentence(text)) for n, text in enumerate(texts)]


def test_what_scores_near_the_best_is_said() -> None:
    readings = [*read(RESULT, INTRODUCED), Reading(0.2, 0.0, sentence(COLLECTED))]
    assert [group[0].text for group in near_the_best(readings)] == [RESULT, INTRODUCED]


def test_what_reads_far_worse_than_the_best_is_not_said() -> None:
    readings = [Reading(1.0, -3.1, sentence(BACKGROUND)), Reading(0.9, 0.0, sentence(RESULT))]
    assert [group[0].text for group in near_the_best(readings)] == [RESULT]


def test_a_definition_is_the_sentence_that_names_it_and_reads_as_one() -> None:
    reader = ScriptedReader(lambda question, text: 0.99 if text == INTRODUCED else 0.8)
    topic = Topic("What is Purrer?", (PURRER,))
    groups = defining(topic, read(RESULT, INTRODUCED, COLLECTED), reader)
    assert [[s.text for s in group] for group in groups] == [[INTRODUCED]]


def test_a_method_is_told_by_the_papers_own_sentences_and_not_by_results() -> None:
    reader = ScriptedReader(lambda question, text: 0.1 if RESULT in text else 0.7)
    ranked = [sentence(text) for text in (RESULT, BACKGROUND, COLLECTED, INTRODUCED)]
    groups = telling_how(Topic("How was Purrer trained?", (PURRER,)), ranked, reader, "trained")
    assert {s.text for group in groups for s in group} == {INTRODUCED, COLLECTED}


@pytest.mark.parametrize(
    ("question", "verb"),
    [
        ("How was InstructGPT trained?", "trained"),
        ("how did they build the moderation system", "build"),
        ("how did the authors evaluate it?", "evaluate"),
        ("Walk me through how WebGPT was built.", "built"),
        ("how were the labels of InstructGPT collected?", "collected"),
        ("How many labels were made?", ""),
        ("How does area attention work?", ""),
        ("how are they different?", ""),
        ("What was it trained on?", ""),
        ("how", ""),
    ],
)
def test_what_was_done(question: str, verb: str) -> None:
    assert asked_doing(question) == verb


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("how was Codex evaluated?", "On HumanEval, a new evaluation set"),
        ("how were Performers tested?", "We tested Performers on a rich set of tasks"),
        ("how was area attention evaluated?", "We evaluate area attention on two tasks"),
        ("how was SimPLe evaluated?", "Our experiments evaluate SimPLe"),
    ],
)
def test_how_something_was_done_is_the_sentence_that_tells_it(corpus: Corpus, question: str, begins: str) -> None:
    assert corpus.ask(question).statements[0].text.startswith(begins)


def test_how_instructgpt_was_trained(corpus: Corpus) -> None:
    first, second = corpus.ask("how was InstructGPT trained?").statements
    assert "labeler demonstrations" in first.text
    assert "rankings" in second.text
    assert "reinforcement learning from human feedback" in second.text


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("what is GPT-4o?", "GPT-4o is an autoregressive omni model"),
        ("what is area attention?", "We propose area attention"),
        ("what is pedagogical learning?", "We call this pedagogical learning"),
    ],
)
def test_a_definition_is_not_padded(corpus: Corpus, question: str, begins: str) -> None:
    (statement,) = corpus.ask(question).statements
    assert statement.text.startswith(begins)


OF_OTHERS, AIM, FINDING = "Cats are known to sleep.", "We aim to see how long cats sleep.", "We found that cats sleep."


@pytest.mark.parametrize(
    ("question", "intent", "expected"),
    [
        ("what did the study of cats find about sleep?", Intent.OPEN, {FINDING}),
        ("do cats sleep?", Intent.YES_NO, {FINDING}),
        ("how long do cats sleep?", Intent.OPEN, {OF_OTHERS, FINDING}),
        ("what did the study of cats aim to show?", Intent.OPEN, {OF_OTHERS, AIM, FINDING}),
        ("what is sleep?", Intent.DEFINITION, {OF_OTHERS, AIM, FINDING}),
    ],
)
def test_what_can_answer_a_question(question: str, intent: Intent, expected: set[str]) -> None:
    texts = [OF_OTHERS, AIM, FINDING]
    paper = PaperText("cats", "", " ".join(texts), 0.5)
    sentences = [Sentence(paper, Passage("cats", n, n + 1), text, 0.5) for n, text in enumerate(texts)]
    able = able_to_answer(question, intent, sentences)
    assert {s.text for s in sentences if s.passage in able} == expected
