"""Ask questions of a corpus of paper abstracts; every sentence of an answer stands on a verbatim quote.

>>> from askpapers import open_corpus
>>> corpus = open_corpus("seeds")
>>> print(corpus.ask("which papers use RLHF?").text)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askpapers.contract import turn_of
    from askpapers.datatypes import Answer, Citation, Filter, Paper, Quote, Statement, Status, Turn, Verdict
    from askpapers.engine import Corpus, open_corpus
    from askpapers.errors import AskPapersError

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
    # Each from where it is, when it is asked for: the engine imports LlamaIndex and Chroma, which takes seconds, and
    # the client of the process in the background can do without all of them.
    if name not in __all__:
        raise AttributeError(f"module 'askpapers' has no attribute {name!r}")
    if name in ("Corpus", "open_corpus"):
        return getattr(importlib.import_module("askpapers.engine"), name)
    if name == "turn_of":
        return getattr(importlib.import_module("askpapers.contract"), name)
    if name == "AskPapersError":
        return getattr(importlib.import_module("askpapers.errors"), name)
    return getattr(importlib.import_module("askpapers.datatypes"), name)
