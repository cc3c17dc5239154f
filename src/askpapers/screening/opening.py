"""Opens a screening, by the model that is set or by rules and readers: for the terminal and the page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askpapers.reading.protocol import SupportReader
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.judged_papers import JudgedPapers
from askpapers.screening.judging import JudgesPapers, RuleJudge
from askpapers.screening.memory import FILE, JudgementMemory
from askpapers.screening.protocol import Protocol
from askpapers.screening.screening import Screening
from askpapers.settings import Settings

if TYPE_CHECKING:
    from askpapers.engine import Corpus


def open_screening(
    protocol: Protocol, log: DecisionLog, corpus: Corpus, settings: Settings, reader: SupportReader
) -> Screening:
    """The screening of an opened corpus; `reader` judges statements where no model is set.

    What was judged is remembered in the folder of the index.
    """
    index = corpus.index
    rules = RuleJudge.of(protocol, corpus, reader)
    judge: JudgesPapers = rules
    made_by = index.manifest.index
    if (model := corpus.model()) is not None:
        from askpapers.llm.usage import Meter
        from askpapers.prompts import load_screening_prompt
        from askpapers.screening.model_judging import ModelJudge

        prompt = load_screening_prompt(settings.model.prompts)
        judge = ModelJudge(protocol, rules, model, prompt, Meter())
        made_by = f"{model.spec}\0{prompt}"
    memory = JudgementMemory(settings.index / FILE, protocol, made_by)
    return Screening(JudgedPapers(protocol, index.papers, judge, memory), log)
