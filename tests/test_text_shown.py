"""What is shown of a source is the source: nothing of a sentence is lost or changed but LaTeX's way of writing.

The check knows nothing of how LaTeX is undone. Where a quote has no LaTeX, its statement must be the quote itself;
where it has, both are taken back to bare signs the other way round, from characters to the names of commands.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.extractive import self_contained
from askpapers.corpus import read_corpus
from askpapers.text import plain, sentences

ARXIV = Path(__file__).resolve().parents[2] / "shared" / "data" / "arxiv" / "corpus_10k.jsonl"

LATEX = re.compile(r"[\\$~{]|--|``")
LEFT_OUT = re.compile(r"[A-Z][a-z]+(?: [a-z]+)? ?, ")
NAMED = {
    "×": "times", "±": "pm", "∓": "mp", "≈": "approx", "≃": "simeq", "·": "cdot", "≤": "leq", "≥": "geq", "≠": "neq",
    "≪": "ll", "≫": "gg", "≲": "lesssim", "≳": "gtrsim", "∝": "propto", "∞": "infty", "→": "to", "←": "leftarrow",
    "ℓ": "ell", "ℏ": "hbar", "⊙": "odot", "…": "dots", "°": "deg", "€": "euro", "£": "pounds", "©": "copyright",
    "®": "registered", "™": "trademark", "µ": "mu", "–": "--", "—": "---", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ı": "i", "ð": "dh", "þ": "th", "Þ": "TH",
    "đ": "dj", "ς": "sigma",
}  # fmt: skip
SYNONYMS = {
    "le": "leq", "leqslant": "leq", "ge": "geq", "geqslant": "geq", "ne": "neq", "rightarrow": "to", "ldots": "dots",
    "cdots": "dots", "degree": "deg", "textdegree": "deg", "texteuro": "euro", "textsterling": "pounds", "sim": "",
    "textasciitilde": "", "textcopyright": "copyright", "textregistered": "registered", "texttrademark": "trademark",
    "textmu": "mu", "varsigma": "sigma", "textendash": "--", "textemdash": "---", "textless": "<", "textgreater": ">",
    "aa": "a", "AA": "A",
}  # fmt: skip
FONTS = (
    "emph textit textbf texttt textsc textsf textrm textsl text mathrm mathbf mathit mathsf mathcal mbox operatorname"
    " underline url it em bf rm sc sl sf tt cal itshape bfseries u v"
    " H d c k r b"
).split()
MONEY = re.compile(r"(?:US|A|C|HK|NT)\$(?=\d)|\\\$")
GREEK = frozenset(
    unicodedata.name(chr(c)).split()[-1].lower().replace("lamda", "lambda") for c in range(ord("α"), ord("ω") + 1)
)
SIGNS = frozenset("%&#@^_<>=+|/*-")


def bare(text: str) -> str:
    """Every letter, digit and sign of a text in order, without LaTeX's braces, dollars, quotes, ties and fonts."""
    for sign, name in NAMED.items():
        text = text.replace(sign, name)
    text = re.sub("[α-ωΑ-Ω]", lambda m: unicodedata.name(m[0]).split()[-1].lower().replace("lamda", "lambda"), text)
    text = re.sub(
        r"\\(?:var)?([A-Za-z]+)",
        lambda m: "" if m[1] in FONTS else SYNONYMS.get(m[1], m[1].lower() if m[1].lower() in GREEK else m[1]),
        re.sub(r"\\[^A-Za-z0-9%&#_]|(?<=[A-Za-z]\$)\\(?:ddot|acute|grave|hat|check)", "", text),
    )
    text = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
    return "".join(
        c for c in text if c.isalnum() or c in SIGNS or unicodedata.category(c) in ("Sc", "Sm", "So", "No")
    ).replace("~", "")


def lost(quote: str, shown: str) -> str:
    """What is wrong with a text that is shown for a quote; "" where it is the quote."""
    straight = " ".join(quote.split())
    if not LATEX.search(quote):
        return "" if shown == straight else f"{straight!r} became {shown!r}"
    if bare(shown).replace("$", "") != bare(quote).replace("$", ""):
        return f"{bare(quote)!r} became {bare(shown)!r}"
    gone = Counter(quote)["$"] - Counter(shown)["$"]
    if len(MONEY.findall(quote)) > shown.count("$"):
        return f"{straight!r} lost money"
    return f"{straight!r} lost {gone} dollars" if gone % 2 or gone < 0 else ""


