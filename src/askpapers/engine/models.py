"""The language models that an opened corpus may answer with: which is chosen, opened when it is first asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from askpapers.errors import ModelError
from askpapers.llm.spec import Kind, Spec, read_spec
from askpapers.prompts import Prompts, load_prompts
from askpapers.settings import WITHOUT, ModelSettings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from askpapers.llm.context import ServedModel
    from askpapers.llm.model import Model


LOCAL_EVIDENCE = 500
"""Tokens of papers that a model on this machine is shown at a time: some ten seconds of reading on two processors."""

_NO_BOUND = "all"
_YES, _NO = "yes", "no"


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
            from askpapers.llm.opening import open_model

            files = {f"prompts/{file}": digest for file, digest in self.prompts.of_files.items()}
            made_of = {"llm": str(spec), "prompts": self.prompts.sha256, **files}
            served = self._served(spec)
            if served.context:
                made_of["context"] = str(served.context)
            made_of["evidence"] = str(self.evidence(spec) or _NO_BOUND)
            made_of["schema"] = _YES if self.wants_schema(spec) else _NO
            settings = replace(self._settings, context=served.context)
            self._open[spec] = open_model(spec, settings, made_of, served.name)
        return self._open[spec]

    def _served(self, spec: Spec) -> ServedModel:
        """What its server says of a model; its context as set, else as recorded, else as the server says."""
        from askpapers.llm.context import ServedModel, served_model

        settings = self._settings
        if settings.traffic.replay:
            return ServedModel(context=settings.context or _number(self._recorded.get("context")))
        served = served_model(spec, settings)
        return replace(served, context=settings.context or served.context)

    @cached_property
    def _recorded(self) -> Mapping[str, str]:
        """The head of the recording that is replayed."""
        from askpapers.llm.traffic import read_recording

        return read_recording(self._settings.traffic.replay)[0] if self._settings.traffic.replay else {}

    def evidence(self, spec: Spec) -> int | None:
        """How many tokens of papers a model is shown at a time at most; None for as many as fit into its context.

        As set, else as it was when it was recorded, else by where the model runs.
        """
        if self._settings.evidence:
            return self._settings.evidence
        if recorded := self._recorded.get("evidence"):
            return _number(recorded)
        return LOCAL_EVIDENCE if spec.is_local else None

    def wants_schema(self, spec: Spec) -> bool:
        """Whether an answer is asked for as JSON of a schema.

        As set, else as it was when it was recorded, else not of a model on this machine: those are small, and JSON
        takes them two to four times the tokens (decision 20).
        """
        if self._settings.schema is not None:
            return self._settings.schema
        recorded = self._recorded.get("schema")
        return recorded == _YES if recorded else not spec.is_local

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
    from askpapers.llm.opening import open_given

    return open_given(llm, settings)


def _number(recorded: object) -> int | None:
    """A number of the head of a recording; None for what is none."""
    text = str(recorded)
    return int(text) if text.isdecimal() else None
