"""The question as it is answered: read once where it comes in, and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.spelling import correct, correct_frame
from askpapers.answering.vocabulary import CorpusWords
from askpapers.answering.wording import bare, ended
from askpapers.answering.years import Years, read_years
from askpapers.index.generation import Index
from askpapers.text import words

_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read.

    `typed` is the question as it came (or the follow-up, completed); `text` is the question to answer, in plain
    writing and with its spelling corrected. `notes` tell the reader what was understood otherwise than it was typed.
    """

    typed: str
    text: str
    intent: Intent
    years: Years
    notes: tuple[str, ...]


def read_query(question: str, index: Index) -> Query:
    """Read a question about the papers of an index."""
    known = CorpusWords(index)
    text, corrected = _spelt(bare(question, known.written), known)
    years, _ = read_years(text)
    return Query(question, text, read_intent(text), years, _notes(corrected))


def _spelt(text: str, known: CorpusWords) -> tuple[str, dict[str, str]]:
    """A question with its spelling corrected, and the words of its topic that were changed."""
    parts, done, corrected = list[str](), 0, dict[str, str]()
    for word, start, end in words(text):
        parts.append(text[done:start])
        done = end
        if text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES:  # meant as it is
            parts.append(word)
        elif frame := correct_frame(word):
            parts.append(frame)
        elif meant := _meant(word, known):
            corrected[word] = meant
            parts.append(meant)
        else:
            parts.append(word)
    return ended("".join([*parts, text[done:]])), corrected


def _meant(word: str, known: CorpusWords) -> str | None:
    """What a misspelt word stands for, as the corpus writes it; one that is typed as a name can only be a name."""
    meant = correct(word.casefold(), known.count, known.all)
    name = known.written(meant) if meant else None
    return name or (meant if word.islower() else None)


def _notes(corrected: Mapping[str, str]) -> tuple[str, ...]:
    if not corrected:
        return ()
    typed, meant = (" and ".join(f"“{word}”" for word in listed) for listed in (corrected, corrected.values()))
    return (f"Did you mean {meant}? No paper here has {typed}.",)
