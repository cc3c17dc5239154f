"""Takes citations out of a sentence, with the words that only attribute: "According to [1], ...". Pure."""

from __future__ import annotations

import re

from askpapers.replies.citation_marks import APART, MARK, numbers_of
from askpapers.replies.layout import LIST_SIGN

_REPORTED = (
    "reported shown stated described noted discussed found mentioned demonstrated presented explained given"
    " cited observed"
    " proposed introduced indicated".split()
)
_IN = r"(?:in|by|from|per|on|according to|based on|as per|via)"
_NO_PASSIVE = "(?<!is )(?<!was )(?<!are )(?<!were )(?<!been )(?<!be )(?<!not )"
_AS = rf"(?:as (?:is |was |are |were )?|{_NO_PASSIVE})(?:{'|'.join(_REPORTED)}) (?:in|by)"
_NOUN = r"(?:the )?(?:(?:authors|work|study|paper|research|results|findings|abstract) (?:of|in|from|by) )?(?:both )?"
_SAYS = (
    "says? said states? stated reports? reported shows? showed finds? found notes? noted claims? claimed demonstrates?"
    " demonstrated indicates? indicated suggests? suggested concludes? concluded observes? observed explains? explained"
    " argues? argued reveals? revealed confirms? confirmed mentions? mentioned writes? wrote".replace(" ", "|")
)
_LEADING = re.compile(rf"(?:{_AS}|as {_IN}|{_IN}) {_NOUN}{MARK}(?: \([^()]{{1,60}}\))?\s?[,:]\s?", re.IGNORECASE)
_AS_IT_SAYS = re.compile(rf"as {_NOUN}{MARK} (?:{_SAYS})\s?[,:]\s?", re.IGNORECASE)
_IT_SAYS_THAT = re.compile(
    rf"(?:{_NOUN}){MARK}(?: \([^()]{{1,60}}\))?,? (?:also |further |explicitly |clearly )?(?:{_SAYS})(?: that |: )",
    re.IGNORECASE,
)
_CONNECTS = re.compile(
    r"(?:however|but|also|additionally|furthermore|moreover|in addition|similarly|finally|nevertheless|meanwhile"
    r"|overall|first|second|third|specifically|for example|instead|(?:explanation|evidence|(?:final )?answer|reason"
    r"|quote"
    r"|reasoning|thinking|note):),? (?=\S)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"{MARK}(?: \([^()]{{1,60}}\))?\s?[:–—-]\s")
_SUBJECT = re.compile(
    rf"(?:(?:the )?(?:study|work|article) )?{_NOUN}{MARK}"
    r"(?= (?!this |its |thus |as |is,)(?:also |further )?(?:[a-z]{2,}(?:s|ed)|found|has|have|had"
    r"|was|did|do|are|were) )"
)
_SECOND_SUBJECT = re.compile(rf"(?<=[,;] ){MARK}(?= (?:also |further )?(?:{_SAYS}|[a-z]{{2,}}s) )")
_TAIL = re.compile(
    rf"\s?[,;(]? ?(?<!\w)(?:{_AS}|as {_IN}|as in|(?!on ){_IN}|see|see also|cf\.?|sources?:) {_NOUN}{MARK}\)?"
    r"(?=[.!?]*$)",
    re.IGNORECASE,
)
_TAIL_SAYS = re.compile(rf"\s?[,;] ?as {_NOUN}{MARK} (?:{_SAYS})(?=[.!?]*$)", re.IGNORECASE)
_OBJECT = re.compile(
    rf"\b((?:in|of|by|from|to|than|with|like|via|while|whereas|and|but|that|unlike) ){MARK}(?= [a-z]|[,.;])",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{APART}? ?{MARK}")
_LOOSE_COMMA = re.compile(rf"\s?[,;:](?= ?{MARK}[.!?]*$)")
_TAG = re.compile(r"(?<![`\"“'])</?(?!think|thought|reasoning)[A-Za-z][\w:-]{0,15}(?: [^<>\n]{0,60})?/?>")
_EMPTY = re.compile(r"\(\s*[,;]?\s*\)|\[\s*[,;]?\s*\]|``")


def take_marks(sentence: str) -> tuple[str, tuple[int, ...]]:
    """A sentence without its citations, the words that attribute it and Markdown; and the numbers that it cites."""
    numbers = numbers_of(sentence)
    text = _TAG.sub("", LIST_SIGN.sub("", sentence, count=1)).replace("**", "").replace("__", "")
    text = " ".join(text.split())
    if numbers:
        text = _without_attribution(text)
    text = _EMPTY.sub("", _BARE.sub("", text))
    text = re.sub(r"(?<=[\w%)”\"]) (?=[.,;:](?:\s|$))", "", " ".join(text.split()))
    return (text if any(c.isalnum() for c in text) else ""), numbers


def _as_subject(match: re.Match[str]) -> str:
    return "The papers" if len(numbers_of(match.group())) > 1 else "The paper"


def _without_attribution(text: str) -> str:
    if found := _CONNECTS.match(text):
        rest = _without_attribution(text[found.end() :])
        return found.group() + rest
    for pattern in (_LEADING, _AS_IT_SAYS, _IT_SAYS_THAT, _BEFORE):
        if found := pattern.match(text):
            rest = text[found.end() :]
            text = rest[:1].upper() + rest[1:]
            break
    else:
        text = _SUBJECT.sub(_as_subject, text, count=1) if _SUBJECT.match(text) else text
    text = _LOOSE_COMMA.sub("", _TAIL_SAYS.sub("", _TAIL.sub("", text)))
    text = re.sub(rf" (?:[—–-]{{1,2}}|[→⇒➜⟶]|->|=>) (?={MARK}[.!?]*$)", " ", text)
    return _OBJECT.sub(r"\1the paper", _SECOND_SUBJECT.sub("the paper", text))
