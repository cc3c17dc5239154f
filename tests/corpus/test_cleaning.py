from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.cleaning import clean, clean_line, placeholder


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<i>Salmonella</i> in figs &amp; dates", "Salmonella in figs & dates"),
        ("6.1&#37; when T&gt;35&deg;C in Caf&eacute;s", "6.1% when T>35°C in Cafés"),
        ("log<sub>10</sub> CO<sub>2</sub> PM<inf>2.5</inf>", "log10 CO2 PM2.5"),
        ("10<sup>3</sup> 10<sup>-6</sup> Fe<sup>2+</sup> <sup>13</sup>C", "10³ 10⁻⁶ Fe²⁺ ¹³C"),
        ("x<sup>T</sup> e<sup>-x/2</sup> 1<sup>st</sup> 10<sub>3</sub>", "x^T e^(-x/2) 1st 10_3"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>a\n   b</p>\n\n<p>c</p>", "a b\nc"),
        ("<p>One.<p>Two.", "One.\nTwo."),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<h4>Background</h4>We dig.<h4>Methods</h4>We fire.", "BACKGROUND: We dig.\nMETHODS: We fire."),
        (
            "<jats:title>Abstract</jats:title><jats:sec><jats:title>Results</jats:title>\n <jats:p>Of 318, "
            "9&#x202F;% (p&lt;0.01).</jats:p></jats:sec>",
            "RESULTS: Of 318, 9\u202f% (p<0.01).",
        ),
        (
            '<AbstractText Label="AIM">One.</AbstractText><AbstractText Label="METHODS">Two.</AbstractText>',
            "AIM: One.\nMETHODS: Two.",
        ),
        ("<p>See <mml:math><mml:msup><mml:mn>10</mml:mn>\n<mml:mn>3</mml:mn></mml:msup></mml:math>.</p>", "See 10³."),
        (
            "Let <jats:alternatives><jats:tex-math>\\documentclass{minimal}\\begin{document}$$x^2$$\\end{document}"
            "</jats:tex-math><mml:math><mml:mi>x</mml:mi></mml:math></jats:alternatives> be.",
            "Let $$x^2$$ be.",
        ),
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;", "One & two."),
        ("<![CDATA[<p>One</p>]]><!-- no more -->", "One"),
        ("CO<sub>2 is cut", "CO2 is cut"),
        ("<i>Salmonella is cut", "Salmonella is cut"),
        ("a livel\xadihood that is shrink\xad ing\x00", "a livelihood that is shrinking"),
        ("cafÃ© worldâ€™s", "café world’s"),
    ],
)
def test_markup_and_broken_signs_are_undone(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d", "p<0.01", "x<y>z", "if a<b>c then d", "AT&T, R&D and &notation", "use <title> here",
        "mean degree <K> and <p> alone", "the <b and c> d", "5 <!-- six", "café “fine” ﬁ ½ Ａ", "100 &c; more",
        r"the Schr\"{o}dinger $x_1 < y$ equation",
    ],
)  # fmt: skip
def test_what_is_no_markup_stays(text: str) -> None:
    assert clean(text) == text


_SIGNS = st.text(st.sampled_from("abxyz<>&;/ .01=\"'é\n"), max_size=60)


@given(_SIGNS)
def test_a_text_without_tags_and_entities_stays(text: str) -> None:
    text = text.replace("</", "").replace("&", "+").replace("<a", "<1").replace("<b", "<2")
    assert clean(text) == text.strip()


@given(_SIGNS)
def test_what_was_escaped_is_read_as_if_it_were_not(text: str) -> None:
    assert clean(html.escape(text)) == clean(text)


@given(
    st.lists(st.sampled_from(["<p>", "</p>", "<i>", "</i>", "<sup>", "</sup>", "<jats:title>", "</sec>", "w", " 1"]))
)
def test_no_word_is_lost_and_no_sure_tag_left_in_any_nesting(parts: list[str]) -> None:
    cleaned = clean("".join(parts))
    assert cleaned.lower().count("w") == parts.count("w")
    assert not any(tag in cleaned for tag in ("</", "sup>", "jats"))


