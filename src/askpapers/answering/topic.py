"""What a question names: what it counts or asks for, and a survey's topic."""

from __future__ import annotations

import re

from askpapers.answering.intent import PAPERS, without_politeness
from askpapers.answering.years import read_years
from askpapers.text import sentences

_COUNTED = re.compile(
    r"\b(?:how many|number of|amount of|how much|what|which)\s+(?P<noun>(?:[\w'-]+\s+){0,4}?[\w'-]+?)\s*"
    r"(?:\b(?:of|do|does|did|is|are|was|were|has|have|had|can|could|will|would|in|on|for|per|used|to|there|at|the)\b|\?|$)",
    re.IGNORECASE,
)
_ADJECTIVES = frozenset("bigger larger smaller faster slower better worse more less fewer cheaper longer is".split())
_ANY_FIGURE = frozenset(
    "fraction portion part percentage percent share proportion times factor number size much many value amount margin do"
    " accuracy score".split()
)


_SHARE = re.compile(
    r"\b(?:accuracy|fraction|percentage|percent|share|proportion|(?:success|win|pass|failure) rate)\b", re.IGNORECASE
)


def asks_for_share(question: str) -> bool:
    """Whether the figure asked for is a part of a whole: a percentage, or a number up to 100."""
    return bool(_SHARE.search(question))


def counted_noun(question: str) -> str | None:
    """What a quantity question counts ("how many hours of audio": hours); None where any figure will do."""
    match = _COUNTED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun is None or noun in _ANY_FIGURE or noun in _ADJECTIVES else noun


_ANY_THING = frozenset(
    "stages steps domains areas fields aspects ways reasons kind type sort way thing exactly else did does is are was"
    " were paper work report".split()
)
_ASKED = re.compile(
    r"\b(?:what|which)\s+(?P<noun>(?:[\w'-]+\s+){0,3}?[\w'-]+?)\s+"
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|on|of|for|made|helps?|writes?)\b",
    re.IGNORECASE,
)


def asked_noun(question: str) -> str | None:
    """The kind of thing that is asked for ("what hardware were they trained on": hardware), where it is named."""
    match = _ASKED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun in _ANY_THING or noun in _ANY_FIGURE else noun


