"""Papers that were retracted or withdrawn, or about which a concern was published: how records say so.

A record says it by its title ("RETRACTED: ..."), by its abstract ("This paper has been withdrawn by the authors"), by
a type (PubMed's "Retracted Publication"), or by a notice of its own that names the paper (Crossref's `update-to`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from askpapers.corpus.records import Record
from askpapers.datatypes import Paper
from askpapers.identifiers import doi_of
from askpapers.metadata import Metadata, Notice

UPDATES = "crossref:update-to"
"""The name of a field in `Metadata.extra` of a notice: what it says of which DOI, such as "retraction 10.1000/x1"."""

_SEVERITY = (Notice.CONCERN, Notice.WITHDRAWN, Notice.RETRACTED)

_NOUN = r"(?:(?:conference )?paper|article|chapter|manuscript|publication|preprint)"
_ITS_NOUN = r"(?: note| notice| statement)?"
_CAPITAL = r"(?-i:(?=[\"“‘']?[A-Z0-9]))"
# Before the title, with a colon, a dash or brackets: "Retraction of the tongue", "Retracted papers: a survey" and
# "Retraction: a review" are none.
_MARKED = re.compile(
    r"\W{0,3}(?:notice of )?(?P<word>retracted|withdrawn|removed|temporary removal|retraction|withdrawal"
    rf"|(?:editorial )?expression of concern)(?: {_NOUN})?{_ITS_NOUN}"
    rf"(?:\s*[\])]\s*:?\s+|\s*[:.—–]\s*{_CAPITAL}|\s+-+\s+{_CAPITAL}|(?-i:(?<=[A-Z])):\s*(?=\S))",
    re.IGNORECASE,
)
_NOTICE_OF = re.compile(
    r"\W{0,3}(?P<word>retraction|withdrawal|(?:editorial )?expression of concern)"
    rf"(?:(?: note| notice| statement)(?: (?:to|of|for|on|regarding))?(?: the)?(?: {_NOUN})?\b:?\s*"
    rf"|(?: (?:to|of|for|on|regarding))(?: the)?(?: {_NOUN})?:?\s*(?=[\"“‘'])"
    r"|(?-i: for (?=[A-Z][\w-]+ (?:et al|and [A-Z])))[^,]{1,60},\s*)[\"“‘']?",
    re.IGNORECASE,
)
_MARKED_AT_END = re.compile(
    rf"[\s.]*[\[(](?P<word>retracted|withdrawn|expression of concern)(?: {_NOUN})?\b(?:[.,:]? [^()\[\]]*)?[\])]\W*",
    re.IGNORECASE,
)
_MAY_BE_MARKED = re.compile(r"retract|withdraw|remov|concern", re.IGNORECASE)
_CLOSED = re.compile(r"[\"”’'](?:\s*[\[(].*)?\W*$")
_NOTICE_OF_WORD = {"ret": Notice.RETRACTED, "wit": Notice.WITHDRAWN, "rem": Notice.WITHDRAWN, "tem": Notice.WITHDRAWN}


def title_without_notice(title: str) -> tuple[str, Notice | None]:
    """A title without the words that mark it as retracted, withdrawn or doubted, and what they say."""
    if not _MAY_BE_MARKED.search(title):
        return title, None
    match = _MARKED.match(title) or _NOTICE_OF.match(title)
    if match and match.end() < len(title):
        return _CLOSED.sub("", title[match.end() :]).lstrip("\"“‘' "), _notice_named(match["word"])
    for bracket in re.finditer(r"[\s.]*[\[(]", title):
        if bracket.start() and (at_end := _MARKED_AT_END.fullmatch(title, bracket.start())):
            return title[: bracket.start()], _notice_named(at_end["word"])
    return title, None


def _notice_named(word: str) -> Notice:
    return _NOTICE_OF_WORD.get(word[:3].lower(), Notice.CONCERN)


_ITSELF = rf"(?:arxiv )?(?:version of (?:this|the) )?(?:{_NOUN}|submission|work|version)"
_BEEN = r"(?:has (?:now )?been|is(?: being| now| hereby)?)"
_NAMED = r",? (?:entitled|titled|on|about)(?: (?!(?:that|which|who)\b)[^\s.]+){1,30}?"
_WITHDRAWN = r"(?P<{}>withdrawn|retracted)\b(?! from (?:the )?(?:market|sale|circulation|study|trial))"
# At the beginning of the abstract it may be "the paper was withdrawn"; later only "this paper has been withdrawn".
_SAID_OF_ITSELF = re.compile(
    rf"\A\W*+(?:(?:the|this) {_ITSELF}(?: \([^()]{{1,200}}\)|{_NAMED})?,? (?:{_BEEN}|was)"
    r" (?:\w+ly )?"
    + _WITHDRAWN.format("first")
    + r"|(?:paper |article |submission |preprint )?(?P<alone>withdrawn|retracted)(?: (?:by|at the request of|due to"
    r"|because)\b|\W*\Z))"
    r"|(?:\A|[.!?:\])]|(?<![\s*\[(])(?:[\[(]|[^\S\n])*+[*\n])[\s*\[(]*+(?:"
    rf"(?:accordingly|therefore|hence|consequently|thus)?,? ?this {_ITSELF} {_BEEN} (?:\w+ly )?"
    + _WITHDRAWN.format("later")
    + r"|(?:the )?(?:authors?(?:\(s\))?|editors?|publishers?|journal)(?: and [^.]{1,60}?)?"
    rf" (?:(?:has|have|hereby|wish(?:es)? to) )*(?P<by>withdrawn|withdraws?|retracted|retracts?) this {_NOUN}\b)",
    re.IGNORECASE,
)
_HEAD = 400  # characters of an abstract in which a notice begins
_NO_WORDS = 6
_REASON_ONLY = 60


def notice_of_abstract(abstract: str) -> Notice | None:
    """What an abstract says of its own paper: "This paper has been withdrawn by the authors due to an error"."""
    match = _declares_itself(abstract)
    if match is None:
        return None
    word = match["first"] or match["alone"] or match["later"] or match["by"]
    return Notice.RETRACTED if word.lower().startswith("retract") else Notice.WITHDRAWN


def is_only_notice(abstract: str) -> bool:
    """Whether an abstract holds nothing but that its paper was withdrawn or retracted, and why: it is no evidence."""
    match = _declares_itself(abstract)
    if match is None or len(abstract[: match.start()].split()) > _NO_WORDS:
        return False
    return len(abstract[match.start() :].split()) <= _REASON_ONLY


def is_evidence(paper: Paper) -> bool:
    """Whether an answer may rest on a paper: not where its abstract holds nothing but that it was withdrawn."""
    return not (paper.metadata.notice and is_only_notice(paper.abstract))


def _declares_itself(abstract: str) -> re.Match[str] | None:
    """The sentence of a notice: the first ones of an abstract or its last."""
    letters = abstract.lower()
    if "withdraw" not in letters and "retract" not in letters:
        return None
    if match := _SAID_OF_ITSELF.search(abstract, 0, _HEAD):
        return match
    return _SAID_OF_ITSELF.search(abstract, max(0, len(abstract) - _HEAD)) if len(abstract) > _HEAD else None


_BY_TYPE = {
    "retracted publication": Notice.RETRACTED,
    "retracted article": Notice.RETRACTED,
    "retraction of publication": Notice.RETRACTED,
    "retraction notice": Notice.RETRACTED,
    "retraction": Notice.RETRACTED,
    "partial_retraction": Notice.RETRACTED,
    "partial retraction": Notice.RETRACTED,
    "removal": Notice.WITHDRAWN,
    "withdrawal": Notice.WITHDRAWN,
    "withdrawn publication": Notice.WITHDRAWN,
    "retractionin": Notice.RETRACTED,
    "partialretractionin": Notice.RETRACTED,
    "expressionofconcernin": Notice.CONCERN,
    "expression of concern": Notice.CONCERN,
    "expression_of_concern": Notice.CONCERN,
}


def notice_of_types(types: Iterable[str]) -> Notice | None:
    """What PubMed's publication types or kinds of corrections (RefType), or Crossref's updates, say; the gravest."""
    return gravest(_BY_TYPE.get(" ".join(kind.split()).lower()) for kind in types)


def gravest(notices: Iterable[Notice | None]) -> Notice | None:
    """The gravest of several notices: retracted, then withdrawn, then an expression of concern."""
    return max((n for n in notices if n), key=_SEVERITY.index, default=None)


def update_field(kind: str, doi: str) -> tuple[str, str]:
    """The field in `Metadata.extra` of a notice about another paper: `kind` is Crossref's type of an update."""
    return UPDATES, f"{' '.join(kind.split()).lower().replace(' ', '_')} {doi_of(doi)}"


def notices_given(records: Iterable[Record]) -> Mapping[str, Notice]:
    """What records that are notices say of other papers, by the DOI of these."""
    given: dict[str, Notice] = {}
    for record in records:
        for name, value in record.metadata.extra:
            kind, _, doi = value.partition(" ")
            if name == UPDATES and (notice := notice_of_types([kind])) and doi:
                given[doi] = gravest([given.get(doi), notice]) or notice
    return given


def noticed(metadata: Metadata, titles: Iterable[str], abstracts: Iterable[str]) -> Metadata:
    """The metadata with the notice that titles or abstracts give, where it is graver than what is known."""
    of_titles = (title_without_notice(title)[1] for title in titles)
    notice = gravest([metadata.notice, *of_titles, *map(notice_of_abstract, abstracts)])
    return metadata if notice == metadata.notice else replace(metadata, notice=notice)
