"""The report as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from askpapers.datatypes import Paper
from askpapers.errors import UsageError
from askpapers.evaluation.report.as_json import report_dict
from askpapers.evaluation.report.content import Report
from askpapers.evaluation.report.html import html_page
from askpapers.evaluation.report.junit import junit_report
from askpapers.evaluation.report.markdown import markdown_report


def write_reports(report: Report, papers: Mapping[str, Paper], folder: Path) -> None:
    """Write report.md, report.html, report.json and junit.xml. Raises UsageError where that cannot be done."""
    contents = {
        "report.md": markdown_report(report),
        "report.html": html_page(report, papers),
        "report.json": json.dumps(report_dict(report), ensure_ascii=False, indent=1) + "\n",
        "junit.xml": junit_report(report),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            (folder / name).write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"The report cannot be written to {folder}: {error.strerror}.", hint="Give another --report FOLDER."
        ) from error
