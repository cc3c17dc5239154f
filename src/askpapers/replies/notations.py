"""Brings citations in notations of their own to brackets, "[1]": tags, LaTeX, raised and circled numbers, braces. Pure.

Only what is a citation by its form is changed here, or stands where no text has it; brackets, parentheses and labels
are read by `citation_marks`.
"""

from __future__ import annotations

import re

_DROPPED = re.compile(
    r":contentReference|\{index=\d{1,3}\}|\ue200[^\ue200\ue201\n]{0,80}\ue201|\[oaicite:\d{1,3}\]|\[cite_start\]"
    r"|<!--[^\n]{0,200}?-->|(?<=\S )\[(?:citation needed|(?:source |citation )?numbers?|sources?|citations?|n|#|not in"
    r" sources?|no (?:citations?|sources?)|none|not cited|uncited|n/a)\]",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\[([^\W\d][^\[\]\n]{0,80})\](?:\((?:https?:|#)[^()\s]{1,200}\)|(?=\[\^?\d{1,2}\]))"
)  # with its text in the sentence
_NUMBERS = r"\[?\^?\d{1,3}(?:[\s,;&]{1,3}\d{1,3}){0,9}\]?"
_LINKED = re.compile(rf"<a\b[^<>\n]{{0,120}}>\s?({_NUMBERS})\s?</a>", re.IGNORECASE)
_TAGS = re.compile(
    r"<(sup|ref|cite|source|citation|footnote|fn|span|mark|small)\b[^<>\n]{0,60}>([^<>\n]{1,40})</\1>|\[(REF)\]([^\[\]\n]{1,40})\[/REF\]",
    re.IGNORECASE,
)
_ONLY_NUMBERS = re.compile(
    r"\W*(?:(?:sources?|refs?|docs?|papers?|cite)\W{0,3})?\d{1,3}(?:\W{1,3}\d{1,3})*\W*", re.IGNORECASE
)
_TAG_WITH_NUMBER = re.compile(
    r"<(?:ref|cite|source|citation|doc|sentence|statement"
    r"|claim)\b[^<>\n\d]{1,30}[\"']?(\d{1,3}(?:,\s?\d{1,3})*)[\"']?\s?/?>|<(\d{1,2})>",
    re.IGNORECASE,
)
_GROUNDED = re.compile(r"<co:\s?[\d,\s]{1,12}>|</co:\s?([\d,\s]{1,12})>")  # Cohere's: around the words that it grounds
_LATEX = re.compile(
    r"~?\\(?:cite[pt]?|textsuperscript|footnotemark|ref)(?:\{\[?([^\[\]{}\n]{1,40})\]?\}|\[(\d{1,3})\])"
)
_BOXED = re.compile(r"(?<=\w )\$?\\boxed\{(?:\\text(?:bf)?\{)?([^{}\n]{1,400})\}{1,2}\$?")  # within a sentence
_PERCENT = re.compile(r"(?<=\d)\\%")  # as LaTeX writes it, out of mathematics too
_RAISED = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[%)\"”])) ?(?:\$\^\{?\[?(\d{1,2})\]?\}?\$|\^\{(\d{1,2})\}|\^(\d{1,2})\b)"
)
_RAISED_BRACKETS = re.compile(r"⁽([⁰¹²³⁴-⁹,⁻˒]{1,12})⁾")
_IN_BRACES = re.compile(
    r"(?<=[\w%.”)]) ?\{{1,2}\s?(?:(?:cite|source|ref|citation)s?[:\s=]{1,2})?(\d{1,2})\s?\}{1,2}"
    r"(?=\s?[.,;:!?]|\s{0,9}$)"
)
_NESTED = re.compile(r"\(\(([^()\n]{1,40})\)\)|(?<=[^\W\d_])\s?\((\d{1,2})\)(?=\])")
_CIRCLED = re.compile(r"(?<=[\w%.”),]) ?(?:([①-⑳])|([❶-❿])|([➀-➉])|([➊-➓])|([⑴-⒇])|(\d)\ufe0f?\u20e3)")
_DAGGERS = re.compile(r"(?<=[\w%.”)]) ?[†‡]")
_RAISED_AFTER = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?%)\"”’\]\ue001]|\s)$")  # else it is a power
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")


def in_brackets(text: str) -> str:
    """A line in which citations by tags, LaTeX, signs and braces stand in brackets, and marks without use are gone."""
    text = _DROPPED.sub("", text)
    text = _LINK.sub(lambda m: m[1] if m.group().endswith(")") else f"{m[1]} ", text)
    text = _LINKED.sub(r"\1", text)
    text = _TAGS.sub(_tagged, text)
    text = _TAG_WITH_NUMBER.sub(lambda m: f"[{m[1] or m[2]}]", text)
    text = _GROUNDED.sub(lambda m: f" [{m[1].strip()}]" if m[1] else "", text)
    text = _LATEX.sub(lambda m: f"[{m[1] or m[2]}]", text)
    text = _BOXED.sub(r"\1", text)
    text = _PERCENT.sub("%", text)
    text = _RAISED.sub(lambda m: f"[{m[1] or m[2] or m[3]}]", text)
    text = _RAISED_BRACKETS.sub(lambda m: f"[{m[1].translate(_DIGITS)}]", text)
    text = _IN_BRACES.sub(r"[\1]", text)
    text = _NESTED.sub(lambda m: f"({m[1]})" if m[1] else f" {m[2]}", text)
    text = _CIRCLED.sub(_circled, text)
    return _DAGGERS.sub(lambda m: "[1]" if m.group().strip() == "†" else "[2]", text)


def is_raised_after(text: str) -> bool:
    """Whether a raised number behind this is a citation, and no power."""
    return bool(_RAISED_AFTER.search(text[-3:]))


def _tagged(match: re.Match[str]) -> str:
    name, content = match[1] or match[3], match[2] or match[4]
    if not _ONLY_NUMBERS.fullmatch(content) and len(content.split()) > 2:
        return f" {content} "
    if name.casefold() == "sup" and not is_raised_after(match.string[: match.start()]):
        return f"^{content}"
    return f"[{content.strip('[]')}]"


def _circled(match: re.Match[str]) -> str:
    group = match.lastindex or 0
    sign = match[group]
    first = {1: "①", 2: "❶", 3: "➀", 4: "➊", 5: "⑴"}.get(group)
    return f"[{ord(sign) - ord(first) + 1 if first else sign}]"
