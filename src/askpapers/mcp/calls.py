"""The work behind the MCP tools: each call is begun on a worker, and ends with the reply of the tool."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from askpapers.datatypes import Answer
from askpapers.drafts.findings import DraftCheck
from askpapers.errors import UsageError
from askpapers.events import Finished
from askpapers.mcp.replies import answer_reply, check_reply, paper_reply, table_reply
from askpapers.progress import Progress
from askpapers.service.corpus_service import CorpusService
from askpapers.service.draft_checks import DraftChecks
from askpapers.service.evidence_tables import EvidenceTables, RequestedTable, RowFiller
from askpapers.service.questions import Question
from askpapers.service.recent import Recent
from askpapers.service.work import Work
from askpapers.tables.opening import BegunTable
from askpapers.tables.table import Row

_LINE = "mcp"
_REMEMBERED = 8


class ToolCalls:
    """Begins what the tools are called for, over one service. The last results are remembered for their next pages."""

    def __init__(self, service: CorpusService) -> None:
        """Work for a service; nothing is remembered yet."""
        self._service = service
        self._tables = EvidenceTables(service)
        self._checks = DraftChecks(service)
        self._recent: Recent[Hashable, Any] = Recent(_REMEMBERED)

    def answer(self, question: Question, offset: int) -> Work[Any]:
        """Begin to answer a question; the last thing that the work gives is the reply. Raises BusyError."""

        def stream(progress: Progress) -> Iterator[Any]:
            answer: Answer | None = self._known(question, offset)
            if answer is None:
                for event in self._service.events(question, progress):
                    if isinstance(event, Finished):
                        answer = self._remember(question, event.answer)
                    yield event
            assert answer is not None
            yield answer_reply(answer, offset)

        return self._start(stream)

    def table(self, wanted: RequestedTable, offset: int) -> Work[Any]:
        """Begin a page of a table: only its rows are filled. Raises BusyError."""

        def stream(progress: Progress) -> Iterator[Any]:
            begun: BegunTable | None = self._known(wanted, offset)
            if begun is None:
                begun = self._remember(wanted, self._tables.begin(wanted, progress))
            filler = self._tables.filler(begun.table.columns)
            reply = table_reply(begun, filler.made_by, rows(begun, filler, progress), offset)
            yield {**reply, "notes": [*reply["notes"], *filler.notes]}

        def rows(begun: BegunTable, filler: RowFiller, progress: Progress) -> Iterator[Row]:
            for number in range(offset, len(begun.papers)):
                progress("Filling the table", number, len(begun.papers))
                yield filler.row(begun.papers[number])

        return self._start(stream)

    def check(self, draft: str, bibliography: str, offset: int) -> Work[Any]:
        """Begin to check a draft's text, with a bibliography in BibTeX or "". Raises BusyError and UsageError."""
        if not draft.strip():
            raise UsageError("The draft is empty.", hint="Give its text: Markdown or LaTeX.")

        def stream(progress: Progress) -> Iterator[Any]:
            check: DraftCheck | None = self._known((draft, bibliography), offset)
            if check is None:
                with TemporaryDirectory(prefix="askpapers-") as folder:
                    files = [Path(folder, "bibliography.bib")] if bibliography.strip() else []
                    for file in files:
                        file.write_text(bibliography, encoding="utf-8", errors="replace")
                    check = self._checks.checked(files, draft, progress).check
                self._remember((draft, bibliography), check)
            yield check_reply(check, offset)

        return self._start(stream)

    def paper(self, name: str, offset: int) -> Work[dict[str, Any]]:
        """Begin to look up a paper by any of its ids. Raises BusyError."""

        def found() -> dict[str, Any]:
            if (paper := self._service.find(name)) is None:
                raise UsageError(f"No paper has the id “{name}”.", hint="The replies of ask and survey have the ids.")
            return paper_reply(paper, offset)

        return self._service.look_up(found, _LINE)

    def _start(self, stream: Any) -> Work[Any]:
        return self._service.answering.start(stream, _LINE)

    def _known(self, asked: Hashable, offset: int) -> Any:
        """The result that a next page is of; None for a first page, which is always made anew."""
        return self._recent.get(self._key(asked)) if offset else None

    def _remember(self, asked: Hashable, result: Any) -> Any:
        return self._recent.put(self._key(asked), result)

    def _key(self, asked: Hashable) -> Hashable:
        return asked, self._service.corpus.index.manifest.index
