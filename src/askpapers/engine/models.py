"""The language models that an opened corpus may answer with: which is chosen, opened when it is first asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askpapers.errors import ModelError
from askpapers.llm.spec import Kind, Spec, read_spec
from askpapers.prompts import Prompts, load_prompts
from askpapers.settings import WITHOUT, ModelSettings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from askpapers.llm.model import Model


LOCAL_EVIDENCE = 1_000
"""Tokens of papers that a model on this machine is shown at a time: some ten seconds of reading on two processors."""


class Models:
    """Models by name, each opened once. The libraries that reach them are loaded with the first."""

    def __init__(self, settings: ModelSettings, llm: LLM | None = None) -> None:
        """Choose by settings, or the given model where no name is given.

        Raises UsageError for a name that is none and for prompts that cannot be used.
        """
        self._settings = settings
        self._given = _open_given(llm, settings) if llm else None
        self._spec = self._given.spec if self._given else read_spec(settings.spec, settings.base_url)
        self._open: dict[Spec, Model] = {}
        self.prompts: Prompts = load_prompts(settings.prompts)
        self.fallback = settings.fallback
        self.judges = settings.judges

    def choose(self, name: str | None) -> Model | None:
        """The model of a name, or the one that is set; None for answering without. Raises UsageError, ModelError."""
        if self._given and name in (None, str(self._given.spec)):
            return self._given
        spec = self._spec if name is None else read_spec(name, self._settings.base_url)
        if spec is None:
            return None
        if spec not in self._open:
            from askpapers.llm.model import open_model

            files = {f"prompts/{file}": digest for file, digest in self.prompts.of_files.items()}
            made_of = {"llm": str(spec), "prompts": self.prompts.sha256, **files}
            self._open[spec] = open_model(spec, self._settings, made_of)
        return self._open[spec]

    def evidence(self, model: Model) -> int | None:
        """How many tokens of papers a model is shown at a time at most; None for as many as fit into its context."""
        return self._settings.evidence or (LOCAL_EVIDENCE if model.spec.is_local else None)

    def offered(self) -> list[str]:
        """The names to choose from: what is set, then what its server offers besides, then none at all.

        A server of one's own is asked; OpenAI is not, whose list is long and mostly not for writing.
        """
        if self._spec is None:
            return [WITHOUT]
        names = [str(self._spec)]
        if self._spec.kind is Kind.SERVER and not self._settings.traffic.replay:
            from askpapers.llm.server import offered_models

            try:
                models = offered_models(self._spec, self._settings)
            except ModelError:
                models = []
            names += [str(Spec(Kind.SERVER, model, self._spec.address)) for model in models]
        return list(dict.fromkeys([*names, WITHOUT]))


def _open_given(llm: LLM, settings: ModelSettings) -> Model:
    from askpapers.llm.model import open_given

    return open_given(llm, settings)
