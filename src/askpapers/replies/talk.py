"""Tells what in a reply states something of the papers from what only leads in, closes, points or refuses. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum, auto

from askpapers.replies.no_answer import SOURCES as _SOURCES
from askpapers.replies.no_answer import answer_within, refuses


class Kind(Enum):
    """What a sentence of a reply is."""

    STATEMENT = auto()
    TALK = auto()
    REFUSAL = auto()


_CONTRAST = re.compile(
    r"\W*(?:however|but|nevertheless|nonetheless|still|yet|that said|instead|even so|though|on the other hand|"
    r"at the same time|what (?:they|the (?:sources|papers))|they do)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\W*(?:"
    r"(?:sure|certainly|of course|absolutely|great question|good question|okay|ok|alright|no problem|thank you"
    r"|thanks|got it|understood"
    r"|gladly|happy to help|hello|hi|hi there|you're welcome|yes|right|well)(?:[!.,:;]|\s*$)"
    r"|(?:yes, |sure, |okay, )?here (?:is|are|'s|you go)|here(?:'|’)s |below (?:is|are|you)|the following (?:is"
    r"|are|answer|summary|list|table|points)"
    r"|i hope|hope (?:this|that)|let me|let's|feel free|if you (?:have|need|want|would|'d)|would you like"
    r"|do you want|is there anything"
    r"|i (?:can|could|will|would|have|used|based|am|need|should|must|shall|want|checked|reviewed|looked)\b"
    r"|i'(?:ll|ve|d|m)\b"
    r"|question\s?:|(?:please )?note(?: that)?\b|please\b|disclaimer\b|caveat\b|n\.?b\.?\b|word count|confidence\b"
    r"|(?:this|the) answer (?:follows|goes|can be)|answer (?:generated|based|derived)|(?:for|to) (?:more"
    r"|further) (?:details|information)"
    r"|this is the only|as an ai\b|thought for\b"
    r"|(?:this|the|my|these) (?:above |following )?(?:answer|response|summary|reply|information|citations?"
    r"|findings?|answers)"
    r" (?:is|are|was|were|comes?|has been|draws?) (?:based|drawn|taken|derived|supported|from|only|all|solely|entirely)"
    r"|all (?:of )?(?:the )?(?:information|statements|claims|facts|citations)\b"
    r"|the (?:user|question) (?:is |was )?(?:asks?|asking|wants?|about)|(?:we|i) (?:need|have) to (?:answer|look"
    r"|check|find|cite|see|write)"
    r"|(?:to (?:answer|summari[sz]e)|in (?:short|summary)|summary|answer|in conclusion)\W*$"
    r")",
    re.IGNORECASE,
)
_STATES_NOTHING = re.compile(  # also where it cites
    r"\W*(?:confidence|word count)\b|\W*thought for (?:\d|a few|about)|\W*answer(?:ed|able|able_?)?\s?: (?:true|false"
    r"|yes|no)\W*$"
    r"|\W*(?:the )?(?:paper|abstract|source|it|this|they|that) (?:clearly |explicitly |also )?"
    r"(?:says?|states?|mentions?|reports?|supports?|confirms?|shows?)"
    r" (?:this|so|it)(?: (?:directly|explicitly|clearly|too|as well))?\W*$"
    r"|\W*(?:this|the|that) (?:information|answer|figure|statement|fact|is) (?:is |was )?"
    r"(?:taken|drawn|stated|found|given|reported|mentioned|cited)(?: directly)?\W*$",
    re.IGNORECASE,
)
_ABOUT_SOURCES = re.compile(
    rf"\W*(?:however,? )?(?:only |most of )?(?:{_SOURCES}|they) (?:(?:only|all|mainly|primarily|mostly|also"
    rf"|instead|rather) )*"
    r"(?:deals?|discuss(?:es)?|focus(?:es)?|(?:are|is) (?:about|concerned|relevant|related|not|only)|covers?"
    r"|concerns?|relates?"
    r"|talks? about)\b(?! that)"
    rf"|\W*{_SOURCES} (?:only |just )?(?:partially|partly|indirectly)"
    r" (?:address(?:es)?|answers?|covers?|discuss(?:es)?)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\W*(?:(?:sure|certainly|of course|absolutely|yes|okay|ok|well)[!,.:;]+ *(?=\S))?"
    r"(?:(?:based|relying|drawing)(?: only| solely| strictly)? (?:on|upon)|according to|from|using|given|per|in"
    r"|as (?:stated|reported|described|shown) in)"
    rf"(?: only)? {_SOURCES}\s*[,:]\s*|"
    r"\W{0,4}(?:(?:therefore|so|thus|hence),? )?the answer (?:to (?:your|the|this) question )?is (?:that |: ?)"
    r"|\W{0,4}(?:assistant|ai|bot|chatbot|model|a|q|text|sentence)\s?: (?=\S)|\W{0,4}(?:the |my |a |final |short "
    r"|direct |brief |concise |quick |one-sentence )*"
    r"(?:answer|summary|conclusion|response|result|key (?:points?|findings?|takeaways?)|tl;?dr|in short"
    r"|in summary|to summari[sz]e"
    r"|explanation|statement|evidence|finding|here(?: is|'s|’s) (?:the|my|your) (?:\w+ )?(?:answer|response|summary))"
    r"(?: is)?\W{0,3}:[\s*_]*|\W*note that "
    r"|\W*it (?:is|was) (?:clearly |explicitly )?(?:stated|mentioned|noted|said|reported)"
    rf"(?: (?:in|by) {_SOURCES})? that |根据[^。，,]{{0,20}}[，,]\s*"
    rf"|{_SOURCES} (?:clearly |also |explicitly )?(?:say|state|report|show|indicate|suggest|note|mention|find"
    rf"|reveal)s? that ",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"\W*(?:(?:the |list of |all |my )?(?:further reading|see also|related (?:papers|work)|references?|sources?"
    r"|citations?|bibliography|works cited|footnotes?"
    r"|literature"
    r"|papers|cited (?:sources|papers|works)|sources? (?:list|used|cited)|references? (?:list|used|cited)"
    r"|quellen|literatur|fuentes|fonti|参考文献|来源))\W*(?:$|:)",
    re.IGNORECASE,
)
_OPENS_LIKE_TALK = re.compile(
    r"\W*(?:sure|certainly|of course|absolutely|great|good|okay|ok|alright|no\b|not\b|thanks?|got it|understood"
    r"|gladly|happy|hello|hi|yes|you"
    r"|right|well|here|below|i\b|hope|let|feel|if you|would you|do you|is there|please|note|disclaimer|caveat|n\.?b"
    r"|word count|confidence"
    r"|(?:the|this|that|these|those|all|any|my|a|an|only|most|other|remaining|none|neither) (?:of |the |these "
    r"|one-)*(?:provided|given"
    r"|available|above|supplied|retrieved|numbered|listed|cited|following|other|remaining|sources?|abstracts?"
    r"|papers?|documents?|context"
    r"|passages?|excerpts?|texts?|articles?|stud(?:y|ies)|information|material|references?|authors?|user|question"
    r"|answer|response|summary"
    r"|final|short|direct|brief|concise|quick|key|result|conclusion|first|second|third|fourth|fifth|requested"
    r"|topic|detail|is|cannot|work"
    r"|research|citations?|findings?|statements|claims|facts|content)\b"
    r"|we (?:need|have|cannot|can't|could|do|did|are|found)|it (?:is|was|cannot|can't|does)|what (?:they|the)|根据"
    r"|they (?:do|only)"
    r"|(?:to|in) (?:answer|summari|short|summary|conclusion|the|this|these|your|\ue000)|summary|answer|final"
    r"|short|brief|response|result|key"
    r"|tl;?dr|conclusion|explanation|statement|evidence|finding|based|relying|drawing|according|from|using|given|per"
    r"|as (?:\w+ed|shown|found|given|in|per|is|was|\ue000)|while|although|though|even|whereas|there (?:is|are|was"
    r"|were)|there's"
    r"|insufficient|unfortunately|sorry|apologies|regrettably|however|but|unanswerable|unknown|n/a|references?"
    r"|sources?|citations?"
    r"|footnotes?|bibliography|works cited|both|\ue000|papers?|documents?|abstracts?|information|details?|data)",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    r"[\"”'*_]{0,3} (?!by\b|from\b|in\b|et\b|and\b)[a-z]"
)  # "Parallel Scheduled Sampling is faster"
_TITLE_END = re.compile(r"[\"”*_)]{0,3} ?(?:\((?:19|20)\d\d\) ?)?[:–—] ?(?=\S+ \S+ \S+ \S)")
_FEW_WORDS = re.compile(r"\W*(?:\w\S*\s+){0,2}\S*$")


def read_sentence(text: str, titles: Collection[str], *, cited: bool) -> tuple[Kind, str]:
    """What a sentence without its marks is, and what of it states something: lead-ins are cut off.

    `titles` are those of the sources, in small letters; `cited`: whether it cites one.
    """
    text = _after_title(text, titles) if cited else text
    if _is_title(text, titles):
        return Kind.TALK, text
    text = _without_lead(text)
    if not text:
        return Kind.TALK, text
    begins_so, answer = answer_within(text, cited=cited)
    if answer:
        return Kind.STATEMENT, _capitalised(answer)
    if begins_so or refuses(text, cited=cited):
        return Kind.REFUSAL, text
    if _STATES_NOTHING.match(text) or (text.rstrip(' *_"”').endswith(("?", "？")) and not cited):
        return Kind.TALK, text
    if text.rstrip(" *_").endswith((":", "：")) and (not cited or begins_references(text)):
        return Kind.TALK, text
    talks = _TALK.match(text) or _ABOUT_SOURCES.match(text)
    return (Kind.TALK if talks and not cited else Kind.STATEMENT), text


def is_contrast(text: str) -> bool:
    """Whether a sentence sets what it says against a refusal before it: "However, ..."."""
    return bool(_CONTRAST.match(text))


def is_about_sources(text: str) -> bool:
    """Whether a sentence says what the sources deal with instead of what they say."""
    return bool(_ABOUT_SOURCES.match(text))


def begins_references(line: str) -> bool:
    """Whether a line is the heading of a list of references, or such a list on one line."""
    return bool(_REFERENCES.match(line))


def may_be_talk(beginning: str) -> bool:
    """Whether a sentence that begins so may turn out to be no statement, or to lose its beginning."""
    return bool(_FEW_WORDS.match(beginning) or _OPENS_LIKE_TALK.match(beginning))


def _is_title(text: str, titles: Collection[str]) -> bool:
    """Whether a text is the title of a source, with its year or authors behind it or not."""
    name = text.strip(" \"“”'*_.")
    return any(
        name.casefold() == title
        or (len(title.split()) > 2 and _goes_on(name, title) and not _PREDICATE.match(name, len(title)))
        for title in titles
    )


def _after_title(text: str, titles: Collection[str]) -> str:
    """What a sentence states behind the title of its source: "Geese (2021): They weigh 4 kg."."""
    title = next((title for title in titles if text.casefold().startswith(title)), "")
    found = title and _TITLE_END.match(text, len(title))
    return text[found.end() :] if found else text


def _goes_on(name: str, title: str) -> bool:
    return name.casefold().startswith(title) and not name[len(title) :][:1].isalnum()


def _without_lead(text: str) -> str:
    while found := _LEAD.match(text):  # "In the sources, it is stated that ..."
        text = _capitalised(text[found.end() :])
    return text


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
