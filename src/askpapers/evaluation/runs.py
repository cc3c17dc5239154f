"""Runs: the questions of a suite with their answers and scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from askpapers import __version__
from askpapers.contract import turn_of
from askpapers.datatypes import Paper, Turn
from askpapers.errors import ReplayError, UsageError
from askpapers.evaluation.ranking import SUITE_MEASURES, ranking_scores
from askpapers.evaluation.replies import Replies, Reply, intent_alone, read_reply
from askpapers.evaluation.scoring import METRICS, score
from askpapers.evaluation.statistics import Estimate, estimate
from askpapers.evaluation.suites import Case, Kind, Suite, unknown_papers
from askpapers.grounding.support import SupportCheck
from askpapers.progress import Progress

_PRODUCED_BY = ("synthesizer", "llm", "prompts", "embedder", "index")


@dataclass(frozen=True, slots=True)
class System:
    """What answers the questions. `rank` gives paper ids, best first, or is None where retrieval is not seen.

    `answer` is given the turns of the conversation before, and gives the turn that its answer makes. `read` gives the
    intent of a question without answering it; where it is None, questions that are only to be read are answered.
    """

    answer: Callable[[Case, Sequence[Turn]], tuple[Reply, Turn]]
    rank: Callable[[str], Sequence[str]] | None
    version: str
    read: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of a run. `ranking` are the paper ids that were retrieved, best first."""

    case: Case
    reply: Reply
    ranking: tuple[str, ...] | None
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A suite that was run. `fingerprints` say by what: another value may be the reason of another score."""

    suite: Suite
    outcomes: tuple[Outcome, ...]
    fingerprints: Mapping[str, str]

    def values(self, metric: str) -> dict[str, float]:
        """The scores on a metric by the id of the case, of the questions that it applies to."""
        return {o.case.id: o.scores[metric] for o in self.outcomes if metric in o.scores}

    def estimates(self) -> dict[str, Estimate]:
        """The mean and interval of every metric that applies to a question, in the order of the metrics."""
        columns = ((name, list(self.values(name).values())) for name in METRICS)
        return {name: estimate(values) for name, values in columns if values}


def corpus_system(
    ask: Callable[[str, Sequence[Turn]], Mapping[str, Any]],
    rank: Callable[[str], Sequence[str]] | None = None,
    read: Callable[[str], str] | None = None,
) -> System:
    """The program itself: `ask` gives an answer in the JSON contract, to a question with what was asked before."""

    def answer(case: Case, before: Sequence[Turn]) -> tuple[Reply, Turn]:
        answered = ask(case.question, before)
        return read_reply(answered), turn_of(answered)

    return System(answer, rank, f"askpapers {__version__}", read)


def foreign_system(replies: Replies, name: str) -> System:
    """Answers from a file, whoever made them."""

    def answer(case: Case, before: Sequence[Turn]) -> tuple[Reply, Turn]:
        reply = replies.find(case.id, case.question)
        if reply is None:
            raise UsageError(
                f"{name} has no answer to {case.id}.",
                hint="Every question of the suite needs one; a refusal has the status “not_in_corpus”.",
            )
        return reply, Turn(case.question, reply.text)

    return System(answer, None, "")


def run_suite(
    suite: Suite,
    system: System,
    papers: Mapping[str, Paper],
    check: SupportCheck,
    progress: Progress,
    *,
    check_name: str = "",
) -> Run:
    """Ask every question of a suite in order, each turn of a conversation after those before, and score the answers.

    `papers` are those of the corpus by id; `check_name` is what the support check is remembered by. Raises
    UsageError for a suite that expects papers of another corpus, ReplayError for a question that a recording of a model
    does not hold.
    """
    if missing := unknown_papers(suite, papers):
        example = next(iter(missing.values()))[0]
        raise UsageError(
            f"{len(missing)} of {len(suite.cases)} questions of {suite.name} expect papers that this corpus does not"
            f" have, {example} for one.",
            hint="Give the corpus that the suite was written for: --corpus FOLDER",
        )
    answered: list[tuple[Case, Reply, tuple[str, ...] | None]] = []
    before: list[Turn] = []
    for done, case in enumerate(suite.cases):
        progress(suite.name, done, len(suite.cases))
        if case.turn <= 1:
            before.clear()
        if case.kind is Kind.READING and system.read:
            answered.append((case, intent_alone(system.read(case.question)), None))
            continue
        placed = _placed(case, before)
        try:
            reply, turn = system.answer(case, tuple(before))
        except ReplayError as error:
            number = f"Question {done + 1} of {suite.name} ({case.id})"
            raise ReplayError(f"{number}: {error}", hint=error.hint) from error
        answered.append((placed, reply, tuple(system.rank(turn.text)) if system.rank else None))
        before.append(turn)
    progress(suite.name, len(suite.cases), len(suite.cases))
    judges = any(reply.judges for _, reply, _ in answered)
    outcomes = [
        Outcome(case, reply, ranking, score(case, reply, ranking, papers, check, judges=judges))
        for case, reply, ranking in answered
    ]
    return Run(suite, _with_retrieval(outcomes), _fingerprints(suite, outcomes, system.version, check_name))


def _placed(case: Case, before: Sequence[Turn]) -> Case:
    """The case with ids for "@2", "@-1" in `must`: places in the answer that listed papers last."""
    listed = next((turn.papers for turn in reversed(before) if turn.survey), ())

    def paper(name: str) -> str:
        place = int(name[1:]) if name[0] == "@" else 0
        inside = 0 < abs(place) <= len(listed)
        return listed[place - (place > 0)] if inside else name

    return replace(case, must=tuple(map(paper, case.must)))


def _with_retrieval(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes with their retrieval scores: ir-measures takes all questions at once."""
    judged = [o for o in outcomes if o.ranking is not None and o.case.must]
    if not judged:
        return tuple(outcomes)
    scores = ranking_scores(
        {o.case.id: dict.fromkeys(o.case.must, 1) for o in judged},
        # What may be cited counts neither way.
        {o.case.id: [p for p in o.ranking or () if p not in o.case.may] for o in judged},
        SUITE_MEASURES.values(),
    )
    return tuple(
        Outcome(o.case, o.reply, o.ranking, {**_named(scores.get(o.case.id, {})), **o.scores}) for o in outcomes
    )


def _named(scores: Mapping[str, float]) -> dict[str, float]:
    return {name: scores[measure] for name, measure in SUITE_MEASURES.items() if measure in scores}


def _fingerprints(suite: Suite, outcomes: Sequence[Outcome], version: str, check: str) -> dict[str, str]:
    found = {"suite": suite.digest, "version": version, "check": check}
    for name in _PRODUCED_BY:
        values = sorted({str(o.reply.engine[name]) for o in outcomes if o.reply.engine.get(name)})
        found[name] = ", ".join(values)
    return found
