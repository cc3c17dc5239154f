from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from askpapers.corpus import read_corpus
from askpapers.text import folded, plain, printable, same_text_key, sentences, stem, terms, words


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


HARD = {
    # abbreviations
    "e.g.": ["We study tasks, e.g. translation.", "It works."],
    "e.g. before a capital": ["It names companies, e.g. Google.", "It works."],
    "i.e.": ["It is small, i.e. it fits.", "Good."],
    "et al. within": ["As Smith et al. show, it works.", "Good."],
    "et al. before a year": ["Smith et al. (2020) show it.", "Good."],
    "et al. last": ["We follow Vaswani et al.", "The model is new."],
    "etc. last": ["It reads text, images, etc.", "It works."],
    "etc. before an aside": ["It reads text, etc. (see Table 2) and images.", "It works."],
    "cf.": ["It falls (cf. Table 2) and rises.", "Good."],
    "Fig.": ["As Fig. 2 shows, it works.", "See Figs. 3 and 4.", "Good."],
    "i.i.d. within": ["Samples are i.i.d. draws.", "Processes that give i.i.d. samples do."],
    "i.i.d. last": ["The samples are i.i.d.", "We show this."],
    "i.i.d. before a name": ["We add i.i.d. Gaussian noise.", "It works."],
    "U.S. within": ["The U.S. Army and the U.S. economy use it.", "Good."],
    "U.S. last": ["It is used in the U.S.", "We show it."],
    "initials": ["J. Smith and A. B. Jones wrote it.", "Good."],
    "a species": ["We grow E. coli in it.", "It grows."],
    "a letter last": ["It needs vitamin C.", "The rest is water."],
    "a version last": ["It beats GPT-J.", "Then it stops."],
    # numbers
    "decimals": ["It costs 3.5 dollars and 1.3B tokens.", "Good."],
    "a decimal last": ["It reaches 28.8.", "We stop."],
    "GPT-3.5": ["GPT-3.5 loses.", "We use GPT-3.5.", "It wins."],
    "a number first": ["It has parts.", "4 of them work."],
    # LaTeX
    "percent": [r"It improves by 50\%.", "We stop."],
    "percent in math": [r"It improves by $\sim5\%$.", "We stop."],
    "a stop in math": ["Let $x. Y$ be given.", "Then it ends."],
    "two maths": ["For $a$ we win.", "For $b$ we lose."],
    "escaped dollars": [r"It costs \$5.", r"It saves \$6.", "Good."],
    # brackets
    "an aside with a stop": ["It works (see Sec. 2.) and ends.", "Good."],
    "an aside with sentences": ["It works (It does. We saw it.) and ends.", "Good."],
    "an aside last": ["It works (see Sec. 2).", "Good."],
    "a sentence in brackets": ["It works.", "(It does.)", "Good."],
    "a half-open interval": ["We take x in (0, 1].", "It works (always).", "Good."],
    # addresses
    "a URL last": ["Code is at https://github.com/a/b.", "We thank all."],
    "a URL within": ["See https://example.org/a.html for more.", "Good."],
    "a URL with capitals": ["See https://example.org/a.Html for more.", "Good."],
    "a mail address": ["Write to me@example.Com for more.", "Good."],
    # names in lower case
    "p53": ["It binds.", "p53 is active."],
    "iPhone": ["We sell it.", "iPhone users buy it."],
    "k-means": ["We cluster.", "k-means is used."],
    "d-Glucose": ["Bread was baked.", "d-Glucose fell."],
    "β-Carotene": ["Tea was kept.", "β-Carotene fell."],
    # other marks
    "questions": ["Does it work?", "Yes!", "It does."],
    "an ellipsis within": ["It waits... and goes.", "Good."],
    "an ellipsis last": ["It waits...", "Then it goes."],
    "an ellipsis character": ["It waits…", "Then it goes."],
    "quotes after the stop": ['It says "stop."', "“Go.”", "Then it goes."],
    "a quote within": ['It asks "why?" and stops.', "Good."],
    # corpora
    "tokenised": ["this is a sentence .", "another one follows .", "end"],
    "nothing at the end": ["It works.", "And then"],
}