def lost_of_statement(quote: str) -> str:
    """The same for a statement, which may lack one connective before a comma, and have a capital after it."""
    statement = self_contained(quote)
    if not lost(quote, statement):
        return ""
    shorter = LEFT_OUT.sub("", " ".join(quote.split()), count=1)
    first = shorter[0].upper() + shorter[1:] if re.match("[a-z]+[ ,]", shorter) else shorter
    return lost(quote, statement) if lost(shorter, statement) and lost(first, statement) else ""


def arxiv() -> Iterator[str]:
    with ARXIV.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record.get("abstract") or record["text"]


@pytest.mark.skipif(not ARXIV.is_file(), reason=f"{ARXIV} is not here: the arXiv abstracts are not in the repository")
def test_statements_of_arxiv_abstracts_are_their_quotes() -> None:
    wrong = [
        fault
        for abstract in arxiv()
        for start, end in sentences(abstract)
        if (fault := lost_of_statement(abstract[start:end]))
    ]
    assert wrong == []


def test_statements_of_the_seeds_are_their_quotes(seeds: Path) -> None:
    for paper in read_corpus([seeds]).papers:
        for start, end in sentences(paper.abstract):
            assert not lost_of_statement(paper.abstract[start:end])


TRAPS = st.sampled_from(
    "10¹⁸ cm⁻³ 2½ ¾ 85² H₂O log₁₀ pH mRNA β-carotene Β α δ GlowTex™ Acme® ℠ № ﬁne Ⅳ ① µm Å x≠y “so” ‘so’ 5′ 5'' … −3"
    " Schrödinger ß Straße ſ İ ŉ naïve e\u0301 soft\u00adhyphen US$30 $12 $19. A$5 $) ($ €12 5~10 ~5 X~N(0,1) $12-$15"
    " However, Second In addition to Instead of we language learners the p k-means d-Glucose 1,000 3.5% C++ a_1 a^b"
    " https://a.org/~me don't it's".split()
)
MARKUP = st.sampled_from(
    r"""Schr\"{o}dinger M{\o}ller--Plesset Poincar\'e na\"{\i}ve Ha\v{s}ek $\alpha$ $\beta$-carotene $\sim$5 $10^{18}$
    H$_2$O $2\times$ 50\% \#1 \& \_ \$5 \{a\} \emph{x} \textbf{10} {\it Planck} ``so'' a---b Fig.~2 et~al.~[3] 13~TeV
    $x$ $k$-means $O(n)$ \cite{a} \frac{1}{2} \unknown{x} \ $ \\ it\'s \"word\" \alphabet x^{2}y $p<0.05$""".split()
)
SPACES = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", "\u2009"])


def texts(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.builds(str.__add__, pieces, SPACES), min_size=1, max_size=12).map(lambda p: "".join(p).strip())


@given(texts(TRAPS) | st.text(max_size=60).filter(lambda text: text.strip()))
def test_what_is_no_latex_is_shown_as_it_stands(text: str) -> None:
    if not LATEX.search(text):
        assert plain(text) == " ".join(text.split())
        assert not lost_of_statement(text)


@given(texts(TRAPS | MARKUP))
def test_only_the_mark_up_of_latex_goes(text: str) -> None:
    assert not lost(text, plain(text))
    assert not lost_of_statement(text)


AMOUNT = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "US", "A", "C", "HK", "NT", "(", "about "]),
    st.sampled_from(["$", "$", "$", "€", "£", "¥"]),
    st.sampled_from(["12", "1,000", "3.5", "30 million", "5k", "0.10"]),
    st.sampled_from(["", "/kg", " per gram", ")", ".", "-$15", "~20", " (n = 5)"]),
)
BETWEEN = st.sampled_from(
    [" ", " in 2011 and ", " and ", ", ", "; ", " to ", " versus ", "-", " cost (in $) ", " < ", " = ", "/"]
)


@given(st.lists(st.tuples(BETWEEN, AMOUNT), min_size=1, max_size=5))
def test_amounts_and_ranges_keep_their_signs(parts: list[tuple[str, str]]) -> None:
    text = "Saffron cost" + "".join(between + amount for between, amount in parts)
    assert plain(text) == " ".join(text.split())


def test_the_check_sees_what_is_lost() -> None:
    for quote, shown in [
        ("3×10¹⁸", "3×1018"),
        ("2½ hours", "21⁄2 hours"),
        ("US$30 and US$12", "US30 and US12"),
        ("5~10 mg", "5 10 kg"),
        ("pH", "PH"),
        (r"$10^{18}$ and \emph{x}", "1018 and x"),
        (r"$\beta$", "beta b"),
        (r"50\% of $5", "50 of $5"),
        (r"50\% of \$5", "50% of 5"),
        (r"\emph{not} $x$", "$x$"),
    ]:
        assert lost(quote, shown), quote
