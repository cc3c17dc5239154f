"""The sides that papers take of a yes/no question over the corpus."""

from __future__ import annotations

from askpapers.answering.draft import Draft
from askpapers.answering.judging import Judge, Weights
from askpapers.answering.question import read_terms
from askpapers.answering.stances import StanceReader, draft_of_stances
from askpapers.answering.statements import read_statement
from askpapers.answering.topic import read_topic
from askpapers.engine.asked import Asked
from askpapers.index.selection import select


def draft_sides(asked: Asked) -> Draft | None:
    """How many papers say yes, how many no, each with its sentence; None where no paper takes a side.

    None, too, for a question about papers that it names or that a conversation is about, and where a model answers.
    """
    question = asked.query.undated
    statement = read_statement(question)
    if not statement or asked.model or asked.admitted.papers:
        return None
    parts, index = asked.parts, asked.index
    topic = read_terms(read_topic(question), index, parts.embedder)
    judge = Judge(index, parts.embedder, parts.reader, Weights.of(parts.weights("survey")), asked.progress)
    reader = StanceReader(index, parts.embedder, judge, parts.reader, parts.check, asked.progress)
    selection = select(index.papers, asked.admitted)
    found, read = reader.read(question, statement, topic, selection.rows)
    return draft_of_stances(statement, found, selection.coverage(read, index.embedded_papers), topic) if found else None
