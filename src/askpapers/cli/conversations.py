"""The last conversation at the terminal, kept for `ask --continue`: one for each corpus, for its user alone.

It stands in the user's state folder as JSON, the last turns of it only, and is readable by nobody else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from askpapers.contract import read_turn, turn_dict
from askpapers.datatypes import Turn
from askpapers.errors import UsageError
from askpapers.settings import Settings, state_folder

MOST_TURNS = 12
_LONGEST_ANSWER = 2_000  # characters
_SCHEMA = 1


class LastConversation:
    """The file of the last conversation about a corpus."""

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        """Keep the conversation about the corpus of these settings in a folder."""
        paths = "\0".join(str(root.resolve()) for root in settings.corpus)
        name = hashlib.sha256(paths.encode(errors="surrogateescape")).hexdigest()[:16]
        self.file = (folder or state_folder()) / "conversations" / f"{name}.json"

    def read(self) -> tuple[Turn, ...]:
        """Its turns. Raises UsageError where there are none, and where they cannot be read."""
        try:
            content = json.loads(self.file.read_text(encoding="utf-8"))
            if content["schema"] != _SCHEMA:
                raise ValueError("another version wrote it")
            turns = tuple(map(read_turn, content["turns"]))
        except FileNotFoundError:
            turns = ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            hint = "Ask a question without --continue: it begins a new one."
            raise UsageError(f"The last conversation ({self.file}) cannot be read.", hint=hint) from error
        if not turns:
            hint = 'Begin one: ask "which papers use RLHF?"'
            raise UsageError("There is no conversation about this corpus to continue.", hint=hint)
        return turns

    def write(self, turns: Sequence[Turn]) -> None:
        """Keep the last turns. A folder that cannot be written to costs the conversation, not the answer."""
        last = [turn_dict(replace(turn, answer=turn.answer[:_LONGEST_ANSWER])) for turn in turns[-MOST_TURNS:]]
        beside = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.touch(mode=0o600)
            beside.write_text(json.dumps({"schema": _SCHEMA, "turns": last}, ensure_ascii=False), encoding="utf-8")
            beside.replace(self.file)
        except (OSError, UnicodeError):
            with suppress(OSError):
                beside.unlink()
