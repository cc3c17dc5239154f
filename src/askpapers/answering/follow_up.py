"""Follow-up questions without a model: what they refer to is looked up in the conversation. Pure.

`resolve` makes a question that stands by itself, restricted to papers of the conversation where these are meant.
Its rules are tried in order; what none of them knows is a question by itself, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from askpapers.answering.conversation import NAME, QUOTED, Conversation, FollowUp, called, names
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.lists import ABOUT, WHAT_ABOUT, compared, of_those, placed, refined
from askpapers.answering.places import find_place
from askpapers.answering.pronouns import NOUN, find_pronoun, is_short, put
from askpapers.answering.question_words import AUX, PAPERS, WH, asks_for_findings
from askpapers.answering.topic import read_topic
from askpapers.datatypes import Passage
from askpapers.text import terms

_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|nice|great|cool|thanks|thank you|sorry|hm+|and|but|so|then|also|now"
    r"|an(?= (?:is|was|how|what)\b))\b[,.!:;]*\s+)+",
    re.IGNORECASE,
)
_IT = r"(?:it|that|this|them|(?:that|this|the) (?:one|paper|study))"
_MORE = re.compile(
    r"^(?:(?:(?:tell|show|give) (?:me|us) )?(?:some |a bit |a little )?more(?: details?| please)?"
    rf"|what else(?: does {_IT} say)?|anything else|go on|continue|elaborate|keep going)(?: (?:about|on|of) {_IT})?"
    r"(?: please)?$",
    re.IGNORECASE,
)
_WHO_WROTE = re.compile(
    r"^who (?:(?:wrote|did|made|built|created|developed|authored|published|invented|came up with|is behind)"
    rf"|(?:is|are|was|were|['’]s) (?:the )?(?:authors?|people)(?: (?:of|behind))?)(?: {_IT})?$"
    r"|^(?:what|who) are (?:its|their|the) authors$|^by (?:whom|who)$",
    re.IGNORECASE,
)
_WHY = re.compile(r"^(?:why|how so|how come|why not|why is that|why so)$", re.IGNORECASE)
_THAT = re.compile(
    rf"^{AUX} (?:that|this)\b(?! (?:{NOUN}|corpus|collection|library|tool|program|page)\b)", re.IGNORECASE
)
_MEANT = re.compile(
    r"^(?:i (?:mean|meant)|back to|about) (?P<name>(?:[^.,;:?!]|[.,](?=\d))+)(?:[.,;:?!]+\s+(?P<rest>.+))?$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?P<word>in|on|for|with|to|at|from|by|under|compared (?:to|with)) ", re.IGNORECASE)
_QUESTION_WORD = re.compile(rf"\b(?:{WH}|{AUX}|list|compare|tell)\b", re.IGNORECASE)
_PAPERS = re.compile(rf"\b{PAPERS}\b", re.IGNORECASE)
_LONGEST_FRAGMENT = 7  # words


def resolve(question: str, talk: Conversation) -> FollowUp:
    """Read a question against what was said before it."""
    bare = _OPENING.sub("", question).strip()
    text = bare.rstrip(" ?.!")
    for rule in _RULES:
        if found := rule(text, talk):
            return found
    if bare != question and (found := _fragment(text, talk)):
        return found
    return FollowUp(question)


def _more(text: str, talk: Conversation) -> FollowUp | None:
    if not _MORE.match(text):
        return None
    if not talk.papers:
        return FollowUp(text, unclear=text)
    first = talk.find(talk.papers[0])
    assert first
    return FollowUp(f"more about {called(first)}", talk.papers[:1], only=True, beyond=_shown(talk))


def _meant(text: str, talk: Conversation) -> FollowUp | None:
    """Read "I meant GPT-3", "back to the moderation one: how does it ...", or a bare name that was asked for."""
    if match := _MEANT.match(text):
        name, rest = match["name"].strip(), match["rest"]
        if place := find_place(name, [p for p in map(talk.find, _seen(talk)) if p], talk.papers):
            name = called(place.papers[0]) if place.papers else name
        if rest:
            return FollowUp(put(rest, name) or rest + "?")
        if read_intent(name) is Intent.SURVEY and len(name.split()) > 1 and not name.startswith("the "):
            return FollowUp(name)
        last = talk.turns[-1] if talk.turns else None
        return FollowUp(put(last.question, name) or _about(name)) if last else FollowUp(name)
    stands = _QUESTION_WORD.search(text) or _PAPERS.search(text) or find_place(text, (), ())
    if talk.pending and not stands and len(text.split()) <= _LONGEST_FRAGMENT:
        return FollowUp(put(talk.pending.question, text) or _about(text))
    return None


def _who_wrote(text: str, talk: Conversation) -> FollowUp | None:
    if not _WHO_WROTE.match(text):
        return None
    if len(talk.papers) != 1:
        return FollowUp(text, unclear="it")
    paper = talk.find(talk.papers[0])
    return FollowUp(f"who wrote {called(paper)}?", talk.papers, only=True) if paper else None


def _why(text: str, talk: Conversation) -> FollowUp | None:
    if not _WHY.match(text):
        return None
    if talk.last is None:
        return FollowUp(text, unclear=text)
    return FollowUp(f"what is the reason: {talk.last.text}", talk.papers)


def _whether(text: str, talk: Conversation) -> FollowUp | None:
    """Read "was that significant?": what was asked last, but for what was found, is asked of the same papers again."""
    if not _THAT.match(text):
        return None
    if talk.last is None or not talk.papers:
        return FollowUp(text, unclear=text.split()[1]) if is_short(text) and not talk.turns else None
    asked = next((turn for turn in reversed(talk.turns) if not asks_for_findings(turn.question)), talk.last)
    return FollowUp(f"{text}: {asked.text}", talk.papers, only=True)


def _findings(text: str, talk: Conversation) -> FollowUp | None:
    """Read "what did they find?", "and the result?": asked of the paper that the last answer is about."""
    if not asks_for_findings(text) or talk.is_list or not talk.papers:
        return None
    paper = talk.find(talk.papers[0])
    return FollowUp(f"what did {called(paper)} find?", talk.papers[:1], only=True) if paper else None


def _referring(text: str, talk: Conversation) -> FollowUp | None:
    """A question with "it", "they", "its authors", "that model": these are what the last answer is about."""
    if not (pronoun := find_pronoun(text)):
        return None
    if not talk.turns and _PAPERS.search(pronoun.words) and pronoun.plural:
        return FollowUp(put(text, "the papers") or text)  # those of the corpus
    if pronoun.plural and talk.is_list:
        return FollowUp(put(text, "the papers") or text, talk.listed, only=True)
    if (subject := talk.subject) is None:
        certain = pronoun.certain and not (talk.last and not talk.is_list)
        return FollowUp(text, unclear=pronoun.words) if certain else None
    if what := WHAT_ABOUT.match(text):
        return FollowUp(_about(subject.name), subject.papers) if text[what.end() :] == pronoun.words else None
    question = put(text, subject.name) or text + "?"
    if subject.papers and ABOUT.match(question.rstrip("?")):
        return FollowUp(question, subject.papers[:1], only=True, beyond=())
    return FollowUp(question, subject.papers)


def _short(text: str, talk: Conversation) -> FollowUp | None:
    """A question too short to stand by itself ("on which benchmark"): it is about what the last answer is about."""
    subject = talk.subject
    stands = names(text) or QUOTED.search(text) or _PAPERS.search(text)
    if subject is None or stands or not is_short(text):
        return None
    return FollowUp(f"{text} ({subject.name})?", subject.papers)


def _fragment(text: str, talk: Conversation) -> FollowUp | None:
    """Ask the last question of something else: "and on CIFAR-10", "what about GLIDE"."""
    about = WHAT_ABOUT.match(text)
    thing = text[about.end() :] if about else text
    if not about and (_QUESTION_WORD.search(thing) or len(thing.split()) > _LONGEST_FRAGMENT):
        return None
    if talk.last is None:
        return None
    last = talk.last.text.rstrip(" ?.!")
    if preposition := _PREPOSITION.match(thing):
        same = rf"\b{preposition['word']} (?:(?! (?:on|in|for|with|to|at|from|by)\b)[^,?])+"
        found = list(re.finditer(same, last, re.IGNORECASE))
        moved = last[: found[-1].start()] + thing + last[found[-1].end() :] if found else f"{last} {thing}"
        return FollowUp(moved + "?", talk.papers)
    if talk.last.survey and (topic := read_topic(last)) in last:
        return FollowUp(f"{last.replace(topic, thing, 1)}?")
    inside = [
        paper for paper in map(talk.find, talk.papers) if paper and _says(f"{paper.title} {paper.abstract}", thing)
    ]
    found = list(QUOTED.finditer(last)) or [m for m in NAME.finditer(last) if m.group() in names(last)]
    moved = last[: found[-1].start()] + thing + last[found[-1].end() :] if found else f"{last}, {thing}"
    return FollowUp(moved + "?", talk.papers if inside or not found else ())


_RULES: tuple[Callable[[str, Conversation], FollowUp | None], ...] = (
    _more,
    _meant,
    of_those,
    refined,
    compared,
    placed,
    _who_wrote,
    _why,
    _findings,
    _whether,
    _referring,
    lambda text, talk: _fragment(text, talk) if WHAT_ABOUT.match(text) or _PREPOSITION.match(text) else None,
    _short,
)


def _shown(talk: Conversation) -> tuple[Passage, ...]:
    return tuple(passage for turn in talk.turns for passage in turn.shown)


def _seen(talk: Conversation) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paper for turn in talk.turns for paper in turn.papers))


def _about(name: str) -> str:
    return f"what is {name}?"


def _says(text: str, thing: str) -> bool:
    wanted = set(terms(thing))
    return bool(wanted) and wanted <= set(terms(text))
