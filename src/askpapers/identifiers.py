"""Identifiers of papers in the one way in which they are compared: DOI, arXiv id, PubMed id, OpenAlex and others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_DOI_ALONE = re.compile(
    r"\W*(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:?\s*|info:doi/)?(10\.\d{4,9}/[^\s\"<>]+)", re.I
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.I)
_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga"
    " eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics"
    " plasm-ph q-alg q-bio q-fin quant-ph solv-int stat supr-con"
).replace(" ", "|")
_ARXIV_ID = (
    rf"(\d\d(?:0[1-9]|1[0-2])\.\d{{4,5}}|(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d\d(?:0[1-9]|1[0-2])\d{{3}})(?:v\d+)?"
)
_ARXIV = re.compile(
    r"\W*+(?:(?:https?://)?(?:[\w-]++\.)?arxiv\.org/(?:abs|pdf|html|format|src|e-print)/|oai:arxiv\.org:"
    r"|arxiv(?: id)?[:.\s]\s*)?"
    rf"{_ARXIV_ID}(?:\.pdf)?(?:\s*\[[\w.-]+\])?\W*",
    re.I,
)
_PMID = re.compile(
    r"\W*(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid:?\s*|pubmed:\s*)"
    r"0*(\d{1,9})/?\W*",
    re.I,
)
_OPENALEX = re.compile(r"\W*(?:(?:https?://)?(?:api\.)?openalex\.org/(?:works/)?|openalex:\s*)(W\d{4,})\W*", re.I)
_PMC = re.compile(
    r"\W*(?:(?:https?://)?(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/|pmcid:?\s*)?(PMC\d{3,})/?\W*", re.I
)

_ARXIV_WITHIN = re.compile(
    r"arxiv(?:\.org/(?:abs|pdf)/|[:\s]\s*)(?:preprint\s+arxiv:\s*)?([a-z.-]+/\d{7}|\d{4}\.\d{4,5})", re.I
)
_PMID_WITHIN = re.compile(r"(?:PMID:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{5,9})", re.IGNORECASE)


def doi_of(text: str) -> str:
    """The DOI that a text is, in lower case and without an address before it; "" where it is none."""
    match = _DOI_ALONE.fullmatch(unquote(text.strip()))
    return _trimmed(match[1]).lower() if match else ""


def arxiv_of(text: str) -> str:
    """The arXiv id that a text is, without its version, whether given as an id, an address or a DOI; "" for none."""
    text = text.strip()
    if doi := doi_of(text):
        own = _ARXIV_DOI.fullmatch(doi)
        text = own[1] if own else ""
    match = _ARXIV.fullmatch(text)
    return re.sub(r"\.[a-z]{2}/", "/", match[1].lower()) if match else ""  # math.GT/0309136 is math/0309136


def pmid_of(text: str) -> str:
    """The PubMed id in "PMID: 123" or an address of PubMed; "" for any other text, also for a bare number."""
    match = _PMID.fullmatch(text.strip())
    return match[1] if match else ""


def dois_in(text: str) -> Iterator[tuple[str, int, int]]:
    """The DOIs that stand in a text, in lower case, each with where it begins and ends."""
    for match in _DOI.finditer(text):
        found = _trimmed(match.group())
        yield found.lower(), match.start(), match.start() + len(found)


def identifiers_within(text: str) -> frozenset[str]:
    """The DOIs, arXiv ids and PubMed ids that stand in a text, in the form of `identifiers_in`."""
    found = [doi for doi, *_ in dois_in(text)]
    found += [arxiv_of(match[1]) for match in _ARXIV_WITHIN.finditer(text)]
    found += [f"pmid:{match[1]}" for match in _PMID_WITHIN.finditer(text)]
    return identifiers_in(*found)


def _trimmed(doi: str) -> str:
    """A DOI without the punctuation of the sentence around it; a bracket that it opens itself stays."""
    while doi and (doi[-1] in _POINTS or doi.count(doi[-1]) > doi.count(_OPENING.get(doi[-1], doi[-1]))):
        doi = doi[:-1]
    return doi


_POINTS = ".,;:!?'\"*_/"
_OPENING = {")": "(", "]": "[", "}": "{"}


def identifiers_in(*texts: str | None) -> frozenset[str]:
    """The identifiers that ids and addresses are, as "doi:10.1000/x", "arxiv:2203.02155", "pmid:1", "pmc:…".

    A DOI of arXiv's is its arXiv id. An id of another kind is none: cite keys and numbers are not unique.
    """
    return frozenset(found for text in texts if text for found in _kinds(text))


def _kinds(text: str) -> Iterator[str]:
    if arxiv := arxiv_of(text):
        yield f"arxiv:{arxiv}"
    elif doi := doi_of(text):
        yield f"doi:{doi}"
    elif pmid := pmid_of(text):
        yield f"pmid:{pmid}"
    elif match := _OPENALEX.fullmatch(text.strip()):
        yield f"openalex:{match[1].lower()}"
    elif match := _PMC.fullmatch(text.strip()):
        yield f"pmc:{match[1].lower()}"


def lookups(name: str) -> tuple[str, ...]:
    """What a paper can be found under when it is called by an id, an address or a cite key: the surest first."""
    number = (f"pmid:{name.strip().lstrip('0')}",) if name.strip().isdecimal() else ()
    return (name.strip().casefold(), *sorted(identifiers_in(name)), *number)


_PREPRINT_DOI = re.compile(
    r"10\.(?:48550/arxiv|1101/(?:\d{6}|20\d\d\.)|64898/|21203/rs\.|26434/chemrxiv|2139/ssrn|31234/osf|31219/osf|31235/osf"
    r"|20944/preprints|36227/techrxiv|33774/|22541/(?:au|essoar)|32388/|35542/|51094/jxiv|55458/neurolibre"
    r"|1590/scielopreprints|22543/)",
    re.I,
)


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI is one that a preprint server gives: arXiv, bioRxiv, medRxiv, Research Square, SSRN, OSF, ..."""
    return bool(_PREPRINT_DOI.match(doi))
