"""Screening on the page: papers are judged on the workers, decided one by one, and saved with labels and reasons.

Decisions go to the file beside the protocol that `ask screen` adds to, so that page and terminal see each other's.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from askpapers.errors import UsageError
from askpapers.export.screening import SCREENING_KINDS
from askpapers.keyed_lines import key_of
from askpapers.progress import Progress
from askpapers.reading.support_model import SupportModel
from askpapers.screening.decisions import DecisionLog, decisions_file
from askpapers.screening.opening import open_screening
from askpapers.screening.report import report
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Screening, Task
from askpapers.screening.verdicts import Stage
from askpapers.service.corpus_service import CorpusService
from askpapers.service.protocols import NameTakenError, Protocols
from askpapers.service.work import Work
from askpapers.web.messages import ScreeningFile, ScreeningOnPage, ScreeningStep
from askpapers.web.rendering import Html
from askpapers.web.screening_steps import ScreeningView, described, failed_html, now_html, screening_html, take_step
from askpapers.web.work_queue import updates

OFF = "Screening is off: this page is served to a network without a login. Start it with --auth USER."
_MOST_OPEN = 4  # screenings whose papers and ranking stay in memory
_CHANGED = "The protocol or the papers have changed since this was opened."


@dataclass(frozen=True, slots=True)
class _OpenScreening:
    """A screening that is open; `version` names its protocol, papers and judge."""

    screening: Screening
    version: str
    lock: threading.Lock = field(default_factory=threading.Lock)


class Screenings:
    """The screenings of a service's corpus."""

    def __init__(self, service: CorpusService, protocols: Protocols, *, writable: bool) -> None:
        """Screen by some protocols; where it is not `writable` nothing is screened."""
        self._service = service
        self._protocols = protocols
        self._writable = writable
        self._reader = SupportModel()
        self._open: dict[str, _OpenScreening] = {}
        self._opening = threading.Lock()

    @property
    def why_not(self) -> str:
        """Why nothing can be screened here, or ""."""
        return "" if self._writable else OFF

    def names(self) -> dict[str, bool]:
        """The protocols that can be chosen, see `Protocols.names`."""
        return self._protocols.names() if self._writable else {}

    def text(self, name: str) -> str:
        """The text of a protocol. Raises UsageError and ProtocolError."""
        return self._allowed().text(name)

    def rename(self, name: str, to: str) -> str:
        """Give a stored protocol another name, its decisions with it. Raises UsageError and ScreeningError."""
        with self._closed(name) as protocols:
            return protocols.rename(name, to)

    def rename_reviewer(self, name: str, reviewer: str, to: str) -> None:
        """Give a reviewer by a protocol another name. Raises UsageError and ScreeningError."""
        with self._closed(name) as protocols:
            DecisionLog(decisions_file(protocols.file(name))).rename(reviewer, to)

    def delete(self, name: str) -> None:
        """Put a stored protocol and its decisions away. Raises UsageError and ScreeningError."""
        with self._closed(name) as protocols:
            protocols.delete(name)

    def shown(self, name: str, text: str, reviewer: str = "") -> AsyncGenerator[Html, None]:
        """How far judging is, then the first paper to decide on; or why there is none."""
        stored, taken = name, ""

        def begin() -> Work[ScreeningView]:
            nonlocal stored, taken
            try:
                stored = self._allowed().store(name, text)
            except NameTakenError as error:
                taken = error.name
                raise
            return self._service.answering.start(
                lambda progress: iter([self.begin(stored, progress, reviewer)]), "screen"
            )

        def fail(what: str, hint: str) -> Html:
            return failed_html(what, hint, text, stored, taken)

        return updates(self._service, begin, screening_html, fail)

    def begin(self, name: str, progress: Progress, reviewer: str = "") -> ScreeningView:
        """Judge the papers that are not yet by a protocol, and show the first to decide on.

        Papers that may be the same come before. Raises UsageError, ProtocolError, ScreeningError where a known paper is
        missing, and ModelError.
        """
        one = self._opened(name)
        while not one.lock.acquire(timeout=0.2):
            progress("Another window judges these papers", 0, None)
        try:
            one.screening.log.refresh()
            screening = one.screening.doing(Task(one.screening.log.reviewer(reviewer)))
            screening.excluded_seed()  # a known paper that is missing stops it before all are judged
            screening.judged.judge_all(progress)
            progress("Ranking", 0, None)
            screening.judged.prepare_ranking()
            if screening.possible_duplicates():
                screening = screening.doing(replace(screening.task, stage=Stage.DUPLICATES))
            return self._view(name, one.version, screening)
        finally:
            one.lock.release()

    def step(self, sent: ScreeningStep) -> dict[str, Any]:
        """Decide on a paper or take the last decision back; the paper after it as markup, and what was done.

        Nothing is done where another window or a terminal decided meanwhile: the page says so, and shows what is.
        Raises UsageError where the protocol or the papers have changed, ScreeningError where nothing can be written.
        """
        with self._held(sent) as held:
            screening, first, said = take_step(held, sent)
            view = self._view(sent.name, sent.version, screening, first=first, said=said)
            return {"html": now_html(view), "said": view.said}

    def file(self, sent: ScreeningFile) -> str | bytes:
        """The papers with labels and reasons as a file, as the reviewer sees them. Raises what `step` does."""
        _, write = SCREENING_KINDS[sent.kind]
        with self._held(sent) as screening:
            papers = [*map(self._service.paths.shown, (*screening.papers(), *screening.removed()))]
        return write(papers)

    def _allowed(self) -> Protocols:
        if not self._writable:
            raise UsageError(OFF.partition(". ")[0] + ".", hint="Start it with --auth USER.")
        return self._protocols

    def _version(self, name: str) -> str:
        corpus = self._service.corpus
        return key_of((self._allowed().text(name), corpus.index.manifest.index, self._service.settings.model.spec))

    def _opened(self, name: str) -> _OpenScreening:
        """The screening by a protocol, opened anew where protocol or papers have changed; the oldest is closed."""
        with self._opening:
            version = self._version(name)
            one = self._open.pop(name, None)
            if one is None or one.version != version:
                protocols, service = self._allowed(), self._service
                log = DecisionLog(decisions_file(protocols.file(name)))
                read = protocols.protocol(name)
                one = _OpenScreening(open_screening(read, log, service.corpus, service.settings, self._reader), version)
            self._open[name] = one
            while len(self._open) > _MOST_OPEN:
                del self._open[next(iter(self._open))]
            return one

    @contextmanager
    def _held(self, sent: ScreeningOnPage) -> Iterator[Screening]:
        """The screening that a page shows, with the decisions of others. Raises UsageError where it has changed."""
        with self._opening:
            one = self._open.get(sent.name)
        if one is None or not one.version == sent.version == self._version(sent.name):
            raise UsageError(_CHANGED, hint="Press Screen again: what was decided is there.")
        with one.lock:
            log = one.screening.log
            log.refresh()
            who = log.reviewer(sent.reviewer)
            yield one.screening.doing(Task(who, sent.stage, sent.consensus, sent.recheck, blind=not sent.unblind))

    @contextmanager
    def _closed(self, name: str) -> Iterator[Protocols]:
        """The protocols while none screens by the one of a name. Raises UsageError while papers are judged by it."""
        with self._opening:
            one = self._open.get(name)
            if one and not one.lock.acquire(timeout=1):
                raise UsageError(f"Papers are judged by {name} just now.", hint="Wait, or stop it.")
            try:
                yield self._allowed()
                self._open.pop(name, None)
            finally:
                if one:
                    one.lock.release()

    def _view(
        self, name: str, version: str, screening: Screening, *, first: ScreenedPaper | None = None, said: str = ""
    ) -> ScreeningView:
        """A screening as it is: first what was just taken back, then known papers that are excluded, then the queue."""
        task, found = screening.task, report(screening)
        pairs = screening.possible_duplicates()
        is_screening = task.stage is not Stage.DUPLICATES
        queue = screening.queue() if is_screening else []
        excluded = screening.excluded_seed() if task.stage is Stage.ABSTRACT and not task.consensus else None
        ahead = [paper for paper in (first, excluded and excluded[1]) if paper]
        left = screening.sample(1) if task.recheck else [*ahead, *queue]
        last = screening.log.last_of(task.reviewer)
        return ScreeningView(
            name=name,
            version=version,
            command=self._protocols.command(name)
            + (f" --reviewer {shlex.quote(task.reviewer)}" if task.reviewer else ""),
            protocol=screening.protocol,
            task=task,
            reviewers=screening.log.reviewers,
            paper=left[0] if left and is_screening else None,
            pair=None if is_screening or not pairs else pairs[0],
            left=len(queue) if is_screening else len(pairs),
            pairs=len(pairs),
            last=last,
            report=found,
            said=said or (f"Last: {described(last)}." if last else ""),
            notes=tuple(
                map(
                    self._service.paths.redacted,
                    filter(None, (*screening.notes, screening.log.note_of_new(task.reviewer))),
                )
            ),
        )
