"""Drafts as people write them: which sentences are checked, what they state, and which papers they cite."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from made_docx import document, endnote, item, mark, mendeley, raised, run, with_footnotes, zotero

from askpapers.datatypes import Verdict
from askpapers.drafts.checking import check_draft
from askpapers.drafts.docx import annotate_docx
from askpapers.drafts.findings import DraftCheck
from askpapers.drafts.reading import read_draft
from askpapers.engine import Corpus, open_corpus
from askpapers.grounding.support import Support
from askpapers.reading.protocol import Pair, Probabilities

SAMPLES = Path(__file__).parent / "samples"
WHISPER, CODEX, GPT3, CONSISTENCY = "2212.04356", "2107.03374", "2005.14165", "2303.01469"
STEPS, OMNI, CLIP = "2305.20050", "2410.21276", "2103.00020"
CODEX_TITLE = "Evaluating Large Language Models Trained on Code"
SPEECH = "Robust Speech Recognition via Large-Scale Weak Supervision"


class Agreeing:
    """A support check that says yes: what is cited does not depend on it."""

    def __call__(self, statement: str, source: str) -> Support:
        return Support(Verdict.SUPPORTED, 1.0)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        return np.array([(1.0, 0.0, 0.0)] * len(pairs), dtype=np.float32)


def checked(name: str, content: bytes, corpus: Corpus, folder: Path | None = None) -> DraftCheck:
    return check_draft(read_draft(name, content, folder), corpus.index, corpus.embedder, Agreeing(), lambda *_: None)


def cited(found: DraftCheck) -> list[tuple[str, list[str]]]:
    """Each part of each sentence, and the papers that it cites; "?" where one is not known."""
    return [
        (part.statement, [citation.paper.id if citation.paper else "?" for citation in part.citations])
        for sentence in sorted(found.sentences, key=lambda sentence: sentence.start)
        for part in sentence.parts
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "pandoc.md",
            [
                ("Large-scale weak supervision scales to 680,000 hours of audio.", [WHISPER]),
                ("Codex solves 28.8% of the problems of HumanEval.", [CODEX]),
                ("Sampling repeatedly helps a lot.", [CODEX, STEPS]),
                ("Consistency models support one-step generation by design.", [CONSISTENCY]),
                ("Walnut trees grow uphill.", ["?"]),
                ("Few-shot learning needs no gradient updates.", [GPT3]),
                ("Process supervision beats outcome supervision on MATH.", []),
            ],
        ),
        (
            "numbered.md",
            [
                ("Whisper approaches human accuracy and robustness.", [WHISPER]),
                ("Codex was fine-tuned on public code.", [CODEX, GPT3]),
                ("Both were trained by one company, and others followed.", [WHISPER, CODEX, GPT3]),
                ("Prior systems need data.", [WHISPER, CODEX, GPT3]),
                ("GPT-J solves 11.4% of the problems.", [CODEX]),
                ("The paper reports more.", [CODEX]),
                ("The state of the art in one-step generation is an FID of 3.55 on CIFAR-10.", [CONSISTENCY]),
                ("Nobody has read this.", ["?"]),
                ("The appendix says that GPT-4o answers audio within 232 milliseconds.", []),
            ],
        ),
        (
            "author-year.md",
            [
                ("The authors trained on 680,000 hours of audio.", [WHISPER]),
                ("The authors used code.", [CODEX, "?", CONSISTENCY]),
                ("The authors release 800,000 labels.", [STEPS]),
                ("Walnut trees were never studied.", ["?"]),
                ("This was in June (March 2020) and at ICML (ICML 2020).", []),
                ("Models approach human accuracy.", [WHISPER]),
            ],
        ),
        (
            "obsidian.md",
            [
                ("The authors trained on 680,000 hours of audio.", [WHISPER]),
                ("Codex powers GitHub Copilot.", [CODEX]),
                ("See my note: they support zero-shot editing.", [CONSISTENCY]),
                ("GPT-4o is half as expensive, says.", [OMNI, OMNI]),
            ],
        ),
        (
            "acl.tex",
            [
                ("Whisper was trained on 680,000 hours of audio.", [WHISPER]),
                ("Codex solves 28.8% of the problems in HumanEval, and process supervision wins on MATH.",
                 [CODEX, STEPS, CONSISTENCY]),
                ("The FID is 3.55 there.", []),
                ("On CIFAR-10, not on ImageNet.", [CONSISTENCY]),
                ("Few-shot learning works without gradient updates.", [CLIP]),
                ("Café walnuts grow uphill.", ["?"]),
            ],
        ),
        (
            "ieee.tex",
            [
                ("Speech models scale to 680,000 hours.", [WHISPER]),
                ("Code models solve 28.8% of HumanEval.", [CODEX]),
                ("GPT-J solves 11.4% of the problems.", [CODEX]),
                ("Both are from one laboratory.", [WHISPER, CODEX]),
            ],
        ),
        (
            "biblatex.tex",
            [
                ("Models approach the accuracy of humans.", [WHISPER]),
                ("Consistency models need no adversarial training.", [CONSISTENCY]),
                ("This is 100× better than outcome supervision, as ¹ no one says.", [STEPS]),
            ],
        ),
        (
            "vancouver.txt",
            [
                ("Speech models were trained on 680,000 hours of audio.", [WHISPER]),
                ("Code models solve 28.8% of the problems of HumanEval, and the 34 abstracts (n = 12) are short.",
                 [CODEX, GPT3]),
                ("Superscripts follow the full stop.", [CODEX]),
                ("Area is given in km² here.", []),
            ],
        ),
        (
            "letter.txt",
            [
                ("GPT-4o answers audio in 232 milliseconds.", [OMNI]),
                ("Codex solves 28.8% of HumanEval.", [CODEX]),
                ("Nobody has at home, I fear.", ["?"]),
            ],
        ),
    ],
)  # fmt: skip
def test_what_a_draft_cites(name: str, expected: list[tuple[str, list[str]]], corpus: Corpus) -> None:
    file = SAMPLES / name
    found = checked(name, file.read_bytes(), corpus, SAMPLES)
    assert cited(found) == expected
    for sentence in found.sentences:
        assert found.draft.text[sentence.start : sentence.end] == sentence.text
        assert sentence.line == found.draft.text[: sentence.start].count("\n") + 1
        for part in sentence.parts:
            for quote in part.quotes:
                assert corpus.index.papers.by_id(quote.paper).abstract[quote.start : quote.end] == quote.text


def test_what_a_word_document_cites(corpus: Corpus) -> None:
    content = document(
        ("Title", ["A paper of ours"]),
        ("Heading 1", ["Introduction"]),
        ("", ["Models approach human accuracy ", zotero("(Moss 2022)", item(SPEECH)), ". ",
              "Code models solve problems",
              zotero("[1, 2]", item("A wrong title", "10.48550/arXiv.2107.03374"), item("Walnuts")), "."]),
        ("", ["They support one-step generation ", mendeley("(1)", item("Consistency models")), ". "
              "GPT-J solves 11.4% of the problems", endnote("(Chen)", "Chen", 2021,
              "Evaluating Large Language Models Trained on Code"), "."]),
        ("", ["Few-shot learning needs no gradients.", raised("2"), " Area is in km", raised("2"), " here."]),
        ("Heading 1", ["References"]),
        ("List Number", ["Radford A. Robust speech recognition via large-scale weak supervision. 2022."]),
        ("List Number", ["Brown TB. Language models are few-shot learners. 2020."]),
    )  # fmt: skip
    found = checked("a.docx", content, corpus)
    assert cited(found) == [
        ("Models approach human accuracy.", [WHISPER]),
        ("Code models solve problems.", [CODEX, "?"]),
        ("They support one-step generation.", [CONSISTENCY]),
        ("GPT-J solves 11.4% of the problems.", [CODEX]),
        ("Few-shot learning needs no gradients.", [GPT3]),
        ("Area is in km² here.", []),
    ]


def test_a_title_with_the_identifier_of_another_paper_is_said(corpus: Corpus) -> None:
    found = checked("acl.tex", (SAMPLES / "acl.tex").read_bytes(), corpus, SAMPLES)
    (sentence,) = [one for one in found.problems if "Few-shot" in one.text]
    (citation,) = sentence.parts[0].citations
    assert "the title: the reference has “Language Models are Few-Shot Learners”" in citation.differs[0]


def test_another_language_is_said(corpus: Corpus) -> None:
    found = checked("german.md", (SAMPLES / "german.md").read_bytes(), corpus)
    assert any("German" in note for note in found.notes)
    assert not found.problems


def test_a_number_is_a_place_in_the_list_and_a_key_with_a_sign(tmp_path: Path) -> None:
    (tmp_path / "a.nbib").write_text("PMID- 26104852\nTI  - Walnuts\nAB  - Walnut trees grow uphill.\n")
    corpus = open_corpus(tmp_path, index=tmp_path / "index")
    text = b"Walnuts grow uphill [@26104852]. Walnuts grow uphill [26]."
    assert [papers for _, papers in cited(checked("a.md", text, corpus))] == [["26104852"], ["?"]]
    ((_, papers),) = cited(checked("a.tex", b"Walnuts grow here \\cite{26104852}.", corpus))
    assert papers == ["26104852"]


def test_what_a_draft_names_and_does_not_have_is_said(corpus: Corpus, tmp_path: Path) -> None:
    text = b"\\documentclass{a}\\begin{document}\\bibliography{gone}\\input{more}Hi.\\end{document}"
    found = checked("a.tex", text, corpus, tmp_path)
    assert any("gone.bib" in note for note in found.notes)
    assert any("includes" in note for note in found.notes)
    assert any("No sentence" in note for note in found.notes)


def test_footnotes_of_word_are_read_and_cite_for_their_sentences(corpus: Corpus) -> None:
    body = document(
        ("", ["Whisper saw 680,000 hours of audio.", mark(2), " Codex writes Python.", mark(3)]),
    )
    own_statement = [run("GPT-J solves 11.4% of the problems "), *zotero("(Chen 2021)", item(CODEX_TITLE)), run(".")]
    content = with_footnotes(body, [run("See "), *zotero("Radford et al., 2022", item(SPEECH))], own_statement)
    found = checked("a.docx", content, corpus)
    assert cited(found) == [
        ("Whisper saw 680,000 hours of audio.", [WHISPER]),
        ("Codex writes Python.", []),
        ("GPT-J solves 11.4% of the problems.", [CODEX]),
    ]
    note = max(sentence.start for sentence in found.sentences)
    copy = annotate_docx(content, [(note, note + 5, "look at this")])
    assert b"look at this" in zipfile.ZipFile(io.BytesIO(copy)).read("word/comments.xml")


def test_a_damaged_part_of_footnotes_is_left_out(corpus: Corpus) -> None:
    content = with_footnotes(document(("", ["Whisper saw 680,000 hours of audio.", mark(2)])), ["<w:broken"])
    assert [statement for statement, _ in cited(checked("a.docx", content, corpus))] == [
        "Whisper saw 680,000 hours of audio."
    ]
