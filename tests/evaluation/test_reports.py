"""Every form of the report, on a run with a broken gate and with everything hostile in it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from askpapers.datatypes import Paper, Source
from askpapers.evaluation.accepted import AcceptedQuestion, accept
from askpapers.evaluation.gates import Gate, judge
from askpapers.evaluation.replies import intent_alone
from askpapers.evaluation.report.as_json import report_dict
from askpapers.evaluation.report.content import Report
from askpapers.evaluation.report.files import write_reports
from askpapers.evaluation.report.html import html_page
from askpapers.evaluation.report.junit import junit_report
from askpapers.evaluation.report.markdown import markdown_report
from askpapers.evaluation.report.terminal import print_report
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.suites import Suite
from made_answers import PAPERS, case, quote, reply, run_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>` | **b** \x1b[31m\u202e"
BEFORE = {f"q{n}": {"facts": 1.0, "refused": 1.0, "answered_right": 1.0} for n in range(10)}
NOW = {key: {**scores, "facts": 0.0} if key < "q8" else scores for key, scores in BEFORE.items()}


def report_of(name: str = "suite", now: dict[str, dict[str, float]] = NOW) -> Report:
    judged = judge(run_of(now, name), {"facts": Gate(0.9, 0.02)}, accept(run_of(BEFORE, name), "first"))
    return Report((judged,), "3 papers", 1.5)


def hostile_report() -> tuple[Report, dict[str, Paper]]:
    asked = replace(case(HOSTILE, facts=((HOSTILE,),), note=HOSTILE, intent=HOSTILE), question=HOSTILE)
    said = reply([(HOSTILE, [1])], [quote(1, "evil", HOSTILE)], text=HOSTILE, engine={"llm": HOSTILE})
    run = Run(Suite(HOSTILE, (asked,), "d"), (Outcome(asked, said, ("evil",), {"facts": 0.0}),), {"llm": HOSTILE})
    accepted = replace(accept(run, HOSTILE), questions={HOSTILE: AcceptedQuestion(HOSTILE, HOSTILE, {"facts": 1.0})})
    papers = {"evil": Paper("evil", HOSTILE, HOSTILE, (Source("f", 1),), url="javascript:alert(3)")}
    return Report((judge(run, {"facts": Gate(1.0)}, accepted),), HOSTILE, 1.0), papers


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_terminal_says_what_broke_and_which_questions_were_lost() -> None:
    out = io.StringIO()
    print_report(report_of(), Console(file=out, width=200))
    text = out.getvalue()
    assert re.search(r"Facts found +0\.200 +0\.\d+–0\.\d+ +10 +1\.000 +−0\.800 ± 0\.133", text)
    assert "FAILED Facts found: 0.200, below the floor of 0.900; fell by 0.800 ± 0.133" in text
    assert "Lost: 8" in text
    assert "q0  Question q0?" in text
    assert "accepted: Answer q0." in text
    assert text.startswith("2 of 10 questions right.\n")
    assert "2 of 10 questions right. 1 gate broken in suite; 10 questions in 2 s." in text
    assert "suite: 10 questions, 2 right" in text
    assert "Not right: 8\n  q0  Question q0?\n  without a fact" in text


def test_a_run_that_passes() -> None:
    out = io.StringIO()
    print_report(report_of(now=BEFORE), Console(file=out, width=100))
    assert "10 of 10 questions right. All 1 gate passed; 10 questions in 2 s." in out.getvalue()
    assert "Not right" not in out.getvalue()
    assert "Lost" not in out.getvalue()
    assert "## Evaluation: passed" in markdown_report(report_of(now=BEFORE))


def test_without_gates_nothing_has_passed() -> None:
    report = Report((judge(run_of(NOW), {}, None),), "3 papers", 1.5)
    out = io.StringIO()
    print_report(report, Console(file=out, width=100))
    page, text, xml = html_page(report, PAPERS), markdown_report(report), junit_report(report)
    assert text.startswith("## Evaluation: 2 of 10 questions right\n")
    assert out.getvalue().startswith("2 of 10 questions right.\n")
    assert "2 of 10 questions right. No gates; 10 questions in 2 s." in page
    for form in (out.getvalue(), page.partition("<body>")[2], text, xml):
        assert "passed" not in form


def test_the_page_names_what_is_not_right_and_links_to_it() -> None:
    page = html_page(report_of(), PAPERS)
    assert "<h3>suite: 8 not right</h3>" in page
    assert '<a href="#suite:q0">q0</a> Question q0?<br><span class="soft">without a fact</span>' in page
    assert 'id="suite:q0"' in page


def test_a_question_that_is_only_read_is_shown_with_its_intent_and_not_as_refused() -> None:
    read = replace(case("q", must=(), intent="count"), answerable=None)
    run = Run(Suite("intents", (read,), "d"), (Outcome(read, intent_alone("survey"), (), {"intent": 0.0}),), {})
    page = Page(html_page(Report((judge(run, {}, None),), "3 papers", 1.0), PAPERS))
    assert "Read as survey, and not answered." in page.text
    assert "Not in this corpus." not in page.text
    assert ("data-outcome", "wrong read") in page.attributes


def test_markdown() -> None:
    text = markdown_report(report_of())
    assert text.startswith("## Evaluation: FAILED\n")
    assert "| **Facts found** | **0.200** |" in text
    assert "- **q0** Question q0?" in text
    assert "<details open><summary>suite: 10 questions, 2 right, 8 lost, 0 won</summary>" in text
    assert "**Not right: 8**\n\n- **q0** Question q0?  \n  without a fact" in text


def test_junit() -> None:
    root = ElementTree.fromstring(junit_report(report_of()))
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("suite", "1", "1")
    assert root.get("name") == "ask eval: 2 of 10 questions right"
    assert (suite.findtext("system-out") or "").startswith("Not right: 8\nq0 Question q0?\n  without a fact\nq1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert failure.text.startswith("q0 Question q0?\n  Facts found 1 → 0\n")


def test_json() -> None:
    found = json.loads(json.dumps(report_dict(report_of())))
    (suite,) = found["suites"]
    assert found["passed"] is False
    assert suite["metrics"]["facts"]["estimate"]["mean"] == 0.2
    assert suite["metrics"]["facts"]["failures"]
    assert [change["id"] for change in suite["lost"]] == [f"q{n}" for n in range(8)]
    assert suite["took"]["middle_ms"] == 12.5
    assert suite["questions"][0]["answer"] == "Answer q0."
    assert (found["gates"], found["right"], suite["right"]) == (1, 2, 2)
    assert suite["wrong"][0] == {"id": "q0", "question": "Question q0?", "faults": ["without a fact"]}
    assert len(suite["wrong"]) == 8


def test_the_page_needs_nothing_beside_it() -> None:
    page = html_page(report_of(), PAPERS)
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)
    assert "default-src 'none'" in page
    parsed = Page(page)
    assert parsed.tags.count("svg") >= 6  # four plots and the legend
    assert ("data-outcome", "lost wrong answered") in parsed.attributes
    assert "Accepted before" in page
    assert "<mark>Cats purr at night.</mark>" in page


def test_nothing_hostile_is_markup_or_a_control_character() -> None:
    report, papers = hostile_report()
    page = html_page(report, papers)
    parsed = Page(page)
    assert parsed.tags.count("script") == 1
    assert "img" not in parsed.tags
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert not any("javascript:" in (value or "") for _, value in parsed.attributes)
    assert "alert(1)" in parsed.text
    assert "\x1b" not in page
    assert "\u202e" not in page
    out = io.StringIO()
    print_report(report, Console(file=out, width=100))
    xml = junit_report(report)
    ElementTree.fromstring(xml)
    text = markdown_report(report)
    assert "<script>" not in text
    assert "<img" not in text.replace("\\<img", "")
    for form in (out.getvalue(), xml, text):
        assert "\x1b" not in form
        assert "\u202e" not in form


def test_of_a_suite_that_is_held_back_no_question_is_shown(tmp_path: Path) -> None:
    report = report_of("suite-test")
    write_reports(report, PAPERS, tmp_path)
    out = io.StringIO()
    print_report(report, Console(file=out, width=100))
    texts = [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]
    assert len(texts) == 4
    for text in (out.getvalue(), *texts):
        assert "Question q0" not in text
        assert "Answer q0" not in text
        assert "Cats purr" not in text
    assert "Lost: 8 questions (held back: not shown)" in out.getvalue()
    assert "Not right: 8 questions (held back: not shown)" in out.getvalue()
    assert report_dict(report)["suites"][0]["wrong"][0] == {"id": "q0"}


def test_reports_are_written(tmp_path: Path) -> None:
    write_reports(report_of(), PAPERS, tmp_path / "new" / "out")
    names = {file.name for file in (tmp_path / "new" / "out").iterdir()}
    assert names == {"report.md", "report.html", "report.json", "junit.xml"}


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_what_is_put_into_the_page_ends_no_element(name: str) -> None:
    import askpapers.evaluation.report as room

    text = (Path(room.__path__[0]) / "templates" / name).read_text(encoding="utf-8")
    assert "</" not in text
    assert "http" not in text
