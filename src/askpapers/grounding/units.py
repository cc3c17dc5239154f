"""The units that numbers in papers have, by the words that name them. Words of one line are taken as the same."""

from __future__ import annotations

import re

_SCALES = {
    "%": "% percent per-cent percentage pp",
    "times": "x × times fold",
    "dollar": "$ dollar dollars usd",
    "euro": "€ euro euros eur",
    "pound": "£ gbp",
    "yen": "¥ yen jpy yuan renminbi rmb cny",
    "rupee": "₹ rupee rupees inr",
    "second": "s sec secs second seconds",
    "minute": "min mins minute minutes",
    "hour": "h hr hrs hour hours",
    "day": "d day days",
    "week": "week weeks",
    "month": "month months",
    "year": "yr yrs year years",
    "bit": "bit bits",
    "celsius": "°c celsius",
    "fahrenheit": "°f fahrenheit",
    "ton": "ton tons tonne tonnes",
    "mile": "mile miles",
    "cent": "cent cents",
}
_COUNTED = {  # what papers count, where one can be taken for another
    "parameter": "parameter parameters",
    "token": "token tokens",
    "layer": "layer layers",
    "head": "head heads",
    "example": "example examples sample samples instance instances",
    "image": "image images picture pictures photo photos photographs",
    "word": "word words",
    "sentence": "sentence sentences",
    "paper": "paper papers study studies trial trials document documents article articles",
    "language": "language languages",
    "task": "task tasks dataset datasets benchmark benchmarks",
    "gpu": "gpu gpus",
    "step": "step steps",
    "epoch": "epoch epochs",
    "question": "question questions problem problems",
    "person": "people participant participants individual individuals subject subjects person persons volunteers"
    " patient patients case cases adult adults",
    "man": "man men male males",
    "woman": "woman women female females",
    "child": "child children infant infants",
}
# A unit of measurement: the prefixes that it takes, its name, and other spellings of that.
_MEASURES = {
    "m": ("numck", "meter", "metre"),
    "g": ("numk", "gram"),
    "s": ("num", "second"),
    "L": ("num", "liter", "litre"),
    "W": ("mkMG", "watt"),
    "V": ("mk", "volt"),
    "J": ("mkM", "joule"),
    "Hz": ("kMGT", "hertz"),
    "eV": ("mkMGT", "electronvolt"),
    "Pa": ("kMG", "pascal"),
    "B": ("kMGTP", "byte"),
    "mol": ("num", "mole"),
    "M": ("num", "molar"),
}
_PREFIXES = dict(zip("numckMGTP", "nano micro milli centi kilo mega giga tera peta".split(), strict=True))
_ALONE = "mgLWVJ"  # as symbols; another that stands alone may be no unit
SYMBOL = (
    "(?:"
    + "|".join(f"[{prefixes.replace('u', 'uμµ')}]{base}" for base, (prefixes, *_) in _MEASURES.items())
    + f"|[num]l|[{_ALONE}]|Hz|eV|Pa|mol)"
)
# Their names, to the symbols that stand for them.
MEASURED = {
    f"{_PREFIXES.get(prefix, '')}{name}{plural}": f"{prefix}{base}" if prefix or base != "s" else "second"
    for base, (prefixes, *names) in _MEASURES.items()
    for prefix in ("", *prefixes)
    for name in names
    for plural in ("", "s")
}
UNITS = {word: group for group, words in (_SCALES | _COUNTED).items() for word in words.split()} | MEASURED
# As they are often written: 16 gb.
UNITS |= {"kb": "kB", "mb": "MB", "gb": "GB", "tb": "TB"}
MEASURES = frozenset({*_SCALES, *MEASURED.values()})
"""The units of measure; the others count things."""


def unit_named(word: str) -> str | None:
    """The unit that a word or a symbol stands for (hours, km, GHz); None where it is none.

    A symbol in another case stands for the one that it can be: ghz, but not mw (milliwatt, megawatt).
    """
    if unit := UNITS.get(word.casefold()):
        return unit
    symbol = of_symbol(word)
    alike = {unit for unit in MEASURED.values() if unit.casefold() == symbol.casefold()}
    return symbol if symbol in alike else alike.pop() if len(alike) == 1 else None


def of_symbol(symbol: str) -> str:
    """The unit of a symbol as written: mg, µs, GHz, %."""
    if symbol.casefold() in _WRITTEN:
        return UNITS[symbol.casefold()]
    symbol = re.sub("[μµ]", "u", symbol)
    return symbol[:-1] + "L" if symbol[-1:] == "l" and not symbol.endswith("mol") else symbol


_WRITTEN = frozenset(word for words in (_SCALES | _COUNTED).values() for word in words.split())
