"""What readers think of answers: a line of JSON for each thumb, in the user's data folder, for `ask eval add`."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from askpapers.contract import answer_dict
from askpapers.corpus_paths import data_folder
from askpapers.datatypes import Answer
from askpapers.errors import AskPapersError, UsageError

LONGEST_COMMENT = 2_000
_LARGEST = 50_000_000  # bytes of one file: a stranger cannot fill the disk
_writing = threading.Lock()


def feedback_file(roots: Sequence[Path], collection: str = "") -> Path:
    """Where the feedback on a corpus is kept."""
    folder = data_folder(roots, "feedback", collection)
    return folder.with_name(f"{folder.name}.jsonl")


def store_feedback(file: Path, answer: Answer, thumb: str, comment: str, turn: str = "") -> None:
    """Append one judgement: the question, the whole answer, "up" or "down", a comment, the time, the turn's name.

    A later line of the same turn replaces the earlier ones: a thumb counts at once, and its comment comes after it.

    Raises UsageError for another thumb or a comment that is too long, AskPapersError when it cannot be written.
    """
    if thumb not in ("up", "down"):
        raise UsageError("A thumb is up or down.", hint="Send one of the two.")
    if len(comment) > LONGEST_COMMENT:
        raise UsageError("The comment is too long.", hint=f"Keep it under {LONGEST_COMMENT:,} characters.")
    line = json.dumps(
        {
            "question": answer.question,
            "answer": answer_dict(answer),
            "thumb": thumb,
            "comment": comment,
            "turn": turn,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        ensure_ascii=False,
    )
    try:
        with _writing:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists() and file.stat().st_size > _LARGEST:
                raise AskPapersError("There is too much feedback already.", hint=f"Move {file.name} away.")
            _append(file, line.encode("utf-8", "replace") + b"\n")
    except OSError as error:
        raise AskPapersError(
            f"The feedback cannot be written: {error.strerror}.", hint="Check the user's data folder."
        ) from error


def _append(file: Path, line: bytes) -> None:
    """Append a line in one step, behind one that a crash has cut short; take it back where it finds no room."""
    with file.open("a+b", buffering=0) as lines:
        size = lines.seek(0, os.SEEK_END)
        if size:
            lines.seek(-1, os.SEEK_END)
            line = line if lines.read(1) == b"\n" else b"\n" + line
        if (written := lines.write(line)) != len(line):
            lines.truncate(size)
            raise OSError(errno.ENOSPC, f"No space left after {written or 0:,} bytes")
