"""Reads questions about records ("who wrote X", "how many papers are from 2021"). Pure.

A question about one paper is read by a frame around what names it; one about all papers in `metadata_words`.
"""

from __future__ import annotations

import re

from askpapers.answering.metadata_words import content_words, read_of_all, read_of_topic
from askpapers.answering.question_words import WRITINGS
from askpapers.answering.record_question import Field, MetadataQuestion, RecordIntent

_S = r"(?P<subject>.+?)"
_THE = r"(?:the |an? )?"
_FETCH = (
    r"(?:(?:list|show|give|name|tell|get|find|print)(?: me| us)? |(?:what|which|who)(?: is| are| was| were|'s|s) )?"
)
_PLACE = r"(?:(?P<place>first|lead|last|senior) |corresponding )?"
_AUTHORS = rf"{_PLACE}(?:co-?)?authors?"
_VENUE = r"(?:journals?|venues?|conferences?|proceedings|magazine|meeting|workshop)"
_OUT = r"(?:published|printed|presented|released|appear(?:ed)?|come out|out)"
_VALUE = (
    r"(?P<value>doi|arxiv(?: id(?:entifier)?| number| link| address| url)?|pmid|pubmed id|(?:web ?|internet )?(?:link|url|address)"
    r"|(?:citation|cite|bibtex) ?key|(?:paper )?id(?:entifier)?|title|tags|keywords|categor(?:y|ies))"
)
_VALUES = (
    (Field.DOI, ("doi",)), (Field.LINK, ("arxiv link", "arxiv addr", "arxiv url")), (Field.ARXIV, ("arxiv",)),
    (Field.PMID, ("pm", "pubmed")), (Field.KEY, ("cit", "bibtex")), (Field.TAGS, ("tag", "keyword", "categor")),
    (Field.TITLE, ("title",)), (Field.ID, ("id", "paper id")),
)  # fmt: skip
_OF_ONE: tuple[tuple[RecordIntent, Field, tuple[str, ...]], ...] = (
    (RecordIntent.HOW_MANY_AUTHORS, Field.AUTHORS, (
        rf"how many (?:co-?)?authors (?:does|did|do|has|have|are (?:there )?(?:on|of|behind)|wrote) {_S}(?: have| list)?",
    )),
    (RecordIntent.FIELD, Field.NOTICE, (
        rf"(?:is|was|has|have) {_S} (?:been )?(?:retracted|withdrawn)",
    )),
    (RecordIntent.IS_AUTHOR, Field.AUTHORS, (
        rf"(?:is|was) (?P<name>.+?) (?:an?|the|one of the|among the|listed (?:as an?|among the|as)) {_AUTHORS} (?:of|on) {_S}",
        rf"did (?P<name>.+?) (?:write|(?:co-?)?author|co-?write) {_S}",
        rf"(?:is|was) {_S} (?:(?:written|authored) )?by (?P<name>[^?]+)",
    )),
    (RecordIntent.FIELD, Field.AUTHORS, (
        rf"who (?:wrote|(?:co-?)?authored|has written|have written|published|were the ones who wrote) {_S}",
        rf"{_FETCH}(?:all )?{_THE}(?:(?:list|names?) of )?{_THE}{_AUTHORS} (?:of|on|behind|for) {_S}",
        rf"(?:which|what) (?:authors?|people|researchers?) (?:wrote|authored|published) {_S}",
        rf"by whom? (?:was|were|is|are) {_S}(?: (?:written|authored|published))?",
        rf"{_S} (?:is|was|were|are) (?:written|authored|published) by (?:whom|who)",
        rf"who (?:is|are|was|were) {_S} (?:written |authored )?by",
        rf"whose (?:paper|article|work) is {_S}",
    )),
    (RecordIntent.FIELD, Field.YEAR, (
        rf"(?:when (?:was|were|did|is)|(?:in )?(?:what|which) year (?:was|is|did|were|does)|how old is) {_S}"
        r"(?: (?:(?:first )?published|released|written|from|come out|came out|appear|out|introduced|made|announced|put out|posted|date)\b.*)?",
        rf"{_FETCH}{_THE}(?:publication )?(?:year|date)(?: of publication)? of {_S}",
    )),
    (RecordIntent.FIELD, Field.VENUE, (
        rf"where (?:was|were|is|did|has|have) {_S} (?:been )?{_OUT}(?: in| at)?",
        rf"(?:in |at )?(?:which|what) {_VENUE} (?:was|were|is|are|did|does|do|has|have) {_S}(?: been)?(?: (?:{_OUT}|appears?|from|in|at))*",
        rf"(?:which|what) {_VENUE} (?:published|printed|carried) {_S}",
        rf"{_FETCH}{_THE}(?:name of )?{_THE}(?:publication )?{_VENUE} (?:of|for) {_S}",
    )),
    (RecordIntent.FIELD, Field.ID, (
        rf"{_FETCH}{_THE}{_VALUE} (?:of|for|to) {_S}",
        rf"(?:does|has) {_S} (?:have )?(?:an? )?{_VALUE}",
        rf"what {_VALUE} (?:does|has) {_S}(?: have)?",
    )),
)  # fmt: skip
_ONE = tuple(
    (intent, field, re.compile(rf"^{pattern}$", re.IGNORECASE))
    for intent, field, patterns in _OF_ONE
    for pattern in patterns
)
_TOPICAL = re.compile(
    rf"^(?:(?:on|about)|(?:(?:the|a|an|all|any|those|these) )*{WRITINGS} "
    r"(?:(?:that|which) )?(?:(?:is|are|was|were) )?(?:on|about|of|introducing|introduces?|introduced|proposing|proposed?|describing|describes?"
    r"|presenting|presents?|dealing with|using|uses?)) (?P<topic>.+)$",
    re.IGNORECASE,
)


def read_metadata(question: str) -> MetadataQuestion | None:
    """What a question asks of records; None for a question about content. Years and restrictions are taken off before."""
    text = " ".join(question.split()).rstrip(" ?.!")
    return _of_one(text) or read_of_all(text) or read_of_topic(text)


def _of_one(text: str) -> MetadataQuestion | None:
    for intent, field, pattern in _ONE:
        if not (match := pattern.match(text)):
            continue
        found = match.groupdict()
        if value := found.get("value"):
            field = next((kind for kind, begin in _VALUES if value.casefold().startswith(begin)), Field.LINK)
        subject = match["subject"].strip(" \"'")
        if content_words(subject) <= {"most"} and not any(map(str.isdigit, subject)):
            continue  # "who wrote most papers?" is about all of them
        place = {"first": 1, "lead": 1, "last": -1, "senior": -1}.get((found.get("place") or "").casefold(), 0)
        topic = _TOPICAL.match(subject)
        name = (found.get("name") or "").strip(" \"'")
        return MetadataQuestion(intent, field, topic["topic"] if topic else subject, bool(topic), name, place)
    return None
