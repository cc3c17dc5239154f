"""Turns a yes/no question into the statement that "yes" would say, and the sides that papers take into words. Pure.

English puts the auxiliary before the subject in a question, and no parser is here to say where the subject ends: it is
the place before the first word that can begin a predicate. Where there is none, a statement in the question's own order
still has all its words, which is what a reader goes by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from askpapers.answering.intent import Intent, read_intent, without_politeness
from askpapers.answering.question_words import AUX
from askpapers.datatypes import Stance

_QUESTION = re.compile(
    rf"(?P<aux>{AUX})"
    r"(?P<negated>n['’]t)?(?: (?P<rest>.+))?$",
    re.IGNORECASE,
)
_TRUE_THAT = re.compile(
    r"^(?:(?:is|was) it (?:really |actually )?(?:true|so|the case|right|correct|known|clear|possible)"
    r"|(?:is|was) there (?:any |good |clear )?(?:evidence|proof|reason to (?:think|believe))"
    r"|(?:do|does|did|have|has) (?:the |these |any |some )?(?:papers?|studies|authors?|results?|abstracts?|we|they)"
    r" (?:show|find|found|shown|report|say|suggest|agree|think|know)) that (?P<claim>.+)$",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(r"\bor\b(?! (?:not|more|less|fewer)\b)", re.IGNORECASE)
_SUBJECT_PRONOUN = re.compile(r"^(?:it|they|this|that|these|those|he|she|you|we|i)\b", re.IGNORECASE)
_EVER = re.compile(r"\b(?:ever|at all) ?\b", re.IGNORECASE)  # of questions: a statement with it says something else
_FEWEST_WORDS = 3

_PREPOSITIONS = frozenset("in on at of for to by from with without under over within among between like".split())
# Words that begin a predicate behind "is", "are", "was", "were".
_PREDICATE = frozenset(
    "a an the not no as able better worse more less most least enough too so very really actually always still"
    " necessary useful useless possible important harmful helpful effective efficient sufficient robust safe accurate"
    " reliable good bad easy hard difficult slow fast quick cheap expensive large small high low strong weak stable"
    " likely sensitive competitive comparable superior inferior equal equivalent similar different beneficial feasible"
    " scalable interpretable transferable available aware capable prone due free close".split()
)
_BEFORE_NOUN = _PREPOSITIONS | frozenset("a an the and or than".split())  # no predicate begins behind these
_WORD = re.compile(r"\S+")
_PARTICIPLE = re.compile(r"\w{2,40}(?:ed|(?<!k)en)$|(?:gett|becom|improv|gain|hallucinat|los)ing$")  # no token
_NOUNS = frozenset(
    "transfer match approach benefit cost support change lead show run use scale limit speed need work exist"
    " learn help search find surpass produce prefer capture boost gain".split()
)  # verbs of the list below that are nouns, too: "does zero-shot transfer require ..."
# Verbs behind "do", "can" and the like, as questions of research use them.
_VERBS = frozenset(
    "help improve increase reduce decrease lower raise hurt harm work outperform beat exceed match approach reach"
    " surpass require need rely depend use learn generalize generalise transfer scale hallucinate struggle fail"
    " succeed perform produce generate lead cause prevent protect make give get have contain follow prefer benefit"
    " support predict explain affect change mitigate limit enable allow inherit show find tell write read solve"
    " pick choose select remove avoid capture preserve lose gain train run cost save take differ correlate agree"
    " matter exist become remain stay keep handle detect replace speed slow accelerate degrade boost enhance"
    " promote suppress inhibit stabilize stabilise".split()
)


def read_statement(question: str) -> str:
    """What "yes" to a question would say, with a full stop; "" for what asks nothing that yes or no could answer."""
    text = _EVER.sub("", without_politeness(question)).rstrip(" ?.!")
    if match := _TRUE_THAT.match(text):
        return _ended(match["claim"])
    match = _QUESTION.match(text)
    if read_intent(question) is not Intent.YES_NO or not match or not match["rest"]:
        return ""
    rest = match["rest"]
    if _ALTERNATIVES.search(rest) or _SUBJECT_PRONOUN.match(rest) or len(rest.split()) < _FEWEST_WORDS:
        return ""
    aux = match["aux"].casefold()
    if rest.casefold().startswith("there "):
        return _ended(f"there {aux} {rest[6:]}")
    place = _predicate(rest, aux)
    subject, predicate = rest[:place].strip(), rest[place:].strip()
    if aux in ("do", "did") or not predicate:
        return _ended(rest)
    if aux == "does":
        return _ended(f"{subject} {_third_person(predicate)}")
    return _ended(f"{subject} {aux} {predicate}")


def _predicate(rest: str, aux: str) -> int:
    """Where the predicate begins: at a word that can begin one, not the first; the end where there is none."""
    found = [(match.group().strip(",;:()\"'“”").casefold(), match.start()) for match in _WORD.finditer(rest)]
    before, following = ["", *(word for word, _ in found)], [*(word for word, _ in found[1:]), "", ""]
    for place, (lower, start) in enumerate(found):
        if not place or before[place] in _BEFORE_NOUN:
            continue
        if aux in ("is", "are", "was", "were"):
            ahead = [_is_predicate(*pair) for pair in pairwise([lower, *following[place:]])]
            begins = ahead[0] or lower in _PREPOSITIONS
            begins = begins or (lower in _RESOURCES and ahead[1])  # "sample efficient"
            if begins and lower in _PREPOSITIONS and any(ahead):
                continue  # "is training on code better": the phrase belongs to the subject
        elif aux in ("has", "have", "had"):
            begins = bool(_PARTICIPLE.match(lower)) or lower in _BEHIND_HAVE
        else:
            begins = lower in _VERBS or lower in _BEHIND_CAN
            begins = begins and not (lower in _NOUNS and following[place] in _VERBS)
        if begins:
            return found[place - 1][1] if place > 1 and before[place].endswith("ly") else start
    return len(rest)


_BEHIND_HAVE = frozenset("been made become led shown no a an".split())
_BEHIND_CAN = frozenset("be not really actually always ever still".split())
_RESOURCES = frozenset("sample data compute energy memory cost time parameter".split())


def _is_predicate(word: str, following: str) -> bool:
    """Whether a word begins a predicate and is no preposition."""
    affirmed = word.removeprefix("un").removeprefix("in").removeprefix("im")  # "unable", "inaccurate"
    compares = word.endswith("er") and following in ("than", "")  # "faster"; a decoder may come first
    return word in _PREDICATE or affirmed in _PREDICATE or bool(_PARTICIPLE.match(word)) or compares


def _third_person(predicate: str) -> str:
    """A predicate in the third person: "helps robustness" of "help robustness"."""
    verb, _, rest = predicate.partition(" ")
    lower = verb.casefold()
    if lower not in _VERBS:
        return predicate
    if lower == "have":
        ending = "has"
    elif lower.endswith(("s", "sh", "ch", "x", "z")):
        ending = f"{verb}es"
    elif lower.endswith("y") and lower[-2] not in "aeiou":
        ending = f"{verb[:-1]}ies"
    else:
        ending = f"{verb}s"
    return f"{ending} {rest}".strip()


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:]}."


def sides_in_words(counts: Mapping[Stance, int]) -> str:
    """How many take which side: "2 say yes, 1 says no, 1 is mixed"."""
    parts = [f"{n:,} {_SIDES[stance][n > 1]}" for stance in Stance if (n := counts.get(stance, 0))]
    return ", ".join(parts) or "none takes a side"


_SIDES = {
    Stance.YES: ("says yes", "say yes"),
    Stance.NO: ("says no", "say no"),
    Stance.MIXED: ("is mixed", "are mixed"),
}
