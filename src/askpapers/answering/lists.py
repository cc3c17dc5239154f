"""Follow-ups to a list of papers: "which of those ...", "only those before 2023", "the second one". Pure."""

from __future__ import annotations

import re

from askpapers.answering.conversation import QUOTED, Conversation, FollowUp, called
from askpapers.answering.places import find_place
from askpapers.answering.sides import read_sides
from askpapers.answering.years import read_years
from askpapers.datatypes import Turn

WHAT_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"^(?=(?:19|20)\d\d$)")
_THOSE = r"(?:them|those|these)"
_ONES = r"(?: papers?| ones?)?"
_OF_THOSE = re.compile(
    r"^(?P<ask>which|what|how many|(?:(?:is|are|do|does|did|has|have) )?(?:any|some|one)(?: ones?)?)"
    rf"{_ONES} of {_THOSE}{_ONES}\s*(?P<rest>.*)$|^which ones? (?P<ones>\S.*)$",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^(?:which|what)(?: (?:ones?|papers?))?(?: (?:are|is) (?:they|those|it))?$", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"^how many(?: (?:(?:is|are) (?:that|they|there|those|these|it|left)|papers))?(?: in all| left)?$", re.IGNORECASE
)
_ONLY = re.compile(
    r"^(?:only|just|(?:limit|restrict|narrow) (?:it|that|them|this)(?: down)? to)\s+"
    rf"(?:the |those |these )?(?:ones?|papers?|of {_THOSE})?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"^(?:without|except(?: for)?|excluding|but not|not(?: the ones)?(?: about| on| with)?) (?P<rest>.+)$",
    re.IGNORECASE,
)
_TWO = r"(?:the two|the first two|the last two)"
_COMPARE = re.compile(
    rf"^(?:compare|contrast) (?P<what>both|{_THOSE}|{_TWO}){_ONES}$"
    rf"|^how (?:do|are) (?:they|both|these|those|{_TWO}) (?:differ|different|compare)$"
    rf"|^what(?:['’]s| is) the difference(?: between (?:{_THOSE}|{_TWO}))?$",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"^(?:(?:tell|show) (?:me|us) (?:more )?(?:about |of )?|what(?:['’]s| is| does) |summari[sz]e |describe |explain )"
    r"(?P<title>“[^”]+”)(?: (?:about|say|all about))?$",
    re.IGNORECASE,
)


def of_those(text: str, talk: Conversation) -> FollowUp | None:
    """Ask the papers that were listed: "which of those ...", "how many of them ...", "which ones?"."""
    if talk.last is None and (_WHICH.match(text) or _HOW_MANY.match(text)):
        return FollowUp(text, unclear=text)
    if _WHICH.match(text) and talk.last:
        return FollowUp(f"which papers: {_topic(talk.last)}?", talk.listed, only=talk.last.survey)
    if _HOW_MANY.match(text) and (survey := talk.survey):
        return FollowUp(f"how many papers: {_topic(survey)}?", talk.listed, only=True)
    match = _OF_THOSE.match(text)
    if not match:
        return None
    if match["ones"]:
        if talk.last and (sides := read_sides(talk.last.text)):
            return FollowUp(f"{text}, {' or '.join(sides.names)}?", talk.papers)
        if len(talk.listed) < 2:
            return None
    rest = match["ones"] or match["rest"] or ""
    if not talk.listed:  # at the beginning "which of those use RL" means the papers of the corpus
        return FollowUp(text, unclear="those") if talk.last or not rest.strip(" ?") else None
    ask = "how many" if (match["ask"] or "").casefold() == "how many" else "which"
    return FollowUp(f"{ask} of the papers {_are(rest)}?", talk.listed, only=True)


def refined(text: str, talk: Conversation) -> FollowUp | None:
    """Narrow the last survey ("only those before 2023", "and without RL"), or ask it of other years ("and in 2021")."""
    text = _YEAR_ALONE.sub("in ", WHAT_ABOUT.sub("", text))
    only, without = _ONLY.match(text), _WITHOUT.match(text)
    _, rest = read_years(only["rest"] if only else text)
    if not (only or without or not rest.strip(" ,")):
        return None
    if talk.last is None:
        return FollowUp(text, unclear=text) if only or without else None
    last = talk.last
    if QUOTED.search(last.text) and not (only or without):
        last = talk.survey or last  # a paper has one year: it is the list that is asked for of others
    before = read_years(last.text)[1].rstrip(" ?.!")
    if not last.survey:
        return None if only or without else FollowUp(f"{before} {text}?", talk.papers)
    if without:
        return FollowUp(f"{last.text.rstrip(' ?.!')} without {without['rest']}?", talk.listed, only=True)
    if only and rest.strip(" ,"):
        return FollowUp(f"which of the papers {_are(only['rest'])}?", talk.listed, only=True)
    years = only["rest"] if only else text
    return FollowUp(f"{before} {years}?", talk.listed if only else (), only=bool(only))


def compared(text: str, talk: Conversation) -> FollowUp | None:
    """Set two papers that were listed beside each other: "compare the two", "how do they differ"."""
    match = _COMPARE.match(text)
    if not match:
        return None
    place = find_place(match["what"] or "the two", [p for p in map(talk.find, talk.listed) if p], talk.papers)
    pair = place.papers if place else tuple(p for p in map(talk.find, talk.listed[:2]) if p)
    if len(pair) != 2:
        return FollowUp(text, unclear=match["what"] or "they")
    return FollowUp(f"compare {called(pair[0])} and {called(pair[1])}", tuple(p.id for p in pair), only=True)


def placed(text: str, talk: Conversation) -> FollowUp | None:
    """The question with titles for "the second one" and the like, and of these papers alone."""
    listed = [paper for paper in map(talk.find, talk.listed) if paper]
    question, chosen = text, list[str]()
    while place := find_place(question, listed, talk.papers):
        if not place.papers:
            words = question[place.start : place.end]
            return FollowUp(text, unclear=words) if not listed and "one" in words.split() else None
        titles = " and ".join(map(called, place.papers))
        question = f"{question[: place.start]}{titles}{question[place.end :]}"
        chosen += [paper.id for paper in place.papers]
    if not chosen:
        return None
    papers = tuple(dict.fromkeys(chosen))
    asked = WHAT_ABOUT.sub("", question)
    if ABOUT.match(question):
        return FollowUp(question + "?", papers, only=True, beyond=())
    if QUOTED.fullmatch(asked):
        moved = (
            QUOTED.sub(lambda _: asked, talk.last.text, count=1)
            if talk.last and QUOTED.search(talk.last.text)
            else None
        )
        return FollowUp(moved or f"what is {asked} about?", papers, only=True, beyond=None if moved else ())
    return FollowUp(question + "?", papers, only=True)


def _topic(turn: Turn) -> str:
    return re.sub(
        r"^(?:which|what|how many|list|any|show) (?:of the )?(?:papers? )?",
        "",
        turn.text.rstrip(" ?.!"),
        flags=re.I,
    )


def _are(rest: str) -> str:
    """The rest of "which of those ...", with the verb that "about books", "before 2021" leave out."""
    rest = re.sub(r"^(?:that|which|who) ", "", rest.strip())
    return (
        f"are {rest}"
        if re.match(r"(?:about|on|from|in|before|after|since|until|with|for|using|by)\b", rest, re.I)
        else rest
    )
