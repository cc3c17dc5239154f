"""Kinds of papers: types of records, and the designs of studies that a title or an abstract names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from askpapers.datatypes import Paper

REVIEW, META_ANALYSIS, PROTOCOL, RETRACTED = "review", "meta-analysis", "protocol", "retracted"
_ADJECTIVES = (
    r"(?:(?:systematic|scoping|literature|narrative|comprehensive|brief|short|critical|recent|umbrella|integrative|rapid"
    r"|state-of-the-art|selective|updated|historical|mini) ){0,3}"
)
_PEOPLE = r"(?:patients|participants|subjects|adults|children|women|men|volunteers|infants|individuals|people|students)"


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper: what it is called, the CSL types that are it, and what says so in a title or an abstract.

    `also` are kinds that it is, too. Of two kinds of different families a paper is not both.
    """

    label: str
    names: str  # by which it is named in the singular, a pattern
    types: frozenset[str] = frozenset()
    in_title: re.Pattern[str] | None = None
    in_abstract: re.Pattern[str] | None = None
    family: str = ""
    also: frozenset[str] = frozenset()


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _type(label: str, names: str, *types: str) -> PaperKind:
    return PaperKind(label, names, frozenset(types))


def _design(label: str, names: str, family: str, title: str, abstract: str, *also: str) -> PaperKind:
    return PaperKind(label, names, frozenset(), _pattern(title), _pattern(abstract), family, frozenset(also))


_RANDOMISED = (
    rf"\brandomi[sz]ed,?(?: [\w-]+,?){{0,5}} trial\b|\b{_PEOPLE}(?: [\w-]+){{0,6}} were random|\bplacebo-controlled\b"
    r"|\bdouble-blind(?:ed)?\b"
)
KINDS: dict[str, PaperKind] = {
    "journal": _type("journal article", r"(?:peer-reviewed |scientific |academic )?journal(?: (?:article|paper|publication))?", "article-journal"),
    "conference": _type(
        "conference paper",
        r"(?:conference|workshop|proceedings) (?:paper|article|publication)|conference proceeding",
        "paper-conference",
    ),
    "preprint": _type("preprint", r"preprint|pre-print|arxiv (?:paper|preprint)|working paper", "article"),
    "thesis": _type("thesis", r"(?:doctoral |phd |master'?s )?(?:thesis|theses|dissertation)", "thesis"),
    "book": _type("book", r"book|monograph", "book"),
    "chapter": _type("book chapter", r"(?:book )?chapter", "chapter"),
    "report": _type("report", r"(?:technical )?report", "report"),
    "dataset": _type("dataset", r"dataset|data set", "dataset"),
    "patent": _type("patent", r"patent", "patent"),
    RETRACTED: _type("retracted paper", r"(?:retracted|withdrawn)(?: (?:paper|article|publication|stud(?:y|ies)))?|retraction"),
    REVIEW: _design(
        "review",
        rf"{_ADJECTIVES}(?:review|overview|survey paper|secondary stud(?:y|ies))(?: (?:article|paper))?|literature survey|survey",
        "secondary",
        rf"\b(?:systematic|scoping|literature|narrative|umbrella|integrative|rapid) (?:literature )?review\b"
        rf"|^(?:an? |the )?{_ADJECTIVES}(?:review|survey|overview) (?:of|on)\b|: (?:an? |the )?{_ADJECTIVES}(?:review|survey|overview)\b",
        rf"\b(?:this|our|the present) {_ADJECTIVES}(?:review|survey|overview)\b"
        r"|\bwe (?:systematically |critically |briefly |here )?(?:review|survey)(?:ed)? (?:the |recent |existing |current |published |related )*"
        r"(?:literature|studies|papers|work|works|methods|approaches|research|evidence|techniques|advances|progress|field)\b"
        r"|\bwe (?:systematically )?searched (?:the )?(?:pubmed|medline|embase|scopus|databases|literature|electronic)"
        r"|\bdatabases were searched\b",
    ),
    META_ANALYSIS: _design(
        "meta-analysis",
        r"meta-?analys[ei]s",
        "secondary",
        r"\bmeta-analys[ei]s\b",
        r"\b(?:this|our|network) meta-analysis\b|\bwe (?:performed|conducted|did) (?:a |an )?(?:[\w-]+ (?:and |review )*){0,4}meta-analysis\b",
        REVIEW,
    ),
    "randomised trial": _design(
        "randomised controlled trial",
        r"rct|randomi[sz]ed (?:controlled |clinical |control )?(?:trial|stud(?:y|ies))",
        "trial",
        _RANDOMISED,
        _RANDOMISED,
        "trial",
    ),
    "trial": _design(
        "clinical trial",
        r"(?:clinical |controlled |intervention )?trial|intervention stud(?:y|ies)",
        "trial",
        r"\b(?:clinical|phase [iv1-4]+|controlled|open-label) trial\b",
        r"\b(?:this|our|phase [iv1-4]+|open-label)(?: [\w-]+){0,3} trial\b",
    ),
    "cohort study": _design(
        "cohort study",
        r"(?:prospective |retrospective )?cohort(?: stud(?:y|ies))?",
        "observational",
        r"\bcohort (?:study|analysis)\b",
        r"\b(?:prospective|retrospective|nationwide|population-based|this|our)(?: [\w-]+){0,2} cohort\b|\bcohort study\b",
        "observational study",
    ),
    "case-control study": _design(
        "case-control study",
        r"case[- ]control(?: stud(?:y|ies))?",
        "observational",
        r"\bcase[-–]control\b",
        r"\bcase[-–]control (?:study|design|analysis)\b",
        "observational study",
    ),
    "cross-sectional study": _design(
        "cross-sectional study",
        r"cross-sectional(?: (?:stud(?:y|ies)|survey))?",
        "observational",
        r"\bcross-sectional\b",
        r"\bcross-sectional (?:study|survey|design|analysis|data)\b",
        "observational study",
    ),
    "observational study": _design(
        "observational study",
        r"(?:observational|non-?randomi[sz]ed) stud(?:y|ies)",
        "observational",
        r"\bobservational\b",
        r"\bobservational (?:study|design)\b",
    ),
    "case report": _design(
        "case report",
        r"case (?:report|series|stud(?:y|ies))",
        "case",
        r"\bcase (?:report|series)\b|: a case\b",
        r"\bwe (?:report|present|describe) (?:a|the|an unusual|a rare) case\b|\bcase (?:report|series)\b",
    ),
    "qualitative study": _design(
        "qualitative study",
        r"qualitative (?:stud(?:y|ies)|research)|interview stud(?:y|ies)",
        "qualitative",
        r"\bqualitative (?:study|research|analysis)\b|\binterview study\b",
        r"\bqualitative (?:study|interviews?|design)\b|\bsemi-structured interviews\b|\bfocus groups? (?:were|was)\b",
    ),
    PROTOCOL: _design(
        "protocol",
        r"(?:study |trial |review )?protocol",
        "protocol",
        r"\b(?:study|trial|review) protocol\b|\bprotocol (?:for|of) (?:an?|the)\b|: protocol\b",
        r"\bthis protocol (?:describes|outlines|presents)\b",
    ),
    "editorial": _design(
        "editorial",
        r"editorial|opinion(?: (?:paper|piece|article))?|commentar(?:y|ies)|viewpoint|perspective(?: (?:paper|article))?"
        r"|letter(?: to the editor)?|erratum|errata|correction|comment|note",
        "opinion",
        r"^(?:editorial|commentary|viewpoint|erratum|corrigendum|correction)(?: to)?(?::|\.|$)|^(?:comment on|letter to the editor|reply to)\b",
        r"^(?:in )?this (?:editorial|commentary|viewpoint|letter)\b",
    ),
}  # fmt: skip
_NAMED = {name: re.compile(rf"(?:an? |the )?(?:{kind.names})", re.IGNORECASE) for name, kind in KINDS.items()}