@pytest.mark.parametrize("expected", HARD.values(), ids=HARD.keys())
def test_sentences_of_hard_cases(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected
    assert split("\n".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ends here.Another one begins.", ["It ends here.", "Another one begins."]),
        ("A heading\n\nIt works.", ["A heading", "It works."]),
        ("A heading\n \t\nit works.", ["A heading", "it works."]),
        ("  It works. \n", ["It works."]),
        ("", []),
        (" \n\n ", []),
        ("...", ["..."]),
    ],
)
def test_sentences_where_there_is_no_single_space(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["我们提出一个模型。", "它有3.5个参数！", "它好吗？", "是的。"],
        ["割れを17%減らす。", "値は１．５である。"],
        ["割れを減らす．", "値は１．５である．", "重い．"],
        ["著者は「減った。」と述べた。", "「重い。」", "ガチョウは飛ぶ。"],
        ["著者は「減った。軽い。」と述べた。", "重い。"],
        ["模型（见图2。它很小。）很好。", "是的。"],
        ["真的吗？！", "是的。"],
        ["它很重。", "（见图2。）", "是的。"],
    ],
)
def test_sentences_of_a_writing_without_spaces(expected: list[str]) -> None:
    assert split("".join(expected)) == expected
    assert split(" ".join(expected)) == expected
    assert split("\n".join(expected)) == expected


def test_an_aside_that_never_closes_does_not_swallow_the_rest() -> None:
    assert split("It opens ( and goes on. It ends. " + "We go on. " * 50)[:2] == ["It opens ( and goes on.", "It ends."]


PIECES = st.sampled_from(
    "word the We A p53 e.g. i.i.d. et al. U.S. . ! ? ... … \" ' ” ’ GPT-3.5 3.5 iPhone k-means x Fig."
    " http://a.b/c. here.Another I no. É ß ] Inc. - – / 句 。 ！ ． と 5".split()
)
MORE_PIECES = PIECES | st.sampled_from(["$", "\\$", "(", ")", "\n\n", "\\%"])
GAPS = st.sampled_from([" ", "", "\n", "  ", "\u00a0"])


def texts(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.builds(str.__add__, pieces, GAPS), max_size=25).map("".join)


@given(texts(MORE_PIECES) | st.text(max_size=60))
def test_spans_are_in_order_apart_trimmed_and_cover_all(text: str) -> None:
    last = 0
    for start, end in sentences(text):
        assert last <= start < end
        assert text[start:end] == text[start:end].strip()
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()


@given(texts(PIECES))
def test_a_sentence_is_one_sentence(text: str) -> None:
    # Math, asides and blank lines are left out: what closes them may stand in the next sentence.
    for sentence in split(text):
        assert split(sentence) == [sentence]


