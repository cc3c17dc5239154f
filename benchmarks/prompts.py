"""Compares wordings of a prompt with a real model on development questions: right, tokens, seconds.

    python benchmarks/prompts.py condense --llm SPEC [--count 30] [--cases FILE] [WORDING.md ...]
    python benchmarks/prompts.py judge --llm SPEC [--count 15]
    python benchmarks/prompts.py answer --llm SPEC [--count 20] [--skip 20]

Wordings are prompt files as in prompts/; without any, those in benchmarks/wordings/KIND (for `answer` the shipped one).
What is needed without the model (conversations answered by the papers' own sentences, papers in doubt) is made first,
and written to --cases, or read from there.

condense  follow-ups of eval/suites/seeds-talk-dev.jsonl about a fact: right where the rewritten question finds a right
          paper first
judge     papers that surveys leave in doubt: how many of the matches are labelled so
answer    questions of fact: every sentence with its verdict, for reading; facts found, refusals

`--show` prints every reply.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from askpapers.answering.conversation import Conversation
from askpapers.answering.follow_up import resolve
from askpapers.answering.judging import Judge, Weights
from askpapers.answering.model_judged import ModelJudge
from askpapers.answering.rewritten import rewritten_question
from askpapers.answering.survey import Surveyor
from askpapers.answering.topic import read_topic
from askpapers.contract import turn_of
from askpapers.datatypes import Relevance, Turn, Verdict
from askpapers.engine import Corpus, open_corpus
from askpapers.engine.models import LOCAL_EVIDENCE
from askpapers.engine.opening import open_settings
from askpapers.evaluation.metrics import fact_recall
from askpapers.evaluation.suites import Case, Kind, read_suite
from askpapers.llm.usage import Meter
from askpapers.prompts import load_prompts, read_prompt
from askpapers.settings import load_settings

ROOT = Path(__file__).parents[1]
SUITES = ROOT / "eval" / "suites"
TALK = "seeds-talk-dev"
SURVEYS = ("seeds-people-dev", "seeds-dev", "seeds-dev2")
FACTS = ("seeds-dev", "seeds-dev2", "seeds-people-dev")
_LONGEST_TURN = 600  # characters, as the engine gives

Found = dict[str, Any]


def quiet(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


def main() -> None:
    """Print a row for each wording."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["condense", "judge", "answer"])
    parser.add_argument("wordings", nargs="*", type=Path)
    parser.add_argument("--llm", required=True)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--skip", type=int, default=0, help="cases that are left out first")
    parser.add_argument("--cases", type=Path, default=None, help="what is made without the model")
    parser.add_argument("--show", action="store_true", help="print every reply")
    arguments = parser.parse_intermixed_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index, llm=arguments.llm)
    cases = _cases(arguments, corpus)
    run: Callable[..., Found] = {"condense": condense, "judge": judge, "answer": answer}[arguments.kind]
    shipped = [ROOT / "prompts" / f"{arguments.kind}.md"]
    for file in (
        arguments.wordings or sorted((ROOT / "benchmarks" / "wordings" / arguments.kind).glob("*.md")) or shipped
    ):
        begin = time.perf_counter()
        found = run(corpus, file.read_text(encoding="utf-8"), cases, arguments)
        seconds = (time.perf_counter() - begin) / max(len(cases), 1)
        print(
            f"{file.stem}: "
            + ", ".join(f"{name} {value}" for name, value in found.items())
            + f", {seconds:.1f} s each",
            flush=True,
        )


def _cases(arguments: argparse.Namespace, corpus: Corpus) -> list[Found]:
    count = arguments.count or {"condense": 30, "judge": 15, "answer": 20}[arguments.kind]
    if arguments.cases and arguments.cases.exists():
        made: list[Found] = json.loads(arguments.cases.read_text(encoding="utf-8"))
        return made[:count]
    make: Callable[[Corpus], Iterator[Found]] = {"condense": follow_ups, "judge": doubts, "answer": facts}[
        arguments.kind
    ]
    found = []
    for case in make(corpus):
        found.append(case)
        if len(found) == arguments.skip + count:
            break
    found = found[arguments.skip :]
    if arguments.cases:
        arguments.cases.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return found


