"""What is shown is escaped by construction, whatever is said."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.coverage import Coverage
from askpapers.datatypes import (
    Answer,
    Citation,
    CitedPaper,
    Compared,
    ComparedRow,
    NearMiss,
    Paper,
    Provenance,
    Quote,
    Relevance,
    Source,
    Statement,
    Status,
    Verdict,
)
from askpapers.text import printable
from askpapers.web.answers import turn
from askpapers.web.asking import Underway, failure, underway
from askpapers.web.papers import listed, source
from askpapers.web.stored_turns import StoredTurn

# Without the signs of LaTeX, which is shown as characters.
PLAIN = st.characters(exclude_categories=["Cs"], exclude_characters="\\$~`-'")
HOSTILE = st.one_of(
    st.text(PLAIN, max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '" onclick="x',
            "'><img src=x onerror=y>",
            "</q></button>",
            "javascript:x",
            "&lt;b&gt;",
        ]
    ),
)
TAGS = frozenset(
    "article h2 h3 p q span div button b table thead tbody tr th td blockquote ul li details"
    " summary dl dt dd mark a sup sub input".split()
)
ATTRIBUTES = frozenset(
    "class id type role dir title scope hidden tabindex href target rel disabled referrerpolicy".split()
)


class Shown(HTMLParser):
    """Reads markup back: its tags and attributes, and the text that is seen."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES or name.startswith(("data-", "aria-")), name
            assert name != "href" or (value or "").startswith(("http://", "https://"))
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def answer_of(hostile: str, *, kind: str) -> Answer:
    abstract = f"Before. {hostile} after."
    quote = Quote("p1", abstract, 0, len(abstract), Source(hostile, 1))
    paper = Paper(hostile or "p1", hostile, abstract, (Source(hostile, 1),), 2020, (hostile,), hostile)
    paper = Paper("p1", paper.title, abstract, paper.sources, 2020, paper.authors, paper.url)
    statement = Statement(hostile, (1,), Verdict.PARTIAL, 0.5, (hostile,), repaired=True)
    refused = kind == "refusal"
    return Answer(
        question=hostile,
        intent=hostile,
        status=Status.NOT_IN_CORPUS if refused else Status.ANSWERED,
        text=hostile,
        statements=() if refused else (statement,),
        citations=() if refused else (Citation(1, quote),),
        papers=() if refused else (CitedPaper(paper, (1,), Relevance.MATCH if kind == "survey" else None),),
        coverage=Coverage(1, 1) if kind == "survey" else None,
        comparison=Compared((hostile, hostile), (hostile,), (ComparedRow(hostile, (1, None)),), (hostile,))
        if kind == "comparison"
        else None,
        closest=(NearMiss(quote, hostile),) if refused else (),
        engine=Provenance(hostile, hostile, hostile, hostile, hostile),
        searched=hostile + "?",
        notes=(hostile,),
        emphasis=frozenset({"after", hostile}),
        timings_ms={hostile: 1.0},
    )


@pytest.mark.parametrize("kind", ["answer", "survey", "comparison", "refusal"])
@given(hostile=HOSTILE)
def test_no_answer_makes_markup_of_a_text(kind: str, hostile: str) -> None:
    answer = answer_of(hostile, kind=kind)
    shown = Shown(turn(StoredTurn("t1", answer, "up")))
    assert printable(hostile) in shown.text


@given(hostile=HOSTILE)
def test_no_other_part_makes_markup_of_a_text(hostile: str) -> None:
    answer = answer_of(hostile, kind="answer")
    paper = answer.papers[0].paper
    assert printable(paper.abstract) in Shown(source(paper, paper.abstract, 0, len(paper.abstract))).text
    assert printable(hostile) in Shown(source(paper, hostile + "not there", 0, 5)).text
    Shown(listed([paper], more=True))
    assert printable(hostile) in Shown(failure("t1", hostile, hostile, hostile)).text
    assert printable(hostile) in Shown(underway("t1", Underway(hostile, words=hostile, doing=hostile))).text


@given(text=st.text(PLAIN, max_size=80), start=st.integers(0, 80), length=st.integers(1, 80))
def test_the_highlight_is_the_quote_at_its_offsets(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    paper = Paper("p1", "t", text, ())
    markup = source(paper, quote, start, start + len(quote))
    marked = markup.partition("<mark")[2].partition(">")[2].partition("</mark>")[0]
    assert Shown(f"<p>{marked}</p>").text.replace("\r", "") == printable(quote).replace("\r", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"in $\mathcal{O}(n^2)$ steps", "in 𝒪(n2) steps"),
        (r"$L_{\infty} \leq 5\%$ of it", "L∞ ≤5% of it"),
        (r"costs $5 or $6, na\"ive", "costs $5 or $6, naïve"),
        (r"$<b>$ and \emph{this}", "<b> and this"),
        ("costs ${price} or {`${more}`}", "costs ${price} or {`${more}`}"),
        ("${_" + "{" * 60 + "x" + "}" * 60 + "}$", "{_" + "{" * 60 + "x" + "}" * 61),
    ],
)
def test_mathematics_is_shown_in_characters(text: str, shown: str) -> None:
    assert Shown(prose(text)).text == shown


def test_powers_indices_and_labels_are_set_off() -> None:
    assert "10<sup>-5</sup>" in prose("$10^{-5}$")
    assert "x<sub>max</sub><sup>2</sup>" in prose(r"$x_\max^2$")
    abstract = "BACKGROUND: It is known. METHODS: We looked. Results: none of note."
    markup = prose(abstract)
    assert Shown(markup).text == abstract
    assert re.findall('<b class="section">(.*?)</b>', markup) == ["BACKGROUND:", "METHODS:", "Results:"]


@given(latex=st.text(max_size=80))
def test_any_latex_is_shown_as_text(latex: str) -> None:
    Shown(prose(f"${latex}$ {latex}"))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " https://a.b", "https://a.b\n", 'https://a.b/"x', "//a.b", "data:text/html,x", None],
)
def test_only_addresses_of_the_web_become_links(address: str | None) -> None:
    assert 'class="title">text</h2>' in source(Paper("p1", "text", "", (), url=address))


def prose(text: str) -> str:
    """An abstract as it is shown."""
    shown = source(Paper("p1", "t", text, ()))
    return shown.partition('<p class="abstract" dir="auto">')[2].partition("</p>")[0]
