"""The papers of a corpus as a protocol's criteria judge them: the part of a screening that is the same for everyone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from askpapers.datatypes import Paper
from askpapers.errors import OptionalDependencyError, ScreeningError, UsageError
from askpapers.index.papers import PaperStore
from askpapers.progress import Progress
from askpapers.screening.duplicates import PossibleDuplicate, possible_duplicates
from askpapers.screening.judging import JudgesPapers
from askpapers.screening.memory import JudgementMemory
from askpapers.screening.protocol import Protocol, Seed
from askpapers.screening.ranking import Ranker, text_of
from askpapers.screening.verdicts import PaperJudgement


class JudgedPapers:
    """The papers of a corpus under a protocol, each judged once."""

    def __init__(self, protocol: Protocol, papers: PaperStore, judge: JudgesPapers, memory: JudgementMemory) -> None:
        """Judge papers by a protocol; `judge` judges those that `memory` does not have."""
        self.protocol = protocol
        self._papers = papers
        self._judge = judge
        self._memory = memory
        self._judged: dict[int, tuple[Paper, PaperJudgement]] = {}
        self._ranker: Ranker | None = None
        self._ranker_note = ""

    def __len__(self) -> int:
        """How many papers there are."""
        return len(self._papers)

    @cached_property
    def seeds(self) -> Mapping[int, Seed]:
        """The seeds by the row of their paper. Raises ScreeningError for one that the corpus does not have."""
        return {self._row_of_seed(seed): seed for seed in self.protocol.seeds}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all papers."""
        return frozenset(name for name, _ in self._papers.ids_and_years())

    @cached_property
    def possible_duplicates(self) -> tuple[PossibleDuplicate, ...]:
        """The pairs of papers that may be the same."""
        return tuple(possible_duplicates(self._papers))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of judging and ranking."""
        failure = f"Judgements cannot be remembered: {self._memory.failure}." if self._memory.failure else ""
        return tuple(note for note in (self._ranker_note, failure) if note)

    def at(self, row: int) -> tuple[Paper, PaperJudgement]:
        """The paper of a row, judged."""
        found = self._remembered(row)
        if found is None:
            paper = self._papers.at(row)
            judgement = self._judge.judge(row, paper)
            self._memory.put(paper, judgement)
            found = self._judged[row] = paper, judgement
        return found

    def judge_all(self, progress: Progress) -> None:
        """Judge every paper that is not yet. Raises ModelError; what was judged by then is remembered."""
        left = [row for row in range(len(self)) if self._remembered(row) is None]
        for done, row in enumerate(left):
            progress("Screening papers", done, len(left))
            self.at(row)

    def prepare_ranking(self) -> Ranker | None:
        """Make what papers are ranked by, once: it takes seconds for thousands. None, and a note, without the extra."""
        if self._ranker is None and not self._ranker_note:
            try:
                self._ranker = Ranker([text_of(self.at(row)[0]) for row in range(len(self))])
            except OptionalDependencyError as error:
                self._ranker_note = (
                    f"{error} {error.hint} Until then papers come in the order of the machine's own score."
                )
        return self._ranker

    def row_of(self, name: str) -> int:
        """The row of the paper that a name means: an identifier, its beginning, or a title. Raises UsageError."""
        found = self._papers.find(name)
        if not found:
            raise UsageError(f"No paper is called “{name}”.", hint="List them: ask papers")
        if len(found) > 1:
            several = ", ".join(paper.id for paper in found[:4])
            raise UsageError(f"“{name}” may be {several}.", hint="Give the whole identifier.")
        return self._papers.rows_of([found[0].id])[0]

    def rows_of(self, papers: Iterable[str]) -> dict[str, int]:
        """The rows of the papers of these ids that there are."""
        return {self._papers.at(row).id: row for row in self._papers.rows_of(papers)}

    def _remembered(self, row: int) -> tuple[Paper, PaperJudgement] | None:
        """The paper of a row, where it was judged before, now or by an earlier run."""
        if row not in self._judged:
            paper = self._papers.at(row)
            if judgement := self._memory.get(paper):
                self._judged[row] = paper, judgement
        return self._judged.get(row)

    def _row_of_seed(self, seed: Seed) -> int:
        found = self._papers.named(seed.name) or self._papers.find(seed.name)
        if len(found) == 1:
            return self._papers.rows_of([found[0].id])[0]
        where = f"{self.protocol.file}:{seed.line}"
        if found:
            raise ScreeningError(
                f"{where}: the seed “{seed.name}” may be {', '.join(paper.id for paper in found[:4])}.",
                hint="Name it by its identifier.",
            )
        raise ScreeningError(
            f"{where}: the seed “{seed.name}” is not in the corpus, so the search has missed it.",
            hint="Widen the search and add what it finds (ask add), or take the seed out.",
        )
