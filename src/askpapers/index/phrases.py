"""Names for groups of papers: the phrases by which a group differs from the others.

The weight of a phrase in a group is BERTopic's c-TF-IDF (Grootendorst, 2022, arXiv:2203.05794): how often the group
has it, times the logarithm of how rare it is in all groups; a paper counts once, however often it repeats itself, and
longer phrases count more, for they say more. What is a phrase that names something is read off the papers: their
titles have it, and other words rarely follow it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

from askpapers.text import plain, stem, words

Phrase = tuple[str, ...]
"""The stems of one to three words that stand together."""

_LONGEST = 3  # words
_NAMES = 3  # phrases that name a group
_FEWEST = 2  # papers of the group that have it
_LIFT = 1.5  # how much more often the group has it than all papers do
_HEAD = 0.5  # the share of the places where no other word of the same phrase follows
_ONE_WAY = 0.65  # the share of its places where it is written in one way
_ABSORBED = 0.5  # a shorter phrase goes where a longer one stands in this share of its papers
_NAMED = re.compile(r"[^\W\d_]{3,}")
# Words that are no part of a name: they end a phrase.
_ENDS = frozenset(
    "a about above across after against all almost along also although always among an and another any are as at"
    " be because been before being below between both but by can cannot could do does due during each either et"
    " every few find first for from further given had has have here how however if in into is it its itself less"
    " like many may more most much must near new not novel now of often on one only onto or other our out over own"
    " per rather same several shall should show since so some such than that the their them then there these they"
    " this those three through throughout thus to together toward towards two under until up upon us use used"
    " using various very via was we well were what when where whether which while who whose why will with within"
    " without would yet you your al ie eg paper based approach".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase where it stands: as it is written there, and whether no other word of the same phrase follows."""

    phrase: Phrase
    written: str
    is_end: bool


def name_groups(groups: Sequence[Sequence[tuple[str, str]]]) -> list[tuple[str, ...]]:
    """Up to three phrases for each group of papers, given as (title, abstract), as the papers mostly write them.

    No two groups have the same first phrase. A group whose papers share no phrase gets none.
    """
    titles = [[list(places(title)) for title, _ in group] for group in groups]
    titled = [Counter(phrase for title in group for phrase in {place.phrase for place in title}) for group in titles]
    known = frozenset().union(*titled)
    counts, writing = [], _Writing()
    for group, group_titles in zip(groups, titles, strict=True):
        count: Counter[Phrase] = Counter()
        for (_, abstract), title in zip(group, group_titles, strict=True):
            found = [place for place in places(abstract) if place.phrase in known]
            writing.take(title, found)
            count.update({place.phrase for place in (*title, *found)})
        counts.append(count)
    total = sum(counts, Counter[Phrase]())
    papers = sum(map(len, groups))
    rarity = {phrase: log(1 + papers / len(groups) / total[phrase]) for phrase in known}
    firsts: set[Phrase] = set()
    named = []
    for group, count, in_titles in zip(groups, counts, titled, strict=True):
        lift = _LIFT * len(group) / papers if group and len(groups) > 1 else 0.0
        least = max(_FEWEST, len(group) ** 0.5)
        apart = [p for p in in_titles if count[p] >= max(least, lift * total[p]) and writing.is_one_form(p)]
        good = [p for p in apart if (len(p) > 1 or in_titles[p] >= _FEWEST) and writing.is_end(p)]
        good = good or [p for p in apart if count[p] > len(group) / 2]
        weights = {p: sqrt(len(p)) * count[p] * rarity[p] for p in good}
        chosen = _distinct(sorted(_longest(weights, count), key=lambda p: (-weights[p], p)), firsts)
        firsts.update(chosen[:1])
        named.append(tuple(map(writing.form, chosen)))
    return named


