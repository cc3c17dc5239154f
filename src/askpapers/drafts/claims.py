"""Decides which sentences of a draft claim something that papers can support, and what they state. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from askpapers.drafts.citations import groups
from askpapers.drafts.draft import Block
from askpapers.drafts.marks import Mark
from askpapers.text import sentences, terms

_AROUND = 20  # characters
_FEWEST_TERMS = 3
_FEWEST_OF_SURE = 2  # of what cites something or has a number
_ENDED = re.compile(r"[.!?…][\"'”’)]*\s?$")


def _any(words: str) -> str:
    return "(?:" + "|".join(phrase.strip().replace("_", " ") for phrase in words.split()) + ")"


_TEXTS = _any("paper work article study thesis chapter section report review survey draft note post")
_FIGURES = _any(r"figure fig\. table tab\. algorithm listing equation eq\.")
_OWN = re.compile(
    rf"(?:(?:in|throughout) (?:this|the present|our|the following) {_TEXTS}s?\b|here,? we\b"
    rf"|(?:this|the present|our|the following|the next|the rest of (?:this|the)) (?:{_TEXTS}|contributions?)\b"
    r"|(?:we|our|i|my)\b|(?:section|chapter|appendix)s? (?:\d|[a-z]\b)"
    rf"|{_FIGURES}s?(?: \(?\d[\w.)]*)?[:.]? )",
    re.IGNORECASE,
)
_USES = _any(
    "use[ds]? follow(?:ed)? adopt(?:ed)? buil[dt] adapt(?:ed)? compared? refer thank employ(?:ed)? extend(?:ed)? based?"
    " start(?:ed)? rel(?:y|ied) appl(?:y|ied) evaluated? train(?:ed)? fine-?tuned? consider choose chose take took draw"
    " drew review discuss describe summari[sz]e"
)
_OWN_WITH_CITATION = re.compile(
    rf"(?:we|i|our \w+)(?: {_any('also then further therefore closely here first directly mainly')})* {_USES}\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(rf"{_FIGURES}\s?\d", re.IGNORECASE)
_TRANSITION = re.compile(
    r"(?:the (?:rest|remainder) of|(?:this|the) (?:section|chapter|list)|below|above|next|as follows"
    r"|see (?:also|section|table|figure|appendix)|(?:for|further) (?:more )?details\b|let us\b|consider\b"
    r"|note that (?:we|this section)|(?:many )?thanks|to do|todo|tbd)\b",
    re.IGNORECASE,
)
_CONNECTIVES = _any(
    "however moreover furthermore for_example for_instance in_addition additionally in_contrast by_contrast similarly"
    " likewise thus therefore hence consequently finally first second third recently more_recently notably also yet"
    " in_particular specifically importantly interestingly indeed in_fact conversely on_the_other_hand as_a_result so"
    " meanwhile nevertheless nonetheless and but while whereas here later then in_turn overall in_short to_date"
)
_CONNECTIVE = re.compile(rf"(?:(?:{_CONNECTIVES}|(?:in|as of|since) (?:19|20)\d\d),?\s+)+", re.IGNORECASE)
_SHOW = (
    _any("show find found report demonstrate observe argue note claim conclude suggest prove state establish confirm")[
        :-1
    ]
    + "|reveal|point out|write|wrote|say|said)(?:s|ed|d|n|es)?"
)
_REPORTED = re.compile(
    r"(?:(?:the authors|they|we|(?:previous|prior|recent|earlier) work|(?:the|this) (?:paper|work|study))"
    rf"(?: {_any('also further first then recently later have has can could convincingly')})* {_SHOW} that\s+"
    r"|according to (?:the authors|them|the paper),?\s+"
    rf"|(?:in|by) the (?:paper|authors),?\s+(?:the authors {_SHOW} that\s+)?"
    r"|it (?:was|has been|is|is well) (?:shown|found|reported|demonstrated|observed|argued|known|established) that\s+"
    rf"|as (?:the authors’?|they|the paper)(?: \w+){{0,2}} {_SHOW},?\s+)",
    re.IGNORECASE,
)
_AS_REPORTED = re.compile(
    rf",? (?:(?:as )?(?:the authors|the paper) {_SHOW}|\(?see the (?:authors|paper)\)?)(?=[.!]?$)", re.IGNORECASE
)
_LED = re.compile(r"\b(?:in|by|of|from|with|to|following|as in|per|see|on)\s*$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\s?[(\[]")
_EMPTY = re.compile(r"(?<!\s)\s*+[(\[](?:see(?: also)?|e\.g\.,?|cf\.|i\.e\.,?|and|[;,\s])*+[)\]]", re.IGNORECASE)
_NAMED = re.compile(r"(?:The\s)?(?P<name>[A-Z][\w+-]*[\w+](?:\s[A-Z0-9][\w+.-]*)?)\s?")


@dataclass(frozen=True, slots=True)
class Part:
    """What a sentence says with one group of citations: the statement without them, and the citations."""

    statement: str
    marks: tuple[Mark, ...]
    name: str = ""  # what the cited work is called, where its citation stands right behind a name


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a block, its place in that, and its parts; `passed_over` says why it is not checked."""

    block: Block
    start: int
    end: int
    parts: tuple[Part, ...]
    passed_over: str = ""


