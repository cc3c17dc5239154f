"""Judging by a model: one request for a paper, and only a quote that is found counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of import paper

from askpapers.datatypes import Paper
from askpapers.errors import ContextOverflowError, ModelBrokenError
from askpapers.llm.usage import Meter
from askpapers.prompts import load_screening_prompt
from askpapers.screening.criteria import YearRule
from askpapers.screening.judging import RuleJudge
from askpapers.screening.model_judging import ModelJudge, read_reply
from askpapers.screening.protocol import Criterion, read_protocol
from askpapers.screening.records import by_year
from askpapers.screening.verdicts import Finding, Holds, Label, Verdict
from command_line import Ask
from fakes import ScriptedModel, write_papers
from model_server import ModelServer, fails, writes

PROTOCOL = read_protocol(
    "## Include\n- about kilns\n- published after 2015\n- not about glass\n## Exclude\n- about glaze\n", "review.md"
)
POTS = paper(abstract="We fire 120 pots\nin hot kilns. No glaze was used on them.")


class ByRecord(RuleJudge):
    """The years only."""

    def __init__(self) -> None:
        pass

    def finding(self, criterion: Criterion, row: int, paper: Paper) -> Finding:
        (rule,) = criterion.condition.rules
        assert isinstance(rule, YearRule), "only what is exact is judged without the model"
        return by_year(rule, paper)


def reply(*items: tuple[int, str, str]) -> str:
    return json.dumps({"criteria": [{"number": n, "verdict": verdict, "quote": quote} for n, verdict, quote in items]})


def judge(*replies: str | Exception) -> tuple[ModelJudge, ScriptedModel]:
    model = ScriptedModel(*replies)
    return ModelJudge(PROTOCOL, ByRecord(), model, load_screening_prompt(), Meter()), model


def test_a_verdict_counts_with_a_quote_that_is_found() -> None:
    by_model, model = judge(
        "<think>hm</think>"
        + reply((1, "yes", "fire 120 pots in hot kilns"), (3, "not said", ""), (4, "no", "No glaze was used"))
    )
    found = by_model.judge(0, POTS)
    assert [one.verdict for one in found.verdicts] == [Verdict.PASSED, Verdict.PASSED, Verdict.UNCLEAR, Verdict.PASSED]
    evidence = found.verdicts[0].finding.evidence
    assert evidence
    assert evidence.quote
    assert POTS.abstract[evidence.quote.start : evidence.quote.end] == evidence.text == "fire 120 pots\nin hot kilns"
    assert len(model.asked) == 1
    assert "2. published" not in model.asked[0]
    assert "3. not about glass" in model.asked[0]


@pytest.mark.parametrize("quote", ["", "We fire 121 pots in kilns", "kilns", "in the kiln of the potter"])
def test_a_verdict_without_a_quote_that_is_found_says_nothing(quote: str) -> None:
    found = judge(reply((1, "no", quote), (4, "yes", quote)))[0].judge(0, POTS)
    assert found.label is Label.UNCLEAR
    assert found.failed is None


def test_the_first_criterion_that_fails_excludes_and_a_denied_one_is_read_as_it_stands() -> None:
    said = reply((1, "yes", "in hot kilns"), (3, "no", "No glaze was used"), (4, "yes", "No glaze was used"))
    found = judge(said)[0].judge(0, POTS)
    assert found.failed
    assert found.failed.criterion.number == 3


def test_a_paper_that_the_record_excludes_is_not_sent() -> None:
    by_model, model = judge()
    found = by_model.judge(0, paper(year=2001))
    assert found.failed
    assert found.failed.criterion.number == 2
    assert model.asked == []


def test_replies_that_cannot_be_read_are_unclear_and_three_in_a_row_end_it() -> None:
    by_model, _ = judge("no", ContextOverflowError("long", hint="x"), "no", reply(), "no", "no", "no")
    assert [by_model.judge(0, POTS).label for _ in range(6)] == [Label.UNCLEAR] * 6
    with pytest.raises(ModelBrokenError, match=r"^scripted wrote no verdicts"):
        by_model.judge(0, POTS)


def test_a_reply_that_was_cut_keeps_what_is_whole() -> None:
    cut = reply((1, "yes", "in hot kilns"), (4, "no", "No glaze was used"))[:-20]
    found = read_reply(cut)
    assert found
    assert found[1] == (Holds.YES, "in hot kilns")


def test_a_model_that_fails_half_way_is_not_asked_again_for_what_it_judged(run_ask: Ask, tmp_path: Path) -> None:
    papers = write_papers(tmp_path / "papers", ["Pots are fired in hot kilns.", "Glazes shine on pots all day."])
    protocol = tmp_path / "review.md"
    protocol.write_text("## Include\n- about kilns\n", encoding="utf-8")
    place = (protocol, "--json", "--corpus", papers, "--index", tmp_path / "index")
    with ModelServer([writes(reply((1, "yes", "fired in hot kilns"))), fails(401, "bad key")]) as server:
        stopped = run_ask("screen", *place, "--llm", server.spec)
        server.then(writes(reply((1, "no", "Glazes shine on pots"))))
        done = run_ask("screen", *place, "--llm", server.spec)
    assert (stopped.code, stopped.out) == (1, "")
    assert len(server.asked) == 3
    assert [(one["label"], one["machine"]["criteria"][0]["why"]) for one in done.json["papers"]] == [
        ("include", "the model says yes"),
        ("exclude", "the model says no"),
    ]
    assert done.json["engine"]["llm"]


@given(st.text(max_size=60), st.integers(0, 60))
def test_every_reply_is_read_or_none(text: str, cut: int) -> None:
    found = read_reply(reply((1, "yes", text))[:cut] + text)
    assert found is None or all(isinstance(holds, Holds) for holds, _ in found.values())