# ---- follow-ups


def follow_ups(corpus: Corpus) -> Iterator[Found]:
    """Follow-ups about a fact that a model would rewrite, with the conversation as a model is shown it."""
    history: list[Turn] = []
    for case in read_suite(SUITES / f"{TALK}.jsonl").cases:
        history = history if case.turn > 1 else []
        if case.turn > 1 and case.kind is Kind.FACTUAL and case.must and not case.must[0].startswith("@"):
            by_rules = resolve(case.question, Conversation(tuple(history), corpus.index.papers.get))
            if not by_rules.unclear and by_rules.beyond is None:
                shown = "\n".join(
                    f"Question: {t.searched or t.question}\nAnswer: {t.answer[:_LONGEST_TURN]}" for t in history
                )
                yield {
                    "id": case.id, "question": case.question, "conversation": shown, "must": list(case.must),
                    "may": list(case.may), "rules": by_rules.question,
                }  # fmt: skip
        history.append(turn_of(corpus.ask(case.question, history=history, llm="none")))


def condense(corpus: Corpus, wording: str, cases: Sequence[Found], arguments: argparse.Namespace) -> Found:
    """Have follow-ups rewritten, and look up what they find."""
    prompt, model, meter = read_prompt("condense", wording, "the wording"), corpus.model(), Meter()
    assert model
    right, unread, rules = 0, 0, 0
    for case in cases:
        values = {"question": case["question"], "conversation": case["conversation"]}
        written = model.say(prompt.fill(values), meter, quiet)
        question = rewritten_question(written, case["question"], case["conversation"])
        unread += question is None
        found = _finds(corpus, question or case["rules"], case)
        right += found
        rules += _finds(corpus, case["rules"], case)
        if arguments.show:
            print(f"  {'right' if found else 'WRONG'} {case['id']} {case['question']!r} -> {question!r}", flush=True)
            if question is None:
                print(f"        {written!r}; by rules {case['rules']!r}")
    usage = meter.usage(model.spec)
    return {
        "right": f"{right} of {len(cases)}", "not read": unread, "by rules alone": rules,
        "read": usage.prompt_tokens // len(cases), "written": usage.completion_tokens // len(cases),
    }  # fmt: skip


def _finds(corpus: Corpus, question: str, case: Found) -> bool:
    first = next((node.metadata["paper"] for node in corpus.retriever().retrieve(question)), "")
    return first in (*case["must"], *case["may"])


# ---- papers in doubt


def _surveyor(corpus: Corpus) -> Surveyor:
    weights = Weights.of(corpus.weights("survey"))
    return Surveyor(Judge(corpus.index, corpus.embedder, corpus.reader, weights, quiet))


def doubts(corpus: Corpus) -> Iterator[Found]:
    """Surveys that leave papers in doubt: two with a right one among them, then one whose topic is not there."""
    surveyor = _surveyor(corpus)

    def of(kind: Kind) -> Iterator[Found]:
        for case in _of_suites(SURVEYS, {kind}):
            papers = [judgement.paper.id for judgement in surveyor.in_doubt(surveyor.judge(read_topic(case.question)))]
            if papers and (kind is Kind.ABSENT or set(papers) & set(case.must)):
                must, may = list(case.must), list(case.may)
                yield {"id": case.id, "question": case.question, "must": must, "may": may, "papers": papers}

    there, absent = of(Kind.SURVEY), of(Kind.ABSENT)
    for case in there:
        yield case
        yield from itertools.islice(there, 1)
        yield from itertools.islice(absent, 1)


