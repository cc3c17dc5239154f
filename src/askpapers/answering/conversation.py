"""What was asked and answered so far, and what a follow-up can refer to in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.question_words import ASKING, AUX, WH
from askpapers.answering.topic import read_topic
from askpapers.corpus.titles import introduced_names, is_label
from askpapers.datatypes import Paper, Passage, Turn
from askpapers.text import terms

NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[A-Za-z]+\d[\w-]*|[A-Z][a-z]+(?:[- ][A-Z0-9][\w-]*)*)\b(?:['’]s)?")
_WORD_OF_ASKING = re.compile(rf"^(?:{WH}|{AUX}) ", re.IGNORECASE)  # "Does GPT-3"
QUOTED = re.compile(r"“[^”]+”")
_LONGEST_SHORT_TITLE = 5  # words
_LONGEST_TOPIC = 8  # words


def names(text: str) -> list[str]:
    """The names in a question, in order: what is capitalised in it or has a digit, and is no word of asking ("Is")."""
    found = [_WORD_OF_ASKING.sub("", m.group().removesuffix("'s").removesuffix("’s")) for m in NAME.finditer(text)]
    return [name for name in found if not name.isdigit() and not ASKING.issuperset(terms(name))]


def called(paper: Paper) -> str:
    """What a paper is called in a question: its title in quotes, short where it begins with a short name.

    Without a title it goes by its id: the first words of several abstracts may be the same.
    """
    if is_label(paper.title):
        return f"paper {paper.id}"
    short, colon, _ = paper.title.partition(":")
    title = short if colon and len(short.split()) <= _LONGEST_SHORT_TITLE else paper.title
    return f"“{' '.join(title.split()) or paper.id}”"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question as it is searched for.

    `papers` are ids of the conversation: they alone are meant (`only`), or are looked into first. `beyond`: their
    sentences are asked for, but for these spans. `unclear` are the words that refer to nothing.
    """

    question: str
    papers: tuple[str, ...] = ()
    only: bool = False
    beyond: tuple[Passage, ...] | None = None
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What "it" stands for: its name as a question says it, and the papers that it was found in."""

    name: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns so far. `find` gives a paper of the corpus by its id; papers that are gone are left out."""

    turns: tuple[Turn, ...]
    find: Callable[[str], Paper | None]

    @property
    def last(self) -> Turn | None:
        """The last turn that was answered, or refused as a question of its own: not one that was asked back about."""
        return next((turn for turn in reversed(self.turns) if turn.answered or turn.searched or not turn.answer), None)

    @property
    def pending(self) -> Turn | None:
        """The last turn where it was asked back about."""
        last = self.turns[-1] if self.turns else None
        return last if last is not None and last is not self.last else None

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers of the last answer; of a follow-up that was refused, those of the answer before it."""
        for turn in reversed(self.turns):
            if turn.answered:
                return self._there(turn.papers)
            if turn.answer == "" and not turn.searched:
                break
        return ()

    @property
    def listed(self) -> tuple[str, ...]:
        """The papers that an answer listed last: "the second one" is one of them."""
        turns = [turn for turn in reversed(self.turns) if turn.survey or len(turn.papers) > 1]
        return self._there(turns[0].papers) if turns else self.papers

    @property
    def survey(self) -> Turn | None:
        """The last turn that asked for a list of papers, and was given one."""
        return next((turn for turn in reversed(self.turns) if turn.survey and turn.answered), None)

    @property
    def is_list(self) -> bool:
        """Whether the last answer stands on several papers of a list, so that "it" is none of them.

        Those that take a side of a yes/no question are no list: "it" is what that was asked of.
        """
        last = self.last
        return bool(last and last.survey and len(self.papers) > 1 and read_intent(last.text) is not Intent.YES_NO)

    @property
    def subject(self) -> Subject | None:
        """What the last answer is about: a name that its paper goes by, else the paper, else what was asked about."""
        if self.last is None or self.is_list:
            return None
        text, papers = self.last.text, self.papers
        if quoted := QUOTED.findall(text):
            return Subject(quoted[0], papers)
        found = names(text)
        if found and self.last.survey and len(papers) > 1:
            return Subject(found[-1], papers)
        if papers and (paper := self.find(papers[0])):
            own = frozenset(terms(paper.title)) | frozenset(
                s for n in introduced_names(paper.abstract) for s in terms(n)
            )
            mine = [name for name in found if set(terms(name)) <= own]
            return Subject(mine[0] if mine else called(paper), papers)
        topic = found[-1] if found else read_topic(text)
        return Subject(topic) if len(topic.split()) <= _LONGEST_TOPIC else None

    def _there(self, papers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(paper for paper in dict.fromkeys(papers) if self.find(paper))