_FETCH = (
    r"(?:list|enumerate|find|show|give|name|get|search(?: for)?|fetch|collect|gather|display|pull up|point me to|look for|trying to find"
    r"|looking for|searching for|seeking|interested in|need|want|recommend|suggest|count)(?: stuff| something| anything)?(?: me| us| for)?"
)
_ASKING = (
    r"(?:in|of|and|so|what'?s?|which|who|whose|where|how many|how|is|are|was|were|do|does|did|has|have|had|can|could"
    r"|there|here|any|some|all|every|each|the|an?|these|those|them|other|more|my|our|your|you|we|i|number|total|count|ones?"
    r"|of|recent|new(?:est|er)?|relevant|related|interesting|different|else|not|tell me|know)"
)
_ANYTHING = r"(?:(?:any|some|every)(?:thing|one|body)|any1|examples|overview)"
_LINKING = (
    r"(?:is|are|was|were|has|have|had|does|do|did|there|here|out there|that|which|who|whose|been|being|done|doing|written"
    r"|published|researched|reported|reports?|known|available|exists?|came|come|out|deal(?:s|ing)?|related|works?|working"
    r"|focus(?:es|ed|ing)?|in (?:the|this|my|our) (?:corpus|collection|library|folder)|to do|touch(?:es|ing)?|concern(?:s|ed|ing)?|treat(?:s|ing)?"
    r"|the (?:concept|idea|notion|topic|subject|question|problem|area|field) of)"
)
_ABOUT = r"(?:on|about|of|into|in|with|for|regarding|around|to|where|at|upon)"
_NO_NOT = r"(?!\w+ not\b)"  # "do not use" stays whole: it is what the topic leaves out
_BEGGING = rf"(?:(?:i|we|it|could|can|would|please|do)\b(?: [\w'’]+){{0,10}}? (?={_FETCH}\b))"
_LEAD = re.compile(
    rf"^{_BEGGING}?(?:{_FETCH}\b ?)?(?:{_NO_NOT}{_ASKING}\b ?)*(?:(?:{PAPERS}|{_ANYTHING})\b[:,]? ?)?(?:{_NO_NOT}{_LINKING}\b ?)*(?:{_ABOUT}\b ?)?(?:(?:the|an?)\b ?)?",
    re.IGNORECASE,
)
# A verb that any paper on a topic answers to, where a verb stands ("who talks about latency"); elsewhere it may be a
# noun ("which car crash papers", "mention detection"). One that asks for a deed ("introduce", answering/verbs.py) stays.
_BEFORE_VERB = rf"(?:{PAPERS}|{_ANYTHING}|who|of (?:these|those|them)|ones?)"
_FRAMED = re.compile(rf"\b{_BEFORE_VERB}(?: (?:which|that|who|here))?$", re.IGNORECASE)
_STUDY = (
    r"(?:(?:car|examin|investigat|explor|tackl|analy[sz]|describ|involv|includ|writ)(?:e|es|ed|ing)"
    r"|(?:talk|speak|discuss|address|consider|cover|mention|look|deal|work|touch|focus|concern|treat|report|contain)"
    r"(?:s|es|ed|ing)?|stud(?:y|ies|ied|ying))"
)
_OR_DO = (
    r"(?:(?:propos|introduc|us|evaluat|improv)(?:e|es|ed|ing)|(?:develop|present|test|build)(?:s|ed|ing)?"
    r"|appl(?:y|ies|ied|ying))"
)
_STUDYING = re.compile(
    rf"^(?:(?:also|really|actually|mainly|explicitly|specifically) )?(?:{_OR_DO},? (?:or|and) )?{_STUDY}"
    rf"(?: {_ABOUT})?(?:,? (?:or|and) (?:{_STUDY}|{_OR_DO})(?: {_ABOUT})?)* (?:(?:the|an?) )?(?=\S)",
    re.IGNORECASE,
)
# A question that comes after its topic: "video: which ones?", "latency, which papers care?".
_AFTERTHOUGHT = r"(?:and )?(?:in |of |for |on )?(?:which|what|who|where|does|do|did|is|are|was|has|have|can|could|any|anyone|any1|list|show|name)\b"
_TAIL = re.compile(
    rf"(?:(?::|\s--?|\s[–—])\s*{_AFTERTHOUGHT}(?: [\w'’]+){{0,8}}|[,;]\s*{_AFTERTHOUGHT}(?: {PAPERS})?(?: [\w'’]+){{0,3}}"
    rf"|(?:[,:;]|\s--?|\s[–—])?\s*\b(?:(?:which|what|any) {PAPERS}|(?:is|are) there(?: any)?|(?<!the ){PAPERS}|stuff|any(?:one|1|body|where)|list"
    r"|in (?:the|this|my|our) (?:corpus|collection|library|folder)|in (?:one|some|any) of (?:them|these|those)|here|please|pls|at all|all sorts"
    r"|(?:turns?|shows?|comes?) (?:up|in)|plays? a (?:part|role)))[\s?.!,]*$",
    re.IGNORECASE,
)


def read_topic(question: str) -> str:
    """What a survey question is about: the question without its "which papers" frame and its years.

    Of several sentences it is the one that has the most to say besides the frame.
    """
    _, text = read_years(without_politeness(question))
    text = text.strip(" ?!.,:;")
    inner = max((_unframed(text[start:end]) for start, end in sentences(text)), key=len, default="")
    return inner or text or question


def _unframed(text: str) -> str:
    text = text.strip(" ?!.,:;")
    rest = _LEAD.sub("", text, count=1)
    inner = re.sub(r"^(?:and|or) ", "", rest)
    if _FRAMED.search(text.removesuffix(rest).rstrip()) or inner != rest:
        inner = _STUDYING.sub("", inner)
    for _ in range(3):
        inner = _TAIL.sub("", inner).strip(" ?!.,:;-–—")
    inner = re.sub(r"\bw/ ?", "with ", inner).replace(" / ", " or ")
    return " ".join(inner.split())
