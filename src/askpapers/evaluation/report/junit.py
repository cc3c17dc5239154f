"""The report as JUnit XML: a test suite for each suite, a test for each gate."""

from __future__ import annotations

from xml.etree import ElementTree

from askpapers.evaluation.accepted import short_answer
from askpapers.evaluation.gates import Judged, Result
from askpapers.evaluation.report.content import (
    Report,
    change_text,
    gate_text,
    held_back_note,
    moved_text,
    right_line,
    right_text,
    wrong_text,
)
from askpapers.evaluation.rightness import wrong_questions
from askpapers.evaluation.scoring import METRICS
from askpapers.text import printable


def junit_report(report: Report) -> str:
    """The report; a failed gate lists the questions that were lost on its metric."""
    root = ElementTree.Element("testsuites", name=f"ask eval: {right_line(report)}", time=f"{report.seconds:.1f}")
    for judged in report.suites:
        gated = [result for result in judged.results if result.gate]
        counts = {"tests": str(len(gated)), "failures": str(len(judged.failed))}
        suite = ElementTree.SubElement(root, "testsuite", {"name": printable(judged.run.suite.name), **counts})
        right = f"{right_text(judged.run)} of {len(judged.run.outcomes)}"
        properties = ElementTree.SubElement(suite, "properties")
        ElementTree.SubElement(properties, "property", name="questions right", value=right)
        for result in gated:
            _test(suite, judged, result)
        ElementTree.SubElement(suite, "system-out").text = _wrong(judged)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _test(suite: ElementTree.Element, judged: Judged, result: Result) -> None:
    title = METRICS[result.metric].title
    test = ElementTree.SubElement(suite, "testcase", classname=printable(judged.run.suite.name), name=title)
    if result.failures:
        failure = ElementTree.SubElement(test, "failure", message="; ".join(result.failures))
        failure.text = _lost(judged, result)
    now = f"{result.estimate.mean:.3f}" if result.estimate else "not measured"
    ElementTree.SubElement(test, "system-out").text = f"{now} {change_text(result)} ({gate_text(result)})"


def _wrong(judged: Judged) -> str:
    wrong = wrong_questions(judged.run)
    if judged.run.suite.held_back:
        return f"Not right: {held_back_note(len(wrong))}"
    rows = [f"{one.outcome.case.id} {one.outcome.case.question}\n  {wrong_text(one)}" for one in wrong]
    return printable("\n".join([f"Not right: {len(wrong)}", *rows]))


def _lost(judged: Judged, result: Result) -> str:
    lost = [change for change in judged.lost if result.metric in change.moved]
    if judged.run.suite.held_back:
        return held_back_note(len(lost))
    return "\n".join(
        printable(
            f"{c.outcome.case.id} {c.outcome.case.question}\n  {moved_text(c)}\n"
            f"  accepted: {c.before.answer}\n  now: {short_answer(c.outcome)}"
        )
        for c in lost
    )
