"""`ask eval`: running suites."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from askpapers.cli.benchmarks import grounding_command, retrieval_command
from askpapers.cli.options import common, console_for, model_options, opened_corpus, print_json, print_notes
from askpapers.cli.recording import check_recordable, recording_options, traffic_of
from askpapers.cli.suites import add_command, new_command
from askpapers.contract import answer_dict
from askpapers.counts import counted
from askpapers.errors import UsageError
from askpapers.settings import LIVE, WITHOUT, load_settings

if TYPE_CHECKING:
    from askpapers.engine import Corpus
    from askpapers.evaluation.judge import Grades
    from askpapers.evaluation.paired import Paired
    from askpapers.evaluation.runs import Run, System
    from askpapers.evaluation.suites import Suite
    from askpapers.progress import Progress
    from askpapers.settings import Settings

SUITES = "suites"
DEFAULT_SUITES = (
    *("seeds-dev", "seeds-dev2", "seeds-test", "seeds-narrow-dev", "seeds-narrow-test"),
    *("seeds-people-dev", "seeds-talk-dev", "metadata-dev", "intent-dev"),
)
_SUITES_FOLDER = Path("eval") / "suites"
_GATES = Path("eval") / "gates.toml"
_RANKED = 10  # papers: what the measures of a suite look at
EXIT_FAILED = 1


class EvalGroup(click.Group):
    """A group whose default command runs suites: `ask eval` and `ask eval mine.jsonl`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command that runs suites in front of what names no other."""
        if not args or args[0] not in {*self.commands, "--help", "-h"}:
            args = [SUITES, *args]
        return super().parse_args(ctx, args)


@click.group("eval", cls=EvalGroup, subcommand_metavar="[SUITE]... | COMMAND [ARGS]...")
def evaluate() -> None:
    """Measure answers on suites of questions, and fail when they got worse.

    \b
    ask eval                          the suites in eval/suites that are about the seeds
    ask eval mine.jsonl --corpus ~/abstracts --report out/
    ask eval --accept "better titles" make this run the one to compare with
    ask eval new --corpus ~/abstracts -o mine.jsonl

    Every metric is shown with its 95% interval beside the accepted run. A run fails when a mean is below its
    floor in the gates, or fell by more than its allowance and twice the paired standard error.

    \b
    Exit codes: 0 passed, 1 a gate is broken or an error, 2 wrong usage.

    `ask eval suites --help` lists the options of a run.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"