@pytest.mark.parametrize(
    "text",
    [
        "Abstract: We dig.", "ABSTRACT\nWe dig.", "Abstract. We dig.", "Summary: We dig.", "AbstractWe dig.",
        "ABSTRACT We dig.", "Abstract We dig.", "Abstract | We dig.", "Zusammenfassung: We dig.", "摘要：We dig.",
        "<title>Abstract</title><p>We dig.</p>", "Publisher Summary: We dig.",
    ],
)  # fmt: skip
def test_a_label_before_the_text_goes(text: str) -> None:
    assert clean(text) == "We dig."


@pytest.mark.parametrize(
    "text",
    [
        "Abstract interpretation is sound.", "Abstract Meaning Representation is a graph.",
        "AbstractFactory is a class.",
        "ABSTRACT MEANING REPRESENTATION is a graph.", "Summary statistics are few.", "We write an abstract: this one.",
    ],
)  # fmt: skip
def test_a_first_word_that_is_no_label_stays(text: str) -> None:
    assert clean(text) == text


NOTICES = [
    "© 2021 Elsevier Ltd. All rights reserved.",
    "Copyright (c) 2005 John Wiley & Sons, Ltd.",
    "© The Author(s) 2021.",
    "© 2021, The Author(s), under exclusive licence to Springer Nature Limited.",
    "Copyright © 2020 The Authors. Published by Elsevier Inc. All rights reserved.",
    "© 2021 by the authors. Licensee MDPI, Basel, Switzerland. This article is an open access article.",
    "(c) 2010 Elsevier B.V. All rights reserved.",
    "©RSNA, 2021",
    "This article is protected by copyright. All rights reserved.",
    "Published by Elsevier Ltd.",
    "(PsycINFO Database Record (c) 2019 APA, all rights reserved).",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_of_copyright_at_the_end_goes(notice: str) -> None:
    assert clean(f"We dig 12 pits. They are deep. {notice}") == "We dig 12 pits. They are deep."
    assert clean(f"We dig 12 pits.\n{notice}") == "We dig 12 pits."


@pytest.mark.parametrize(
    "notice", ["© 2016 IEEE.", "© 2018 Elsevier B.V. All rights reserved. ", "© The Author(s) 2017. "]
)
def test_a_notice_of_copyright_at_the_beginning_goes(notice: str) -> None:
    assert clean(f"{notice}We dig 12 pits in clay. They are deep.") == "We dig 12 pits in clay. They are deep."


@pytest.mark.parametrize(
    "text",
    [
        "We read copyright law. Copyright 2002 was a year of change.",
        "We release it under a Creative Commons license.",
        "The steps are (a) digging, (b) firing, and (c) 2010 weighings.",
        "We dig. © 2021 IEEE. We then fire 12 pots.",
        "All data are published by the city.",
    ],
)
def test_what_may_be_content_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "NaN", "nan", "null", "None", "N/A", "n/a", "-", "--", "—", "...", "<NA>", "#N/A", "#VALUE!", r"\N",
        "[]", "(null)", "(none)", "[No abstract available]", "No abstract available", "No abstract available.",
        "Abstract not available.", "Abstract unavailable", "[Abstract not found]", "[No author name available]",
        "No authors listed", "[Anonymous]", "This article has no abstract.", "There is no abstract.", "No title",
        "An abstract is not available for this content so a preview has been provided. Please use the link.",
        "No abstract is available for this article.", "This paper does not have an abstract.", "Abstract", "Summary:",
        "[Abstract not available from publisher]", "No abstract provided by the publisher", "abstract: n/a",
    ],
)  # fmt: skip
def test_words_for_none(text: str) -> None:
    assert placeholder(text)
    assert placeholder(f" {text.upper()}\n")
    assert clean_line(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "No abstract interpretation is sound.", "We show that no abstract exists.", "None of the above", "NaN boxing",
        "No free lunch", "Anonymous voting", "Abstract machines", "No authors were harmed.", "Names", "Missing data",
        "x", "2019", "No text is an island",
    ],
)  # fmt: skip
def test_words_that_are_not_for_none(text: str) -> None:
    assert not placeholder(text)


def test_a_line_has_neither_latex_nor_line_ends_and_keeps_its_first_word() -> None:
    assert clean_line('Summary: the <i>Schr\\"{o}dinger</i>\n  solver') == "Summary: the Schrödinger solver"
