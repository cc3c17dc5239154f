"""What a column of numbers asks for: a count, a measure such as accuracy, an amount with a unit, or a change. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from askpapers.grounding.units import UNITS, unit_named
from askpapers.text import stem, terms

ANYTHING = "any"


class Way(StrEnum):
    """How a number is known to be the one that is asked for."""

    COUNT = "count"  # what it counts is in its unit or stands beside it: 120 patients, 16 million latents
    MEASURE = "measure"  # the name of the measure stands near it: a BLEU score of 42.1
    AMOUNT = "amount"  # it has one of the units: 320 milliseconds


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """What a column of numbers asks for.

    `units` are those that a number may have (units.py), "" for none. `near` are alternatives, each a run of stems, one
    of which must stand near the number. `context` are the stems of the other words of the column: they choose between
    numbers. `change`: an improvement or a difference is asked for, which is no value by itself. `strict`: one of the
    context must stand in the sentence. `after_name`: a number without a unit stands behind the name. `total`: of the
    numbers of own work the largest is meant, the others are of parts. `average`: no range is meant.
    """

    way: Way
    units: frozenset[str]
    near: tuple[tuple[str, ...], ...] = ()
    context: frozenset[str] = frozenset()
    change: bool = False
    strict: bool = False
    after_name: bool = False
    total: bool = False
    average: bool = False


_PEOPLE = frozenset({"person", "man", "woman", "child"})
_TIME = frozenset({"second", "minute", "hour", "day", "week", "month", "year", "ms", "us", "ns"})
_MASS = frozenset({"g", "mg", "ug", "ng", "kg", "ton", "mL", "L", "uL", "M", "mM", "uM", "nM", "mmol", "mol"})
_MONEY = frozenset({"dollar", "euro", "pound", "yen", "rupee", "cent"})
_DATA = frozenset({"example", "image", "word", "sentence", "question", "paper", "token", "hour", "task", "language"})
_SHARE = frozenset({"%", ""})
_BARE = frozenset(
    {"parameter", "token", "layer", "head", "example", "image", "word", "sentence", "gpu", "step", "epoch"}
    | _PEOPLE
    | {"hour", "day", "week", "month", "minute", "second", "dollar", "euro", "%"}
)
"""Units whose words ask for a number where they stand alone; a column "task" or "language" asks which."""

_MEASURES = {
    _SHARE: "accuracy|precision|recall|f1|f1 score|f score|f measure|auc|auroc|roc auc|aucroc|auprc|map|iou|miou|dice"
    "|dice score|exact match|em|pass@1|sensitivity|specificity|ppv|npv|positive predictive value"
    "|negative predictive value|error rate|word error rate|wer|cer|character error rate|success rate|win rate"
    "|response rate|mortality|mortality rate|survival|survival rate|prevalence|incidence|kappa"
    "|agreement|hit rate|ndcg|mrr|top 1 accuracy|top 5 accuracy|solve rate|false positive rate"
    "|false negative rate|retention|adherence|attrition"
    "|dropout rate|coverage|completion rate|remission rate|recurrence rate"
    "|complication rate|detection rate|balanced accuracy",
    frozenset({""}): "bleu|rouge|rouge 1|rouge 2|rouge l|meteor|chrf|comet|cider|spice|fid|inception score|is score"
    "|perplexity|psnr|ssim|lpips|rmse|mae|mse|mean squared error|mean absolute error|r2|r squared|correlation|pearson"
    "|spearman|odds ratio|or|hazard ratio|hr|risk ratio|relative risk|rr|effect size|cohen s d|smd|hedges g|bmi|elo"
    "|p value|p|standardized mean difference|bits per dimension|bits per byte|nll|log likelihood",
}
_ABBREVIATED = {  # what a measure is also called in a text
    "odds ratio": ("or",), "hazard ratio": ("hr",), "risk ratio": ("rr",), "relative risk": ("rr",),
    "p value": ("p",), "word error rate": ("wer",), "area under the curve": ("auc",), "auc": ("auroc",),
    "auroc": ("auc",), "wer": ("word error rate",), "effect size": ("cohen d", "smd"),
    "f1 score": ("f1",), "f1": ("f score", "f measure"), "mean absolute error": ("mae",),
    "positive predictive value": ("ppv",), "negative predictive value": ("npv",), "mortality": ("death rate",),
}  # fmt: skip
_AS_WRITTEN = frozenset({"or", "hr", "rr", "p", "is score", "em", "map"})
"""Measures whose short names are words too, or single letters: they count only as capitals, or before "=" or "<"."""
_OF_MEASURE = {name: units for units, names in _MEASURES.items() for name in names.split("|")}
MEASURE_WORDS = frozenset(_OF_MEASURE)

_CHANGE = frozenset(
    "improvement improvements gain gains increase reduction decrease drop difference speedup speed-up".split()
)
_COUNTED = re.compile(
    r"(?:(?:the )?(?:total )?(?:number|no\.?|count|amount|quantity) of (?:the )?|# ?|how many )(?P<what>.+)"
    r"|(?P<of>.+) count"
)
_SIZES = {
    "sample size": _PEOPLE | {"example"},
    "n": _PEOPLE | {"example"},
    "cohort size": _PEOPLE,
    "study size": _PEOPLE,
    "study population size": _PEOPLE,
    "group size": _PEOPLE,
    "model size": frozenset({"parameter"}),
    "size of the model": frozenset({"parameter"}),
    "parameter count": frozenset({"parameter"}),
}
_SIZE = re.compile(r"(?:the )?size of (?:the )?(?P<of>.+)|(?P<what>.+) size")
_AMOUNTS = (
    (frozenset("time duration latency delay period followup".split()), _TIME),
    (frozenset("age".split()), frozenset({"year", "month"})),
    (frozenset("dose dosage weight mass concentration".split()), _MASS),
    (frozenset("cost costs price prices budget".split()), _MONEY),
    (frozenset("memory storage bandwidth".split()), frozenset({"B", "kB", "MB", "GB", "TB", "PB"})),
    (frozenset("temperature".split()), frozenset({"celsius", "fahrenheit"})),
    (frozenset("power".split()), frozenset({"W", "mW", "kW", "MW", "GW"})),
    (frozenset("frequency".split()), frozenset({"Hz", "kHz", "MHz", "GHz", "THz"})),
)
_DOSES = frozenset("dose dosage doses dosages".split())
_DOSED = (
    "dose doses dosage dosing administered administration received receiving given treated daily orally oral"
    " intravenous intravenously infusion injection injected bolus tablet"
)
_MIDDLE = frozenset("average mean median".split())
_AVERAGES = frozenset(
    "average mean median typical overall maximum minimum max min best highest lowest reported relative absolute".split()
)


def measure_of(key: str) -> NumberColumn | None:
    """What a column asks for, its name in lower case; None where it asks for no number."""
    key = re.sub(r"\bfollow up (?=time|duration|period)|\bfollow up$", "followup duration ", key).strip()
    units_in_brackets = re.search(r"\s*[(\[]\s*(?P<unit>[^\d()\[\]]+?)\s*[)\]]$", key)
    given = unit_named(units_in_brackets["unit"]) if units_in_brackets else None
    if units_in_brackets and given:
        key = key[: units_in_brackets.start()].strip()
    asked = _measure(key) or _size(key) or _count(key) or _amount(key)
    if asked and given and asked.way is not Way.COUNT:
        return NumberColumn(asked.way, frozenset({given}), asked.near, asked.context, asked.change)
    return asked or (NumberColumn(Way.MEASURE, frozenset({given}), (_stems(key),)) if given and _stems(key) else None)


def _measure(key: str) -> NumberColumn | None:
    """A measure by its name, with other words before or after: "test accuracy", "accuracy improvement"."""
    words = key.split()
    change = bool(_CHANGE & set(words))
    left = [word for word in words if word not in _CHANGE and word not in _AVERAGES]
    for length in range(len(left), 0, -1):
        for begin in range(len(left) - length + 1):
            name = " ".join(left[begin : begin + length])
            for known in (name, name.removesuffix(" score"), name.removesuffix(" scores")):
                if known not in _OF_MEASURE or (known in _AS_WRITTEN and len(left) > 1):
                    continue
                others = frozenset(terms(" ".join(left[:begin] + left[begin + length :])))
                names = (known, *_ABBREVIATED.get(known, ()))
                units = _SHARE | {"times"} if change else _OF_MEASURE[known]
                return NumberColumn(Way.MEASURE, units, tuple(map(_stems, names)), others, change)
    if change and left and (near := _stems(" ".join(left))):
        return NumberColumn(Way.MEASURE, _SHARE | {"times"}, (near,), frozenset(), change=True)
    if change:
        near_change = tuple((stem(word),) for word in sorted(_CHANGE & set(words)))
        return NumberColumn(Way.MEASURE, frozenset({"%", "times"}), near_change, frozenset(), change=True)
    return None


def _size(key: str) -> NumberColumn | None:
    if units := _SIZES.get(key):
        return NumberColumn(Way.COUNT, units, total="person" in units)
    match = _SIZE.fullmatch(key)
    if not match:
        return None
    of = (match["of"] or match["what"]).removeprefix("the ")
    if set(of.split()) & {"effect", "batch", "step", "window", "vocabulary", "context"}:
        return NumberColumn(Way.MEASURE, frozenset({"", "token", "word"}), (_stems(f"{of} size"), _stems(of)))
    last = of.split()[-1]
    if last in ("dataset", "data", "set", "corpus", "benchmark", "collection", "sample", "database", "datasets"):
        near = ((stem("dataset"),), ("data", "set"), ("corpus",), ("benchmark",), ("collect",), _stems(of))
        units = _DATA - {"task"} | {""}  # "two datasets" are no size
        return NumberColumn(Way.MEASURE, units, near, frozenset(terms(of)), after_name=True)
    return None


def _count(key: str) -> NumberColumn | None:
    """A count: "number of layers", "participants", "hours of training data", "training examples"."""
    match = _COUNTED.fullmatch(key)
    what = (match["what"] or match["of"]) if match else key
    words = re.findall(r"[\w%$°]+", what)
    for place, word in enumerate(words):
        unit = UNITS.get(word) if len(word) > 1 or word in "%$" else None
        if unit and (match or unit in _BARE) and (word != UNITS.get(word) or match or len(words) == 1 or word in "%$"):
            head = place == len(words) - 1 or words[place + 1] in ("of", "for", "in", "per", "used", "with")
            if not head:
                continue
            units = _PEOPLE if unit == "person" else frozenset({unit})
            others = frozenset(terms(" ".join(words[:place] + words[place + 1 :])))
            return NumberColumn(Way.COUNT, units, context=others)
    if match and (near := _stems(" ".join(words))):
        return NumberColumn(Way.COUNT, frozenset({ANYTHING}), (near, near[-1:]))
    return None


def _amount(key: str) -> NumberColumn | None:
    words = re.findall(r"\w+", key)
    for names, units in _AMOUNTS:
        if words and words[-1] in names:
            others = [word for word in words if word not in _AVERAGES and word not in names]
            context = frozenset(terms(" ".join(others)))
            is_dose = words[-1] in _DOSES
            units = units - {"kg", "ton", "L"} if is_dose else units  # the weight of a person, a flow
            context |= frozenset(map(stem, _DOSED.split())) if is_dose else {stem(words[-1])}
            is_average = bool(_MIDDLE & set(words))
            return NumberColumn(Way.AMOUNT, units, context=context, strict=is_dose, average=is_average)
    return None


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in re.findall(r"[\w@]+", text.casefold()))
