"""Reading what a model writes, however it is cut into pieces: sentences, the numbers that they cite, refusals."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askpapers.replies.prose import CitedSentence, Discarded
from askpapers.replies.thoughts import Void
from askpapers.replies.writing import AnswerReader, Part, Refused

MARKER = re.compile(r"[\[【]\s*\d+(?:\s*[,;–-]\s*\d+)*\s*[\]】]")


def read(pieces: Iterable[str], *, cut: bool = False) -> list[Part]:
    reader = AnswerReader()
    parts = [part for piece in pieces for part in reader.feed(piece)]
    return [*parts, *reader.finish(cut=cut)]


def results(parts: Iterable[Part]) -> list[Part]:
    """Without the words on the way, and what was voided."""
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, Void):
            kept.clear()
        elif not isinstance(part, str | Discarded):
            kept.append(part)
    return kept


def written(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """What is read from a text, whole and a character at a time, which has to be the same."""
    parts = results(read([text]))
    assert results(read(text)) == parts
    return [(part.text, part.sources) if isinstance(part, CitedSentence) else ("REFUSED", ()) for part in parts]


def cuts(text: str, places: Sequence[int]) -> list[str]:
    marks = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[a:b] for a, b in itertools.pairwise(marks)]


# ---- laws

FRAGMENTS = st.sampled_from(
    [
        "It has 8.5K problems",
        "We use e.g. GPT-4",
        "Results (see [3]) hold",
        "The **best** model",
        "A list",
        "x",
        "Die Größe beträgt 3,5 km",
        "モデルは八千問で訓練された",
        "NOT IN SOURCES",
        " ",
        "  ",
        ".",
        ". ",
        "!",
        "? ",
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n## ",
        "[1]",
        " [1]",
        " [2, 3]",
        "[4][5]",
        " [6–8]",
        "【7】",
        "[",
        "]",
        "[x]",
        "[1",
        "**",
        "*",
        "```",
        "```json\n",
        "<think>",
        "</think>",
        "{",
        '"',
        "I",
        "It",
        " (as J. ",
        "Smith et al. ",
        "say)",
        "$x. Y$",
        " (Source 1)",
        "According to [1], ",
        "【1†source】",
        "¹",
        "<sup>2</sup>",
        " (1)",
        " (see [2])",
        "Source 3 says that ",
        " and ",
        "Sure! ",
        "Here is the answer:",
        "| a | b |",
        "\n|---|---|\n",
        "\nReferences:\n",
        "[^1]: A title",
        "The sources do not say so.",
        "However, ",
        ", as reported in",
        "<|im_end|>",
        '{"answer": "It is so [1]."}',
    ]
)
TEXTS = st.one_of(
    st.lists(FRAGMENTS, max_size=14).map("".join),
    st.text(alphabet='aB1 .,[]【】*-#\n`{}<>/:"“”!?é中', max_size=80),
)
SENTENCES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "It has 8.5K problems.",
                "They use 1.5B parameters, i.e. many.",
                "Größe zählt!",
                'A "quote" and a \\ and a [2].',
                "It is so!",
                "One\nin two lines.",
                "x",
                "😀 smiles.",
            ]
        ),
        st.lists(st.integers(1, 40), max_size=4),
    ),
    min_size=1,
    max_size=4,
)
PLACES = st.lists(st.integers(0, 400), max_size=25)


@settings(max_examples=100)
@given(TEXTS, PLACES)
@example("Yes! [1] It is.", [5])
@example("One. Two [1", [4, 9])
@example("- One.\n- Two.", [1, 2, 8])
@example("A **b", [3, 4])
@example("It is so. [1] And so on and on and on and on and on and on.", [10, 11])
@example("1", [1])
@example("Hello\n1. x", [6, 7, 8])
@example("It has many problems, and it has even more of them\n[1]", [51])
@example("It has many problems, and it has many more<think>. </think>", [50])
@example("It has 8.5K problems, and it has 8.5K problems\n1. [^1]: A title", [55])
def test_the_sentences_are_the_same_however_a_text_is_cut(text: str, places: list[int]) -> None:
    assert results(read(cuts(text, places))) == results(read([text]))
    assert results(read(text)) == results(read([text]))


@settings(max_examples=100)
@given(TEXTS, PLACES)
@example("It is so and so it is and so it is and so it is and so on** and on [1].", [60])
@example("It is so and so it is and so it is and so it is and so on \n\n[1] And.", [60, 61])
def test_the_words_on_the_way_make_up_the_sentence(text: str, places: list[int]) -> None:
    words = ""
    for part in read(cuts(text, places)):
        if isinstance(part, Void | Discarded):
            words = ""
        elif isinstance(part, str):
            words += part
        elif isinstance(part, CitedSentence):
            assert words == part.text
            words = ""
    assert not words


CITED = st.tuples(
    st.sampled_from(
        [
            "It has 8.5K problems",
            "They use 1.5 B parameters, i.e. many (e.g. 1.5 B)",
            "A model\nof two lines costs 3.5 M$ vs.\n4 M$",
            "According to [2], it is so",
            "[1] reports that it is so",
            "It is what it was trained on",
        ]
    ),
    st.sampled_from([" [1].", ".", ". [1]", " (Source 2).", ".¹", " [1], [2] and [3].", ".\n[1]"]),
)
REPLIES = st.tuples(st.lists(CITED, min_size=1, max_size=4), st.sampled_from([" ", "\n", "\n\n", "\n- "])).map(
    lambda said: said[1].join("".join(parts) for parts in said[0])
)


@settings(max_examples=100)
@given(REPLIES, st.integers(1, 300))
@example("A model\nof two lines costs 3.5 M$ vs.\n4 M$ [1].", 8)
def test_what_is_cut_states_nothing_that_the_whole_does_not(reply: str, length: int) -> None:
    """A statement that was cut half-way is dropped: `Mark.CUT` says so."""
    whole = {part.text for part in read([reply]) if isinstance(part, CitedSentence)}
    reader = AnswerReader()
    parts = [*reader.feed(reply[:length]), *reader.finish(cut=True)]
    assert {part.text for part in parts if isinstance(part, CitedSentence)} <= whole


@settings(max_examples=100)
@given(TEXTS)
@example("It is so[1[1]].")
def test_no_marker_stays_in_a_sentence(text: str) -> None:
    for part in read([text]):
        if isinstance(part, CitedSentence):
            assert not MARKER.search(part.text)
            assert part.text == " ".join(part.text.split())
            assert len(set(part.sources)) == len(part.sources)


@settings(max_examples=100)
@given(TEXTS, PLACES)
def test_a_cut_text_gives_nothing_that_the_whole_would_not(text: str, places: list[int]) -> None:
    """A beginning of a text, said to be cut, gives a beginning of its sentences."""
    whole = results(read([text + " Z."]))
    for place in places[:4]:
        begun = results(read([text[: place % (len(text) + 1)]], cut=True))
        if text.lstrip()[:1] not in ("{", "`") and Refused() not in [*whole, *begun] and "<" not in text:
            assert [p.text for p in begun if isinstance(p, CitedSentence)][:-1] == [
                p.text for p in whole if isinstance(p, CitedSentence)
            ][: max(0, len(begun) - 1)]


@settings(max_examples=100)
@given(SENTENCES, PLACES, st.sampled_from([None, 2]), st.booleans(), st.booleans())
def test_json_gives_its_sentences_however_it_is_cut(
    said: list[tuple[str, list[int]]], places: list[int], indent: int | None, escaped: bool, fenced: bool
) -> None:
    value = {"answered": True, "sentences": [{"text": text, "sources": sources} for text, sources in said]}
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    text = f"```json\n{text}\n```" if fenced else text
    expected = []
    for sentence, sources in said:
        numbers = tuple(dict.fromkeys([*sources, *([2] if "[2]" in sentence else [])]))
        expected.append(CitedSentence(" ".join(sentence.replace(" [2]", "").split()), numbers))
    parts = read(cuts(text, places))
    assert results(parts) == expected
    words = "".join(part for part in parts if isinstance(part, str))
    assert words == "".join(part.text for part in expected)


@settings(max_examples=100)
@given(SENTENCES, st.integers(0, 400))
def test_json_that_ends_half_way_gives_its_whole_sentences(said: list[tuple[str, list[int]]], place: int) -> None:
    value = {"answered": True, "sentences": [{"text": text, "sources": sources} for text, sources in said]}
    text = json.dumps(value)
    whole = results(read([text]))
    for cut in (True, False):
        begun = results(read([text[: place % len(text)]], cut=cut))
        sure = begun if cut else begun[:-1]
        for part, same in zip(sure, whole, strict=False):
            if (
                isinstance(part, CitedSentence)
                and isinstance(same, CitedSentence)
                and set(part.sources) <= set(same.sources)
            ):
                same = replace(same, sources=part.sources)  # it may end before the list of sources, behind "[2]"
            assert part == same
        assert len(sure) <= len(whole)


# ---- cases

LEAD = "GSM8K is a dataset of grade school math word problems"  # longer than the first look


@pytest.mark.parametrize(
    ("marked", "numbers"),
    [
        ("{} [1].", (1,)),
        ("{}. [1]", (1,)),
        ("{}.[1]", (1,)),
        ("{}[1].", (1,)),
        ("{} [1, 2].", (1, 2)),
        ("{} [1,2].", (1, 2)),
        ("{} [1; 2].", (1, 2)),
        ("{} [1-3].", (1, 2, 3)),
        ("{} [1–3].", (1, 2, 3)),
        ("{} [1, 3-5].", (1, 3, 4, 5)),
        ("{} [3-1].", (3, 1)),
        ("{} [1-9999].", (1, 9999)),
        ("{} [1][2].", (1, 2)),
        ("{} [1] [2].", (1, 2)),
        ("{}. [1] [2]", (1, 2)),
        ("{} [2][2].", (2,)),
        ("{} 【2】.", (2,)),
        ("{} [ 2 ].", (2,)),
        ("{} [99].", (99,)),
        ("{} [0].", (0,)),
        ("{}.", ()),
        ("{} [1]", (1,)),
    ],
)
def test_numbers_are_read_off_the_markers(marked: str, numbers: tuple[int, ...]) -> None:
    text = marked.format(LEAD)
    expected = LEAD + ("." if "." in marked else "")
    assert written(text) == [(expected, numbers)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing is so. [1] Another is not so. [2]", [("One thing is so.", (1,)), ("Another is not so.", (2,))]),
        ("One thing is so [1]. Another is not so [2].", [("One thing is so.", (1,)), ("Another is not so.", (2,))]),
        ("One thing is so.[1][2] Another is not so.", [("One thing is so.", (1, 2)), ("Another is not so.", ())]),
        ("One [1] and two [2] are so.", [("One and two are so.", (1, 2))]),
        ("[1] One thing is so. [2] Another.", [("One thing is so.", (1,)), ("Another.", (2,))]),
        ("He said “it is so.” [1] And so on.", [("He said “it is so.”", (1,)), ("And so on.", ())]),
        ("It has 8.5K of them, e.g. sums [1].", [("It has 8.5K of them, e.g. sums.", (1,))]),
    ],
)
def test_a_marker_belongs_to_the_sentence_that_it_stands_at(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize("sign", ["- ", "* ", "• ", "1. ", "2) ", "  - "])
def test_a_list_is_its_items(sign: str) -> None:
    text = f"{sign}The one is small [1]\n{sign}The other is large [2].\n\n{sign}**The third** is *neither* [3]\n"
    assert written(text) == [
        ("The one is small", (1,)),
        ("The other is large.", (2,)),
        ("The third is *neither*", (3,)),
    ]


def test_headings_are_no_statements_and_bold_loses_its_signs() -> None:
    assert written("## What it is\n\n**GSM8K** is a dataset [1].") == [("GSM8K is a dataset.", (1,))]


def test_a_fence_is_taken_off() -> None:
    assert written(f"```\n{LEAD} [1].\n```") == [(f"{LEAD}.", (1,))]


def test_thoughts_are_not_part_of_the_answer() -> None:
    thought = "<think>The first source [1] says so. NOT IN SOURCES? No.</think>\n\n"
    assert written(f"{thought}{LEAD} [2].") == [(f"{LEAD}.", (2,))]
    assert written("<think>\n\n</think>\n\nNOT IN SOURCES") == [("REFUSED", ())]
    assert written("<think>I never come to an end") == []


@pytest.mark.parametrize(
    "text",
    [
        "NOT IN SOURCES",
        "not in sources.",
        "**NOT IN SOURCES**",
        "“NOT IN SOURCES”",
        "NOT IN THE SOURCES",
        "Not in sources. The sources deal with other things [1].",
        "The sources do not answer the question.",
        "The provided abstracts do not mention France [1].",
        "The given sources don't say.",
        "The context does not contain this information.",
        '{"answered": false, "sentences": []}',
        '{"answered": false, "sentences": [{"text": "The sources do not say.", "sources": []}]}',
        '{"answered": true, "sentences": []}',
        '```json\n{"answered": false, "sentences": []}\n```',
    ],
)
def test_a_refusal_is_one(text: str) -> None:
    assert written(text) == [("REFUSED", ())]


@pytest.mark.parametrize(
    "text",
    [
        "Not in every case do the sources of error matter [1].",
        "The sources of the data are books and the web [1].",
        "The abstract says that models do not answer [1].",
        f"{LEAD} [1]. The sources do not say more.",
    ],
)
def test_what_only_sounds_like_a_refusal_is_none(text: str) -> None:
    assert ("REFUSED", ()) not in written(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "{",
        '{"sent',
        '{"result": 5}',
        '{"sentences": [5, null]}',
        '{"sentences": [{"sources": [1]}]}',
        "{not json}",
        "**",
        "- ",
    ],
)
def test_what_holds_no_sentence_gives_none(text: str) -> None:
    assert written(text) == []


def test_json_with_odd_values_is_read_as_far_as_it_goes() -> None:
    value = {
        "sentences": [
            {"text": "One.", "sources": ["1", 2, True, 2.0, None, [3]]},
            {"text": "Two [4].", "sources": 7},
            {"text": 5, "sources": [1]},
            {"text": "Three."},
        ]
    }
    assert written(json.dumps(value)) == [("One.", (1, 2, 3)), ("Two.", (7, 4)), ("5", (1,)), ("Three.", ())]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Le modèle a été entraîné sur 40 Go de texte [1]. Il est très grand [2].", 2),
        ("Модель обучена на 40 ГБ текста [1]. Она очень велика [2].", 2),
        ("تم تدريب النموذج على ٤٠ جيجابايت من النصوص [1]. إنه كبير [2].", 2),
        ("该模型使用四十吉字节的文本进行训练 [1]\n它非常大 [2]", 2),
    ],
)
def test_other_languages_are_read_too(text: str, count: int) -> None:
    found = written(text)
    assert len(found) == count
    assert [sources for _, sources in found] == [(1,), (2,)]


def test_an_endless_sentence_is_cut_into_pieces_that_can_be_checked() -> None:
    text = "and so on " * 900
    parts = read(cuts(text, range(0, len(text), 100)))
    found = [part for part in results(parts) if isinstance(part, CitedSentence)]
    assert len(found) > 2
    assert all(len(part.text) <= 2200 for part in found)
    assert " ".join(part.text for part in found) == text.strip()


def test_nothing_is_shown_before_the_first_look_and_then_every_piece() -> None:
    reader = AnswerReader()
    shown = [list(reader.feed(piece)) for piece in cuts(f"{LEAD}, which is large [1].", range(0, 72, 6))]
    assert shown[:7] == [[]] * 7
    assert all(parts and all(isinstance(part, str) for part in parts) for parts in shown[8:11])


def test_a_half_sentence_of_a_cut_text_is_dropped_and_a_last_one_without_a_stop_is_not() -> None:
    text = f"{LEAD} [1]. And it"
    assert results(read([text], cut=True)) == [CitedSentence(f"{LEAD}.", (1,))]
    assert results(read([text])) == [CitedSentence(f"{LEAD}.", (1,)), CitedSentence("And it", ())]


def test_an_interval_is_no_citation() -> None:
    reader = AnswerReader()
    found = [*reader.feed("The values lie in [0, 1] for every one of the models [2]."), *reader.finish(cut=False)]
    assert [part for part in found if not isinstance(part, str)] == [
        CitedSentence("The values lie in [0, 1] for every one of the models.", (2,))
    ]