def places(text: str) -> Iterator[Place]:
    """The phrases of a text: runs of words with one space between them, and their parts.

    A hyphened compound is one word ("first-order", "text-to-image").
    """
    text = plain(text)
    run: list[tuple[str, int, int]] = []
    for stems, start, end in _compounds(text):
        is_part = stems not in _ENDS and any(c.isalpha() for c in stems)
        if run and not (is_part and text[run[-1][2] : start] == " "):
            yield from _parts(text, run)
            run = []
        if is_part:
            run.append((stems, start, end))
    yield from _parts(text, run)


def _compounds(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text by their stems, those with a hyphen between them together; function words as they are."""
    before: tuple[str, int, int] | None = None
    for word, start, end in words(text):
        lower = word.casefold()
        part = lower if lower in _ENDS else stem(lower)
        if before and text[before[2] : start] == "-":
            before = (f"{before[0]}-{part}", before[1], end)
        else:
            if before:
                yield before
            before = (part, start, end)
    if before:
        yield before


def _parts(text: str, run: Sequence[tuple[str, int, int]]) -> Iterator[Place]:
    for first in range(len(run)):
        for last in range(first, min(first + _LONGEST, len(run))):
            begin, end = run[first][1], run[last][2]
            written = _inside_a_sentence(text, begin, end)
            if _NAMED.search(written):
                yield Place(tuple(part for part, _, _ in run[first : last + 1]), written, last == len(run) - 1)


def _inside_a_sentence(text: str, begin: int, end: int) -> str:
    """A phrase without the capital that it has because a sentence begins with it."""
    written = text[begin:end]
    begins = begin == 0 or text[begin - 2 : begin - 1] in tuple(".!?:")
    return written[0].lower() + written[1:] if begins and written[1:2].islower() else written


class _Writing:
    """How phrases are written, and how often each stands at an end."""

    def __init__(self) -> None:
        self._forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        self._titled: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        self._ends: Counter[Phrase] = Counter()

    def take(self, title: Sequence[Place], abstract: Sequence[Place]) -> None:
        """Count the places of a paper. A title's capitals tell nothing: its form is taken where no abstract has one."""
        for place in (*title, *abstract):
            self._ends[place.phrase] += place.is_end
        for place in title:
            self._titled[place.phrase][place.written] += 1
        for place in abstract:
            self._forms[place.phrase][place.written] += 1

    def is_one_form(self, phrase: Phrase) -> bool:
        """Whether it is mostly written in one way, its plural aside: verbs are not ("train", "trained", "training")."""
        written: Counter[str] = Counter()
        for forms in (self._forms[phrase], self._titled[phrase]):
            for form, count in forms.items():
                written[form.casefold().rstrip("s")] += count
        return max(written.values()) >= _ONE_WAY * written.total()

    def is_end(self, phrase: Phrase) -> bool:
        """Whether it mostly stands with no other word behind it: adjectives do not ("wireless")."""
        places = self._forms[phrase].total() + self._titled[phrase].total()
        return self._ends[phrase] >= _HEAD * places

    def form(self, phrase: Phrase) -> str:
        """The commonest form."""
        forms = self._forms[phrase] or self._titled[phrase]
        return max(forms, key=lambda form: (forms[form], form))


def _longest(phrases: Collection[Phrase], count: Counter[Phrase]) -> list[Phrase]:
    """The phrases without those that mostly stand inside a longer one: "reinforcement" in "reinforcement learning"."""
    absorbed = {
        phrase[first : first + length]
        for phrase in phrases
        for length in range(1, len(phrase))
        for first in range(len(phrase) - length + 1)
        if count[phrase] >= _ABSORBED * count[phrase[first : first + length]]
    }
    return [phrase for phrase in phrases if phrase not in absorbed]


def _distinct(phrases: Sequence[Phrase], firsts: Collection[Phrase]) -> list[Phrase]:
    """The first phrases that share no word, of which the first is none of `firsts`."""
    chosen: list[Phrase] = []
    used: set[str] = set()
    for phrase in phrases:
        if not used & set(phrase) and (chosen or phrase not in firsts):
            chosen.append(phrase)
            used |= set(phrase)
        if len(chosen) == _NAMES:
            break
    return chosen
