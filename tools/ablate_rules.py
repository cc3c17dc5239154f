"""Switch each hand-written rule off in turn, and count the questions that are answered otherwise without it.

    python tools/ablate_rules.py eval/suites/{seeds,metadata,intent}-*dev*.jsonl eval/{medicine,small/*}/*-dev.jsonl

A rule is a regular expression, a set of words or a function of `answering` or `grounding`. One pass over the questions
notes which rules find something while each is answered; then each rule is made to find nothing (a set is made
empty, a function gives nothing, or the text that it was given), and those questions are asked again, drawn in an order
that a fixed seed gives, until `--lost` of them are answered wrongly that were answered rightly, or `--most` were asked.
For sets it is not known where they have a part: questions with one of their words are asked first. All is done in one
process, without a model; what the embedder and the cross-encoder gave for a text is remembered, so that a question that
is asked again costs about 20 ms. A suite is asked of the `papers.jsonl` beside it, or else of the seeds.

Columns: the rule, the questions that it has a part in, those asked again, with another answer, answered rightly only
with the rule, only without it, the sum of what surveys lose in F1, and labelled sentences whose verdict is right only
with it, only without it.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import pkgutil
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import askpapers.answering
import askpapers.engine
import askpapers.grounding
from askpapers.answering.query import read_query
from askpapers.contract import answer_dict
from askpapers.datatypes import Paper, Verdict
from askpapers.embedded import EmbeddedModel, Outputs
from askpapers.engine import Corpus, open_corpus
from askpapers.evaluation.rightness import is_right
from askpapers.evaluation.runs import corpus_system, run_suite
from askpapers.evaluation.suites import Case, Suite, read_suite
from askpapers.grounding.fitted import FittedCheck
from askpapers.grounding.support import Support
from askpapers.text import stem, words

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "tests" / "grounding" / "answer_sentences.jsonl"
_ROOMS = ("askpapers.answering.", "askpapers.grounding.")


class Rule:
    """What can be switched off, and tells when it found something."""

    enabled = True
    matched = False

    def __init__(self, name: str, whole: Any) -> None:
        self.name = name
        self.whole = whole

    def found(self, found: Any, nothing: Any = None) -> Any:
        """What was found, or nothing while the rule is switched off."""
        self.matched |= found != nothing
        return found if self.enabled else nothing


class Pattern(Rule):
    """A compiled pattern."""

    def __getattr__(self, name: str) -> Any:
        """A method of the pattern, which finds nothing while the rule is switched off."""
        method = getattr(self.whole, name)
        if name in ("match", "search", "fullmatch"):
            return lambda *args, **named: self.found(method(*args, **named))
        if name in ("finditer", "findall"):
            kind = iter if name == "finditer" else list
            return lambda *args, **named: kind(self.found(list(method(*args, **named)), []))
        return method

    def split(self, text: str, *args: Any, **named: Any) -> list[Any]:
        """The parts of a text."""
        return list(self.found(self.whole.split(text, *args, **named), [text]))

    def sub(self, new: Any, text: str, *args: Any, **named: Any) -> str:
        """A text with what matches replaced."""
        return str(self.found(self.whole.sub(new, text, *args, **named), text))


class Function(Rule):
    """A function that may give nothing."""

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What the function gives."""
        kind, given = self.whole.__annotations__["return"], self.whole(*args, **named)
        if kind.endswith("| None"):
            return self.found(given)
        if kind == "str":
            return self.found(given, next((a for a in args if isinstance(a, str)), ""))
        if kind.startswith("Iterator["):
            return iter(self.found(list(given), []))
        return self.found(given, type(given)())

    @staticmethod
    def holds(value: Any) -> bool:
        """Whether a value is a function whose result can be nothing."""
        kind = getattr(value, "__annotations__", {}).get("return", "") if inspect.isfunction(value) else ""
        many = ("list[", "set[", "frozenset[", "dict[", "Iterator[")
        return kind in ("bool", "str") or kind.endswith(("| None", ", ...]")) or kind.startswith(many)


class Words(Rule):
    """A set of words, and the modules and names that hold it."""

    def __init__(self, name: str, whole: frozenset[str]) -> None:
        super().__init__(name, whole)
        self.places: list[tuple[Any, str]] = []

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "enabled":
            for module, held in self.places:
                setattr(module, held, self.whole if value else frozenset())


def hold_rules() -> list[Rule]:
    """Put a `Rule` in the place of every pattern and function of the two rooms, and find the sets of words."""
    rules: dict[int, Rule] = {}

    def held(value: Any, name: str) -> Any:
        if isinstance(value, re.Pattern):
            return rules.setdefault(id(value), Pattern(name, value))
        if Function.holds(value) and value.__module__.startswith(_ROOMS):
            return rules.setdefault(id(value), Function(f"{name}()", value))
        if type(value) in (tuple, list) and any(
            isinstance(v, re.Pattern | tuple) or inspect.isfunction(v) for v in value
        ):
            return type(value)(held(v, f"{name}[{n}]") for n, v in enumerate(value))
        if type(value) is dict and any(isinstance(v, re.Pattern) for v in value.values()):
            return {k: held(v, f"{name}[{k}]") for k, v in value.items()}
        return value

    for package in (askpapers.grounding, askpapers.answering, askpapers.engine):
        for found in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{found.name}")
    modules = {name: module for name, module in sys.modules.items() if name.startswith("askpapers.")}
    rooms = {name: module for name, module in modules.items() if name.startswith(_ROOMS)}
    own = {name: _assigned(Path(str(module.__file__))) for name, module in rooms.items()}
    for mine in (True, False):  # a rule is called by the module that makes it
        for place, module in (rooms if mine else modules).items():
            for name, value in list(vars(module).items()):
                if name.startswith("__") or (name in own.get(place, ())) is not mine:
                    continue
                full = f"{place.removeprefix('askpapers.')}.{name}"
                if isinstance(value, set | frozenset) and value and all(isinstance(v, str) for v in value):
                    if mine or id(value) in rules:
                        rule = rules.setdefault(id(value), Words(full, frozenset(value)))
                        assert isinstance(rule, Words)
                        rule.places.append((module, name))
                elif mine or id(value) in rules or place in rooms:
                    setattr(module, name, held(value, full))
    return list(rules.values())


