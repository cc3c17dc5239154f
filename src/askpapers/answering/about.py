"""What a corpus is about, as a reply: asked for in many words, told in a few lines with a question for each topic."""

from __future__ import annotations

import re

from askpapers.answering.guidance import Guidance
from askpapers.answering.query import Query
from askpapers.answering.question_words import COLLECTION, DOCUMENTS
from askpapers.counts import counted
from askpapers.datatypes import Filter
from askpapers.index.generation import Index
from askpapers.index.overview import Overview, TypicalPaper, YearCount, overview_of
from askpapers.index.selection import select

_PAPERS = rf"(?:{DOCUMENTS}|documents|files)"
_SHOWN = rf"(?:these|those) {_PAPERS}|they|these|those|them|it|this|that"
_CORPUS = (
    rf"(?:(?:(?:all )?(?:this|the|my|our|your|that)|all(?: of)?(?: the| these| my| our| your)?) (?:whole |entire |full )?"
    rf"(?:(?:paper |document |abstract )?{COLLECTION}|{_PAPERS})"
    rf"(?: (?:of|with) {_PAPERS})?(?: (?:here|in (?:this|the|my|our|your) {COLLECTION}))?"
    rf"|here|everything|all (?:this|that|these)|{_SHOWN})"
)
_MOSTLY = r"(?:(?:all|mainly|mostly|generally|overall|actually|basically|roughly|in general|broadly) )*"
_KINDS = r"(?:(?:research|subject) )?(?:topics?|themes?|subjects?|areas?|fields?|domains?|subject matters?|directions?|trends?|focus|scope|contents?)(?: and (?:topics|themes|subjects))?"
_MAIN = (
    r"(?:(?:main|major|key|central|principal|important|general|broad|common|commonest|different|dominant|research|big|top|most common"
    r"|recurring|overall|various) )*"
)
_HAS = (
    r"(?:covers?|contains?|deals? with|talks? about|discuss(?:es)?|stud(?:y|ies)|address(?:es)?|includes?|treats?|have|has|focus(?:es)? on"
    r"|consists? of|offers?|know(?: about)?)"
)
_ARE = rf"(?:are|is) (?:there|in {_CORPUS}|{_CORPUS}|(?:being )?(?:covered|discussed|studied|treated|included|addressed|represented|present|available))"
_WHERE = rf"(?: (?:in|of|by|from|across|among|for) {_CORPUS}| here)?"
_OVERVIEW = r"(?:overview|summary|map|outline|survey|tour|description|picture|gist|big picture)"
_GIVE = r"(?:(?:give|show|provide|write|make|get|produce|i want|i need|i'?d like|let me have|can i (?:get|have|see))(?: me| us)? )?"
_ABOUT = re.compile(
    rf"(?:what(?:'s|s| is| are| was| were)? {_CORPUS} (?:is |are )?{_MOSTLY}(?:about|on)"
    rf"|what (?:do|does|did) {_CORPUS} {_MOSTLY}{_HAS}"
    rf"|(?:what|which) (?:kinds?|sorts?|types?) of (?:{_PAPERS}|research|work|{_KINDS})(?: {_ARE}| do {_CORPUS} {_HAS}| do you have)?{_WHERE}"
    rf"|(?:what|which)(?:'s|s| are| is)? (?:the |its |their |your )?{_MAIN}{_KINDS}(?: of (?:research|work|study|interest))?(?: {_ARE})?(?: (?:do|does) (?:{_CORPUS}|you) {_HAS})?{_WHERE}"
    rf"|{_GIVE}(?:list |name |identify |find )?(?:the |all |all the |its |their )?{_MAIN}(?:topics|themes|subjects|research (?:areas|topics|themes|directions|fields)|contents|scope){_WHERE}"
    rf"|{_GIVE}(?:an? |the )?(?:brief |short |quick |general |rough |high[ -]level )?{_OVERVIEW}(?: (?:of|about|on|over) {_CORPUS})?"
    rf"|(?:how would you |can you |could you )?(?:sum up|summari[sz]e|describe|characteri[sz]e|outline|introduce|tell me about|explain) {_CORPUS}"
    rf"|what(?:'s|s| is) (?:there )?in (?:here|{_CORPUS})"
    rf"|what(?:'s|s| is) the {_MAIN}{_OVERVIEW} of {_CORPUS}|what can you (?:tell me|say) about {_CORPUS}"
    rf"|what do (?:i|we|you) have (?:here|in {_CORPUS})"
    rf"|(?:which|what) {_KINDS} (?:recur|come up|appear|occur|dominate|prevail)(?: most(?: often)?)?{_WHERE}"
    rf"|(?:cluster|group|categori[sz]e|organi[sz]e|break down|sort) {_CORPUS}(?: (?:by|into) (?:topics?|themes?|subjects?))?)",
    re.IGNORECASE,
)
_BACK = re.compile(rf"\b(?:{_SHOWN})\b", re.IGNORECASE)
_CORPUS_ITSELF = re.compile(rf"\bthis (?:whole |entire )?{COLLECTION}\b", re.I)
_LONGEST = 200  # characters
_BARS = "▁▂▃▄▅▆▇█"
_MOST_BARS = 40


