"""The question as it is answered: read once where it comes in, and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.metadata_questions import read_metadata
from askpapers.answering.metadata_words import is_only_frame
from askpapers.answering.named_papers import NamedPapers, find_named
from askpapers.answering.record_question import MetadataQuestion, RecordIntent
from askpapers.answering.restrictions import read_restrictions
from askpapers.answering.spelling import correct_frame
from askpapers.answering.vocabulary import CorpusWords
from askpapers.answering.wording import plain_question, with_question_mark
from askpapers.answering.years import A_YEAR, Years, read_times, read_years
from askpapers.datatypes import NO_FILTER, Filter
from askpapers.index.generation import Index
from askpapers.text import words

NOTHING_NAMED = NamedPapers((), "")
_OF_SEVERAL = (Intent.SURVEY, Intent.COUNT, Intent.COMPARISON)
_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read.

    `typed` is the question as it came (or the follow-up, completed); `text` is the question to answer, in plain
    writing and with its spelling corrected, `undated` the same without the years that it is limited to.
    `notes` tell the reader what was understood otherwise than it was typed.
    `named` are the papers that it names. `newest` asks for the newest of what is found, or (False) for the oldest,
    `count` for how many of them. `only` is what its words restrict it to besides years ("by Ouyang"). `records` is what
    it asks of the papers' records; None for a question about what they say.
    """

    typed: str
    text: str
    undated: str
    intent: Intent
    years: Years
    notes: tuple[str, ...]
    named: NamedPapers = NOTHING_NAMED
    newest: bool | None = None
    count: int | None = None
    only: Filter = NO_FILTER
    records: MetadataQuestion | None = None

    def with_text(self, text: str) -> Query:
        """The same of another text: a part of the question."""
        return replace(self, text=text, undated=without_years(text, self.years), intent=read_intent(text))

    def within(self, chosen: Filter) -> Filter:
        """What a filter admits of the papers that the question names and the years that it asks for."""
        papers = frozenset(paper.id for paper in self.named.papers)
        both = papers & chosen.papers if chosen.papers else papers
        chosen = replace(chosen, papers=both) if both else chosen
        return chosen.of_years(self.years.first, self.years.last).both(self.only)


def read_query(question: str, index: Index) -> Query:
    """Read a question about the papers of an index."""
    known = CorpusWords(index)
    plain = plain_question(question, known.written)
    named, only, records = find_named(plain, index), NO_FILTER, None
    found_by_name = bool(named.papers)
    if found_by_name:
        records = read_metadata(plain)
        if not named.asks_overview and read_intent(named.rest) in _OF_SEVERAL:
            named = NOTHING_NAMED  # "which papers build on ...": the name is part of the topic
    else:
        only, plain = read_restrictions(plain, index)
        plain = with_question_mark(plain) if plain.strip(" ?") else "papers"
    text, corrected = plain, dict[str, str]()
    if not named.asks_overview:
        text, corrected = _spelt(with_question_mark(named.asked) if named.papers else plain, known)
    times = read_times(text, int(index.papers.years.max(initial=0)) or None)
    undated = without_years(times.text, times.years)
    if not found_by_name:
        records = read_metadata(undated)
        if records is None and (only != NO_FILTER or times.years != Years()) and is_only_frame(undated):
            records = MetadataQuestion(RecordIntent.PAPERS)  # "what is tagged rlhf?"
    intent = Intent.OPEN if named.asks_overview else read_intent(named.rest if named.papers else times.text)
    if times.newest is not None and not named.papers and intent not in _OF_SEVERAL:
        intent = Intent.SURVEY  # "what is the newest paper on bias?": of all that are on it
    of_records = records is not None and not records.subject
    years = times.years
    if not of_records and intent not in _OF_SEVERAL and _tell_of_years(times.text, index):
        years, undated = Years(), times.text
    notes = (*_notes(corrected), *([times.read] if times.read else []))
    return Query(question, times.text, undated, intent, years, notes, named, times.newest, times.count, only, records)


def plain_query(question: str) -> Query:
    """A question about texts that are not the corpus's: nothing of it is read by what the corpus has."""
    return Query(question, question, question, read_intent(question), Years(), ())


def without_years(question: str, years: Years) -> str:
    """A question without the years that it is limited to."""
    rest = read_years(question)[1] if years != Years() else question
    return with_question_mark(rest) if rest != question else question


def _tell_of_years(question: str, index: Index) -> bool:
    """Whether the years in a question of fact are what papers tell of ("the cost in 2011"): one has the year."""
    return any(year in index.words for year in A_YEAR.findall(question))


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
        elif meant := known.meant_by(word):
            corrected[word] = meant
            parts.append(meant)
        else:
            parts.append(word)
    return with_question_mark("".join([*parts, text[done:]])), corrected


def _notes(corrected: Mapping[str, str]) -> tuple[str, ...]:
    if not corrected:
        return ()
    typed, meant = (" and ".join(f"“{word}”" for word in listed) for listed in (corrected, corrected.values()))
    return (f"Did you mean {meant}? No paper here has {typed}.",)
