"""Ways of typing one question: what a person may put around it, and how."""

from __future__ import annotations

import re
from collections.abc import Callable

_SMALL = frozenset("of the a an in on for to and or is was with by".split())


def _title(question: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in question.split())


def _headline(question: str) -> str:
    first, *rest = _title(question).split()
    return " ".join([first, *(word.lower() if word.lower() in _SMALL else word for word in rest)])


def _asked_politely(question: str) -> str:
    inner = re.match(r"(?:what|which|who|how|where|why)\b", question, re.IGNORECASE)
    return f"Could you please tell me {question[0].lower()}{question[1:]}" if inner else f"Hello! {question}"


DRESSES: dict[str, Callable[[str], str]] = {
    "title case": _title,
    "headline": _headline,
    "capitals": str.upper,
    "small letters": str.lower,
    "sentence case": lambda q: q[:1].upper() + q[1:],
    "thanks": lambda q: f"{q} Thanks!",
    "thanks in advance": lambda q: f"Hi! {q} Thanks in advance.",
    "thx": lambda q: f"{q.rstrip('?')} thx",
    "please": lambda q: f"{q.rstrip('?')}, please?",
    "asked politely": _asked_politely,
    "briefly": lambda q: f"{q} Answer briefly.",
    "in one sentence": lambda q: f"{q} Please reply in one sentence.",
    "in simple terms": lambda q: f"{q.rstrip('?')} in simple terms?",
    "help appreciated": lambda q: f"{q} I would really appreciate your help.",
    "a word on oneself": lambda q: f"I'm writing a review. {q}",
    "in quotes": lambda q: f'"{q}"',
    "in typographic quotes": lambda q: f"“{q.replace(chr(39), '’')}”",
    "trailing dots": lambda q: f"{q.rstrip('?')} ...",
    "no question mark": lambda q: q.rstrip("?. "),
    "three question marks": lambda q: f"{q.rstrip('?')}???",
    "emoji": lambda q: f"🙂 {q} 🙏🏽",
    "no-break spaces": lambda q: q.replace(" ", "\u00a0"),
}