def test_every_sentence_of_the_seeds_begins_and_ends_as_one(seeds: Path) -> None:
    found = [sentence for paper in read_corpus([seeds]).papers for sentence in split(paper.abstract)]
    assert len(found) == 253
    for sentence in found:
        assert sentence[0].isupper(), sentence
        assert sentence[-1] in ".!?", sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"50\% of \#1 \& \_x\_ \$5 \{a\}", "50% of #1 & _x_ $5 {a}"),
        (r"by $\sim5\%$ and $\approx 3$", "by ~5% and ≈3"),
        (r"a $2\times$ gain, $2 \times 3$", "a 2× gain, 2 × 3"),
        (r"\emph{very} \textbf{bold} \texttt{code}", "very bold code"),
        (r"\textsc{BoolQ} \simple", r"BoolQ \simple"),
        ("``quoted'' and 5'", "“quoted” and 5'"),
        ("5'' of “curly” ‘quotes’", "5'' of “curly” ‘quotes’"),
        ("a---b, c--d, --flag", "a—b, c–d, --flag"),
        ("ﬁne\u00a0text", "ﬁne text"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("  many \n kinds\tof  space ", "many kinds of space"),
        ("it costs $5", "it costs $5"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


PROSE = st.text(st.sampled_from(string.ascii_letters + string.digits + "àéîõüßñçøÅÆ .,;:?!()+=<>/%"), max_size=60)


@given(PROSE, st.data())
def test_a_copy_with_other_white_space_has_the_same_key(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    space = data.draw(st.sampled_from([" ", "\n", "\t", "\u00a0", "\r\n"]))
    assert same_text_key(text[:place] + space + text[place:]) == same_text_key(text)


@given(PROSE)
def test_a_copy_in_other_case_or_with_latex_has_the_same_key(text: str) -> None:
    key = same_text_key(text)
    assert same_text_key(text.upper()) == key
    assert same_text_key(text.lower()) == key
    assert same_text_key(text.replace("%", r"\%")) == key
    assert same_text_key(rf"\emph{{{text}}}") == key


@given(PROSE, st.data())
def test_another_letter_or_digit_gives_another_key(text: str, data: st.DataObject) -> None:
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    assume(places)
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(string.ascii_lowercase + string.digits))
    assume(other != text[place].casefold())
    assert same_text_key(text[:place] + other + text[place + 1 :]) != same_text_key(text)
    assert same_text_key(text[:place] + text[place + 1 :]) != same_text_key(text)


@pytest.mark.parametrize(
    ("one", "other"), [("a (b)", "a b"), ("a+b", "a-b"), ("1.5", "15"), ("5%", "5"), ("a/b", "ab")]
)
def test_another_sign_gives_another_key(one: str, other: str) -> None:
    assert same_text_key(one) != same_text_key(other)


@given(
    st.lists(st.sampled_from([*"Rβ²½-,. +#é", "fine-tune", "The", "28,000.5B", "GSM8K", "C++", "Naïve", "of"])).map(
        "".join
    )
)
def test_terms_are_the_stems_of_the_words_and_of_those_that_a_hyphen_joins(text: str) -> None:
    shown = folded(text)
    found = [word.casefold().replace(",", "") for word, _, _ in words(shown)]
    joined = [first + second for first, second in re.findall(r"(?<![^\W\d_])([^\W\d_]{2,}+)-\s?([^\W\d_]{2,}+)", shown)]
    every = found + [word.casefold() for word in joined]
    assert terms(text) == [stem(word) for word in every if word not in ("the", "of")]


def test_repeats_and_terms_of_one_letter_stay() -> None:
    assert terms("R and C, C++ and C#; R") == ["r", "c", "c++", "c#", "r"]
    assert terms("Rust meets C++. Rust meets C#.") == ["rust", "meet", "c++", "rust", "meet", "c#"]
    assert terms("models model modeling") == ["model"] * 3


def test_words_that_say_nothing_are_no_terms() -> None:
    assert terms("It is the model of the art") == ["model", "art"]


@pytest.mark.parametrize(
    ("one", "other"), [("fine-tune", "fine tune"), ("fine-tune", "finetune"), ("fine- tuned", "finetuning")]
)
def test_hyphened_words_meet_their_variants(one: str, other: str) -> None:
    assert set(terms(one)) & set(terms(other))


def test_a_number_is_one_term() -> None:
    assert terms("680,000") == terms("680000") == ["680000"]
    assert terms("28.8 BLEU, 1.3B, 100K, 50%") == ["28.8", "bleu", "1.3b", "100k", "50"]
    assert terms("28.8") != terms("28 8")


@pytest.mark.parametrize("forms", ["rise rose risen rises rising", "find found", "criterion criteria", "mouse mice"])
def test_irregular_forms_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("words", ["ground grind", "bound bind", "base basis", "lives life", "analyst analysis"])
def test_forms_that_are_more_often_another_word_stay_apart(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 2


def test_stems() -> None:
    assert stem("embeddings") == stem("embedding") == stem("embedded")
    assert stem("gpt4s") == "gpt4s"  # with a digit it is a name


@given(st.text(max_size=60))
def test_words_stand_where_they_say(text: str) -> None:
    last = 0
    for word, start, end in words(text):
        assert start >= last
        assert text[start:end] == word
        last = end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]8;;http://a\x07link", "]8;;http://alink"),
        ("\x9b31mC1\x85", "31mC1"),
        ("back\b\b\x7f\x00", "back"),
        ("over\rwritten", "overwritten"),
        ("left\u202eright\u202c \u2066a\u2069 \u200e\u200f\u061c", "leftright a "),
        ("line\u2028break\u2029\ufeff", "linebreak"),
        ("a\n\tb", "a\n\tb"),
        ("naïve Ω 漢字 👩‍🔬 “q”", "naïve Ω 漢字 👩‍🔬 “q”"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert printable(text) == expected
