"""Every error that a user can meet, in one tree.

    AskPapersError
    ├── UsageError            the request itself is wrong (exit code 2)
    ├── CorpusError           the corpus is missing, empty or cannot be read
    └── IndexUnusableError           the index cannot be used as it is
        ├── IndexMismatchError    made by another embedder or another version
        ├── IndexDamagedError     files are missing or broken
        └── IndexWriteError       the disk is full, or the folder cannot be written

An error says what happened (`str(error)`) and what to do about it (`error.hint`). Programming errors are
not wrapped: they surface as they are.
"""

from __future__ import annotations


class AskPapersError(Exception):
    """Base of every error that is shown to the user as two lines instead of a traceback."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(AskPapersError):
    """The request itself is wrong: an empty question, an unknown paper, a bad setting."""

    exit_code = 2


class CorpusError(AskPapersError):
    """The corpus is missing, empty, or holds something that cannot be read."""


class IndexUnusableError(AskPapersError):
    """The index cannot be used as it is."""


class IndexMismatchError(IndexUnusableError):
    """The index was made by another embedder or by another version of the index format."""


class IndexDamagedError(IndexUnusableError):
    """Files of the index are missing or broken."""


class IndexWriteError(IndexUnusableError):
    """The index could not be written: no space left, no permission, or another writer holds it."""
