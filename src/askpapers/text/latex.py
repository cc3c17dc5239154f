"""Undoes the LaTeX of abstracts and titles where nothing is lost by it: Unicode has the same sign.

What is not known stays as it stands. A library would read more of LaTeX and change more than that: to it a "%" begins
a comment (docs/decisions/0014).
"""

from __future__ import annotations

import re
import unicodedata

from askpapers.text.latex_signs import ACCENTS, LETTERS, SYMBOLS

_MATH_SPAN = 200
_NESTED = 3  # \textbf{\emph{...}}


def undo_latex(text: str) -> str:
    """The text with LaTeX's letters, signs, quotes and dashes as characters; no mathematics is rewritten."""
    if not ("\\" in text or "$" in text or "~" in text or "--" in text or "``" in text):
        return text
    pieces, last = [], 0
    quoting = "``" in text
    escaped_quotes = bool(_ESCAPED_QUOTE.search(text))
    for begin, end, mark in math_spans(text):
        pieces.append(_undo_prose(text[last:begin], quoting, escaped_quotes))
        joined = text[begin - 1 : begin].isalpha() or text[end : end + 1].isalpha()
        pieces.append(_undo_mathematics(text[begin + mark : end - mark], joined))
        last = end
    pieces.append(_undo_prose(text[last:], quoting, escaped_quotes))
    text = "".join(pieces)
    for _ in range(_NESTED):
        text = _FONT_GROUP.sub(r"\1", _FONT.sub(r"\1", text))
    return text


def math_spans(text: str) -> list[tuple[int, int, int]]:
    """Where mathematics between dollars stands: start, end, and how many dollars are on each side.

    A dollar that may be money opens none: shown with its dollars, mathematics loses nothing; money without them does.
    """
    if "$" not in text:
        return []
    dollars = [match for match in _DOLLARS.finditer(text) if match.group()[0] == "$"]
    spans = []
    place = 0
    while place + 1 < len(dollars):
        one, other = dollars[place], dollars[place + 1]
        if one.group() == other.group() and _is_mathematics(text, one, other):
            spans.append((one.start(), other.end(), len(one.group())))
            place += 1
        place += 1
    return spans