def kind_named(text: str) -> str | None:
    """The kind of paper that a few words name, in the singular or the plural; None where they name none."""
    words = re.sub(r"\s+", " ", text.strip(" .()“”\"'"))
    forms = [words, words[:-1] if words.endswith("s") else words]
    return next((name for name, pattern in _NAMED.items() if any(pattern.fullmatch(form) for form in forms)), None)


@dataclass(frozen=True, slots=True)
class Sign:
    """What says that a paper is of a kind: words of its title or abstract (`start`, `end`), or of its record."""

    kind: str
    where: str  # "title", "abstract" or "record"
    start: int = 0
    end: int = 0
    text: str = ""


def signs_of(paper: Paper) -> tuple[Sign, ...]:
    """What says of which kind a paper is, the surest first.

    A review or a protocol tells of other designs than its own: where a title says so, its abstract is not asked.
    """
    found = [*_signs_in_record(paper), *_signs_in(paper.title, "title")]
    secondary = [sign for sign in found if KINDS[sign.kind].family in ("secondary", "protocol")]
    if secondary:
        return tuple(secondary)
    in_abstract = list(_signs_in(paper.abstract, "abstract"))
    of_others = [sign for sign in in_abstract if KINDS[sign.kind].family in ("secondary", "protocol")]
    return tuple(found or of_others or in_abstract)


def _signs_in(text: str, where: str) -> Iterator[Sign]:
    for name, kind in KINDS.items():
        pattern = kind.in_title if where == "title" else kind.in_abstract
        if pattern and (match := pattern.search(text)):
            yield Sign(name, where, *match.span(), match.group())


def _signs_in_record(paper: Paper) -> Iterator[Sign]:
    """What the record names: the genre or publication type that a database gave it."""
    for field, text in paper.metadata.extra:
        if field.rpartition(":")[2].casefold() in _GENRES:
            for part in re.split(r"[;,|]", text):
                if (name := kind_named(part)) and KINDS[name].family:
                    yield Sign(name, "record", text=part.strip())


_GENRES = ("m3", "genre", "pt", "type", "publicationtype", "publication type", "document type", "dt")


def closed(kinds: frozenset[str]) -> frozenset[str]:
    """The kinds with those that they are, too."""
    return kinds | {other for kind in kinds for other in KINDS[kind].also}
