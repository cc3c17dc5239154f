"""The two forms of a text: as it is shown, which loses nothing, and as it is compared, which folds ways of writing.

docs/decisions/0014-text-shown-and-text-compared.md says which of the two is used where.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from askpapers.text.latex import undo_latex


def plain(text: str) -> str:
    """The text as it is shown: LaTeX undone where nothing is lost by it, and one space for all white space."""
    return " ".join(undo_latex(text).split())


def folded(text: str) -> str:
    """The text as it is compared and searched: what people write in several ways is written in one. Letter case stays.

    Accents go (Schrödinger is Schrodinger), a Greek letter is its name (β is beta), ™ and its like go, quotes and
    hyphens are those of a keyboard, 10¹⁸ is 10^18 and 2½ is 2.5.
    """
    text = plain(text)
    if not text.isascii():
        text = _without_letters(text)
        text = _MICRO.sub("u", _FRACTION.sub(_decimal, text) if _A_FRACTION.search(text) else text)
        text = _unified(text)
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _decomposed(text)))
        text = _typed(unicodedata.normalize("NFC", text))
        text = _GREEK.sub(lambda match: "".join(map(_greek_name, match.group())), text)
        text = _HYPHENS.sub("-", _TIMES.sub("x", text))
        text = " ".join(text.split())
    if "^" in text:
        text = _SUPERSCRIPT.sub(r"^\1", text)
    return _SUBSCRIPT.sub(r"\1", text) if "_" in text else text


def same_text_key(text: str) -> str:
    """A key that two copies of one abstract share: it ignores white space, letter case and LaTeX escapes.

    Any difference in a letter, digit or other sign gives another key.
    """
    return "".join(_unified(plain(text)).casefold().split())


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def printable(text: str) -> str:
    """The text without terminal escapes, other control characters and marks that turn reading order."""
    return _UNPRINTABLE.sub("", text)


def _unified(text: str) -> str:
    """One character for those that Unicode calls compatible (ﬁ, full width), but 10¹⁸ stays apart from 1018."""
    if text.isascii():
        return text
    raised = _RAISED.sub(lambda match: f"^{match.group()}", text)
    return _straightened(unicodedata.normalize("NFKC", raised))


def _replacing(signs: Mapping[str, str]) -> Callable[[str], str]:
    """A function that replaces signs. On a text with few of them it is far quicker than `str.translate`."""
    any_of_them = re.compile(f"[{''.join(signs)}]")
    return lambda text: any_of_them.sub(lambda match: signs[match.group()], text)


def _decimal(match: re.Match[str]) -> str:
    whole, fraction = match.groups()
    value = unicodedata.numeric(fraction)
    decimals = f"{value:.3f}".rstrip("0")
    if float(decimals) == value and value:
        return f"{whole or 0}{decimals[1:]}"
    return f"{whole} {fraction}" if whole else str(fraction)


def _greek_name(letter: str) -> str:
    return unicodedata.name(letter).rpartition("LETTER ")[2].rpartition(" ")[2].lower().replace("lamda", "lambda")


_straightened = _replacing({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00ad": "", "\u200b": ""})
_typed = _replacing({"‐": "-", "‑": "-", "−": "-", "∼": "~", "≈": "~", "′": "'", "⁄": "/"})
_without_letters = _replacing(dict.fromkeys("™℠®©", ""))
_RAISED = re.compile(r"[¹²³⁰ⁱ⁴-ⁿ]+")
_A_FRACTION = re.compile(r"[¼-¾⅐-⅞]")
_FRACTION = re.compile(r"(?:(?<![\d.,])(\d{1,6}) ?)?([¼-¾⅐-⅞])")
_MICRO = re.compile(r"[µμ](?<![^\W\d_].)(?=(?:m|g|s|l|L|M|A|V|W|F|J|C|T|H|Pa|Sv|mol|rad|as)(?![^\W_]))")
_TIMES = re.compile(r"×(?<=\d×)(?! ?\d)")
_HYPHENS = re.compile(r"–(?<=\w–)(?=\w)")
_GREEK = re.compile(r"[Α-Ωα-ω](?<![Ͱ-Ͽ].)[Α-Ωα-ω]?(?![Ͱ-Ͽ])")
_ACCENTS = re.compile(r"[\u0300-\u036f](?<=[^\W\d_].)[\u0300-\u036f]*+")
# Letters with a stroke or of two letters, which Unicode does not take apart.
_decomposed = _replacing(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i"}
    | {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ȷ": "j"}
)
_SUPERSCRIPT = re.compile(r"\^\{ ?([+-]?\w{1,9}) ?\}")
_SUBSCRIPT = re.compile(r"_(?<=[A-Za-z)]_)(?:\{ ?)?(\d{1,3})(?!\d)(?: ?\})?")
