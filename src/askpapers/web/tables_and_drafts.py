"""Evidence tables and checks of drafts on the page: how far they are, and what came of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from pathlib import Path

from askpapers.datatypes import Quote
from askpapers.drafts.annotate import COMMENTED
from askpapers.drafts.findings import CheckedSentence, Finding
from askpapers.drafts.report import LABELS, quote_label, remarks
from askpapers.export.evidence import BLANK_SIGN, TABLE_KINDS, summary_of
from askpapers.service.corpus_service import CorpusService
from askpapers.service.draft_checks import SUFFIXES, CheckedDraft, DraftChecks
from askpapers.service.evidence_tables import EvidenceTables, RequestedTable
from askpapers.service.questions import within
from askpapers.tables.table import EvidenceTable
from askpapers.web.messages import TableRequest
from askpapers.web.rendering import Html, render
from askpapers.web.work_queue import updates

_LONGEST = 90  # characters of a sentence that needs no look


def table_updates(service: CorpusService, tables: EvidenceTables, wanted: RequestedTable) -> AsyncGenerator[Html, None]:
    """How far a table is, then the table; or why there is none."""
    return updates(service, partial(tables.start, wanted), lambda table: _table_html(table, wanted))


def wanted_table(sent: TableRequest) -> RequestedTable:
    """The table that the page asks for: without a question, of all papers that it is restricted to."""
    return RequestedTable(sent.question, sent.columns, everything=not sent.question.strip(), within=within(sent.papers))


def request_json(wanted: RequestedTable) -> str:
    """What the page sends to have the table again: JSON."""
    papers = tuple(sorted(wanted.within.papers))
    sent = TableRequest.model_construct(question=wanted.question, columns=wanted.columns, papers=papers)
    return sent.model_dump_json()


def _table_html(table: EvidenceTable, wanted: RequestedTable) -> Html:
    return render(
        "table.html",
        table=table,
        summary=summary_of(table),
        request=request_json(wanted),
        blank_sign=BLANK_SIGN,
        kinds=[(kind, one.kind.label) for kind, one in TABLE_KINDS.items()],
    )


def check_updates(
    service: CorpusService, checks: DraftChecks, files: Sequence[Path], pasted: str
) -> AsyncGenerator[Html, None]:
    """How far the check of a draft is, then what it found; or why there is none."""

    def show(checked: CheckedDraft) -> Html:
        return _check_html(checked, len(service.corpus.index.papers), checks.remember(checked))

    return updates(service, partial(checks.start, files, pasted), show)


def _check_html(checked: CheckedDraft, papers: int, key: str) -> Html:
    check = checked.check
    kinds = [("html", "Report (HTML)"), ("json", "JSON")]
    if check.draft.format in COMMENTED:  # plain text has no comments
        kinds.insert(0, ("draft", f"The draft with comments ({SUFFIXES[check.draft.format]})"))
    return render(
        "check.html",
        check=check,
        papers=papers,
        key=key,
        counts=[(finding, count) for finding, count in check.counts.items() if count],
        kinds=kinds,
        fine=[_line(sentence) for sentence in check.sentences if not sentence.is_problem],
        passed_over=", ".join(f"{count:,} {reason}" for reason, count in check.passed_over.items()),
        labels=LABELS,
        remarks=remarks,
        quote_label=quote_label,
    )


def _line(sentence: CheckedSentence) -> tuple[CheckedSentence, str, Quote | None]:
    """A sentence that needs no look, its first words, and the first quote where papers say it."""
    words = " ".join(sentence.text.split())
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …"
    quotes = [quote for part in sentence.parts for quote in part.quotes]
    return sentence, words, quotes[0] if quotes and sentence.finding is Finding.SUPPORTED else None
