"""A question without its dress: the same words whatever the case, courtesies, quotes and marks around them.

What is left is in a canonical form, so that two ways of typing one question become equal. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from askpapers.answering.holdings import as_request
from askpapers.answering.question_words import AUX, WH, WHICH_ONES, WRITINGS
from askpapers.text import sentences, words

_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‐‑‒−", "-"),
        **dict.fromkeys("？؟⁇", "?"),
        **dict.fromkeys("！", "!"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff™®©", None),
        "…": "...",
    }
)
_NO_TEXT = ("So", "Cc", "Cs", "Co", "Zs", "Sk")  # emoji, control characters, spaces, skin tones
_WRAPPED = re.compile(r"^(?P<open>[\"'(\[{*_>]+)(?P<inner>.+?)(?P<close>[\"')\]}*_]+)(?P<end>[?.! ]*)$")
_CLOSES = {'"': '"', "'": "'", "(": ")", "[": "]", "{": "}", "*": "*", "_": "_"}
_LABEL = re.compile(r"^(?:[-*>#•]+ +|(?:q|question|query|prompt)(?: ?\d+)? ?[:.)] *|\d{1,2}[.)] +)", re.IGNORECASE)

_THANKS = (
    r"(?:(?:many |much |big )?(?:thanks|thank you|thankyou|thx|thanx|cheers|tia|ty)"
    r"(?: (?:so|very|in|a|lot|much|advance|again|all|everyone|million|bunch|ton|guys|for (?:your|the|any) \w+))*)"
)
_GREETING = (
    r"(?:(?:hi|hello|hey|hiya|howdy|greetings|dear|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|all|everyone|everybody|team|again|assistant|bot|friends?|folks|sir|madam|askpapers))*)"
)
_BEFORE = (
    rf"(?:{_GREETING}|{_THANKS}|(?:i )?hope (?:you|this|all)[^.!?,]{{0,40}}"
    r"|(?:excuse me|pardon(?: me)?|sorry)(?: (?:to|for) \w+(?: \w+)?)?"
    r"|(?:i have |just )?(?:a |one )?(?:quick |short |small |simple )?question(?: for you)?(?=[ ]*[:,.!-])|quick question"
    r"|(?:just )?(?:curious|wondering)|out of curiosity|by the way|btw"
    r"|please|pls|plz|kindly|okay|ok|so|well|um+|uh+|hm+|alright|right|just)"
)
_BREAK = r"(?:\s*[,.:;!]+|\s+[-–—]+)?\s*"
_INNER = (
    rf"(?=(?:{WH}|{AUX}|there|any(?:thing|one|body)?|tell|show|list|find|give|name|explain|define|compare|count"
    r"|summari[sz]e|describe|search)\b)"
)
_LEADING = re.compile(
    rf"^(?:{_BEFORE}(?![\w'-]){_BREAK}(?:(?:if|whether) {_INNER})?"
    r"|(?:(?:can|could|would|will) (?:you|someone|anyone|we|i)|would you mind|let me|help me|may i|might i"
    r"|i(?:'d| would| want to| wanted to| need to) ?(?:like|love)?(?: to)?"
    r"|(?:i(?:'m| am| was)|we(?:'re| are| were)) (?:just |only )?(?:wondering|curious)(?: about)?"
    r"|(?:we|i) (?:want|need|would like) to|do you happen to|any idea)"
    r"(?: (?:please|kindly|possibly|maybe|perhaps|just|to|ask|asking|know|see|find out|understand|learn|tell|telling"
    rf"|explain to|say|say to)(?: me| us| you| from you)?)*{_BREAK}(?:if |whether |about )?{_INNER}"
    rf"|[\w' ]{{1,60}}\b(?:know|wonder(?:s|ed|ing)?|curious|interested|ask(?:s|ed|ing)?)(?:\s*[:;]|\s+[-–—]+)\s*{_INNER}"
    r"|(?:please |kindly )?(?:tell me|tell us|do you(?: happen to)? know|can you say|say|i wonder|i ask myself)(?: please)?"
    rf"(?: about| of)?{_BREAK}(?:if |whether )?(?=(?:{WH})\b))",
    re.IGNORECASE,
)
_SHORT = (
    r"(?:(?:brief|short|concise|succinct|precise|quick|honest|plain|clear|thorough|careful)(?:ly)?|detail(?:ed|s)?"
    r"|simpl[ey]|specific|sentences?|words?|lines?|bullet ?points?|bullets|paragraphs?|english|sources?|citations?|quotes?"
    r"|answers?)"
)
_FORM = (
    r"(?:(?:please |just |kindly |and |but )*(?:answer|reply|respond|be|keep|write|explain|give|cite|limit|use|make)\b"
    rf"[^.!?;]{{0,40}}\b{_SHORT}"
    rf"|(?:in|as) (?:one|a|two|three|a few|\d+|plain|simple|bullet)\b[^.!?;]{{0,20}}\b{_SHORT}|briefly)"
)
_AFTER = (
    rf"(?:{_THANKS}|{_FORM}|please|pls|plz|kindly"
    r"|(?:(?:i|we)(?:'d| would)? )?(?:really |greatly |very )?(?:much )?appreciated?"
    r"(?: (?:it|this|that|your|any|a|the|help|answer))*"
    r"|(?:it's |it is |this is )?(?:very |quite |rather )?urgent|no rush|asap|bye(?: bye)?|goodbye"
    r"|have a (?:nice|good|great) \w+|(?:best|kind|warm)(?: regards| wishes)|regards|best"
    r"|if (?:you|that|it|possible)(?:'s| is)?(?: \w+){0,3}|if you (?:don't|do not) mind"
    r"|for me|will you|would you|any help(?: (?:is|would be) \w+)?|that'?s all|over)"
)
_FOR_WHOM = (
    r"(?:in (?:very )?(?:simple|plain|easy|lay) (?:terms|words|language|english)|(?:like|as if) i(?:'m| am| was| were) [\w -]{1,20}"
    r"|to an? (?:beginner|child|lay(?:man|person)|newcomer)"
    r"|in (?:one|an?|two|three|a few|\d) (?:short |brief |plain )?(?:sentences?|lines?|paragraphs?|bullet ?points?|bullets)"
    r"|(?:that |which )?(?:i|we) (?:should|could|must|need to|have to) (?:read|look at|start with|begin with)(?: first)?)"
)
_TRAILING = re.compile(
    rf"(?:[\s,;:.!?-]+(?:{_THANKS}|{_FOR_WHOM}|please|pls|plz|kindly|for me)"
    rf"|(?:\s*[,;:.!?-]+\s*(?:and |but )?|\s+(?=(?-i:Answer|Please|Reply|Be|Keep|Explain|I)\b)){_AFTER})[\s?.!,;:]*$",
    re.IGNORECASE,
)
_AUX = rf"(?:{AUX}|shall|must)"
_ASKING = (
    rf"(?:(?:(?:in|on|to|by|at|for|of|with|from|under) )?{WH}|{_AUX}|list|find|show|give|name|tell|explain|define|describe"
    rf"|compare|contrast|count|summari[sz]e|any(?:thing|one|body)?|{WRITINGS})\b"
)
_ASKS = re.compile(rf"^(?:and |but |so |or )?{_ASKING}", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:it|its|they|them|their|this|these|those|he|she|his|her)\b", re.I)
_INTERROGATIVE = re.compile(
    rf"^(?:(?:in|on|to|by|at|for|of|with|from|under) )?{WH}(?:'?s)?\b|^{_AUX}(?:n't)?\b", re.IGNORECASE
)
_EMPTY = re.compile(
    rf"(?:(?:{WH}|{_AUX}|there|any(?:thing|one|body)?|some|all|the|{WRITINGS}|ones?|you|we|i|me|list|show|find|give|name"
    r"|know|on|of|about|cover|it|that|here)\b\W*)+",
    re.IGNORECASE,
)
_PAPERS = re.compile(rf"\b{WRITINGS}\b", re.IGNORECASE)
_OWN_SENTENCE = re.compile(r"(?=(?:i|i'm|i've|we|we're|my|our)\b)([^.?!]{3,}\w{3}[.!])\s+(?=\S)", re.IGNORECASE)
_OF_ONESELF = re.compile(r"^(?:i|i'm|i've|i'd|we|we're|my|our)\b(?!.*\?$)", re.IGNORECASE)
_INNER_END = re.compile(rf"\?[\"')\]]*\s+|(?<=\w{{3}})[.!]\s+(?={_ASKING})")
_MOSTLY = 0.75
_CHAT = {"u": "you", "ur": "your", "pls": "please", "plz": "please", "whats": "what's", "hows": "how's"}
_CHATTED = re.compile(r"\b(?:(?<=can )u|(?<=could )u|(?<=would )u|(?<=do )u|ur|pls|plz|whats|hows)\b")


def plain_question(question: str, written: Callable[[str], str | None]) -> str:
    """The question in its canonical form.

    `written` gives a name as the corpus writes it, or None for a word that is no name there.
    """
    text = _CHATTED.sub(lambda word: _CHAT[word.group()], plain_characters(question))
    before = None
    while text != before:  # each dress may hide another
        before = text
        text = _unwrapped(_LABEL.sub("", text, count=1))
        text = _without_courtesies(text)
        text = _asking(text, written)
    text = _in_plain_case(as_request(text or plain_characters(question)), written)
    return with_question_mark(text)


def plain_characters(text: str) -> str:
    """The text with plain quotes, hyphens and spaces, and without emoji and invisible characters."""
    text = unicodedata.normalize("NFC", text).translate(_MARKS)
    text = "".join(" " if unicodedata.category(c) in _NO_TEXT and c != "°" else c for c in text)
    text = "".join(unicodedata.normalize("NFKC", c) if "\uff00" <= c <= "\uffef" else c for c in text)
    text = "".join(c for c in text if not "\ufe00" <= c <= "\ufe0f" and c != "\u20e3")
    return re.sub(r"([\"'])\1+", r"\1", " ".join(text.split()))


def _unwrapped(text: str) -> str:
    while (match := _WRAPPED.match(text)) and _CLOSES.get(match["open"][0]) == match["close"][-1]:
        inner = (text[1 : match.end("close") - 1]).strip()
        if text[0] in inner or match["close"][-1] in inner:  # two quoted things, not one around all
            break
        text = inner if inner.endswith(("?", "!")) else inner + match["end"].strip()
    return text


def _without_courtesies(text: str) -> str:
    rest = text
    while (shorter := _LEADING.sub("", rest, count=1)) != rest and shorter.strip(" ?.!,"):
        rest = shorter
    while (shorter := _TRAILING.sub(_end_of, rest, count=1)) != rest and shorter.strip(" ?.!,"):
        rest = shorter
    return rest.strip()


def _end_of(match: re.Match[str]) -> str:
    return "?" if "?" in match.group() else ""


def _asking(text: str, written: Callable[[str], str | None]) -> str:
    """The sentences that ask, and those that they need.

    What comes before is needed by a question that refers ("it"), what comes after where it names something more.
    """
    parts = [text[start:end] for start, end in _pieces(text)]
    others = [part for part in parts if not _OF_ONESELF.match(part) or _about(part, written)]
    parts = others if any(map(str.isalnum, "".join(WHICH_ONES.sub("", part) for part in others))) else parts
    if len(parts) == 1:
        return parts[0]
    asks = [part.endswith("?") or bool(_ASKS.match(part)) for part in parts]
    if not any(asks):
        return text
    first, last = asks.index(True), len(asks) - 1 - asks[::-1].index(True)
    if any(part.endswith("?") for part in parts):  # a sentence that only looks like an order may be about the answer
        last = max(
            place for place, part in enumerate(parts) if part.endswith("?") or (asks[place] and _about(part, written))
        )
    kept = parts[first : last + 1]
    named = {name for part in kept for name in _names(part, written)}
    after = [part for part in parts[last + 1 :] if _names(part, written) - named]
    is_empty = _EMPTY.fullmatch(kept[0]) or WHICH_ONES.fullmatch(kept[0])
    before = parts[:first] if is_empty or _REFERS.search(kept[0]) else []
    return " ".join([*before, *kept, *after])


def _about(part: str, written: Callable[[str], str | None]) -> bool:
    return bool(_names(part, written)) or bool(_PAPERS.search(part))


def _names(part: str, written: Callable[[str], str | None]) -> set[str]:
    return {name for word, _, _ in words(part) if (name := written(word))}


def _pieces(text: str) -> list[tuple[int, int]]:
    """Sentences, also where a question mark is followed by a small letter."""
    spans = []
    own = _OWN_SENTENCE.match(text)
    cuts = [(0, own.end(1)), (own.end(), len(text))] if own else sentences(text)
    for start, end in cuts:
        begin = start
        for match in _INNER_END.finditer(text[start:end]):
            spans.append((begin, start + match.start() + len(match.group().rstrip())))
            begin = start + match.end()
        if begin < end:
            spans.append((begin, end))
    return spans


def _in_plain_case(text: str, written: Callable[[str], str | None]) -> str:
    """The names of the corpus as it writes them; where most words are capitalised, capitals say nothing else."""
    found = [(word, start, end) for word, start, end in words(text)]
    lettered = [word for word, _, _ in found if word[0].isalpha() and not written(word)]
    long = [word for word in lettered[1:] if len(word) > 3]
    shouted = len(lettered) > 1 and sum(word.isupper() for word in lettered) >= _MOSTLY * len(lettered)
    titled = len(long) > 1 and sum(word[0].isupper() for word in long) >= _MOSTLY * len(long)
    parts, done = [], 0
    for place, (word, start, end) in enumerate(found):
        parts.append(text[done:start])
        parts.append(written(word) or _cased(word, first=place == 0, titled=titled, shouted=shouted))
        done = end
    return "".join([*parts, text[done:]])


def _cased(word: str, *, first: bool, titled: bool, shouted: bool) -> str:
    inner_capital = any(c.isupper() for c in word[1:])
    return word.casefold() if shouted or ((titled or first) and not inner_capital) else word


def with_question_mark(text: str) -> str:
    """The question with a question mark where it is one by its first word, and with no other mark at its end."""
    rest = text.rstrip(" ?.!,;:-")
    if not rest:
        return text
    if re.search(r"\b(?:al|etc|e\.g|i\.e|vs|U\.S)$", rest) and text[len(rest) :].startswith("."):
        rest += "."
    last, _ = sentences(rest)[-1]
    return f"{rest}?" if _INTERROGATIVE.match(rest[last:]) else rest
