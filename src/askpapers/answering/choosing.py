"""Which of the sentences that may answer are said: those near the best; those that define; those that tell a method.

The reader reads each kind with words of its own kind: "X means" finds the sentence that defines X, and "how we
evaluated it" the ones that tell it. Both readings and the margins were chosen on questions of development.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.answering.evidence import Reading, Sentence
from askpapers.answering.intent import Intent
from askpapers.answering.question import SAYS, Topic
from askpapers.answering.relevance import answer_odds, titled
from askpapers.answering.sentence_kinds import own_work_begins, tells
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Passage
from askpapers.index.acronyms import spelled_out
from askpapers.reading.protocol import RelevanceReader
from askpapers.text import irregular_base
from askpapers.text.aims import is_aim

_MOST_SENTENCES = 3
_MARGIN = 0.3  # a further sentence is said when it scores nearly as well as the best
_READS_NEAR = 3.0  # logits, below the one that reads best
_SAME = 0.8
_DEFINES = 1.0  # logits below the best that a second defining sentence may read
_TELLS_HOW = 2.0  # logits, for the words that tell how something works
_METHOD_MARGIN = 3.0
_METHOD_FLOOR = -2.0  # a further sentence reads at least so
_OF_FIGURES = frozenset(("many", "much", "often", "long", "well"))
_ASK_WHETHER = (Intent.YES_NO, Intent.COMPARISON)
_ASKS_FOR_AIM = re.compile(
    r"\b(?:aim|goal|purpose|objective|hypothes|question|investigat|examin|explor|evaluat|test|set out|want"
    r"|stud(?:y|ied)\W*$)",
    re.IGNORECASE,
)
_ASKS_FOR_FINDING = re.compile(
    r"\b(?:did|do|does)\b.*\b(?:find|show|conclude|observe)\b|\b(?:findings?|results?|conclusions?)\b", re.IGNORECASE
)
_BE = frozenset(("is", "are", "was", "were"))


def asked_doing(question: str) -> str:
    """The verb of a question how something was done ("how was X evaluated", "how did they build X"); else ""."""
    asked = question.casefold().rstrip(" ?.!").split()
    asked = asked[asked.index("how") + 1 :] if "how" in asked else []
    if not _OF_FIGURES.isdisjoint(asked[:1]):
        return ""
    if asked[:3] == ["did", "the", "authors"] or asked[:2] in (["did", "they"], ["did", "you"]):
        return next((word for word in asked[2:] if word != "authors"), "")
    if _BE.isdisjoint(asked):
        return ""
    return next((word for word in reversed(asked) if word.endswith("ed") or irregular_base(word)), "")


def able_to_answer(question: str, intent: Intent, sentences: Sequence[Sentence]) -> frozenset[Passage]:
    """The places of the sentences that can answer a question of such an intent.

    An aim answers nothing but what was aimed at. Whether something is so, or what was found, cannot be told by what a
    paper tells of others before it comes to its own work either. A definition may stand anywhere.
    """
    if intent is Intent.DEFINITION or (intent is Intent.OPEN and _ASKS_FOR_AIM.search(question)):
        return frozenset(s.passage for s in sentences)
    if intent in _ASK_WHETHER or (intent is Intent.OPEN and _ASKS_FOR_FINDING.search(question)):
        return _of_findings(sentences)
    return frozenset(s.passage for s in sentences if not is_aim(s.text))


def _of_findings(sentences: Sequence[Sentence]) -> frozenset[Passage]:
    by_paper: dict[str, list[Sentence]] = {}
    for sentence in sorted(sentences, key=lambda s: s.passage.start):
        by_paper.setdefault(sentence.paper.id, []).append(sentence)
    return frozenset(
        s.passage
        for mine in by_paper.values()
        for s in mine[own_work_begins([s.text for s in mine], introduced_names(mine[0].paper.text)) :]
        if not is_aim(s.text)
    )


def near_the_best(read: Sequence[Reading]) -> list[list[Sentence]]:
    """The sentences to say, best first; sentences that say the same share one place."""
    top, surest = read[0].score, max(r.odds for r in read)
    return _apart([r.sentence for r in read if r.score >= top - _MARGIN and r.odds >= surest - _READS_NEAR])


def defining(topic: Topic, read: Sequence[Reading], reader: RelevanceReader) -> list[list[Sentence]]:
    """The sentences that say what something is: they name it, and read as its definition or spell it out."""
    naming = [r.sentence for r in read if topic.coverage(r.sentence.stems) >= SAYS]
    if not naming:
        return near_the_best(read)
    relevance = answer_odds(reader, f"{_subject(topic)} means", [s.text for s in naming]).tolist()
    best = max(relevance)
    words = {term.word.casefold() for term in topic.terms}
    spelling = [
        s
        for s in naming
        if any(short.casefold() in (w, w.removesuffix("s")) for w in words for short, _ in spelled_out(s.text))
    ]
    near = sorted(
        ((mine, s) for mine, s in zip(relevance, naming, strict=True) if mine >= best - _DEFINES),
        key=lambda pair: -pair[0],
    )
    return _apart([*spelling[:1], *(s for _, s in near if s not in spelling[:1])][: 2 + len(spelling[:1])])


def telling_how(
    topic: Topic, sentences: Sequence[Sentence], reader: RelevanceReader, verb: str
) -> list[list[Sentence]]:
    """The sentences of a paper, given in any order, that tell how its authors did (`verb`) what is asked about."""
    mine, paper = sorted(sentences, key=lambda s: s.passage.start), sentences[0].paper
    known = [*introduced_names(paper.text), *(t.word for t in topic.names)]
    own = mine[own_work_begins([s.text for s in mine], known) :]
    subject = " ".join(t.word for t in topic.names) or paper.title
    asked = answer_odds(reader, topic.text, [titled(subject, s.text) for s in own])
    made = answer_odds(reader, f"how we {verb} our model: method and data", [s.text for s in own])
    scores = [
        float(one) + float(other) + _TELLS_HOW * (tells(s.text) == "how")
        for one, other, s in zip(asked, made, own, strict=True)
    ]
    scored = sorted(zip(scores, own, strict=True), key=lambda pair: -pair[0])
    floor = max(scored[0][0] - _METHOD_MARGIN, _METHOD_FLOOR)
    return _apart([scored[0][1], *(s for score, s in scored[1:] if score >= floor)])


def _subject(topic: Topic) -> str:
    """What a question is about, as it is written there: from its first term to its last."""
    places = [(at, at + len(t.word)) for t in topic.terms if (at := topic.text.find(t.word)) >= 0]
    begin, end = min((a for a, _ in places), default=0), max((b for _, b in places), default=len(topic.text))
    return topic.text[begin:end]


def _apart(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The first few sentences, those that say the same in one group."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        same = next((group for group in groups if _alike(group[0], sentence)), None)
        if same is not None:
            same.append(sentence)
        elif len(groups) < _MOST_SENTENCES:
            groups.append([sentence])
    return groups


def _alike(one: Sentence, other: Sentence) -> bool:
    both, either = one.stems & other.stems, one.stems | other.stems
    return bool(either) and len(both) / len(either) >= _SAME
