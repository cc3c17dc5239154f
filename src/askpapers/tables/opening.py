"""Begins a table: which papers it has a row for, and what finds their cells. For the terminal and the page alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askpapers.datatypes import NO_FILTER, Answer, Filter, Paper, Relevance
from askpapers.errors import UsageError
from askpapers.progress import Progress
from askpapers.settings import Settings
from askpapers.tables.columns import Column
from askpapers.tables.table import EvidenceTable

if TYPE_CHECKING:
    from askpapers.engine import Corpus
    from askpapers.tables.cells import CellFinder
    from askpapers.tables.model_cells import ModelCellFinder


@dataclass(frozen=True, slots=True)
class BegunTable:
    """A table without rows and the papers that are to have one. `answer` is what chose them; None for all papers."""

    table: EvidenceTable
    papers: Sequence[Paper]
    answer: Answer | None = None


def begin_table(
    corpus: Corpus,
    question: str,
    columns: tuple[Column, ...],
    progress: Progress,
    *,
    everything: bool = False,
    within: Filter = NO_FILTER,
) -> BegunTable:
    """Choose the papers of a table: those that a question is about, or with `everything` all that a filter admits.

    Raises UsageError where there is neither a question nor `everything`, and what `Corpus.ask` raises.
    """
    if everything:
        from askpapers.answering.unmet import unmet
        from askpapers.index.selection import select

        papers = corpus.papers(within)
        missing = unmet(corpus.index.papers, within)
        coverage = select(corpus.index.papers, within).coverage(len(papers))
        notes = (missing,) if missing else ()
        return BegunTable(EvidenceTable(question, columns, (), len(papers), coverage, notes=notes), papers)
    if not question.strip():
        raise UsageError("The question is empty.", hint="Ask which papers a table is to have, or take all papers.")
    answer = corpus.ask(question, "survey", progress, within=within)
    found = tuple(p.paper for p in answer.papers if p.relevance is Relevance.MATCH)
    table = EvidenceTable(question, columns, (), len(found), answer.coverage, notes=answer.notes)
    return BegunTable(table, found, answer)


def cell_finder(corpus: Corpus, settings: Settings) -> tuple[CellFinder | ModelCellFinder, str | None]:
    """What fills the rows, and the name of the model that it asks; None where no model is set."""
    from askpapers.tables.cells import CellFinder

    if (model := corpus.model()) is None:
        return CellFinder(corpus.reader), None
    from askpapers.llm.usage import Meter
    from askpapers.prompts import load_table_prompt
    from askpapers.tables.model_cells import CELLS_FILE, ModelCellFinder, StoredCells

    prompt, name = load_table_prompt(settings.model.prompts), str(model.spec)
    stored = StoredCells(settings.index / CELLS_FILE, f"{name}\0{prompt}")
    return ModelCellFinder(model, prompt, stored, Meter()), name
