"""Ask questions of a corpus of paper abstracts; every sentence of an answer stands on a verbatim quote.

>>> from askpapers import open_corpus
>>> corpus = open_corpus("seeds")
>>> print(corpus.ask("which papers use RLHF?").text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from askpapers.contract import turn_of
from askpapers.datatypes import Answer, Citation, Filter, Paper, Quote, Statement, Status, Turn, Verdict
from askpapers.errors import AskPapersError

if TYPE_CHECKING:
    from askpapers.engine import Corpus, open_corpus

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AskPapersError",
    "Citation",
    "Corpus",
    "Filter",
    "Paper",
    "Quote",
    "Statement",
    "Status",
    "Turn",
    "Verdict",
    "open_corpus",
    "turn_of",
]


def __getattr__(name: str) -> Any:
    # The engine imports LlamaIndex and Chroma, which take seconds: only for those who use it.
    if name in ("Corpus", "open_corpus"):
        from askpapers import engine

        return getattr(engine, name)
    raise AttributeError(f"module 'askpapers' has no attribute {name!r}")
