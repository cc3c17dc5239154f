"""The support check by its name: the fitted one that ships, or a model of the user's own."""

from __future__ import annotations

from askpapers.errors import UsageError
from askpapers.grounding.fitted import FittedCheck
from askpapers.grounding.read_check import ReaderCheck, ReadingCheck
from askpapers.index.embedder import Embedder, MiniLM
from askpapers.reading.own_model import OwnModel

FITTED = "fitted"
_NLI = "nli:"


def open_check(name: str, embedder: Embedder | None = None) -> ReadingCheck:
    """The check called "fitted", or "nli:MODEL" with a folder or a hub's name; raises UsageError for another name.

    The fitted check shares `embedder` where that is the embedded model, which its fit was made with. Raises
    OptionalDependencyError where the extra `nli` is not installed.
    """
    if name == FITTED:
        return FittedCheck(embedder.embed if isinstance(embedder, MiniLM) else None)
    if name.startswith(_NLI) and (model := name.removeprefix(_NLI)):
        reader = OwnModel(model)
        reader.support([])  # a model that does not read support is refused here, not at the first answer
        return ReaderCheck(reader)
    raise UsageError(f"“{name}” is no support check.", hint="Write fitted, or nli:MODEL with a folder or a hub's name.")
