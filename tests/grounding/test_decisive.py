"""What a model's sentence stands on: the fewest quotes that hold it, and the paper where it names the wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.answering.draft import WrittenStatement
from askpapers.datatypes import Paper, Source, Verdict
from askpapers.grounding.decisive import Grounds, find_answer_grounds, find_grounds
from askpapers.grounding.fitted import FittedCheck
from askpapers.grounding.ground import Grounder
from askpapers.grounding.support import Support
from askpapers.text import terms

ABSTRACTS = {
    "speech": (
        "We study speech recognition. Our model Whisper is trained on 680,000 hours of audio. "
        "It approaches the accuracy of humans. We release the code."
    ),
    "code": (
        "We introduce Codex, a language model for code. On HumanEval it solves 28.8% of the problems. "
        "With 100 samples it solves 70.2% of the problems."
    ),
    "images": "CLIP learns from 400 million pairs of images and text. It matches ResNet-50 on ImageNet.",
}
PAPERS = {key: Paper(key, f"A paper on {key}", text, (Source(f"{key}.txt", 1),)) for key, text in ABSTRACTS.items()}
POOL = tuple(PAPERS)
CHECK = FittedCheck()  # the one that ships


def words_shared(statement: str, source: str) -> Support:
    """A plain check, so that these tests hold the search and not the judgement: the share of terms that are there."""
    wanted = set(terms(statement))
    there = set(terms(source))
    share = len(wanted & there) / len(wanted) if wanted else 0.0
    verdict = Verdict.SUPPORTED if share > 0.99 else Verdict.PARTIAL if share >= 0.5 else Verdict.UNSUPPORTED
    return Support(verdict, share, tuple(sorted(wanted - there)))


def grounds(text: str, *cited: str, pool: Sequence[str] = POOL, before: Sequence[str] = ()) -> Grounds:
    return find_grounds(WrittenStatement(text, cited), pool, PAPERS.__getitem__, words_shared, before)


def quotes(found: Grounds) -> list[str]:
    return [ABSTRACTS[p.paper][p.start : p.end] for p in found.passages]


def test_the_cited_paper_supports_it() -> None:
    found = grounds("Whisper is trained on 680,000 hours of audio.", "speech")
    assert quotes(found) == ["Our model Whisper is trained on 680,000 hours of audio."]
    assert (found.support.verdict, found.repaired) == (Verdict.SUPPORTED, False)


def test_another_paper_supports_it() -> None:
    found = grounds("Whisper is trained on 680,000 hours of audio.", "images")
    assert quotes(found) == ["Our model Whisper is trained on 680,000 hours of audio."]
    assert (found.support.verdict, found.repaired) == (Verdict.SUPPORTED, True)


def test_a_sentence_without_a_citation_gets_the_one_that_it_should_have() -> None:
    found = grounds("CLIP learns from 400 million pairs.")
    assert quotes(found) == ["CLIP learns from 400 million pairs of images and text."]
    assert (found.support.verdict, found.repaired) == (Verdict.SUPPORTED, True)


@pytest.mark.parametrize(
    ("text", "found"), [("It solves 28.8% of HumanEval.", True), ("It solves problems of HumanEval.", False)]
)
def test_a_name_and_a_figure_are_a_claim_however_short(text: str, found: bool) -> None:
    assert grounds(text).repaired is found


def test_a_sentence_without_a_citation_goes_on_citing_what_the_one_before_it_does() -> None:
    # Partly there: enough for a quote of the paper that the reply is about, and not for one that is looked for.
    text = "Codex solves 70.2% of the problems easily."
    found = grounds(text, before=["code"])
    assert quotes(found) == ["With 100 samples it solves 70.2% of the problems."]
    assert (found.support.verdict, found.support.missing, found.repaired) == (Verdict.PARTIAL, ("easili",), False)
    assert grounds("Codex solves some old puzzles.", before=["images"]).passages == ()
    assert grounds("Cats chase mice at night.", before=["code"]).passages == ()


@pytest.mark.parametrize(
    "text", ["It learns from 400 million pairs of images.", "And these 400 million pairs learn images."]
)
def test_it_is_what_the_sentence_before_was_about(text: str) -> None:
    assert grounds(text).repaired
    assert grounds(text, before=["images"]).repaired
    assert not grounds(text, before=["speech"]).repaired


def test_a_name_of_another_papers_title_is_not_looked_for_elsewhere_unless_copied() -> None:
    def nearly(statement: str, source: str) -> Support:
        return Support(Verdict.SUPPORTED, 0.8) if "CLIP reranking" in source else Support(Verdict.UNSUPPORTED, 0.1)

    papers = {
        "clip": Paper("clip", "Evaluating CLIP", "We probe it.", (Source("a.txt", 1),)),
        "glide": Paper("glide", "GLIDE", "A 3.5 billion parameter model beats CLIP reranking.", (Source("a.txt", 2),)),
    }

    def found(text: str, pool: Sequence[str]) -> bool:
        return find_grounds(WrittenStatement(text, ()), pool, papers.__getitem__, nearly).repaired

    assert not found("CLIP has 3.5 billion parameters in all.", ["clip", "glide"])
    assert not found("Evaluating has 3.5 billion parameters in all.", ["clip", "glide"])  # a word that GLIDE's lacks
    assert found("CLIP has 3.5 billion parameters in all.", ["glide"])  # no other paper is about it
    assert found("GLIDE beats CLIP with 3.5 billion parameters.", ["clip", "glide"])


def test_another_paper_must_have_what_the_cited_one_lacks() -> None:
    def lacking(statement: str, source: str) -> Support:
        is_cited = "Whisper" in source
        return Support(Verdict.PARTIAL, 0.4, ("batch size",)) if is_cited else Support(Verdict.SUPPORTED, 0.7)

    said = WrittenStatement("The batch size of Codex is 28.8 billion.", ("speech",))
    assert not find_grounds(said, POOL, PAPERS.__getitem__, lacking).repaired
    assert find_grounds(replace(said, papers=()), POOL, PAPERS.__getitem__, lacking).repaired


def test_a_sentence_without_a_citation_whose_words_are_nearly_all_there_is_partly_supported() -> None:
    text = "On HumanEval the problems it solves are 28.8% when introduced."

    def doubtful(statement: str, source: str) -> Support:
        found = words_shared(statement, source)
        return replace(found, verdict=Verdict.SUPPORTED, score=0.55) if found.score >= 0.8 else found

    found = find_grounds(WrittenStatement(text, ()), POOL, PAPERS.__getitem__, doubtful)
    assert (found.support.verdict, found.repaired) == (Verdict.PARTIAL, False)
    assert {p.paper for p in found.passages} == {"code"}
    assert grounds("Codex solves some old puzzles.").passages == ()


@pytest.mark.parametrize("start", ["It is", "This model is", "The system is"])
def test_a_pronoun_with_nothing_before_it_is_what_the_question_names(start: str) -> None:
    def check(statement: str, source: str) -> Support:
        return Support(Verdict.SUPPORTED if "680,000" in source else Verdict.UNSUPPORTED, 0.95)

    def verdict(question: str, *cited: str, before: Sequence[str] = ()) -> Verdict:
        said = WrittenStatement(f"{start} trained on 680,000 hours of audio.", cited)
        return find_answer_grounds(said, question, POOL, PAPERS.__getitem__, check, before).support.verdict

    assert verdict("how was CLIP trained?") is Verdict.UNSUPPORTED
    assert verdict("how was Whisper trained?") is Verdict.SUPPORTED
    assert verdict("how was it trained?") is Verdict.SUPPORTED
    assert verdict("how were CLIP and Whisper trained?") is Verdict.SUPPORTED
    assert verdict("how was CLIP trained?", "speech") is Verdict.SUPPORTED  # it says which paper it means
    assert verdict("how was CLIP trained?", before=["speech"]) is Verdict.SUPPORTED


def test_a_first_sentence_without_a_citation_may_stand_on_the_nearest_paper() -> None:
    def weakly(statement: str, source: str) -> Support:
        return Support(Verdict.SUPPORTED if "Codex" in source else Verdict.UNSUPPORTED, 0.5)

    said = WrittenStatement("A model of code solves a good part of the problems.", ())
    for pool, verdict in ((("code", "speech"), Verdict.SUPPORTED), (("speech", "code"), Verdict.UNSUPPORTED)):
        found = find_answer_grounds(said, "how good is it?", pool, PAPERS.__getitem__, weakly)
        assert (found.support.verdict, found.repaired) == (verdict, verdict is Verdict.SUPPORTED)
    goes_on = find_answer_grounds(said, "how good is it?", ("code",), PAPERS.__getitem__, weakly, ("speech",))
    assert goes_on.support.verdict is Verdict.UNSUPPORTED


def test_what_begins_with_a_name_of_the_cited_paper_does_not_stand_on_another() -> None:
    papers = {
        "performers": Paper("performers", "Attention with Performers", "Performers are linear.", (Source("a", 1),)),
        "large": Paper("large", "Language models", "A model with 175 billion parameters.", (Source("b", 1),)),
    }

    def nearly(statement: str, source: str) -> Support:
        return Support(Verdict.SUPPORTED if "175" in source else Verdict.UNSUPPORTED, 0.85)

    said = WrittenStatement("Performers have 175 billion parameters.", ("performers",))
    assert find_grounds(said, tuple(papers), papers.__getitem__, nearly).support.verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("question", "missing", "expected"),
    [
        ("What is GPT-4's pass rate?", ("GPT-4",), Verdict.UNSUPPORTED),
        ("how good is gpt4?", ("GPT-4",), Verdict.UNSUPPORTED),
        ("What BLEU is there on English-German?", ("German",), Verdict.UNSUPPORTED),
        ("What is Codex's pass rate?", ("GPT-4",), Verdict.PARTIAL),  # not what was asked about
        ("What is Codex's pass rate?", ("28.8",), Verdict.PARTIAL),
        ("Is it better?", ("better",), Verdict.PARTIAL),
    ],
)
def test_what_is_said_of_something_else_than_was_asked_is_not_partly_true(
    question: str, missing: tuple[str, ...], expected: Verdict
) -> None:
    def partly(statement: str, source: str) -> Support:
        return Support(Verdict.PARTIAL, 0.4, missing)

    said = WrittenStatement("The model solves a good part of the problems.", ("code",))
    found = find_answer_grounds(said, question, POOL, PAPERS.__getitem__, partly)
    assert found.support == Support(expected, 0.4, missing)


@pytest.mark.parametrize(
    "text",
    [
        "The answer to this question is that audio is used in the context of training.",
        "This is known as learning.",
        "Images and text",  # stands in it word for word, and claims nothing
        "680,000 hours",
    ],
)
def test_fluent_nothing_is_not_given_a_citation(text: str) -> None:
    found = grounds(text)
    assert (found.support.verdict, found.repaired) == (Verdict.UNSUPPORTED, False)


def test_a_paper_outside_the_pool_is_not_looked_at() -> None:
    found = grounds("CLIP learns from 400 million pairs.", "speech", pool=["speech", "code"])
    assert found.support.verdict is not Verdict.SUPPORTED
    assert {p.paper for p in found.passages} <= {"speech"}


def test_a_partly_supported_sentence_keeps_its_citation_and_says_what_is_missing() -> None:
    found = grounds("Whisper is trained on 680,000 hours of music.", "speech")
    assert quotes(found) == ["Our model Whisper is trained on 680,000 hours of audio."]
    assert (found.support.verdict, found.support.missing) == (Verdict.PARTIAL, ("music",))
    assert not found.repaired


def test_an_unsupported_sentence_keeps_the_nearest_quote_of_what_it_cites() -> None:
    found = grounds("Cats chase mice at night in the old audio barn.", "speech")
    assert quotes(found) == ["Our model Whisper is trained on 680,000 hours of audio."]
    assert (found.support.verdict, found.repaired) == (Verdict.UNSUPPORTED, False)


def test_an_unsupported_sentence_without_a_citation_stands_nowhere() -> None:
    found = grounds("Cats chase mice.")
    assert (found.passages, found.support) == ((), Support(Verdict.UNSUPPORTED, 0.0))


def test_a_sentence_with_nothing_in_common_with_what_it_cites_is_unsupported() -> None:
    found = grounds("Cats chase mice.", "speech")
    assert (found.support.verdict, found.support.score) == (Verdict.UNSUPPORTED, 0.0)


def test_two_cited_papers_hold_it_together() -> None:
    found = grounds("Whisper is trained on 680,000 hours and CLIP learns from 400 million pairs.", "speech", "images")
    assert {p.paper for p in found.passages} == {"speech", "images"}
    assert (found.support.verdict, found.repaired) == (Verdict.SUPPORTED, False)


def test_of_two_cited_papers_the_one_that_holds_it_alone_is_enough() -> None:
    found = grounds("Whisper is trained on 680,000 hours of audio.", "images", "speech")
    assert {p.paper for p in found.passages} == {"speech"}
    assert (found.support.verdict, found.repaired) == (Verdict.SUPPORTED, True)  # one of its citations was wrong


def test_two_sentences_of_a_paper_hold_it_together() -> None:
    found = grounds("Codex solves 28.8% of the problems, 70.2% with 100 samples.", "code")
    assert len(found.passages) == 3
    assert found.support.verdict is Verdict.SUPPORTED
    assert list(found.passages) == sorted(found.passages, key=lambda p: p.start)


def test_no_more_quotes_than_are_needed() -> None:
    assert len(grounds("On HumanEval it solves 28.8% of the problems.", "code").passages) == 1


def test_the_title_says_what_we_are() -> None:
    found = grounds("The paper on speech approaches the accuracy of humans.", "speech")
    assert quotes(found) == ["It approaches the accuracy of humans."]
    assert found.support.verdict is Verdict.SUPPORTED


def test_a_copied_sentence_is_supported_by_the_check_in_use() -> None:
    for key, abstract in ABSTRACTS.items():
        sentence = abstract.split(". ")[1].rstrip(".") + "."
        for cited in ((key,), (), tuple(k for k in ABSTRACTS if k != key)):
            found = find_grounds(WrittenStatement(sentence, cited), POOL, PAPERS.__getitem__, CHECK)
            assert found.support.verdict is Verdict.SUPPORTED
            assert {p.paper for p in found.passages} == {key}
            assert found.repaired == (cited != (key,))


@pytest.mark.parametrize(
    "text",
    [
        "Whisper is trained on 6,800 hours of audio.",
        "Codex solves 70.2% of the problems on HumanEval with one sample and 28.8% with 100 samples.",
        "CLIP does not match ResNet-50 on ImageNet.",
        "GPT-4 learns from 400 million pairs of images and text.",
    ],
)
def test_a_wrong_number_name_or_negation_is_never_supported(text: str) -> None:
    for cited in ((), ("speech",), ("code",), ("images",), POOL):
        found = find_grounds(WrittenStatement(text, cited), POOL, PAPERS.__getitem__, CHECK)
        assert found.support.verdict is not Verdict.SUPPORTED


WORDS = sorted({word for text in ABSTRACTS.values() for word in text.split()} | {"cats", "[1]", "not", "\x1b[31m", ""})


@settings(max_examples=50)
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.lists(st.sampled_from(POOL), unique=True))
def test_whatever_is_said_its_quotes_are_in_the_papers(said: list[str], cited: list[str]) -> None:
    text = " ".join(said)
    found = find_grounds(WrittenStatement(text, tuple(cited)), POOL, PAPERS.__getitem__, CHECK)
    assert len(set(found.passages)) == len(found.passages) <= 3 * max(1, len(cited))
    for passage in found.passages:
        assert 0 <= passage.start < passage.end <= len(ABSTRACTS[passage.paper])
    if found.support.verdict is not Verdict.SUPPORTED:
        assert {p.paper for p in found.passages} <= set(cited) or (
            not cited and found.support.verdict is Verdict.PARTIAL
        )
        assert not found.repaired
    grounder = Grounder(PAPERS.__getitem__)
    statement, citations = grounder.state(text, found.passages, found.support, repaired=found.repaired)
    assert [c.number for c in citations] == list(statement.citations)
    for citation in citations:
        quote = citation.quote
        assert ABSTRACTS[quote.paper][quote.start : quote.end] == quote.text
