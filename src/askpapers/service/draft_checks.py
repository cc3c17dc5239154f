"""Checks of drafts, and the files that are saved of them: the last ones are remembered."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askpapers.drafts.annotate import annotated
from askpapers.drafts.checking import check_draft
from askpapers.drafts.findings import DraftCheck
from askpapers.drafts.reading import read_draft
from askpapers.drafts.report import check_dict, html_page
from askpapers.errors import UsageError
from askpapers.export.json_files import json_text
from askpapers.progress import Progress
from askpapers.service.corpus_service import CorpusService
from askpapers.service.recent import Recent
from askpapers.service.work import Work

PASTED = "The pasted text"
_BIBLIOGRAPHIES = (".bib", ".bbl", ".json")
_MOST, _MOST_BYTES = 16, 50_000_000  # checks that are remembered, and bytes of their drafts
SUFFIXES = {"markdown": ".md", "latex": ".tex", "docx": ".docx"}


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A check, and what its draft was read from."""

    check: DraftCheck
    content: bytes

    def file(self, kind: str) -> tuple[str, bytes]:
        """A file to save, as `ask check` writes it: its name and content. Raises UsageError for no kind of file.

        `kind` is "html" or "json" for the report, "draft" for a copy of the draft with comments.
        """
        draft = self.check.draft
        stem, suffix = Path(draft.name).stem, Path(draft.name).suffix
        if draft.name == PASTED:
            stem, suffix = "draft", SUFFIXES.get(draft.format, "")
        match kind:
            case "html":
                return f"{stem}-check.html", html_page(self.check).encode(errors="replace")
            case "json":
                return f"{stem}-check.json", json_text(check_dict(self.check)).encode(errors="replace")
            case "draft":
                return f"{stem}-checked{suffix}", annotated(self.check, self.content)
        raise UsageError(f"“{kind}” is no kind of file here.", hint="Known: html, json, draft.")


class DraftChecks:
    """Checks drafts against the corpus of a service. The last ones can be saved, by whoever has the key of one."""

    def __init__(self, service: CorpusService) -> None:
        """Check what a service's corpus says; nothing is remembered yet."""
        self._service = service
        self._recent: Recent[str, CheckedDraft] = Recent(_MOST, _MOST_BYTES, lambda checked: len(checked.content))

    def start(self, files: Sequence[Path], pasted: str) -> Work[CheckedDraft]:
        """Begin to check a draft; the last thing that the work gives is the check. Raises BusyError."""
        return self._service.answering.start(lambda progress: iter([self.checked(files, pasted, progress)]), "check")

    def file(self, key: str, kind: str) -> tuple[str, bytes]:
        """A file of a check that is remembered; see `CheckedDraft.file`. Raises UsageError where it is not."""
        if (checked := self._recent.get(key)) is None:
            raise UsageError("This check is not remembered any more.", hint="Check the draft again.")
        return checked.file(kind)

    def remember(self, checked: CheckedDraft) -> str:
        """Remember a check in place of the oldest; the key by which it is found cannot be guessed."""
        key = secrets.token_urlsafe()
        self._recent.put(key, checked)
        return key

    def checked(self, paths: Sequence[Path], pasted: str, progress: Progress) -> CheckedDraft:
        """Check a draft: a pasted text, or the one file beside bibliographies, files named as strangers may see them.

        Raises UsageError where there is no draft or more than one, and what `read_draft` raises.
        """
        bibliographies = [path for path in paths if path.suffix.lower() in _BIBLIOGRAPHIES]
        drafts = [path for path in paths if path not in bibliographies]
        if len(drafts) + bool(pasted.strip()) != 1:
            raise UsageError(
                "There is no draft." if not drafts else "There is more than one draft.",
                hint="Give one: a file, or a pasted text; bibliographies (.bib, .bbl, CSL JSON) may come with it.",
            )
        name, content = (
            (drafts[0].name, drafts[0].read_bytes()) if drafts else (PASTED, pasted.encode(errors="replace"))
        )
        corpus = self._service.opened(progress)
        draft = read_draft(name, content, None, bibliographies)
        check = check_draft(draft, corpus.index, corpus.embedder, corpus.support_check, progress)
        return CheckedDraft(replace(check, sentences=self._service.paths.shown(check.sentences)), content)