def _is_mathematics(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    if not 0 < other.start() - one.end() <= _MATH_SPAN:
        return False
    content = text[one.end() : other.start()]
    if not content.strip() or _PROSE.search(_COMMAND.sub("", content) if "\\" in content else content):
        return False
    starts_with_number = content[0].isdigit()
    number_follows = text[other.end() : other.end() + 1].isdigit()
    money = bool(_CURRENCY.search(text[max(0, one.start() - 4) : one.start()]))
    spaced = bool(_SPACE.search(content))
    if (starts_with_number and (number_follows or money)) or (number_follows and spaced and content[0] != "\\"):
        return False
    if _TEX_SIGN.search(content):
        return True
    # From here on it may be money too: "$12 vs. 15$", "$) or pounds ($", "A$/US$".
    relates = any(c in "=<>" for c in content)
    if money or _CURRENCY.search(content[-4:]) or (number_follows and not relates):
        return False
    if content[0].isspace() or content[-1].isspace() or not _is_balanced(content):
        return False
    has_word = bool(_WORD.search(content))
    return not spaced or not (has_word or starts_with_number) or (relates and not (has_word and starts_with_number))


def _is_balanced(content: str) -> bool:
    opened = sum(content.count(bracket) for bracket in "([")
    return opened == sum(content.count(bracket) for bracket in ")]") and not any(sign in content for sign in "€£¥")


def _undo_prose(text: str, quoting: bool, escaped_quotes: bool) -> str:
    """The text between mathematics; whether the whole text has LaTeX's quotes, and backslashes before plain ones."""

    def letter(match: re.Match[str]) -> str:
        before = text[match.start() - 1 : match.start()]
        unsure = match.group()[1] in "'\"`" and "{" not in match.group()
        # it\'s, a \"word\" in quotes, and the address of a \~user are no accents.
        if before == "/" or (unsure and escaped_quotes and not before.isalpha()):
            return match.group()
        if before.isalpha() and _CONTRACTION.match(text, match.start()):
            return match.group()
        return _letter(match.group())

    if "\\" in text:
        text = _GROUPED_LETTER.sub(lambda match: _letter(match.group(1)), text)
        text = _LETTER_RULE.sub(letter, text)
    return _PROSE_RULE.sub(lambda match: _sign(match, quoting), text)


def _undo_mathematics(text: str, joined: bool) -> str:
    """What stands between dollars; `joined` where that is inside a word, and an accent is one."""
    if joined and (match := _MATH_ACCENT.fullmatch(text)):
        return _accented(match["base"] or match["bare"], match["accent"]) or text
    if joined and text.strip() in _MATH_LETTERS:
        return LETTERS[text.strip()[1:]]
    return _MATH_RULE.sub(lambda match: _sign(match, quoting=False), text)


def _sign(match: re.Match[str], quoting: bool) -> str:
    sign = match.group()
    if name := match["name"]:
        return SYMBOLS[name] + (match["space"] if name not in _GLUED else "")
    if sign[0] == "\\":
        return match["escaped"] or " "
    if sign == "~":
        return "~" if _AMOUNT.search(match.string[max(0, match.start() - 20) : match.start() + 2]) else " "
    return _TYPOGRAPHIC[sign] if quoting or sign[0] == "-" else sign


def _letter(command: str) -> str:
    """The letter that a command stands for; the command itself where there is no such letter."""
    name, base = _LETTER_PARTS.match(command).groups()  # type: ignore[union-attr]
    return LETTERS.get(name) or _accented(base, name) or command


def _accented(base: str, accent: str) -> str:
    letter = unicodedata.normalize("NFC", base + ACCENTS[accent])
    return letter if len(letter) == 1 else ""


_DOLLARS = re.compile(r"\\.|\$\$?", re.DOTALL)
_TEX_SIGN = re.compile(r"\\[A-Za-z]|(?<!\\)[\^_{]")
_COMMAND = re.compile(r"\\[A-Za-z]+\s?(?:\{[^{}]*\})?")
_PROSE = re.compile(r"[A-Za-z]{2}[(),;:]*+\s[(),;:\s]*+[A-Za-z]{2}")
_WORD = re.compile(r"[A-Za-z]{2}")
_SPACE = re.compile(r"\s")
_CURRENCY = re.compile(r"(?<![A-Za-z])(?:US|AU?|CA?|HK|NZ|SG?|R|NT|MX|Z)$")

_GLUED = frozenset(("sim", "approx"))  # "\sim 5" is ~5
_TYPOGRAPHIC = {"``": "“", "''": "”", "---": "—", "--": "–"}

# Each alternative begins with its sign, and what stands before the sign is looked at behind it: so `re` goes from sign
# to sign, which most texts have few of, and tries nothing in between.
_SIGN_RULE = (
    rf"\\(?P<name>{'|'.join(sorted(SYMBOLS, key=len, reverse=True))})(?![A-Za-z])(?P<space>[ ]?)(?:\{{\}})?"
    r"|\\(?P<escaped>[%&$#_{}])"
    r"|\\[ ,;:]"
)
# A tie stands between words or before a unit; between digits "~" is a range, after one letter a relation (X~N(0,1)).
_TIE = r"~(?:(?<=[a-zA-Z]{2}~)|(?<=\b[aAI]~)|(?<=\d~)(?!\d)|(?<=[.,;:)$]~))(?=[\w(\[\\$]|$)"
_AMOUNT = re.compile(r"\d\s?[A-Za-z]++~\d$")  # "30 million~50 million" is a range too
_TYPOGRAPHIC_RULE = r"``|''|---(?<!----)(?!-)|--(?<=[^\s-]--)(?=[^\s-])|--(?<=\s--)(?=\s)"
# One letter with an accent: braced in whichever way, or bare.
_MARKED = r"\\[\"'`^~=.](?:\{\s?(?:\\[ij]|[A-Za-z])\s?\}|\\[ij](?![A-Za-z])|[A-Za-z])"
_NAMED = r"\\[uvHdckrb]\s?\{\s?(?:\\[ij]|[A-Za-z])\s?\}|\\[uvHckr]\s[A-Za-z]"
_LETTER = rf"\\(?:{'|'.join(sorted(LETTERS, key=len, reverse=True))})(?![A-Za-z])"
_GROUPED_LETTER = re.compile(rf"\{{(?<!\\[\"'`^~=.]\{{)\s?({_MARKED}|{_NAMED}|{_LETTER})\s?\}}")
_LETTER_RULE = re.compile(rf"{_MARKED}|{_NAMED}|{_LETTER}(?:\{{\}}|[ ])?")
_LETTER_PARTS = re.compile(r"\\([A-Za-z]+|.)[\s{}\\]*([A-Za-z]?)")
_CONTRACTION = re.compile(r"\\'(?:s|re|ll|d|m|t|ve)\b")
_ESCAPED_QUOTE = re.compile(r"\\[\"'](?![A-Za-z{\\])")
_MATH_ACCENT = re.compile(
    r"\s?\\(?P<accent>grave|acute|hat|check|tilde|bar|breve|dot|ddot|mathring)"
    r"(?:\s?\{\s?(?:\\rm\s)?(?P<base>[A-Za-z])\s?\}|\s(?P<bare>[A-Za-z]))\s?"
)
_MATH_RULE = re.compile(_SIGN_RULE)
_PROSE_RULE = re.compile(rf"{_SIGN_RULE}|{_TIE}|{_TYPOGRAPHIC_RULE}")
_FONT = re.compile(
    r"\\(?:emph|textit|textbf|texttt|textsc|textsf|textrm|textsl|text|mathrm|mathbf|mathit|mathsf|mathcal|mbox"
    r"|operatorname|underline|url)\s?\{([^{}]*+)\}"
)
_FONT_GROUP = re.compile(r"\{\\(?:it|em|bf|rm|sc|sl|sf|tt|cal|itshape|bfseries)\s([^{}]*+)\}")
_MATH_LETTERS = frozenset(rf"\{name}" for name in LETTERS)
