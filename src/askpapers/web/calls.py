"""What the page's script calls: papers, lists, exports, feedback. Takes what a browser sends, gives markup and JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from askpapers.corpus_paths import data_folder
from askpapers.errors import UsageError
from askpapers.export import content_of, kind_named, list_of
from askpapers.service.corpus_service import CorpusService
from askpapers.service.draft_checks import DraftChecks
from askpapers.service.evidence_tables import EvidenceTables
from askpapers.service.feedback import feedback_file, store_feedback
from askpapers.service.protocols import Protocols
from askpapers.web.additions import Additions, added_before, take_out
from askpapers.web.answers import near_miss_titles
from askpapers.web.answers import turn as turn_html
from askpapers.web.messages import (
    PapersRequest,
    QuotePlace,
    ScreeningFile,
    ScreeningStep,
    TableFile,
    Verbatim,
    file_reply,
    is_page_call,
    page_call,
    saved_reply,
)
from askpapers.web.papers import example_questions, gone, listed, overview_html, similar, source
from askpapers.web.rendering import Html, render, verbatim
from askpapers.web.screenings import Screenings
from askpapers.web.stored_turns import StoredTurn, parse_turn, serialize_turn
from askpapers.web.tables_and_drafts import wanted_table

_MOST_TURNS = 200
_SIMILAR = 8
_PAGE = 50  # papers of the list
_NEAREST = 20


class PageCalls:
    """What the page's script calls, each with one JSON value."""

    def __init__(self, service: CorpusService, *, writable: bool, protocols: Sequence[Path] = ()) -> None:
        """Serve the calls of one page; `writable`: whether papers, feedback and decisions are taken.

        `protocols` are files that can be screened by, besides those that are stored.
        """
        self.service = service
        self._writable = writable
        self.tables = EvidenceTables(service)
        self.drafts = DraftChecks(service)
        self.additions = Additions(service, writable=writable)
        stored = Protocols(data_folder(service.settings.corpus, "screenings", service.collection), protocols)
        self.screenings = Screenings(service, stored, writable=writable)
        self._overviewing = threading.Lock()

    def answer(self, name: str, body: bytes) -> dict[str, Any] | None:
        """The answer of the call of a name to JSON as it was sent; None where there is no such call."""
        call: Any = getattr(type(self), name, None)
        if not is_page_call(call):
            return None
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):
            sent = None
        answer: dict[str, Any] = call(self, sent)
        return answer

    @page_call
    def source(self, sent: QuotePlace) -> dict[str, Any]:
        """A paper with a quote highlighted in it."""
        paper = self.service.find(sent.paper)
        return {"html": source(paper, sent.quote, sent.start, sent.end) if paper else gone(sent.paper)}

    @page_call
    def restore(self, turns: list[Any]) -> dict[str, Any]:
        """The turns that a browser stored, as markup; one that cannot be read is None."""
        return {"turns": [self._restored(one) for one in turns[:_MOST_TURNS]]}

    @page_call
    def review(self, turn: Any) -> dict[str, Any]:
        """A stored survey after papers of it were rejected or taken back: its markup, and the turn to be stored."""
        stored = self._parsed(turn)
        return {"html": self._html(stored), "record": serialize_turn(stored)}

    @page_call
    def export(self, turns: list[Any], kind: str) -> dict[str, Any]:
        """Stored turns as a file: its name, its media type, and its text, or its bytes in base64."""
        as_kind, content = kind_named(kind), content_of([self._parsed(one).reviewed for one in turns])
        return file_reply(content.answers[0].question, as_kind, as_kind.bytes_of(content))

    @page_call
    def cite(self, paper: Verbatim, kind: str) -> dict[str, Any]:
        """One paper as a file for a reference manager."""
        as_kind, found = kind_named(kind), self.service.find(paper)
        if found is None:
            raise UsageError("The paper is no longer in this corpus.", hint="Reload the page.")
        return file_reply("paper", as_kind, as_kind.bytes_of(list_of([found])))

    @page_call
    def browse(self, sent: PapersRequest) -> dict[str, Any]:
        """The list of papers, and whether there are more; where no paper has the words, those nearest in meaning."""
        only, service = sent.within(), self.service
        papers = service.browse(sent.words, only, 0, sent.pages * _PAGE + 1)
        near = service.nearest(sent.words, _NEAREST, only) if sent.words and not papers else []
        more = len(papers) > sent.pages * _PAGE
        left_out = service.corpus.index.manifest.left_out_count
        note = left_out.note if left_out and not sent.words else ""
        if near:
            note = "No paper has all these words. The nearest in meaning:"
        return {"html": listed(near or papers[: sent.pages * _PAGE], more=more, note=note), "more": more}

    @page_call
    def table_file(self, sent: TableFile) -> dict[str, Any]:
        """A table as a file; what is on the page is remembered, so that nothing is read again."""
        kind = kind_named(sent.kind)
        return file_reply(sent.question or "table", kind, self.tables.file(wanted_table(sent), sent.kind))

    @page_call
    def draft_file(self, check: str, kind: str) -> dict[str, Any]:
        """A draft that was checked with comments in it, or the report of its check, as a file."""
        return saved_reply(*self.drafts.file(check, kind))

    @page_call
    def protocols(self) -> dict[str, Any]:
        """The protocols that can be chosen."""
        return {"html": render("protocols.html", names=self.screenings.names())}

    @page_call
    def protocol(self, name: Verbatim) -> dict[str, Any]:
        """The text of a protocol."""
        return {"text": self.screenings.text(name)}

    @page_call
    def rename_protocol(self, name: Verbatim, to: str) -> dict[str, Any]:
        """Give a protocol another name, which is given back."""
        return {"name": verbatim(self.screenings.rename(name, to))}

    @page_call
    def rename_reviewer(self, name: Verbatim, reviewer: str, to: str) -> dict[str, Any]:
        """Give a reviewer, and what they decided by a protocol, another name."""
        self.screenings.rename_reviewer(name, reviewer, to)
        return {}

    @page_call
    def delete_protocol(self, name: Verbatim) -> dict[str, Any]:
        """Put a protocol and its decisions away."""
        self.screenings.delete(name)
        return {}

    @page_call
    def screening_step(self, sent: ScreeningStep) -> dict[str, Any]:
        """A decision, or one taken back, and the paper after it."""
        return self.screenings.step(sent)

    @page_call
    def screening_file(self, sent: ScreeningFile) -> dict[str, Any]:
        """All papers of a screening with labels and reasons as a file."""
        content = self.screenings.file(sent)
        return file_reply(f"screening {sent.name.removesuffix('.md')}", kind_named(sent.kind), content)

    @page_call
    def feedback(self, turn: Any, thumb: str, comment: str = "") -> dict[str, Any]:
        """Store a thumb and a comment on a stored turn: on the answer as it was given."""
        self._check_writable("Feedback is off")
        judged = self._parsed(turn)
        file = feedback_file(self.service.settings.corpus, self.service.collection)
        store_feedback(file, judged.answer, thumb, comment, judged.name)
        return {"file": file.name}

    @page_call
    def overview(self) -> dict[str, Any]:
        """What the corpus is about; found for one page at a time, after which it is there for the others."""
        with self._overviewing:
            overview = self.service.overview()
        return {"html": overview_html(overview, example_questions(overview, self.service.find))}

    @page_call
    def similar(self, paper: Verbatim) -> dict[str, Any]:
        """The papers most similar to one of them."""
        return {"html": similar(self.service.similar(paper, _SIMILAR))}

    @page_call
    def added_before(self) -> dict[str, Any]:
        """The files that were added."""
        return {"html": added_before(self.service) if self._writable else ""}

    @page_call
    def cancel_adding(self, name: str) -> dict[str, Any]:
        """Stop an addition that is under way."""
        self.additions.cancel(name)
        return {}

    @page_call
    def remove_added(self, file: Verbatim) -> dict[str, Any]:
        """Take a file that was added out of the corpus."""
        self._check_writable("Removing papers is off")
        take_out(self.service, [file])
        return {}

    def _check_writable(self, what: str) -> None:
        if not self._writable:
            raise UsageError(f"{what}: this page has no login.", hint="Start it with --auth USER.")

    def _restored(self, one: Any) -> Html | None:
        try:
            return self._html(self._parsed(one))
        except UsageError:
            return None

    def _html(self, stored: StoredTurn) -> Html:
        return turn_html(stored, titles=near_miss_titles(stored.answer, self.service.find))

    def _parsed(self, one: Any) -> StoredTurn:
        return parse_turn(one, self.service.find)
