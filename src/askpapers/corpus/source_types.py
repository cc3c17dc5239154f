"""The types of records as the services name them (Crossref, OpenAlex, PubMed, Zotero, ...), to CSL's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from askpapers.corpus.types import TYPES

_NAMES = {
    "article-journal": "journalarticle article researcharticle review reviewarticle systematicreview metaanalysis"
    " letter editorial erratum casereport casereports clinicaltrial randomizedcontrolledtrial shortsurvey retraction"
    " note comment scholarlyarticle journalarticles publishedarticle articleinpress datapaper journalissue briefreport"
    " journalpaper brief communication rapidcommunication correction articlecommentary comparativestudy"
    " journals art earlyaccessarticles",
    "paper-conference": "conferencepaper proceedingspaper ieeeconferences"
    " proceedingsarticle conference conferenceproceeding inproceedings proceedings"
    " conferenceandworkshoppapers conferenceproceedings conferences comm abstract conferencepoint meetingabstract"
    " conferencereview presentationabstract",
    "article": "preprint postedcontent informalandotherpublications informalpublications workingpaper eprint",
    "chapter": "bookchapter booksection partsinbooksorcollections bookpart incollection couv booksbookchapters"
    " referenceentry section",
    "book": "monograph editedbook referencebook bookseries bookset booksandtheses ouv books",
    "thesis": "dissertation phdthesis mastersthesis these doctoralthesis academicdissertation thesisdissertation hdr",
    "report": "techreport technicalreport reportcomponent reportseries guideline",
    "dataset": "datacitedataset database",
    "software": "computerprogram computersoftware",
    "webpage": "webcontent",
    "post-weblog": "blogpost",
    "article-magazine": "magazinearticle magazines",
    "article-newspaper": "newspaperarticle",
    "entry-encyclopedia": "encyclopediaarticle",
    "entry-dictionary": "dictionaryentry",
    "speech": "presentation",
    "document": "text other misc journalarticlesupplement",
    "peer-review": "peerreview",
}
_BY_NAME = {name: csl for csl, names in _NAMES.items() for name in names.split()}
_CSL = {row.csl: row.csl for row in TYPES} | {"article": "article-journal"}
_VAGUE = ("", "document", "article-journal")


def type_of_source(names: Iterable[str], *, preprint: bool = False) -> str:
    """The CSL type of the names that a record gives, of which the most telling counts; "" for none that is known.

    "article" is a journal article, save where the record is a `preprint`: only CSL itself means preprints by it.
    """
    found = [_of_name(name) for name in names]
    best = max(found, key=lambda csl: _VAGUE.index(csl) if csl in _VAGUE else len(_VAGUE), default="")
    return "article" if preprint and best in _VAGUE else best


def _of_name(name: str) -> str:
    simple = name.strip().lower()
    return _CSL.get(simple) or _BY_NAME.get(re.sub(r"[^a-z]", "", simple), "")
