"""Mathematics within a sentence that can be read as text: "$3.55$", "$n = 12$", "$^{12}$". Pure."""

from __future__ import annotations

import re

from askpapers.text.latex import undo_latex

_RAISED = re.compile(r"\^\s*\{?\s*(?P<numbers>\d[\d,\s–-]*)\}?")
_PLAIN = re.compile(r"[\w\s.,%~<>=+/×∼≈±-]+")
SUPERSCRIPTS = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def raised(text: str) -> str:
    """Numbers as superscripts: "1, 2" is "¹,²"."""
    return "".join(text.split()).translate(SUPERSCRIPTS)


def plain_mathematics(inner: str) -> str | None:
    """What stands between the signs of mathematics as text; None for what is more than numbers, letters and signs."""
    if match := _RAISED.fullmatch(inner.strip()):
        return raised(match["numbers"])
    shown = undo_latex(f"${inner}$").strip("$").replace("{,}", ",").replace("{", "").replace("}", "")
    shown = shown.replace("\\%", "%").replace("\\,", "").replace("\\times", "×")
    return shown if _PLAIN.fullmatch(shown) and "_" not in shown else None
