"""The text of a paper as it reads: mathematics as characters, the labels of its sections set off."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from askpapers.tables.words import SECTION_LABEL
from askpapers.text import sentences, stem, words
from askpapers.text.latex import math_spans, undo_latex
from askpapers.web.markup import Html, element, joined

_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]{1,60})\}|(\\[A-Za-z]{1,20}|[A-Za-z0-9*+'-]))")
_LATEX = re.compile(r"\\[A-Za-z]|[\^_]")
_RAISED, _LOWERED, _END = "\ue000", "\ue001", "\ue002"
_MOST_GROUPS = 30  # braces of a formula: deeper ones are shown as they are


def prose(text: str, stems: frozenset[str] = frozenset()) -> Html:
    """A text of a paper with its LaTeX as characters, its labels set off, and in bold the words that have these stems.

    What is no LaTeX and no label is shown as it is, white space too.
    """
    parts: list[Html] = []
    last = 0
    for start, end in _labels(text):
        parts += [_with_mathematics(text[last:start], stems), element("b", text[start:end], class_="section")]
        last = end
    return joined(*parts, _with_mathematics(text[last:], stems))


def one_line(text: str, stems: frozenset[str] = frozenset()) -> Html:
    """The same with one space for all white space."""
    return prose(" ".join(text.split()), stems)


def _labels(text: str) -> list[tuple[int, int]]:
    """Where the labels of sections stand ("METHODS:"): at the beginning of a sentence."""
    found = (SECTION_LABEL.match(text, start, end) for start, end in sentences(text)) if ":" in text else ()
    return [(match.start(), match.start() + len(match.group().rstrip())) for match in found if match]


def _with_mathematics(text: str, stems: frozenset[str]) -> Html:
    parts: list[Html] = []
    last = 0
    for start, end, dollars in math_spans(text) if "$" in text else ():
        formula = text[start + dollars : end - dollars]
        foreign = "{" in formula and not _LATEX.search(formula)  # another language's braces
        shown = joined(text[start:end]) if foreign else element("span", _mathematics(formula), class_="math")
        parts += [_emphasised(undo_latex(text[last:start]), stems), shown]
        last = end
    return joined(*parts, _emphasised(undo_latex(text[last:]), stems))


def _mathematics(latex: str) -> Html:
    """A formula in characters, with its indices and powers."""
    if latex.count("{") > _MOST_GROUPS:
        return joined(latex)
    marked = _SCRIPT.sub(
        lambda m: f"{_RAISED if m[1] == '^' else _LOWERED}{m[2] or m[3]}{_END}", latex.replace("\\%", "%")
    )
    parts: list[str | Html] = []
    for piece in re.split(f"([{_RAISED}{_LOWERED}][^{_END}]*{_END})", _converter()(marked.replace("%", "\\%"))):
        tag = {_RAISED: "sup", _LOWERED: "sub"}.get(piece[:1])
        parts.append(element(tag, piece.strip(_RAISED + _LOWERED + _END)) if tag else piece)
    return joined(*parts)


@functools.cache
def _converter() -> Callable[[str], str]:
    from pylatexenc.latex2text import LatexNodes2Text

    convert: Callable[[str], str] = LatexNodes2Text(math_mode="text").latex_to_text
    return convert


def _emphasised(text: str, stems: frozenset[str]) -> Html:
    if not stems:
        return joined(text)
    parts: list[Html | str] = []
    last = 0
    for word, start, end in words(text):
        if stem(word.casefold()) in stems:
            parts += [text[last:start], element("b", word)]
            last = end
    return joined(*parts, text[last:])