def asks_about_corpus(query: Query, *, in_conversation: bool) -> bool:
    """Whether a question asks what the corpus is about; in a conversation "these papers" are those of the last answer."""
    if query.named.papers:
        return False
    forms = {_bare(form) for form in (query.typed, query.text, query.undated) if len(form) < _LONGEST}
    return any(
        _ABOUT.fullmatch(form) and not (in_conversation and _BACK.search(_CORPUS_ITSELF.sub("", form)))
        for form in forms
    )


def about_corpus(index: Index, within: Filter) -> Guidance:
    """The reply: what the papers that a filter admits are about."""
    overview = overview_within(index, within)
    if not overview.papers:
        return Guidance("No paper is among those that are asked about.", "overview", answered=False)
    return Guidance(
        overview_text(overview), "overview", answered=True, suggestions=tuple(t.question for t in overview.topics)
    )


def overview_within(index: Index, within: Filter) -> Overview:
    """The overview of the papers that a filter admits; that of all papers is made once."""
    return overview_of(index, select(index.papers, within).rows)


def overview_text(overview: Overview) -> str:
    """An overview in lines: counts, a bar for each year, the numbered topics or the titles, how topics were made."""
    lines = [f"{span_of(overview)}."]
    if len(overview.years) > 1:
        lines.append(f"{overview.years[0].year} {year_bars(overview.years)} {overview.years[-1].year}")
    for label, counts in (("Authors", overview.authors), ("Venues", overview.venues)):
        if counts:
            lines.append(f"{label} with most papers: {', '.join(f'{c.name} ({c.papers:,})' for c in counts)}.")
    if overview.titles:
        lines += ["Too few for topics; they are:", *(f"  {p.id}  {_title(p)}" for p in overview.titles)]
    if not overview.topics:
        return "\n".join(lines)
    lines.append("Topics:")
    for number, topic in enumerate(overview.topics, start=1):
        typical = "; ".join(_title(paper) for paper in topic.typical[:2])
        lines.append(f"  {number}. {topic.name}: {counted(topic.papers, 'paper')}, such as {typical}")
    if overview.other:
        lines.append(f"  In none of these: {counted(overview.other, 'paper')}.")
    return "\n".join([*lines, overview.method, f"Ask for one: {overview.topics[0].question}"])


def year_bars(years: tuple[YearCount, ...]) -> str:
    """A small histogram: a bar for each year from the first to the last, or for runs of years where there are many."""
    first, last = years[0].year, years[-1].year
    width = -(-(last - first + 1) // _MOST_BARS)
    heights = [0] * ((last - first) // width + 1)
    for year in years:
        heights[(year.year - first) // width] += year.papers
    return "".join(_BARS[-(-height * (len(_BARS) - 1) // max(heights))] if height else " " for height in heights)


def span_of(overview: Overview) -> str:
    """How many papers there are and of which years: "34 papers from 2016 to 2026"."""
    undated = overview.without_year
    if not overview.years:
        return counted(overview.papers, "paper") + (", none with a year" if undated else "")
    first, last = overview.years[0].year, overview.years[-1].year
    dated = f" from {first} to {last}" if first != last else f" from {first}"
    return counted(overview.papers, "paper") + dated + (f", {undated:,} without a year" if undated else "")


def _title(paper: TypicalPaper) -> str:
    return f"“{paper.title}”" + (f" ({paper.year})" if paper.year else "") + (f" [{paper.mark}]" if paper.mark else "")


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w' -]+", " ", text.replace("’", "'")).split())
