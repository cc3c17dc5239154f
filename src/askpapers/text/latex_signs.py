"""The LaTeX commands that stand for one character, and the character."""

from __future__ import annotations

import unicodedata

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
ACCENTS |= {
    name: ACCENTS[mark]
    for name, mark in zip("grave acute hat check tilde bar breve dot ddot mathring".split(), "`'^v~=u.\"r", strict=True)
}
LETTERS = {
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "dh": "ð",
    "DH": "Ð",
    "dj": "đ",
    "DJ": "Đ",
    "th": "þ",
    "TH": "Þ",
    "i": "ı",
    "j": "ȷ",
}


def _greek() -> dict[str, str]:
    names = (
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi"
        " psi omega"
    )
    letters = {}
    for name in names.split():
        letter = unicodedata.lookup(f"GREEK SMALL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")
        letters[name] = letters[f"var{name}"] = letter
        letters[name.capitalize()] = letter.upper()
    return letters | {"varsigma": "ς"}


_OPERATORS = "log ln exp min max sin cos tan lim sup inf det dim arg".split()
SYMBOLS = {
    **_greek(),
    **{name: name for name in _OPERATORS},
    **dict.fromkeys(("sim", "textasciitilde"), "~"),
    "approx": "≈",
    "simeq": "≃",
    "times": "×",
    "pm": "±",
    "mp": "∓",
    "cdot": "·",
    **dict.fromkeys(("leq", "le", "leqslant"), "≤"),
    **dict.fromkeys(("geq", "ge", "geqslant"), "≥"),
    **dict.fromkeys(("neq", "ne"), "≠"),
    "ll": "≪",
    "gg": "≫",
    "lesssim": "≲",
    "gtrsim": "≳",
    "propto": "∝",
    "infty": "∞",
    **dict.fromkeys(("to", "rightarrow"), "→"),
    "leftarrow": "←",
    "ell": "ℓ",
    "hbar": "ℏ",
    "odot": "⊙",
    **dict.fromkeys(("ldots", "dots", "cdots"), "…"),
    **dict.fromkeys(("deg", "degree", "textdegree"), "°"),
    **dict.fromkeys(("euro", "texteuro"), "€"),
    **dict.fromkeys(("pounds", "textsterling"), "£"),
    **dict.fromkeys(("copyright", "textcopyright"), "©"),
    "textregistered": "®",
    "texttrademark": "™",
    "textmu": "µ",
    "textendash": "–",
    "textemdash": "—",
    "textless": "<",
    "textgreater": ">",
}