def _assigned(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
    return functions | {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _supported(statement: str, source: str) -> Support:
    return Support(Verdict.SUPPORTED, 1.0)


@dataclass(frozen=True)
class Unit:
    """A conversation, or a single question, and the corpus that it is asked of."""

    cases: tuple[Case, ...]
    corpus: Corpus
    papers: dict[str, Paper]

    def ask(self) -> Result:
        """What became of it."""
        given: list[Any] = []

        def answer(question: str, before: Any) -> Any:
            answered = answer_dict(self.corpus.ask(question, history=before))
            papers = [(p["id"], p["verdict"]) for p in answered["papers"]]
            said = [s["verdict"] for s in answered["statements"]]
            given.append((answered["status"], answered["text"], said, papers))
            return answered

        system = corpus_system(answer, read=lambda question: read_query(question, self.corpus.index).intent)
        try:
            run = run_suite(Suite("one", self.cases, ""), system, self.papers, _supported, lambda *_: None)
        except Exception as error:
            return Result((repr(error),), 0, 0.0)
        read = [outcome.reply.intent for outcome in run.outcomes]
        return Result((*given, *read), sum(map(is_right, run.outcomes)), sum(run.values("survey_f1").values()))

    def has(self, listed: frozenset[str]) -> bool:
        """Whether a question has a word of a list, or its stem."""
        asked = {word.casefold() for case in self.cases for word, _, _ in words(case.question)}
        return not listed.isdisjoint(asked | set(map(stem, asked)))


@dataclass(frozen=True)
class Result:
    """What became of a question or a conversation: the answers, the turns that are right, the F1 of its surveys."""

    answers: tuple[Any, ...]
    right: int
    f1: float


def verdicts(check: FittedCheck) -> list[bool]:
    """For each labelled sentence, whether its verdict is right."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]

    def is_right_of(row: dict[str, Any]) -> bool:
        try:
            return (check(row["claim"], row["source_text"]).verdict is Verdict.SUPPORTED) == bool(row["label"])
        except Exception:
            return False

    return [is_right_of(row) for row in rows]


def remember_vectors() -> None:
    """Let the embedder read no text twice."""
    run, known = EmbeddedModel.run, dict[tuple[str, Any], Outputs]()

    def remembered(model: EmbeddedModel, texts: Sequence[Any]) -> list[Outputs]:
        new = [text for text in dict.fromkeys(texts) if (model.digest, text) not in known]
        known.update(zip(((model.digest, text) for text in new), run(model, new), strict=True))
        return [known[model.digest, text] for text in texts]

    setattr(EmbeddedModel, "run", remembered)  # noqa: B010 - mypy takes no assignment to a method


def main() -> None:
    """Print a row for each rule, those that have a part in nothing first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=300, help="questions that are asked again for a rule")
    parser.add_argument("--lost", type=int, default=3, help="answers lost after which no more are asked")
    parser.add_argument("--rule", default="", help="only those whose name, the first column, this pattern finds")
    arguments = parser.parse_args()
    remember_vectors()
    rules = hold_rules()
    units = [unit for file in arguments.suites for unit in units_of(file)]
    check = FittedCheck()
    first: list[Result] = []
    parts: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        for rule in rules:
            rule.matched = False
        first.append(unit.ask())
        for rule in rules:
            if rule.matched:
                parts[rule.name].append(number)
    sound = verdicts(check)
    print(f"# {len(units)} questions and conversations, {sum(r.right for r in first)} turns right", flush=True)
    for rule in rules:
        if isinstance(rule, Words):
            parts[rule.name] = [n for n, unit in enumerate(units) if unit.has(rule.whole)]
    for rule in sorted((r for r in rules if re.search(arguments.rule, r.name)), key=lambda r: len(parts[r.name])):
        order = random.Random(7).sample(range(len(units)), len(units))
        part = set(parts[rule.name])
        order = [n for n in order if n in part] + [n for n in order if n not in part and isinstance(rule, Words)]
        rule.enabled = False
        changed = lost = won = asked = 0
        f1 = 0.0
        for n in order[: arguments.most]:
            before, after = first[n], units[n].ask()
            asked += 1
            changed += before.answers != after.answers
            lost += max(before.right - after.right, 0)
            won += max(after.right - before.right, 0)
            f1 += before.f1 - after.f1
            if lost >= arguments.lost:
                break
        pairs = list(zip(sound, verdicts(check), strict=True)) if rule.name.startswith("grounding") else []
        verdict = sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)
        rule.enabled = True
        print(rule.name, len(part), asked, changed, lost, won, f"{f1:.2f}", *verdict, sep="\t", flush=True)


def units_of(file: Path) -> Iterator[Unit]:
    """The questions of a suite, the turns of a conversation together."""
    beside = file.parent / "papers.jsonl"
    corpus = open_corpus(beside if beside.exists() else ROOT / "seeds", llm="none")
    papers = {paper.id: paper for paper in corpus.papers()}
    turns: list[Case] = []
    for case in read_suite(file).cases:
        if turns and case.turn <= 1:
            yield Unit(tuple(turns), corpus, papers)
            turns = []
        turns.append(case)
    yield Unit(tuple(turns), corpus, papers)


if __name__ == "__main__":
    main()
