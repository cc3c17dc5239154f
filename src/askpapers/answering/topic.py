"""What a survey is about: the question without its frame, and what of it a paper must say or must not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.answering.intent import without_politeness
from askpapers.answering.question_words import COLLECTION, FETCH, PAPERS, WHICH_ONES, WRITINGS
from askpapers.answering.verb_forms import base_form
from askpapers.answering.years import read_years
from askpapers.text import sentences

_FETCH = rf"(?:{FETCH}|count)(?: stuff| something| anything)?(?: me| us| for)?"
_ASKING = (
    r"(?:in|of|and|so|what'?s?|which|who|whose|where|how many|how|is|are|was|were|do|does|did|has|have|had|can|could"
    r"|there|here|any|some|all|every|each|the|an?|these|those|them|other|more|my|our|your|you|we|i|number|total|count|ones?"
    r"|of|recent|new(?:est|er)?|relevant|related|interesting|different|else|not|tell me|know|should|(?:read|start with|look at)(?: first| next)?(?= (?:on|about|for)\b))"
)
_ANYTHING = r"(?:(?:any|some|every)(?:thing|one|body)|any1|examples|overview)"
_LINKING = (
    r"(?:is|are|was|were|has|have|had|does|do|did|there|here|out there|that|which|who|whose|been|being|done|doing|written"
    r"|published|researched|reported|reports?|known|available|exists?|came|come|out|deal(?:s|ing)?|related|works?|working"
    rf"|focus(?:es|ed|ing)?|in (?:the|this|my|our) {COLLECTION}|to do|touch(?:es|ing)?|concern(?:s|ed|ing)?|treat(?:s|ing)?"
    r"|the (?:concept|idea|notion|topic|subject|question|problem|area|field) of)"
)
_ADVERB = r"(?:also|really|actually|already|ever|mainly|mostly|explicitly|specifically|currently)"
_HELPING = r"(?:(?:would|could|can|might|may|will|should) )?(?:help|assist|teach|tell|show)s? (?:me|us)\b(?: (?:to|with|how to|about)\b)?"
_ABOUT = r"(?:on|about|of|into|in|with|for|regarding|around|to|where|at|upon)"
_BE = r"(?:is|are|was|were|has|have)"
_NO_NOT = r"(?!\w+ not\b)"  # "do not use" stays whole: it is what the topic leaves out
_BEGGING = rf"(?:(?:i|we|it|could|can|would|please|do)\b(?: [\w'’]+){{0,10}}? (?={_FETCH}\b))"
# What the topic is for: "I have to give a talk on ...", "we are writing a review of ...", "my thesis is on ...".
_PURPOSE = (
    r"(?:(?:(?:i|we)(?:['’][a-z]+)?(?: [\w'’]+){0,4}? (?:giv|writ|prepar|teach|present|work)(?:e|ing)?(?: [\w-]+){0,3}?"
    r"|(?:my|our|for an?|for my|for our) [\w-]+(?: is)?) (?:on|about|of)\b ?)"
)
_LEAD = re.compile(
    rf"^(?:{_PURPOSE}|{_BEGGING})?(?:{_FETCH}\b ?)?(?:{_NO_NOT}{_ASKING}\b ?)*(?:(?:{PAPERS}|(?:(?<=which )|(?<=what ))trials|{_ANYTHING})\b[:,]? ?)?(?:{_NO_NOT}{_LINKING}\b ?)*"
    rf"(?:{_ADVERB}\b ?)*(?:{_HELPING} ?)?(?:{_ABOUT}\b ?)?(?:(?:the|an?)\b ?)?",
    re.IGNORECASE,
)
# Where a verb stands in the frame; elsewhere it may be a noun ("which car crash papers", "mention detection").
_FRAMED = re.compile(
    rf"\b(?!(?<=s )report\b)(?:(?P<papers>{PAPERS})|{_ANYTHING}|who|of (?:these|those|them)|ones?)"
    rf"(?P<aux>(?: (?:which|that|who|here|else|is|are|was|were|has|have|had|been|{_ADVERB})){{0,5}})$",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset("on in at by for from with to as of into upon under".split())
_WORDS = r"\S+(?: \S+){0,15}?"
_PASSIVE = re.compile(
    rf"^(?:(?:where|in (?:which|what) {PAPERS}) {_BE} (?P<thing>{_WORDS})(?: been)? (?P<verb>[\w-]+)"
    rf"|(?:[\w'’]+ ){{0,5}}?{PAPERS} (?:where|in which) (?P<what>{_WORDS}) {_BE}(?: been)? (?P<done>[\w-]+)"
    rf"|{_BE} (?P<one>{_WORDS})(?: been)? (?P<used>[\w-]+) (?:anywhere|here|at all|(?:in|by) (?:any|some|one)\b.*))$",
    re.IGNORECASE,
)
# A verb that any paper on a topic answers to says nothing of it ("who talks about latency"); one that asks for more stays.
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
    rf"^(?:{_OR_DO},? (?:or|and) )?{_STUDY}"
    rf"(?: {_ABOUT})?(?:,? (?:or|and) (?:{_STUDY}|{_OR_DO})(?: {_ABOUT})?)* (?:(?:the|an?) )?(?=\S)",
    re.IGNORECASE,
)
# A question that comes after its topic: "video: which ones?", "latency, which papers care?". People and groups are a
# topic there, too ("old people", "focus groups").
_AFTERTHOUGHT = r"(?:and )?(?:in |of |for |on )?(?:which|what|who|where|does|do|did|is|are|was|has|have|can|could|any|anyone|any1|list|show|name)\b"
_TAIL = re.compile(
    rf"(?:(?::|\s--?|\s[–—])\s*{_AFTERTHOUGHT}(?: [\w'’]+){{0,8}}|[,;]\s*{_AFTERTHOUGHT}(?: {PAPERS})?(?: [\w'’]+){{0,3}}"
    rf"|(?:[,:;]|\s--?|\s[–—])?\s*\b(?:(?:which|what|any) {PAPERS}|(?:is|are) there(?: any)?|(?<!the ){WRITINGS}|stuff|any(?:one|1|body|where)|list"
    rf"|in (?:the|this|my|our) {COLLECTION}|in (?:one|some|any) of (?:them|these|those)|(?:in )?here|please|pls|at all|all sorts"
    r"|(?:turns?|shows?|comes?) (?:up|in)|plays? a (?:part|role)))[\s?.!,]*$",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:^|[\s,])(?:but |and |that |which |who )?(?:(?:do(?:es)?|did|are|is|was|were|have|has|can)(?: not|n['’]t)"
    r"|without|except(?: for| those on)?|excluding|other than|not (?:on|about|using)|never)\s+"
    r"|(?:,| but| and) not\s+",
    re.IGNORECASE,
)
_AND = re.compile(r",? (?:and(?: also)?|as well as|together with|combined with) ", re.IGNORECASE)
_BOTH = re.compile(r"\bboth\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """A topic taken apart. `sides` are the parts of an "A and B", each of which a paper must say."""

    wanted: str
    sides: tuple[str, ...] = ()
    unwanted: str = ""


def read_topic(question: str) -> str:
    """What a survey question is about: the question without its "which papers" frame and its years.

    Of several sentences it is the one that has the most to say besides the frame.
    """
    _, text = read_years(without_politeness(question))
    text = text.strip(" ?!.,:;")
    inner = max((unframed(text[start:end]) for start, end in sentences(text)), key=len, default="")
    return inner or text or question


def read_scope(topic: str) -> Scope:
    """Take a topic apart: "diffusion and audio", "diffusion but not images", "do not use RLHF"."""
    negation = _NOT.search(topic)
    wanted, unwanted = (topic[: negation.start()], topic[negation.end() :]) if negation else (topic, "")
    wanted = _BOTH.sub("", wanted).strip(" ,")
    sides = tuple(side.strip() for side in _AND.split(wanted)) if "or" not in wanted.casefold().split() else ()
    return Scope(wanted, sides if len(sides) > 1 and all(sides) else (), unwanted.strip(" ,"))


def unframed(text: str) -> str:
    """A topic without the words of asking for papers on it, and without what it is for."""
    text = _active(text.strip(" ?!.,:;"))
    if WHICH_ONES.fullmatch(text):
        return ""
    rest = _LEAD.sub("", text, count=1)
    inner = rest.removeprefix("and ").removeprefix("or ")
    framed = _FRAMED.search(text.removesuffix(rest).rstrip())
    if framed or inner != rest:
        unstudied = _STUDYING.sub("", inner)
        inner = _with_base_form(inner, framed) if framed and unstudied == inner else unstudied
    for _ in range(3):
        inner = _TAIL.sub("", inner).strip(" ?!.,:;-–—")
    inner = re.sub(r"\bw/ ?", "with ", inner).replace(" / ", " or ")
    return " ".join(inner.split())


def _active(text: str) -> str:
    """A question in the passive ("where is X used?", "papers in which X is used") in the active: "papers use X"."""
    if match := _PASSIVE.match(text):
        thing, verb = filter(None, match.groups())
        if _is_participle(verb):
            return f"papers {base_form(verb)} {thing}"
    return text


def _with_base_form(inner: str, framed: re.Match[str]) -> str:
    """A topic with its verb in the base form: "use X" whether the papers use, used or are using it.

    "Papers based on X", "papers that are trained by X": what is done to them stays.
    """
    verb, _, rest = inner.partition(" ")
    aux = framed["aux"].casefold()
    did_it = not framed["papers"] or " ha" in aux  # "papers that have trained on code"
    is_done_to = aux.endswith((" is", " are", " was", " were", " been"))
    is_done_to |= rest.split(" ")[0] in _PREPOSITIONS and not did_it
    if not rest or rest.startswith("not ") or (is_done_to and _is_participle(verb)):
        return inner
    text = f"{base_form(verb)} {rest}"
    return f"use {text.removeprefix('make use of ')}" if text.startswith("make use of ") else text


def _is_participle(verb: str) -> bool:
    lower = verb.casefold()
    return not lower.endswith(("ing", "s")) and base_form(lower) != lower
