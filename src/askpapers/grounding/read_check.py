"""A support check by a reader: its probability of support decides, the exact checks only name what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askpapers.datatypes import Verdict
from askpapers.grounding.support import Support, SupportCheck, find_faults, is_verbatim
from askpapers.reading.protocol import Pair, Probabilities, SupportLabel, SupportReader

_SUPPORTED = 0.5
_PARTLY_SUPPORTED = 0.2


class ReadingCheck(SupportCheck, SupportReader, Protocol):
    """A check that reads with a model, and gives what that reads, too."""


class ReaderCheck:
    """Checks a statement with a `SupportReader`.

    A statement is supported from a probability of `supported`, partly from `partly_supported`; one that stands in its
    source word for word is supported without a look at the model.
    """

    def __init__(
        self, reader: SupportReader, supported: float = _SUPPORTED, partly_supported: float = _PARTLY_SUPPORTED
    ) -> None:
        self._reader = reader
        self._supported = supported
        self._partly_supported = partly_supported

    def __call__(self, statement: str, source: str) -> Support:
        """Say how far the source supports the statement; the score is the reader's probability that it does."""
        if is_verbatim(statement, source):
            return Support(Verdict.SUPPORTED, 1.0)
        if not statement.strip() or not source.strip():
            return Support(Verdict.UNSUPPORTED, 0.0)
        score = float(self._reader.support([(statement, source)])[0, SupportLabel.SUPPORTED])
        if score >= self._supported:
            return Support(Verdict.SUPPORTED, score)
        verdict = Verdict.PARTIAL if score >= self._partly_supported else Verdict.UNSUPPORTED
        return Support(verdict, score, find_faults(statement, source).missing)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `SupportReader.support`."""
        return self._reader.support(pairs)
