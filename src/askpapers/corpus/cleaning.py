"""What a record's fields hold beside their content: markup, broken characters, labels, notices, words for "none"."""

from __future__ import annotations

import re

import ftfy

from askpapers.corpus.markup import undo_markup
from askpapers.text import plain

# A soft hyphen with a space behind it stood at the end of a line.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff](?:(?<=\u00ad)\s+(?=[a-z]))?")
_LONGEST_PLACEHOLDER = 300  # characters


def clean(text: str) -> str:
    """An abstract as it is shown: without markup, invisible signs, a label before it and notices of copyright.

    LaTeX stays. Of a text without any of these only the white space around it goes.
    """
    return _without_notices(_LABEL.sub("", _readable(text), count=1).strip())


def clean_line(text: str) -> str:
    """A title or another field of one line: without markup, LaTeX and invisible signs; "" for a `placeholder`."""
    line = plain(_readable(text))
    return "" if placeholder(line) else line


def _readable(text: str) -> str:
    text = undo_markup(_INVISIBLE.sub("", text)).strip()
    # Of what ftfy can do only this: "Ã©" is é. The rest would change good text (ligatures, quotes, full width).
    return text if text.isascii() else _INVISIBLE.sub("", ftfy.fix_encoding(text))


def placeholder(text: str) -> bool:
    """Whether a field holds what exports write for "none": "NaN", "[No abstract available]", "N/A", "-", or nothing."""
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    if _EXCEL_OR_SQL.fullmatch(text.strip()):
        return True
    words = " ".join(_SIGNS.sub(" ", text).split()).casefold()
    return words in _NONE or bool(_NOTHING.fullmatch(words))


# ----- labels -----

_STARTS = (
    r"Background|Objectives?|Introduction|Purposes?|Aims?|Goals?|Methods?|Methodology|Context|Importance|Motivation"
    r"|Rationale|Significance|Results?|Conclusions?|Hypothesis|Problem|Design|Setting"
    r"|We|The|This|These|That|In|An?|Our|Here|It|To|For|With|Many|Most|Some|Although|While|There|Recent|Recently|Despite"
    r"|Current|Using|As|At|On|By|From|Since|When|Because|During|Over|Given"
)
_LABEL = re.compile(
    r"\A(?:Publisher\s+)?(?:(?i:abstracts?|summary|r[ée]sum[ée]|zusammenfassung|resumen|resumo|riassunto|samenvatting|kurzfassung"
    r"|аннотация|摘要|要旨|초록)\s*(?:[:：.—–]+\s*|-+\s+|[ \t]*[\r\n]+\s*)"
    r"|(?i:abstract|summary)\s*\|\s*"
    rf"|(?:ABSTRACT|Abstract|SUMMARY|Summary)\s*(?=(?:{_STARTS}|[A-Z]{{4,}}:)(?![a-z]))"
    r"|ABSTRACT\s+(?=[A-Z“\"'][a-z]))"
)

# ----- notices of copyright -----

_PUBLISHER = (
    r"Elsevier|Springer|Wiley|Blackwell|IEEE|ACM|Association for Computing Machinery|Taylor|Informa|Nature|Macmillan"
    r"|Oxford University Press|Cambridge University Press|University Press|SAGE|Sage|IOP|AIP|APS|American"
    r"|Royal Society|MDPI|Frontiers|BioMed Central|BMJ|Karger|Thieme|Kluwer|Lippincott|Wolters|Mary Ann Liebert|Emerald"
    r"|IGI|World Scientific|Hindawi|PLOS|de Gruyter|De Gruyter|Bentham|Academic Press|Mosby|Saunders|Inderscience"
    r"|Massachusetts Medical Society|Optica|OSA|SPIE|IWA|IOS Press|John Benjamins|Brill|Dove"
)
_HOLDER = (
    r"(?:Crown\s++)?(?:Copyright(?:\s*+(?:©|\([Cc]\)))?+|©|ⓒ|\([Cc]\))\s*+(?:,\s*+)?+"
    r"(?=[12]\d{3}|(?:by\s+)?(?:[Tt]he\s+)?[Aa]uthor|Her\s+Majesty"
    rf"|\w[^\n.]{{0,60}}?,?\s[12]\d{{3}}|{_PUBLISHER})"
)
_AFTER_SENTENCE = r"(?<=[.!?)\]\"”’\s])"
_BEGINS_NOTICE = re.compile(rf"{_AFTER_SENTENCE}{_HOLDER}")
_LAST_NOTICE = re.compile(
    rf"{_AFTER_SENTENCE}(?:This article is protected by copyright(?:\.\s*All rights? reserved)?"
    r"|All rights? (?:are )?reserved"
    rf"|Published by (?:the )?[^.\n]{{0,60}}?(?:{_PUBLISHER})[^\n]{{0,80}}"
    r"|\(\s*PsycI?N?F?O? Database Record[^\n]{0,120})\s*+(?:\.\s*+)?(?:\)\s*+)?$"
)
_LONGEST_NOTICE = 700  # characters
_MAY_BE_NOTICE = re.compile(r"©|ⓒ|copyright|Copyright|\([Cc]\)|reserved|Published by|PsycI")
_SIGN = re.compile(r"©|ⓒ")
_NOTICE_WORD = re.compile(
    r"[Cc]opyright|reserved|[Pp]ublish|[Ll]icen[sc]|[Oo]pen[ -][Aa]ccess|Creative Commons|\bBY\b|\bLtd|\bInc\b"
    rf"|B\.? ?V\b|LLC|GmbH|Limited|on behalf of|Verlag|Press|{_PUBLISHER}|\b[Aa]uthors?\b"
    r"|reuse|permission|^[\d\W]*$|^[A-Z]\W*$"
)
_HOLDER_WORD = re.compile(rf"reserved|\bLtd|\bInc\b|B\.? ?V\b|LLC|GmbH|Limited|Verlag|{_PUBLISHER}|\b[Aa]uthors?\b")
_PIECE = re.compile(r"(?<=\.)\s*(?=[A-Z(])|\n+")
_FIRST_PIECE = re.compile(r"(?<=[.)])\s*+(?=[A-Z“\"])|\n+")
_LONGEST_PIECE = 150


