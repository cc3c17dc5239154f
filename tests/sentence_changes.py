"""Makes faulty sentences out of sound ones: each kind of change makes a true sentence say what its paper does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

from askpapers.answering.commonness import rarity
from askpapers.answering.question_words import says_little
from askpapers.datatypes import Paper
from askpapers.grounding.names import names
from askpapers.text import folded, sentences, terms, words

# What a number counts, and something else that it could.
_UNITS = {
    "hours": "minutes",
    "milliseconds": "seconds",
    "parameters": "layers",
    "parameter": "layer",
    "tokens": "images",
    "samples": "epochs",
    "%": " years",
    "million": "billion",
    "billion": "million",
    "problems": "languages",
    "tasks": "layers",
    "books": "songs",
    "languages": "tasks",
    "years": "days",
    "patients": "hospitals",
}
_OPPOSITES = (
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("increased", "decreased"),
    ("increasing", "decreasing"),
    ("improve", "worsen"),
    ("improves", "worsens"),
    ("improved", "worsened"),
    ("reduces", "increases"),
    ("reduce", "increase"),
    ("higher", "lower"),
    ("larger", "smaller"),
    ("better", "worse"),
    ("more", "less"),
    ("faster", "slower"),
    ("outperform", "underperform"),
    ("outperforms", "underperforms"),
    ("positive", "negative"),
    ("strong", "weak"),
    ("before", "after"),
)
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_VERB = re.compile(r"\b(is|are|was|were|can|will|may|has been|have been)\b(?! not)|\b([Ww]e) (?=[a-z]+\b)")
_NEGATIONS = ((r"\bcannot\b", "can"), (r" not\b", ""), (r"\bwithout\b", "with"), (r"\bno (?=[a-z])", "some "))
_FOREIGN = (
    "of cats",
    "on the moon",
    "by hungry dolphins",
    "for pregnant women",
    "with steam engines",
    "in medieval monasteries",
    "from volcanic soil",
    "using a violin",
    "for treating malaria",
    "of tropical frogs",
)

Change = Callable[[str, Paper, Sequence[Paper], Random], str | None]


def sentences_of(paper: Paper) -> Iterator[str]:
    """The sentences of an abstract."""
    return (paper.abstract[start:end] for start, end in sentences(paper.abstract))


def other_number(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """One number is another one, which the abstract does not have."""
    places = list(re.finditer(r"(?<![\w.,/(-])\d++(?:[.,]\d+)*+(?![\w/)-])", text))
    if not places:
        return None
    place = random.choice(places)
    digits = place.group()
    there = {digits, *re.findall(r"\d+(?:[.,]\d+)*", paper.abstract)}
    while digits in there:
        at = random.randrange(len(digits))
        if digits[at].isdigit():
            digits = digits[:at] + random.choice("123456789") + digits[at + 1 :]
    return text[: place.start()] + digits + text[place.end() :]


def other_unit(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """A number is of something else."""
    for place in re.finditer(r"\d(?P<between>[\s\\]?(?:[a-z]+ )?)(?P<unit>%|[a-z]+)", text):
        if unit := _UNITS.get(place["unit"]):
            if unit.strip() in paper.abstract:
                continue
            start, end = place.span("unit")
            return text[:start].rstrip("\\") + unit + text[end:]
    return None


def other_currency(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """An amount is in another currency; an amount is put in where there is none."""
    return re.sub(r"\\?\$(?=\d)", "€", text, count=1) if re.search(r"\$\d[\d.,]*(?: [a-z]|[.,;]|$)", text) else None


def other_year(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """A year is another one."""
    place = re.search(r"\b(?:19|20)\d\d\b", text)
    if not place:
        return None
    year = int(place.group()) + random.choice((-7, -3, -1, 1, 2, 5))
    return None if str(year) in paper.abstract else text[: place.start()] + str(year) + text[place.end() :]


def added_negation(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """A "not" that the abstract does not have."""
    if re.search(r"\b(?:not|no|cannot|without|never|neither|nor)\b|n't", text):
        return None
    place = _VERB.search(text)
    if not place:
        return None
    return text[: place.end()].rstrip() + (" do not " if place[2] else " not ") + text[place.end() :].lstrip()


def dropped_negation(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """The one negation of a sentence is left out."""
    if re.search(r"\bnot (?:only|just|merely|necessarily)\b|whether or not", text):
        return None
    found = [(pattern, put) for pattern, put in _NEGATIONS if re.search(pattern, text)]
    if len(found) != 1 or len(re.findall(found[0][0], text)) != 1:
        return None
    return re.sub(*found[0], text)


def other_direction(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """Increases for decreases."""
    places = [m for m in re.finditer(r"[a-z]+", text) if m.group() in _OPPOSITE]
    if not places:
        return None
    place = random.choice(places)
    return text[: place.start()] + _OPPOSITE[place.group()] + text[place.end() :]


def other_name(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """A name is one that another paper has."""
    have = f"{paper.title} {paper.abstract}".casefold()
    mine = [n for n in names(text) if re.search(rf"(?<!\S){re.escape(n)}(?=[\s.,])", text)]
    theirs = sorted(
        {n for o in others for n in names(o.abstract) if sum(map(str.isupper, n)) > 1 and n.casefold() not in have}
    )
    if not mine or not theirs:
        return None
    return text.replace(random.choice(mine), random.choice(theirs))


def added_phrase(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """A phrase at the end, of which the paper has no word."""
    have = set(terms(f"{paper.title} {paper.abstract}"))
    phrases = [p for p in _FOREIGN if not have & set(terms(p)[-1:])]
    return f"{text.rstrip('.?! ')} {random.choice(phrases)}."


def added_words(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """A noun phrase of another paper at the end: its words, none of which this one has."""
    have = set(terms(f"{paper.title} {paper.abstract}"))
    theirs = [w for w, _, _ in words(folded(random.choice(others).abstract)) if len(w) > 4 and w.islower()]
    found = [w for w in theirs if rarity(w) > 0.6 and not any(t in have or says_little(t) for t in terms(w))]
    if len(found) < 2:
        return None
    return f"{text.rstrip('.?! ')} {random.choice(('of', 'for', 'with', 'in'))} {' '.join(random.sample(found, 2))}."


def joined_halves(text: str, paper: Paper, others: Sequence[Paper], random: Random) -> str | None:
    """Its beginning, and the end of a sentence of another paper."""
    other = random.choice(list(sentences_of(random.choice(others))))
    mine, theirs = text.split(), other.split()
    if min(len(mine), len(theirs)) < 10:
        return None
    return " ".join(mine[: len(mine) // 2] + theirs[len(theirs) // 2 :])


CHANGES: dict[str, Change] = {
    "number": other_number,
    "unit": other_unit,
    "currency": other_currency,
    "year": other_year,
    "negation added": added_negation,
    "negation dropped": dropped_negation,
    "direction": other_direction,
    "name": other_name,
    "phrase added": added_phrase,
    "words of another paper added": added_words,
    "halves of two papers": joined_halves,
}
