"""Reads questions about records ("who wrote X", "how many papers are from 2021") by their structure. Pure.

A question about one paper is read by a frame around what names it. One about all papers is read by its words: every word
of it asks for papers or for a field of their records, so that a word of content makes it a question about content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from askpapers.text import words


class Field(StrEnum):
    """A field of a record, by the word that a reader uses."""

    AUTHORS = "authors"
    YEAR = "a year"
    VENUE = "a venue"
    DOI = "a DOI"
    ARXIV = "an arXiv id"
    PMID = "a PMID"
    LINK = "a link"
    KEY = "a cite key"
    TAGS = "tags"
    TITLE = "a title"
    ID = "an id"
    NOTICE = "a notice"


class Asks(StrEnum):
    """What is asked of records."""

    FIELD = "field"
    IS_AUTHOR = "is author"
    HOW_MANY_AUTHORS = "how many authors"
    PAPERS = "papers"
    LACKING = "lacking"
    HAVING = "having"
    SPAN = "span"
    TALLY = "tally"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class MetadataQuestion:
    """A question about records.

    `subject` names a paper or, with `topical`, papers by what they are about; "" for all papers. `name` is that of a
    person. `place` is 0 for all authors, 1 for the first and -1 for the last; `most` how many values are asked for;
    `ranked`: the most frequent ones are. `counted`: a number is asked for.
    """

    asks: Asks
    field: Field = Field.AUTHORS
    subject: str = ""
    topical: bool = False
    name: str = ""
    place: int = 0
    most: int | None = None
    ranked: bool = False
    counted: bool = False


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
    ("doi", Field.DOI),
    ("arxiv link", Field.LINK),
    ("arxiv addr", Field.LINK),
    ("arxiv url", Field.LINK),
    ("arxiv", Field.ARXIV),
    ("pm", Field.PMID),
    ("pubmed", Field.PMID),
    ("cit", Field.KEY),
    ("bibtex", Field.KEY),
    ("tag", Field.TAGS),
    ("keyword", Field.TAGS),
    ("categor", Field.TAGS),
    ("title", Field.TITLE),
    ("id", Field.ID),
    ("paper id", Field.ID),
)
_OF_ONE: tuple[tuple[Asks, Field, str], ...] = (
    (
        Asks.HOW_MANY_AUTHORS,
        Field.AUTHORS,
        rf"how many (?:co-?)?authors (?:does|did|do|has|have|are (?:there )?(?:on|of|behind)|wrote) {_S}(?: have| list)?",
    ),
    (Asks.FIELD, Field.NOTICE, rf"(?:is|was|has|have) {_S} (?:been )?(?:retracted|withdrawn)"),
    (
        Asks.IS_AUTHOR,
        Field.AUTHORS,
        rf"(?:is|was) (?P<name>.+?) (?:an?|the|one of the|among the|listed (?:as an?|among the|as)) {_AUTHORS} (?:of|on) {_S}",
    ),
    (Asks.IS_AUTHOR, Field.AUTHORS, rf"did (?P<name>.+?) (?:write|(?:co-?)?author|co-?write) {_S}"),
    (Asks.IS_AUTHOR, Field.AUTHORS, rf"(?:is|was) {_S} (?:(?:written|authored) )?by (?P<name>[^?]+)"),
    (
        Asks.FIELD,
        Field.AUTHORS,
        rf"who (?:wrote|(?:co-?)?authored|has written|have written|published|were the ones who wrote) {_S}",
    ),
    (
        Asks.FIELD,
        Field.AUTHORS,
        rf"{_FETCH}(?:all )?{_THE}(?:(?:list|names?) of )?{_THE}{_AUTHORS} (?:of|on|behind|for) {_S}",
    ),
    (Asks.FIELD, Field.AUTHORS, rf"(?:which|what) (?:authors?|people|researchers?) (?:wrote|authored|published) {_S}"),
    (Asks.FIELD, Field.AUTHORS, rf"by whom? (?:was|were|is|are) {_S}(?: (?:written|authored|published))?"),
    (Asks.FIELD, Field.AUTHORS, rf"{_S} (?:is|was|were|are) (?:written|authored|published) by (?:whom|who)"),
    (Asks.FIELD, Field.AUTHORS, rf"who (?:is|are|was|were) {_S} (?:written |authored )?by"),
    (Asks.FIELD, Field.AUTHORS, rf"whose (?:paper|article|work) is {_S}"),
    (
        Asks.FIELD,
        Field.YEAR,
        rf"(?:when (?:was|were|did|is)|(?:in )?(?:what|which) year (?:was|is|did|were|does)|how old is) {_S}"
        r"(?: (?:(?:first )?published|released|written|from|come out|came out|appear|out|introduced|made|announced|put out|posted|date)\b.*)?",
    ),
    (Asks.FIELD, Field.YEAR, rf"{_FETCH}{_THE}(?:publication )?(?:year|date)(?: of publication)? of {_S}"),
    (Asks.FIELD, Field.VENUE, rf"where (?:was|were|is|did|has|have) {_S} (?:been )?{_OUT}(?: in| at)?"),
    (
        Asks.FIELD,
        Field.VENUE,
        rf"(?:in |at )?(?:which|what) {_VENUE} (?:was|were|is|are|did|does|do|has|have) {_S}(?: been)?(?: (?:{_OUT}|appears?|from|in|at))*",
    ),
    (Asks.FIELD, Field.VENUE, rf"(?:which|what) {_VENUE} (?:published|printed|carried) {_S}"),
    (Asks.FIELD, Field.VENUE, rf"{_FETCH}{_THE}(?:name of )?{_THE}(?:publication )?{_VENUE} (?:of|for) {_S}"),
    (Asks.FIELD, Field.ID, rf"{_FETCH}{_THE}{_VALUE} (?:of|for|to) {_S}"),
    (Asks.FIELD, Field.ID, rf"(?:does|has) {_S} (?:have )?(?:an? )?{_VALUE}"),
    (Asks.FIELD, Field.ID, rf"what {_VALUE} (?:does|has) {_S}(?: have)?"),
)
_ONE = tuple((asks, field, re.compile(rf"^{pattern}$", re.IGNORECASE)) for asks, field, pattern in _OF_ONE)
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
_LACK = frozenset(
    "no not without lack lacks lacking miss misses missing don t doesn t do does give gives given with have has having state"
    " states known unknown information data field fields value their its".split()
)
_NEGATIVE = frozenset("no not without lack lacks lacking miss misses missing t unknown".split())
_SPAN = frozenset(
    "cover covers covered span spans range ranges represented time period old recent new far back go goes reach reaches between"
    " oldest newest earliest latest which what".split()
)
_DO = frozenset("used use wrote write publish contributed".split())
_HOW_MANY_ALONE = frozenset("how many are there in total is it altogether".split())
_TOPICAL = re.compile(
    r"^(?:(?:the|a|an|all|any|those|these) )*(?:papers?|articles?|works?|stud(?:y|ies)|publications?|preprints?) "
    r"(?:(?:that|which) )?(?:(?:is|are|was|were) )?(?:on|about|of|introducing|introduces?|introduced|proposing|proposed?|describing|describes?"
    r"|presenting|presents?|dealing with|using|uses?) (?P<topic>.+)$",
    re.IGNORECASE,
)
_OF_TOPIC = re.compile(
    r"^(?P<frame>.+?) (?:(?:(?:who|that|which) )?(?:(?:write|wrote|publish|published|work|working|worked)(?: most)? )?(?:papers? |articles? |works? )?"
    r"(?:about|on)|of (?:the )?(?:papers|articles|works|studies) (?:about|on)) (?P<topic>.+)$",
    re.IGNORECASE,
)
_PER_TAIL = re.compile(
    r"^(?P<frame>(?:(?:how many|number of|count|the) )*(?:papers|articles|publications|works)) (?:(?:are|is) )?(?:there )?(?:on|about) (?P<topic>.+?)"
    r" (?P<per>(?:per|by|in each|for each|each) (?:year|venue|journal|author|tag|category))$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}")
_NUMBERS = {"three": 3, "five": 5, "ten": 10, "two": 2, "four": 4, "twenty": 20}


def read_metadata(question: str) -> MetadataQuestion | None:
    """What a question asks of records; None for a question about content. Years and restrictions are taken off before."""
    text = " ".join(question.split()).rstrip(" ?.!")
    return _of_one(text) or _of_all(text) or _of_topic(text)


def is_only_frame(question: str) -> bool:
    """Whether a question asks for papers and names no content at all."""
    return not _content(question)


def _of_one(text: str) -> MetadataQuestion | None:
    for asks, field, pattern in _ONE:
        if not (match := pattern.match(text)):
            continue
        found = match.groupdict()
        if value := found.get("value"):
            field = next((kind for begin, kind in _VALUES if value.casefold().startswith(begin)), Field.LINK)
        subject = match["subject"].strip(" \"'")
        if _content(subject) <= {"most"} and not re.search(r"\d", subject):
            continue  # "who wrote most papers?" is about all of them
        place = {"first": 1, "lead": 1, "last": -1, "senior": -1}.get((found.get("place") or "").casefold(), 0)
        topic = _TOPICAL.match(subject)
        name = (found.get("name") or "").strip(" \"'")
        return MetadataQuestion(asks, field, topic["topic"] if topic else subject, bool(topic), name, place)
    return None


def _of_all(text: str, subject: str = "") -> MetadataQuestion | None:
    content = _content(text)
    lower = {word.casefold() for word, _, _ in words(text)}
    most = next((int(n) for n in content if _NUMBER.fullmatch(n)), None) or next(
        (_NUMBERS[n] for n in content if n in _NUMBERS), None
    )
    content -= {n for n in content if _NUMBER.fullmatch(n) or n in _NUMBERS}
    fields = [kind for kind, names in _KINDS if content & names]
    if not fields and "who" in lower and content & _MOST:
        fields = [Field.AUTHORS]  # "who has written the most papers?"
    topical, papers = bool(subject), bool(lower & _OF_PAPERS)
    counted = {"how", "many"} <= lower or bool(lower & {"number", "count", "total"})
    if not fields and "how" in lower and content and content <= _SPAN and papers:
        return MetadataQuestion(Asks.SPAN, subject=subject, topical=topical)  # "how old are the papers?"
    if not fields and not content and (papers or lower <= _HOW_MANY_ALONE):
        return MetadataQuestion(Asks.PAPERS, subject=subject, topical=topical, counted=counted)
    if len(fields) != 1:
        return None
    field, names = next((kind, names) for kind, names in _KINDS if kind is fields[0])
    plural = any(word.endswith("s") for word in content & names)
    content -= names
    negative = bool(lower & _NEGATIVE)
    having = (
        bool(lower & {"with", "have", "has", "give", "gives", "state", "without"})
        and papers
        and not lower & _MOST - {"with", "have", "has"}
    )
    if content <= _LACK and papers and (negative or (having and not lower & _PER - {"for", "by"})):
        return MetadataQuestion(Asks.LACKING if negative else Asks.HAVING, field, subject, topical, counted=counted)
    if field is Field.YEAR and papers and not plural and not content and "by" in lower and not counted:
        return MetadataQuestion(Asks.PAPERS, field)  # "list papers by year"
    if field is Field.YEAR and content <= _SPAN and not lower & _PER:
        return MetadataQuestion(Asks.SPAN, subject=subject, topical=topical)
    if field is Field.DOI or not content <= _PER | _MOST | _DO or not (plural or content or lower & _PER):
        return None
    if field is Field.AUTHORS and topical and not content & _MOST:
        return None  # "which authors work on X?" asks for their papers
    how_many = re.match(
        r"(?:how many|number of|count(?: the)?) (?:different |distinct )?(?P<noun>\w+)", text, re.IGNORECASE
    )
    if how_many and how_many["noun"].casefold() in names:
        return MetadataQuestion(Asks.DISTINCT, field, subject, topical)
    return MetadataQuestion(Asks.TALLY, field, subject, topical, most=most, ranked=bool(content & _MOST))


def _of_topic(text: str) -> MetadataQuestion | None:
    """A tally of the papers on a topic: "the most frequent authors on X", "papers on X per year"."""
    for rule in (_PER_TAIL, _OF_TOPIC):
        match = rule.match(text)
        if match and _content(match["topic"]):
            found = _of_all(f"{match['frame']} {match.groupdict().get('per') or ''}".strip(), match["topic"])
            if found and found.asks in (Asks.TALLY, Asks.SPAN, Asks.DISTINCT):
                return found
    return None


def _content(text: str) -> set[str]:
    """The words that do not only ask for papers."""
    return {word.casefold() for word, _, _ in words(text)} - _FRAME
