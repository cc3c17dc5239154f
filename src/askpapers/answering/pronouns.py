"""Words that stand for something said before: "it", "they", "its authors", "that model". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.answering.conversation import NAME, names
from askpapers.answering.question_words import AUX, PAPERS, WH
from askpapers.text import terms

NOUN = (
    r"(?:papers?|models?|methods?|datasets?|data set|data|benchmarks?|approach|systems?|ones?|authors?"
    r"|stud(?:y|ies)|technique|algorithm|task|results?)"
)
_VERB = rf"(?:{AUX}|work|mean|differ|matter|scale|compare|help|hold|on)"
_POSSESSIVE = re.compile(r"\b(?:its|their|his|her)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    rf"\b(?:(?:this|that|these|those|the same) {NOUN}|they|them|it|(?:this|that|these|those)(?=\s*$| {_VERB}\b)"
    rf"|the (?:paper|study|authors?|model)(?=\s*$| (?:{AUX}|still|also|say|report|find|conclude|show|use)\b)"
    r"|the authors(?= )(?! (?:of|on|about|by|for|with|in|from|that|which|who)\b)"
    rf"|there(?=\s*$)|(?<=\w )ones(?=\s*$))\b",
    re.IGNORECASE,
)
# "is it true that ...", "what is it that ...", "does it take a lot to ...": "it" stands for nothing.
_EMPTY_IT = re.compile(
    r"\b(?:is|was|be|seems?) it\b(?: \w+){0,3} (?:that|whether|if|because)\b"
    r"|\b(?:is|was|be) it (?:true|possible|known|easy|hard|difficult|better|worth|useful|important|necessary|enough"
    r"|common|feasible|likely) (?:to|for|that)\b"
    r"|\bit (?:takes?|costs?|helps?|matters?|pays?|makes? sense|seems?|turns out)\b.* (?:to|that|if|whether)\b"
    r"|\bit (?:is|was) (?:\w+ ){1,2}(?:to|that)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:]|\b(?:when|if|because|while|although|unless|since|whether|that|who|which|how|after|before)\b", re.I
)
# A further question in the same sentence: "how large is that sparse autoencoder and what is it trained on".
_SECOND_QUESTION = re.compile(
    rf"\b(?:and|but|or)\b"
    rf"(?= (?:(?:on|in|by|at|for|to|with|from) )?(?:{WH}|{AUX}|it|they)\b)",
    re.IGNORECASE,
)
_POINTED_AT = re.compile(r"\b(?:that|this|these|those) \w+", re.IGNORECASE)  # in this sentence: "that decoder ... its"
# Where a thing is named: "how large" alone names none.
_THING = re.compile(rf"\b(?:{AUX}|the|that|this|an?|of|for|on|in|about) (?P<thing>.+)", re.IGNORECASE)
# People or a paper that need not have been named before, unless the question is what they are.
_WRITERS = re.compile(r"(?:they|their|(?:the|these|those) authors?|the paper)", re.IGNORECASE)
_SOME_OF = re.compile(r"\b(?:any|some|one|all|most|many|none|each|which) of $", re.IGNORECASE)  # of them: of the corpus
# "papers that compare drugs", "methods that scale": what stands behind tells which.
_RELATIVE = re.compile(rf"\b(?:{PAPERS}|{NOUN}|\w{{1,20}}thing) $", re.IGNORECASE)
_WHAT_IS = re.compile(r"\b(?:is|are|was|were|be) $", re.IGNORECASE)
_PLURAL = re.compile(r"^(?:they|them|their|these|those|ones|there)\b", re.IGNORECASE)
# "what score does" it get: what is asked for before the verb is not what "it" is.
_ASKED = re.compile(rf"^(?:\w+ )?(?:what|which|how)\b[^,;:]* {AUX} $|^{AUX} $", re.IGNORECASE)
_BEFORE_IT = re.compile(rf"\b(?:{AUX}|about|wrote|made|built|of|summari[sz]e|describe|explain) $", re.IGNORECASE)
_SHORT = 2  # content words
_FEW = 6  # words


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that stands for something outside of its question. `certain`: nothing inside it can be meant."""

    start: int
    end: int
    words: str
    plural: bool
    certain: bool


def find_pronoun(question: str) -> Pronoun | None:
    """The first pronoun that what the question itself names cannot be meant by."""
    if _EMPTY_IT.search(question):
        return None
    found = [match for rule in (_PRONOUN, _POSSESSIVE) if (match := rule.search(question))]
    for match in sorted(found, key=lambda m: m.start()):
        before = question[: match.start()]
        if _RELATIVE.search(before) and match.group().casefold().startswith("that"):
            continue
        earlier = _CLAUSE.split(before)[:-1]
        *parts, _ = _SECOND_QUESTION.split(before)
        bound = (
            (bool(names(before)) and not _ASKED.search(before))
            or any(map(content, earlier))
            or any(_names_thing(part) for part in parts)
            or _POINTED_AT.search(before)
        )
        if not bound:
            alone = not content(before) or bool(_BEFORE_IT.search(before))
            exists = match.group().casefold() == "there" and bool(_WHAT_IS.search(before))  # "what software is there"
            certain = alone and not exists and not _names_subject(question, match) and not _SOME_OF.search(before)
            return Pronoun(match.start(), match.end(), match.group(), bool(_PLURAL.match(match.group())), certain)
    return None


def _names_thing(clause: str) -> bool:
    thing = _THING.search(clause)
    return thing is not None and bool(content(thing["thing"]))


def _names_subject(question: str, pronoun: re.Match[str]) -> bool:
    """Whether a question names what it is about besides its writers: "how did they make the book summariser".

    What they do (the first word after "they") or have (after "their") is no subject, nor is a paper or a model.
    """
    if not _WRITERS.fullmatch(pronoun.group()):
        return False
    if pronoun.group().casefold() != "their" and _WHAT_IS.search(question[: pronoun.start()]):
        return False
    return len(content(re.sub(rf"\b{NOUN}\b", "", question[pronoun.end() :], flags=re.IGNORECASE))) > 1


def put(question: str, name: str) -> str | None:
    """The question with a name in the pronoun's place; None where it has none."""
    pronoun = find_pronoun(question)
    if pronoun is None:
        return None
    words, text = pronoun.words.casefold(), question.rstrip(" ?.!")
    before, after = text[: pronoun.start], text[pronoun.end :]
    if _POSSESSIVE.fullmatch(words):
        name = f"{name}'s"
    elif words == "there":
        name = f"in {name}"
    elif words == "ones":
        name = f"ones ({name})"
    return f"{before}{name}{after}?"


def is_short(question: str) -> bool:
    """Whether a question has hardly a word of its own to be searched by."""
    asks = re.search(rf"\b(?:{WH}|{AUX}|any)\b", question, re.IGNORECASE)
    few = 0 < len(content(question)) <= _SHORT and len(question.split()) <= _FEW
    return bool(asks) and few and not NAME.search(question[1:])


def content(text: str) -> list[str]:
    """The words of a text that say something: no words of asking."""
    return [stem for stem in terms(text) if stem not in _ASKING]


_ASKING = frozenset(
    terms(
        "what which who whom whose when where why how is are was were do does did can could has have had will would i"
        " you we many much about tell me show papers paper kind of the any some there"
    )
)