@evaluate.command(SUITES)
@click.argument("suites", metavar="[SUITE]...", nargs=-1, type=click.Path(path_type=Path))
@common
@click.option("--llm", metavar="SPEC", help="A model that writes, as for a question; when it fails, the run does.")
@model_options
@recording_options
@click.option("--judge", "judge_spec", metavar="SPEC", help="A model's opinion of the answers too; it fails no gate.")
@click.option("--answers", metavar="FILE", type=click.Path(path_type=Path), help="Score these answers (JSON lines).")
@click.option("--accept", "reason", metavar="REASON", help="Make this run the accepted one, and say why.")
@click.option("--gates", metavar="FILE", type=click.Path(path_type=Path), help="Gates (default: eval/gates.toml).")
@click.option("--report", metavar="FOLDER", type=click.Path(path_type=Path), help="Write report.md, .html, .json ...")
def suites_command(
    suites: Sequence[Path],
    corpus: Sequence[str],
    index: str | None,
    llm: str | None,
    llm_judges: str | None,
    evidence_tokens: int | None,
    record: str | None,
    replay: str | None,
    judge_spec: str | None,
    answers: Path | None,
    reason: str | None,
    gates: Path | None,
    report: Path | None,
    as_json: bool,
    no_color: bool,
) -> None:
    """Run suites (the default command): ask, score, compare with the accepted run, hold against the gates.

    With a model the questions are asked without it as well, and the report has both beside each other.
    accepted.json stands beside the gates. Held-back suites (named *-test) are scored; their questions are not
    shown.
    """
    if reason is not None and not reason.strip():
        raise UsageError("--accept needs a reason.", hint='Give it: ask eval --accept "why it may change"')
    begin = time.perf_counter()
    from askpapers.evaluation.accepted import accept, read_accepted, write_accepted
    from askpapers.evaluation.gates import judge, read_gates
    from askpapers.evaluation.paired import paired
    from askpapers.evaluation.report.as_json import report_dict
    from askpapers.evaluation.report.content import Report
    from askpapers.evaluation.report.files import write_reports
    from askpapers.evaluation.report.terminal import print_report
    from askpapers.evaluation.runs import corpus_system, run_suite
    from askpapers.evaluation.suites import read_suite
    from askpapers.grounding.checks import open_check

    asked = [read_suite(file) for file in suites or _default_suites()]
    gates_file = gates or _GATES
    bounds = read_gates(gates_file) if gates or gates_file.is_file() else {}
    accepted_file = gates_file.with_name("accepted.json")
    accepted = read_accepted(accepted_file)
    # Without a fallback: it would be measured in place of the model that failed.
    traffic, llm = traffic_of(record, replay, llm)
    settings = load_settings(
        *(corpus, index, llm), traffic=traffic, fallback=False, judges=llm_judges, evidence=evidence_tokens
    )
    check_recordable(settings)
    print_notes(settings)
    with opened_corpus(settings, log=True, complete=True) as (opened, progress):
        papers = {paper.id: paper for paper in opened.papers()}
        system = _system(opened, answers)
        check = open_check(settings.check, opened.embedder)

        def run(suite: Suite, system: System) -> Run:
            return run_suite(suite, system, papers, check, progress, check_name=settings.check)

        runs = [run(suite, system) for suite in asked]
        both: dict[str, Paired] = {}
        if settings.model.spec != WITHOUT and not answers:
            keyless = corpus_system(
                lambda text, before: answer_dict(opened.ask(text, history=before, llm=WITHOUT)), read=system.read
            )
            both = {done.suite.name: paired(settings.model.spec, done, run(done.suite, keyless)) for done in runs}
        grades = _grades(runs, judge_spec, settings, progress) if judge_spec else {}
    judged = tuple(judge(run, bounds.get(run.suite.name, {}), accepted.get(run.suite.name)) for run in runs)
    done = Report(judged, counted(len(papers), "paper"), time.perf_counter() - begin, grades, both)
    if reason:
        renewed = {run.suite.name: accept(run, reason.strip()) for run in runs}
        write_accepted(accepted_file, {**accepted, **renewed})
    if report:
        write_reports(done, papers, report)
    if as_json:
        print_json(report_dict(done))
    else:
        print_report(done, console_for(no_color))
    sys.exit(0 if done.passed else EXIT_FAILED)


def _default_suites() -> list[Path]:
    files = [_SUITES_FOLDER / f"{name}.jsonl" for name in DEFAULT_SUITES]
    if not any(file.is_file() for file in files):
        raise UsageError(
            f"There are no suites in {_SUITES_FOLDER}.",
            hint="Give a suite: ask eval FILE; or draft one from your corpus: ask eval new -o FILE",
        )
    return files


def _system(corpus: Corpus, answers: Path | None) -> System:
    from askpapers.answering.query import read_query
    from askpapers.evaluation.replies import read_replies
    from askpapers.evaluation.runs import corpus_system, foreign_system
    from askpapers.retrieval import PaperRetriever

    if answers:
        return foreign_system(read_replies(answers), str(answers))
    retriever = PaperRetriever(lambda: corpus.index, corpus.embedder, top=_RANKED)

    def rank(question: str) -> list[str]:
        return list(dict.fromkeys(str(node.metadata["paper"]) for node in retriever.retrieve(question)))

    def read(question: str) -> str:
        return read_query(question, corpus.index).intent

    return corpus_system(lambda question, before: answer_dict(corpus.ask(question, history=before)), rank, read)


def _grades(runs: Sequence[Run], spec: str, settings: Settings, progress: Progress) -> dict[str, Grades]:
    """A model's grades by suite; of those that are held back there are none."""
    from askpapers.engine.models import Models
    from askpapers.evaluation.judge import grade_run
    from askpapers.llm.usage import Meter
    from askpapers.prompts import load_grading

    # Live: a recording holds the traffic of the model that is measured.
    model = Models(replace(settings.model, traffic=LIVE)).choose(spec)
    if model is None:
        raise UsageError("--judge names no model.", hint="Write it as for --llm: openai/M, ollama/M, URL#M, gguf:PATH")
    prompt, meter = load_grading(), Meter()
    found = {
        run.suite.name: grade_run(
            run, str(model.spec), lambda messages: model.say(messages, meter, progress), prompt, progress
        )
        for run in runs
    }
    return {name: grades for name, grades in found.items() if grades}


evaluate.add_command(new_command)
evaluate.add_command(add_command)
evaluate.add_command(retrieval_command)
evaluate.add_command(grounding_command)
