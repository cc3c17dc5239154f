"""Languages by their names and codes, in criteria and in records. Pure."""

from __future__ import annotations

import re

# The code of two letters, the names and codes that records and people use.
_NAMES = {
    "en": "english eng en",
    "de": "german deutsch ger deu de",
    "fr": "french français francais fre fra fr",
    "es": "spanish español espanol castilian spa es",
    "it": "italian italiano ita it",
    "pt": "portuguese português portugues por pt",
    "nl": "dutch nederlands dut nld nl",
    "pl": "polish polski pol pl",
    "sv": "swedish svenska swe sv",
    "da": "danish dansk dan da",
    "no": "norwegian norsk nor nob nno no nb nn",
    "fi": "finnish suomi fin fi",
    "ru": "russian rus ru",
    "uk": "ukrainian ukr uk",
    "cs": "czech cze ces cs",
    "hu": "hungarian hun hu",
    "ro": "romanian rum ron ro",
    "el": "greek gre ell el",
    "tr": "turkish türkçe turkce tur tr",
    "ar": "arabic ara ar",
    "he": "hebrew heb he",
    "fa": "persian farsi per fas fa",
    "hi": "hindi hin hi",
    "zh": "chinese mandarin chi zho zh",
    "ja": "japanese jpn ja",
    "ko": "korean kor ko",
    "id": "indonesian ind id",
    "vi": "vietnamese vie vi",
    "th": "thai tha th",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_WORDS = {name: code for name, code in _CODES.items() if len(name) > 3}
_NAME = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_LIST = rf"{_NAME}(?:(?:,| or| and|/)+ ?(?:or )?{_NAME})*"
_IN_WORDS = re.compile(
    rf"\b(?:(?:published|written|available) )?in (?:the )?(?P<in>{_LIST})(?: languages?)?(?: only)?\b"
    rf"|\b(?P<of>{_LIST})[- ]languages?\b"
    rf"|^(?:the )?(?:languages? (?:is |are )?)?(?P<alone>{_LIST})(?: only)?(?= *$| (?:papers?|articles?|publications?)\b)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;,/|]| and | or ")
_SPLIT = re.compile(r"[^\w]+")


def languages_in(text: str, *, alone: bool = False) -> tuple[tuple[str, ...], str]:
    """The languages that a criterion asks for, by their codes, and the text without them.

    A name counts where papers in it are meant ("in English", "English-language"), with `alone` anywhere.
    """
    if alone:
        return tuple(dict.fromkeys(_CODES[word] for word in _SPLIT.split(text.casefold()) if word in _CODES)), ""
    match = _IN_WORDS.search(text)
    if match is None:
        return (), text
    names = next(group for group in match.groups() if group)
    codes = (_WORDS[word] for word in _SPLIT.split(names.casefold()) if word in _WORDS)
    return tuple(dict.fromkeys(codes)), f"{text[: match.start()]} {text[match.end() :]}".strip()


def codes_of(language: str) -> frozenset[str]:
    """The codes of what a record has as its language ("eng", "English; German", "en-US"); of what is unknown, none."""
    parts = (part.strip().casefold() for part in _PARTS.split(language))
    return frozenset(code for part in parts if (code := _CODES.get(part) or _CODES.get(re.split("[-_]", part)[0])))
