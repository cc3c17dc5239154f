"""The words that questions are made of, for the patterns that read them. Pure."""

from __future__ import annotations

import re

from askpapers.text import stem, words

WH = r"(?:what|which|who|whom|whose|where|when|why|how)"
AUX = r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might)"
WRITINGS = (
    r"(?:papers?|works?|stud(?:y|ies)|articles?|abstracts?|publications?|reports?|preprints?|manuscripts?"
    r"|literature|research|entries)"
)
DOCUMENTS = r"(?:papers|works|studies|articles|abstracts|publications|preprints)"
FETCH = (
    r"(?:list|enumerate|find|show|give|name|get|search(?: for)?|fetch|collect|gather|display|pull up|point me to"
    r"|look(?:ing)? for|trying to find|searching for|seeking|interested in|need|want|recommend|suggest)"
)
COLLECTION = r"(?:corpus|collection|library|archive|database|bibliography|folder)"
PAPERS = rf"(?:{WRITINGS}|authors?|groups?|people|researchers?|efforts?|projects?)"
"""Papers, and those who write them."""
WHICH_ONES = re.compile(
    rf"(?:which|what)(?: (?:\w+ )?{PAPERS})? (?:should|can|could|would|do|must) (?:i|we) [\w-]+(?: first)?\W*",
    re.IGNORECASE,
)
"""The question after what the papers are for, which has no topic: "My talk is on X. Which papers should I read?"."""
COUNTS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)} | {
    "twenty": 20
}
_MOST_DIGITS = 3
COUNT = rf"(?:\d{{1,{_MOST_DIGITS}}}|{'|'.join(COUNTS)})"

# Words of asking, not of what is asked about; verbs that any paper could take carry little weight either. Of each
# word one form: stems are compared.
ASKING = frozenset(
    stem(word)
    for word in (
        "what which who whom whose where when why how do does did done can could should would may might must will"
        " shall has have had were been being i you he she we my your me us am many much long far number count"
        " amount any anything some there here about get use make give tell show shown paper work study abstract"
        " author really meant stand called from out than more most less least other also own one only during"
        " before after up so its just please article publication report research literature thing all list every"
        " corpus involve anyone somebody someone people group find name exactly actually them those our they come"
        " myself yourself themselves go take let say said very too ok okay published vs versus"
    ).split()
)
GENERIC = frozenset(
    stem(word)
    for word in (
        "include examine discuss mention tackle address introduce release propose present evaluate test train"
        " apply touch deal explore investigate look focus related concerning report describe approach method"
        " technique model system new novel data based help different try claim build develop compare main kind"
        " type way"
    ).split()
)

_FINDINGS = frozenset(
    "found finding findings result results conclusion conclusions conclude concludes concluded outcome outcomes learn"
    " learned".split()
)
OVERVIEW_STEMS = frozenset(
    stem(word)
    for word in (
        "summarise summarize summary tldr tl dr doi overview gist abstract explain describe tell me us about of on the"
        " a an this that it paper arxiv id what is does do did say said main key idea point contribution give short"
        " brief and in for please can you to be whats s content read know report article work study by from with title"
        " called open look up find found get detail propose introduce present claim argue discuss investigate show they"
        " author was were out come came overall aim at result conclusion conclude outcome learn"
    ).split()
)
"""Stems of words with which nothing more is asked than what a paper says."""


def count_of(text: str) -> int | None:
    """The number that a word or at most three digits give ("five", "12"); None for "few" and for a year."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else COUNTS.get(text.casefold())


def says_little(term: str) -> bool:
    """Whether a term is a word of asking, or one that any paper could have ("show", "authors", "method")."""
    return term in ASKING or term in GENERIC


def asks_for_findings(text: str) -> bool:
    """Whether nothing more is asked than what a study found: "what did they find", "the main results"."""
    asked = {word.casefold() for word, _, _ in words(text)}
    finds = "find" in asked and not asked.isdisjoint(("did", "does", "do"))  # not "find the paper ..."
    asks = finds or {"came", "out"} <= asked or not _FINDINGS.isdisjoint(asked)
    return asks and OVERVIEW_STEMS.issuperset(map(stem, asked))
