"""The models in the package: Ctrl-C while their library is loaded."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from askpapers.embedded import EmbeddedModel


@pytest.mark.parametrize(("cause", "raised"), [(KeyboardInterrupt(), KeyboardInterrupt), (OSError(), ImportError)])
def test_an_interrupt_while_the_library_is_loaded_is_none_of_its_errors(
    cause: BaseException, raised: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = builtins.__import__

    def fails(name: str, *arguments: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError("initialization failed") from cause
        return imported(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", fails)
    with pytest.raises(raised):
        _ = EmbeddedModel("minilm")._session  # `run` of the tests has loaded it once for all
