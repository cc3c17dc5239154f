"""`ask check`: what it finds, prints and writes, and how it exits."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import jsonschema
import pytest
from made_docx import document

from askpapers.drafts.report import LABELS
from command_line import Ask

DRAFT = """# Intro

Codex solves 28.8% of the problems on HumanEval [1]. GPT-J solves 21.4% of them [1].
Process supervision does not outperform outcome supervision on MATH [2]. Walnut <b>trees</b> -- sing in June [3].
GPT-4o can respond to audio inputs in as little as 232 milliseconds [1].

GSM8K is a dataset of 8.5K grade school math word problems. Terns migrate from pole to pole.

# References

1. Chen, M. (2021). Evaluating large language models trained on code.
2. Lightman, H. (2023). Let's verify step by step.
3. Quimby, A. (2019). Everything about gradients of walnut trees.
"""
FINDINGS = {
    "Codex solves": "supported",
    "GPT-J solves": "contradicted",
    "Process supervision": "contradicted",
    "Walnut": "citation_unknown",
    "GPT-4o": "elsewhere",
    "GSM8K": "supported",
    "Terns": "not_in_corpus",
}
_TEXT = {"type": "string"}
REPLY_SCHEMA = {
    "type": "object",
    "required": ["schema", "draft", "format", "counts", "problems", "sentences", "passed_over", "papers", "notes"],
    "properties": {
        "counts": {"required": [str(finding) for finding in LABELS]},
        "sentences": {
            "items": {
                "required": ["text", "start", "end", "line", "finding", "cited", "problem", "parts"],
                "properties": {
                    "parts": {
                        "minItems": 1,
                        "items": {
                            "required": ["statement", "finding", "support", "missing", "citations", "quotes"],
                            "properties": {
                                "missing": {"items": {"required": ["kind", "text"]}},
                                "citations": {"items": {"required": ["cited", "paper", "why", "nearest", "differs"]}},
                                "quotes": {"items": {"required": ["paper", "quote", "start", "end", "source"]}},
                            },
                        },
                    }
                },
            }
        },
    },
}


@pytest.fixture
def ask(run_ask: Ask, seeds: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """Run the command line on the seeds, in a folder with a draft."""
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    monkeypatch.chdir(tmp_path)
    Path("draft.md").write_text(DRAFT)
    return run_ask


def test_json_has_every_sentence_and_its_finding(ask: Ask) -> None:
    run = ask("check", "draft.md", "--json")
    assert run.code == 4
    jsonschema.validate(run.json, REPLY_SCHEMA)
    found = {name: one["finding"] for name in FINDINGS for one in run.json["sentences"] if one["text"].startswith(name)}
    assert found == FINDINGS
    papers = {paper["id"]: paper for paper in run.json["papers"]}
    for sentence in run.json["sentences"]:
        assert DRAFT[sentence["start"] : sentence["end"]] == sentence["text"]
        assert sentence["problem"] == (sentence["cited"] and sentence["finding"] != "supported")
        for quote in (quote for part in sentence["parts"] for quote in part["quotes"]):
            assert papers[quote["paper"]]["abstract"][quote["start"] : quote["end"]] == quote["quote"]
    (wrong,) = [one["parts"][0] for one in run.json["sentences"] if one["text"].startswith("GPT-J")]
    assert {"kind": "number", "text": "21.4%"} in wrong["missing"]
    assert "11.4%" in wrong["quotes"][0]["quote"]


def test_the_terminal_the_page_and_the_comments(ask: Ask) -> None:
    run = ask("check", "draft.md", "--html", "page.html", "--annotate", "copy.md")
    assert run.code == 4
    places = [run.out.index(words) for words in ("Contradicted (2)", "Citation unknown (1)", "Nothing to look at (3)")]
    assert places == sorted(places)
    assert "7 sentences checked against 34 papers" in " ".join(run.out.split())
    page = Path("page.html").read_text()
    assert "<script" not in page and "<b>trees" not in page and "&lt;b&gt;trees" in page
    assert "src=" not in page and "//" not in page  # nothing is loaded
    copy = Path("copy.md").read_text()
    assert re.sub(r" <!-- ask check: .*? -->", "", copy) == DRAFT
    assert copy.count("<!--") == 4
    assert "Walnut <b>trees</b> -- sing in June [3]. <!-- ask check: citation unknown" in copy


def test_what_is_there_is_not_replaced(ask: Ask) -> None:
    Path("page.html").touch()
    ask("check", "draft.md", "--html", "page.html").assert_refused(2, "page.html is there already", "--force")


def test_a_draft_without_a_problem(ask: Ask) -> None:
    Path("fine.txt").write_text("Codex solves 28.8% of the problems on HumanEval (arXiv:2107.03374).")
    assert ask("check", "fine.txt", "--strict").code == 0
    ask("check", "fine.txt", "--annotate", "copy.txt").assert_refused(2, "Plain text has no comments", "--html")
    Path("unknown.txt").write_text("Codex solves 28.8% of the problems on HumanEval (arXiv:1901.00001).")
    assert ask("check", "unknown.txt").code == 0
    assert ask("check", "unknown.txt", "--strict").code == 4


def test_drafts_that_cannot_be_read(ask: Ask) -> None:
    ask("check", "none.md").assert_refused(2, "none.md cannot be read", "ask check DRAFT.md")
    Path("empty.md").write_text("\n")
    ask("check", "empty.md").assert_refused(2, "empty.md is empty", "Give a draft")


def test_comments_in_latex_and_word(ask: Ask) -> None:
    said = "Process supervision does not outperform outcome supervision on MATH"
    Path("a.tex").write_text(f"\\begin{{document}}\n{said} \\cite{{2305.20050}}.\nMore.\n\\end{{document}}\n")
    assert ask("check", "a.tex", "--annotate", "b.tex").code == 4
    lines = Path("b.tex").read_text().splitlines()
    assert [line for line in lines if not line.startswith("% ask check: contradicted")] == Path(
        "a.tex"
    ).read_text().splitlines()
    assert len(lines) == 5
    Path("a.docx").write_bytes(document(("", ["Pots are fired. ", f"{said} [arXiv:2305.20050]. ", "Kilns."])))
    assert ask("check", "a.docx", "--annotate", "b.docx").code == 4
    copy = docx.Document(io.BytesIO(Path("b.docx").read_bytes()))
    (comment,) = list(copy.comments)
    assert comment.text.startswith("ask check: contradicted")
    xml = copy.element.xml
    begins, ends = xml.index("commentRangeStart"), xml.index("commentRangeEnd")
    assert said in xml[begins:ends] and "Pots" not in xml[begins:ends] and "Kilns" not in xml[begins:ends]
