"""Every error that a user can meet, in one tree.

    AskPapersError
    ├── UsageError            the request itself is wrong (exit code 2)
    │   └── ProtocolError         the protocol of a screening cannot be read
    ├── ScreeningError        a screening cannot go on: a seed is missing, a decision cannot be read or written
    ├── BusyError             the server has too much to do already; ask again later
    ├── OutputError           what was to be shown cannot be written
    ├── EmbedderError         the embedder gives no vectors
    ├── CorpusError           the corpus is missing, empty or cannot be read
    │   └── NoPapersError         there is no abstract in it
    ├── SourceError           a service that papers are fetched from cannot be reached or gives none
    └── IndexUnusableError           the index cannot be used as it is
        ├── IndexMismatchError    made by another embedder or another version
        ├── IndexDamagedError     files are missing or broken
        ├── VectorStoreError      a vector store on a server, or that a program gave, fails
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


class ProtocolError(UsageError):
    """The protocol of a screening cannot be read, or says what cannot be meant; the message has file and line."""


class ScreeningError(AskPapersError):
    """A screening cannot go on: a known paper is missing or excluded, or decisions cannot be read or written."""


class BusyError(AskPapersError):
    """So many wait already ("32 questions") that this one is not taken. `retry_after` is in seconds."""

    def __init__(self, waiting: str, retry_after: int) -> None:
        super().__init__(f"{waiting} are waiting here already.", hint=f"Ask again in {retry_after} seconds.")
        self.retry_after = retry_after


class OutputError(AskPapersError):
    """Standard output is closed, or what it leads to is full."""


class OptionalDependencyError(AskPapersError):
    """An extra that was not installed is needed for what was asked."""


class EmbedderError(AskPapersError):
    """The embedder cannot be reached, has no such model, or gives no vectors."""


class CorpusError(AskPapersError):
    """The corpus is missing, empty, or holds something that cannot be read."""


class NoPapersError(CorpusError):
    """The files of the corpus can be read, and there is no abstract in them."""


class SourceError(AskPapersError):
    """A service that papers are fetched from cannot be reached, is busy, or sends what is no reply."""


class IndexUnusableError(AskPapersError):
    """The index cannot be used as it is."""


class IndexMismatchError(IndexUnusableError):
    """The index was made by another embedder or by another version of the index format."""


class IndexDamagedError(IndexUnusableError):
    """Files of the index are missing or broken."""


class VectorStoreError(IndexUnusableError):
    """A vector store of the passages fails: one on a server, or one that a program gave."""


class IndexWriteError(IndexUnusableError):
    """The index could not be written: no space left, no permission, or another writer holds it."""


class ModelError(AskPapersError):
    """The language model gave no usable answer.

    `attempts` is how often a request is made in all when it fails so; `wait` the seconds that the server asks
    to be left alone, where it does.
    """

    attempts = 1

    def __init__(self, message: str, *, hint: str, wait: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.wait = wait


class ModelUnreachableError(ModelError):
    """There is no connection to the server: refused, an unknown name, TLS."""

    attempts = 3


class ModelSilentError(ModelError):
    """The server accepted the request and sent nothing for too long."""

    attempts = 2


class ModelBusyError(ModelError):
    """The server limits the rate of requests, or is overloaded or failing for now."""

    attempts = 4


class ModelBrokenError(ModelError):
    """What the server sent is no answer: garbage, nothing at all, or a stream that stops half-way."""

    attempts = 2


class ModelDeniedError(ModelError):
    """The server does not let the request through: no key or a wrong one, no permission, no credit."""


class ModelUnknownError(ModelError):
    """The server does not have the model, or the address is not that of a model server."""


class ModelRequestError(ModelError):
    """The server does not take the request as it is."""


class ModelCutShortError(ModelError):
    """The answer reached the limit of its length before its first sentence ended."""


class ModelRefusedError(ModelError):
    """The model, or a filter in front of it, declined to answer."""


class ModelUnsupportedError(ModelError):
    """The model answered, and the papers support nothing of what it wrote."""


class ModelDeclinedError(ModelError):
    """The model says that the papers do not answer, where sentences of theirs are likely to."""


class ContextOverflowError(ModelError):
    """The request is longer than the model's context: `size` tokens, where the server says so."""

    def __init__(self, message: str, *, hint: str, size: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.size = size


class ReplayError(AskPapersError):
    """A recording of model traffic cannot be read, or holds no answer to a request."""