def _without_notices(text: str) -> str:
    """The text without the notices of publishers at its ends, where all that goes is certainly one."""
    text = _without_first_notice(text)
    if not _MAY_BE_NOTICE.search(text, max(0, len(text) - _LONGEST_NOTICE)):
        return text
    while match := _LAST_NOTICE.search(text, max(0, len(text) - _LONGEST_NOTICE)):
        if not match.start():
            return text
        text = text[: match.start()].strip()
    for match in _BEGINS_NOTICE.finditer(text, max(0, len(text) - _LONGEST_NOTICE)):
        first, *others = _PIECE.split(text[match.start() :].strip())
        if match.start() and _is_holder(first) and all(map(_NOTICE_WORD.search, others)):
            return text[: match.start()].strip()
    return text


def _without_first_notice(text: str) -> str:
    if not re.match(_HOLDER, text):
        return text
    place = 0
    last_space = max((at for at, sign in enumerate(text[:_LONGEST_NOTICE]) if sign.isspace()), default=0)
    for end in _FIRST_PIECE.finditer(text, 0, _LONGEST_NOTICE):
        if end.end() > last_space and "\n" not in end[0]:  # the word that begins here may be cut, or is all
            break
        piece = text[place : end.start()].strip()
        if not (_NOTICE_WORD.search(piece) if place else _is_holder(piece)):
            break
        place = end.end()
    return text[place:].strip()


def _is_holder(piece: str) -> bool:
    """Whether a sentence says who holds the rights; "(c) 2010" may be the third of a list."""
    return len(piece) <= _LONGEST_PIECE and bool(_SIGN.search(piece) or _HOLDER_WORD.search(piece))


# ----- words for none -----

_SIGNS = re.compile(r"[\s\[\](){}<>\"'“”‘’.,;:!?#*_\\–—…-]+")
_EXCEL_OR_SQL = re.compile(r"#(?:N/A|VALUE!|REF!|NAME\?|NUM!|NULL!|DIV/0!)|\\N|<NA>")
_NONE = frozenset(
    (
        "", "nan", "null", "none", "nil", "n/a", "na", "n a", "n/d", "nat", "undefined", "unknown", "missing",
        "abstract", "summary", "abstracts", "tbd", "tba", "not available", "unavailable", "not applicable",
        "not provided", "not found", "not given", "not specified", "not supplied", "no data", "no value", "anonymous",
        "untitled", "/", "|", "see full text", "see pdf", "sin resumen", "resumen no disponible", "sem resumo",
        "kein abstract", "kein abstract verfügbar", "pas de résumé", "résumé non disponible",
        "无", "无摘要", "暂无摘要", "抄録なし",
    )
)  # fmt: skip
_WHAT = (
    r"(?:abstracts?|summary|summaries|titles?|authors?(?: names?)?(?: listed)?|author names?|descriptions?|keywords?"
    r"|years?|dates?|doi|text|preview|information|names?)"
)
_GIVEN = r"(?:available|provided|found|listed|supplied|given|present|included|exists?|recorded|published|yet|specified)"
_WORK = (
    r"(?: (?:for|in|to|from|with|on|by) (?:this|the|that|these)?(?: \w+)? ?"
    r"(?:article|paper|item|record|document|publication|publisher|work|content|entry|title|source|database"
    r"|language)s?)"
)
_NOTHING = re.compile(
    rf"(?:sorry |there (?:is|are) |(?:this|the) \w+ has )?no {_WHAT}(?: (?:is|are|was|were|has been|currently))*"
    rf"(?: {_GIVEN})*{_WORK}?(?: {_GIVEN})?"
    rf"|(?:sorry |the |an |your )?{_WHAT}(?: (?:is|are|was|were|has|been|currently))* (?:not|un|isn t)(?: been)?"
    rf" ?{_GIVEN}{_WORK}?(?: so .{{0,200}})?"
    rf"|{_WHAT}(?: is)? (?:missing|none|null|n/a|nan|na|empty|unknown|to follow|withheld)"
    r"|(?:this|the) \w+ (?:does|do|did) not (?:have|contain|include) an? (?:abstract|summary)"
    r"|(?:n/a|nan|null|none|na|unknown)(?: (?:n/a|nan|null|none|na|unknown))*"
)