def read_sentences(block: Block, marks: Sequence[Mark]) -> Iterator[DraftSentence]:
    """The sentences of a block. A citation behind a full stop belongs to the sentence before it."""
    text = block.text
    masked, subjects = list(text), list[Mark]()
    for mark in marks:
        if mark.start == mark.end:
            subjects.append(mark)
            continue
        before = text[max(0, mark.start - _AROUND) : mark.start]
        follows = text[mark.end : mark.end + _AROUND].lstrip()[:1]
        ended = bool(_ENDED.search(before))
        begins = ended or not before.strip()
        trails = ended and not mark.is_subject and not follows.islower()
        filler = ("x" if not begins or trails else "X") + "x" * (mark.end - mark.start - 1)
        if trails:
            filler = filler[:-1] + "."
            stop = mark.start - 1 - (len(before) - len(before.rstrip()))
            while stop >= 0 and text[stop] in ".!?…\"'”’)":
                masked[stop] = ","
                stop -= 1
        masked[mark.start : mark.end] = filler
        subjects.append(
            mark if mark.is_subject or not (begins and not trails and follows.islower()) else _as_subject(mark)
        )
    for start, end in sentences("".join(masked)):
        own = [mark for mark in subjects if start <= mark.start and mark.end <= end]
        parts = tuple(_parts(text, start, end, own))
        is_cited = any(mark.cited for mark in own)
        yield DraftSentence(block, start, end, parts, _passed_over(text[start:end], parts, is_cited))


def _as_subject(mark: Mark) -> Mark:
    return Mark(mark.start, mark.end, mark.cited, is_subject=True)


def _parts(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Part]:
    """One part, or one for each group of citations where each has a clause of its own."""
    citing = [mark for mark in marks if mark.cited]  # a mark of a footnote is no citation, and no part of a statement
    found = groups(citing, text)
    whole = _statement(text, start, end, marks)
    if len(found) < 2:
        yield Part(whole, tuple(citing), _name(text, start, citing[0]) if citing else "")
        return
    cuts = [group[-1].end if not group[0].is_subject else later[0].start for group, later in pairwise(found)]
    spans = list(pairwise([start, *cuts, end]))
    clauses = [_statement(text, *span, [m for m in marks if span[0] <= m.start and m.end <= span[1]]) for span in spans]
    if all(len(set(terms(clause))) > _FEWEST_TERMS for clause in clauses):
        for clause, group, (begin, _) in zip(clauses, found, spans, strict=True):
            yield Part(clause, tuple(group), _name(text, begin, group[0]))
    else:
        yield Part(whole, tuple(citing))


def _name(text: str, start: int, mark: Mark) -> str:
    """The name that a sentence begins with and that its citation stands right behind: "Whisper [12] was trained"."""
    before = _CONNECTIVE.sub("", text[start : mark.start], count=1)
    match = _NAMED.fullmatch(before)
    return (
        match["name"]
        if match and not mark.is_subject and re.match(r"\s+\w", text[mark.end : mark.end + _AROUND])
        else ""
    )


def _statement(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """What a span says without its citations and without who says so."""
    pieces, place = list[str](), start
    for mark in marks:
        before = text[place : mark.start]
        before = "" if pieces and not re.search(r"\w", before) else before  # between citations that stand together
        if mark.is_subject:
            by_number = (
                not mark.cited or mark.cited[0].key.isdecimal() or text[mark.start :].casefold().startswith("ref")
            )
            before += "the paper" if by_number else "the authors"
            before += "’" if _POSSESSIVE.search(text[mark.start : mark.end]) else ""
        elif _LED.search(before):
            before += "the paper"
        else:
            before = before.rstrip()
        pieces.append(before)
        place = max(place, mark.end)
    pieces.append(text[place:end])
    said = " ".join(_EMPTY.sub("", "".join(pieces)).split())
    said = re.sub(r"\s+([,.;:!?])", r"\1", said)
    said = re.sub(r"([.!?])\.+$", r"\1", said.strip(" ,;:"))
    said, before = _AS_REPORTED.sub("", said), ""
    while before != said:
        before = said
        said = _REPORTED.sub("", said, count=1) if _REPORTED.match(said) else said
        said = _CONNECTIVE.sub("", said, count=1) if _CONNECTIVE.match(said) else said
    said = said[:1].upper() + said[1:]
    return said if not said or said[-1] in ".!?" else f"{said}."


def _passed_over(sentence: str, parts: Sequence[Part], is_cited: bool) -> str:
    """Why a sentence claims nothing that papers can support; "" where it may."""
    shown = sentence.strip(" *_\"“”'’(")
    said = " ".join(part.statement for part in parts)
    if shown.rstrip("\"”'’)").endswith("?"):
        return "a question"
    found = set(terms(said))
    is_sure = is_cited or any(term[0].isdigit() for term in found)
    if len(found) < (_FEWEST_OF_SURE if is_sure else _FEWEST_TERMS):
        return "too short to say something"
    plain = _CONNECTIVE.sub("", shown, count=1) if _CONNECTIVE.match(shown) else shown
    if not is_cited and _OWN.match(plain):
        return "a caption" if _CAPTION.match(plain) else "about the draft itself"
    if is_cited and _OWN_WITH_CITATION.match(plain):
        return "what the draft does with a work"
    if not is_cited and _TRANSITION.match(plain):
        return "a transition"
    return ""
