"""Reads questions about the records of all papers by their words ("the most frequent authors", "papers per year"). Pure.

Every word of such a question asks for papers or for a field of their records: a word of content makes it a question
about content.
"""

from __future__ import annotations

import re
from dataclasses import replace

from askpapers.answering.question_words import DOCUMENTS, count_of
from askpapers.answering.record_question import Field, MetadataQuestion, RecordIntent
from askpapers.text import words

_KINDS = (
    (Field.AUTHORS, frozenset("author authors coauthor coauthors".split())),
    (Field.YEAR, frozenset("year years date dates".split())),
    (Field.VENUE, frozenset("venue venues journal journals conference conferences proceedings magazines".split())),
    (Field.TAGS, frozenset("tag tags keyword keywords category categories".split())),
    (Field.DOI, frozenset("doi dois".split())),
)
_OF_PAPERS = frozenset(
    "paper papers article articles publication publications preprint preprints abstract abstracts study studies work works"
    " document documents entry entries record records reference references everything anything all".split()
)
_FRAME = _OF_PAPERS | frozenset(
    "which what whats list show give find name tell get print count me us a an the any some every each that who whose how many much"
    " number total altogether overall is are s was were there do does did you we i it has have had got in of from this these those"
    " them ones one here my our your its corpus collection library folder set database published written come came out appeared"
    " appear dated please can could would like to see know be been by at on only just and or for as so overview display"
    " title titles sort sorted order ordered contain contains containing hold holds include included includes available exist exists present indexed read".split()
)
_PER = frozenset("per by for each every grouped over across distribution histogram breakdown statistics sorted".split())
_MOST = frozenset(
    "most frequent frequently common commonest often prolific productive active top main leading biggest largest highest"
    " popular with have has first best known".split()
)
_NEGATIVE = frozenset("no not without lack lacks lacking miss misses missing t unknown".split())
_HAVING = frozenset("with have has give gives state without".split())
_LACK = (
    _NEGATIVE
    | _HAVING
    | frozenset("don doesn do does given having states known information data field fields value their its".split())
)
_SPAN = frozenset(
    "cover covers covered span spans range ranges represented time period old recent new far back go goes reach reaches between"
    " oldest newest earliest latest which what".split()
)
_HOW_MANY = re.compile(r"(?:how many|number of|count(?: the)?) (?:different |distinct )?(?P<noun>\w+)", re.IGNORECASE)
# "What did the study find": what it says is asked for, no record, as in "how many papers did you find".
_WHAT_IT_SAYS = re.compile(r"\bwhat (?:do|does|did) .*\b(?:find|show|tell|know)$", re.IGNORECASE)
_DO = frozenset("used use wrote write publish contributed".split())
_HOW_MANY_ALONE = frozenset("how many are there in total is it altogether".split())
_OF_TOPIC = re.compile(
    r"^(?P<frame>.+?) (?:(?:(?:who|that|which) )?(?:(?:write|wrote|publish|published|work|working|worked)(?: most)? )?(?:papers? |articles? |works? )?"
    rf"(?:about|on)|of (?:the )?{DOCUMENTS} (?:about|on)) (?P<topic>.+)$",
    re.IGNORECASE,
)
_PER_TAIL = re.compile(
    rf"^(?P<frame>(?:(?:how many|number of|count|the) )*{DOCUMENTS}) (?:(?:are|is) )?(?:there )?(?:on|about) (?P<topic>.+?)"
    r" (?P<per>(?:per|by|in each|for each|each) (?:year|venue|journal|author|tag|category))$",
    re.IGNORECASE,
)


def is_only_frame(question: str) -> bool:
    """Whether a question asks for papers and names no content at all."""
    return not content_words(question)


def read_of_all(text: str, subject: str = "") -> MetadataQuestion | None:
    """What a question asks of the records of all papers, or of those about a `subject`; None for one about content."""
    if _WHAT_IT_SAYS.search(text):
        return None
    content = content_words(text)
    lower = {word.casefold() for word, _, _ in words(text)}
    counts = {word: number for word in content if (number := count_of(word))}
    content -= counts.keys()
    asked = MetadataQuestion(RecordIntent.PAPERS, subject=subject, topical=bool(subject))
    counted = {"how", "many"} <= lower or bool(lower & {"number", "count", "total"})
    papers = bool(lower & _OF_PAPERS)
    fields = [kind for kind in _KINDS if content & kind[1]]
    if not fields and "who" in lower and content & _MOST:
        fields = [_KINDS[0]]  # "who has written the most papers?"
    if not fields and not content and (papers or lower <= _HOW_MANY_ALONE):
        return replace(asked, counted=counted)
    if not fields and "how" in lower and content <= _SPAN and papers:
        return replace(asked, intent=RecordIntent.SPAN)  # "how old are the papers?"
    if len(fields) != 1:
        return None
    [(field, names)] = fields
    asked = replace(asked, field=field)
    plural = any(word.endswith("s") for word in content & names)
    content -= names
    negative, ranked = bool(lower & _NEGATIVE), bool(content & _MOST)
    if content <= _LACK and papers and (negative or _asks_having(lower)):
        return replace(asked, intent=RecordIntent.LACKING if negative else RecordIntent.HAVING, counted=counted)
    if field is Field.YEAR and papers and not plural and not content and "by" in lower and not counted:
        return MetadataQuestion(RecordIntent.PAPERS, field)  # "list papers by year"
    if field is Field.YEAR and content <= _SPAN and not lower & _PER:
        return MetadataQuestion(RecordIntent.SPAN, subject=subject, topical=bool(subject))
    if field is Field.DOI or not content <= _PER | _MOST | _DO or not (plural or content or lower & _PER):
        return None
    if field is Field.AUTHORS and subject and not ranked:
        return None  # "which authors work on X?" asks for their papers
    how_many = _HOW_MANY.match(text)
    if how_many and how_many["noun"].casefold() in names:
        return replace(asked, intent=RecordIntent.DISTINCT)
    return replace(asked, intent=RecordIntent.TALLY, most=next(iter(counts.values()), None), ranked=ranked)


def _asks_having(lower: set[str]) -> bool:
    """Whether papers are asked for that have a field ("papers with tags"), not how many have each of its values."""
    return bool(lower & _HAVING) and not lower & (_MOST - _HAVING) and not lower & (_PER - {"for", "by"})


def read_of_topic(text: str) -> MetadataQuestion | None:
    """A tally of the papers on a topic: "the most frequent authors on X", "papers on X per year"."""
    for rule in (_PER_TAIL, _OF_TOPIC):
        match = rule.match(text)
        if match and content_words(match["topic"]):
            found = read_of_all(f"{match['frame']} {match.groupdict().get('per') or ''}".strip(), match["topic"])
            if found and found.intent in (RecordIntent.TALLY, RecordIntent.SPAN, RecordIntent.DISTINCT):
                return found
    return None


def content_words(text: str) -> set[str]:
    """The words that do not only ask for papers."""
    return {word.casefold() for word, _, _ in words(text)} - _FRAME