def judge(corpus: Corpus, wording: str, cases: Sequence[Found], arguments: argparse.Namespace) -> Found:
    """Have the papers in doubt judged: how many of the matches are right, before and after the scores bound them."""
    model, meter, surveyor = corpus.model(), Meter(), _surveyor(corpus)
    assert model
    shipped = load_prompts()
    prompts = replace(shipped, by_name={**shipped.by_name, "judge": read_prompt("judge", wording, "the wording")})
    counts = dict.fromkeys(
        ("papers", "labelled", "matches", "right", "counted", "counted right", "by scores", "by scores right"), 0
    )
    for case in cases:
        surveyed = surveyor.judge(read_topic(case["question"]))
        doubtful = [j for j in surveyor.in_doubt(surveyed) if j.paper.id not in case["may"]]
        for verdict in ModelJudge(model, prompts, meter, quiet, LOCAL_EVIDENCE).judge(case["question"], doubtful):
            paper = verdict.judgement.paper.id
            draft = {j.passage.paper: j.relevance for j in surveyor.draft_of(surveyed, [verdict]).judged}
            is_right = paper in case["must"]
            by_scores = surveyed.found.get(paper) is Relevance.MATCH
            said = verdict.relevance.value if verdict.relevance else "unclear" if verdict.unclear else "no"
            counts["papers"] += 1
            counts["labelled"] += is_right
            counts["matches"] += said == "match"
            counts["right"] += said == "match" and is_right
            counts["counted"] += draft.get(paper) is Relevance.MATCH
            counts["counted right"] += draft.get(paper) is Relevance.MATCH and is_right
            counts["by scores"] += by_scores
            counts["by scores right"] += by_scores and is_right
            if arguments.show:
                chance = verdict.judgement.chance
                label = "labelled" if is_right else "-"
                print(f"  {case['id']} {paper} {label:8} {said:8} chance {chance:.2f} {case['question']!r}", flush=True)
    usage = meter.usage(model.spec)
    return {**counts, "read": usage.prompt_tokens // len(cases), "written": usage.completion_tokens // len(cases)}


# ---- answers


def facts(corpus: Corpus) -> Iterator[Found]:
    """Questions of fact, and near misses among them."""
    for case in _of_suites(FACTS, {Kind.FACTUAL, Kind.NEAR_MISS}):
        yield {
            "id": case.id,
            "question": case.question,
            "facts": [list(fact) for fact in case.facts],
            "answerable": case.answerable,
        }


def answer(corpus: Corpus, wording: str, cases: Sequence[Found], arguments: argparse.Namespace) -> Found:
    """Have questions answered, and print each sentence with its verdict."""
    counts: dict[str, int] = dict.fromkeys(("facts found", "near misses refused", "read", "written"), 0)
    counts |= {str(verdict): 0 for verdict in Verdict}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "answer.md").write_text(wording, encoding="utf-8")
        settings = load_settings([arguments.corpus], arguments.index, arguments.llm)
        own = open_settings(
            replace(settings, model=replace(settings.model, prompts=Path(folder), fallback=False)), quiet
        )
        for case in cases:
            given = own.ask(case["question"])
            said = " ".join(s.text for s in given.statements if s.verdict is not Verdict.UNSUPPORTED)
            found = bool(case["facts"]) and fact_recall(case["facts"], said) == 1.0
            counts["facts found"] += found
            counts["near misses refused"] += not case["answerable"] and not said
            counts["read"] += given.usage.prompt_tokens
            counts["written"] += given.usage.completion_tokens
            for statement in given.statements:
                counts[str(statement.verdict)] += 1
            if arguments.show:
                print(f"  {case['id']} {case['question']!r} {'found' if found else given.status} {case['facts']}")
                for s in given.statements:
                    print(f"      {s.verdict}: {s.text!r} {[given.citations[n - 1].quote.text for n in s.citations]}")
    return counts


def _of_suites(names: Sequence[str], kinds: set[Kind]) -> Iterator[Case]:
    return (case for name in names for case in read_suite(SUITES / f"{name}.jsonl").cases if case.kind in kinds)


if __name__ == "__main__":
    main()
