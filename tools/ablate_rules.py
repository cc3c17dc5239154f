"""Switch each hand-written rule off in turn, and count the questions that are answered otherwise without it.

    python tools/ablate_rules.py eval/suites/*-dev*.jsonl > rules.tsv

A rule is a regular expression or a set of words that a module of `answering` or `grounding` holds. One pass over the
questions notes which patterns match while each is answered; then each pattern is made to match nothing (a set is made
empty), and only those questions are asked again, at most `--most` of them, drawn at random with a fixed seed. A pattern
that matches for none cannot change an answer. For sets it is not known which questions they have a part in: those with
a word of the set are asked. All is done in one process, without a model.

Columns: the rule, the questions that it has a part in, those asked again, with another answer, answered rightly only
with the rule, only without it, intents read rightly only with it, only without it, and labelled sentences whose verdict
is right only with it, only without it.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import pkgutil
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import askpapers.answering
import askpapers.grounding
from askpapers.contract import answer_dict
from askpapers.datatypes import Paper, Verdict
from askpapers.engine import Corpus, open_corpus
from askpapers.evaluation.rightness import is_right
from askpapers.evaluation.runs import System, corpus_system, run_suite
from askpapers.evaluation.suites import Case, Suite, read_suite
from askpapers.grounding.fitted import FittedCheck
from askpapers.grounding.support import Support
from askpapers.reading.memory import PairMemory
from askpapers.text import words

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "tests" / "grounding" / "answer_sentences.jsonl"
_REMEMBERED = 500_000  # pairs: nearly all are those of the first pass


class Rule:
    """A compiled pattern that can be switched off, and tells when it matched."""

    enabled = True
    matched = False

    def __init__(self, name: str, pattern: re.Pattern[str]) -> None:
        self.name = name
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        """A method of the pattern, which finds nothing while the rule is switched off."""
        method = getattr(self._pattern, name)
        if name in ("match", "search", "fullmatch"):
            return lambda *args, **named: self._found(method(*args, **named))
        if name in ("finditer", "findall"):
            kind = iter if name == "finditer" else list
            return lambda *args, **named: kind(self._found(list(method(*args, **named))) or ())
        return method

    def _found(self, found: Any) -> Any:
        self.matched |= bool(found)
        return found if self.enabled else None

    def split(self, text: str, *args: Any, **named: Any) -> list[Any]:
        """The parts of a text."""
        parts = self._pattern.split(text, *args, **named)
        return (self._found(parts) if len(parts) > 1 else parts) or [text]

    def sub(self, new: Any, text: str, *args: Any, **named: Any) -> str:
        """A text with what matches replaced."""
        replaced, count = self._pattern.subn(new, text, *args, **named)
        return replaced if not count or self._found(True) else text


@dataclass(frozen=True)
class Words:
    """A set of words, and the modules and names that hold it."""

    name: str
    words: frozenset[str]
    places: tuple[tuple[Any, str], ...]

    def put(self, words: frozenset[str]) -> None:
        """Put other words in its place."""
        for module, name in self.places:
            setattr(module, name, words)


def hold_rules() -> tuple[list[Rule], list[Words]]:
    """Put a `Rule` in the place of every pattern, and find the sets of words."""
    rules: dict[int, Rule] = {}
    sets: dict[int, tuple[str, frozenset[str], list[tuple[Any, str]]]] = {}

    def held(value: Any, name: str) -> Any:
        if isinstance(value, re.Pattern):
            return rules.setdefault(id(value), Rule(name, value))
        if type(value) in (tuple, list) and any(isinstance(v, re.Pattern | tuple) for v in value):
            return type(value)(held(v, f"{name}[{n}]") for n, v in enumerate(value))
        if type(value) is dict and any(isinstance(v, re.Pattern) for v in value.values()):
            return {k: held(v, f"{name}[{k}]") for k, v in value.items()}
        return value

    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for package in (askpapers.grounding, askpapers.answering)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    own = {module: _assigned(Path(str(module.__file__))) for module in modules}
    for mine in (True, False):  # a rule is called by the module that makes it
        for module in modules:
            for name, value in list(vars(module).items()):
                if name.startswith("__") or (name in own[module]) is not mine:
                    continue
                full = f"{module.__name__.removeprefix('askpapers.')}.{name}"
                if isinstance(value, set | frozenset) and value and all(isinstance(v, str) for v in value):
                    sets.setdefault(id(value), (full, frozenset(value), []))[2].append((module, name))
                else:
                    setattr(module, name, held(value, full))
    return list(rules.values()), [Words(name, words, tuple(places)) for name, words, places in sets.values()]


def _assigned(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _supported(statement: str, source: str) -> Support:
    return Support(Verdict.SUPPORTED, 1.0)


@dataclass(frozen=True)
class Result:
    """What became of a question or a conversation: the answers, the turns that are right, the intents that are."""

    answers: tuple[Any, ...]
    right: int
    intents: int


def ask(cases: Sequence[Case], system: System, papers: dict[str, Paper], given: list[Any]) -> Result:
    """Ask the turns of a conversation, or a single question."""
    given.clear()
    try:
        run = run_suite(Suite("one", tuple(cases), ""), system, papers, _supported, lambda *_: None)
    except Exception as error:
        return Result((repr(error),), 0, 0)
    answers = tuple(
        (
            a["status"],
            a["text"],
            [s["verdict"] for s in a["statements"]],
            [(p["id"], p["verdict"]) for p in a["papers"]],
        )
        for a in given
    )
    intents = int(sum(outcome.scores.get("intent", 0.0) for outcome in run.outcomes))
    return Result(answers, sum(map(is_right, run.outcomes)), intents)


def verdicts(check: FittedCheck) -> list[bool]:
    """For each labelled sentence, whether its verdict is right."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]

    def is_right_of(row: dict[str, Any]) -> bool:
        try:
            return (check(row["claim"], row["source_text"]).verdict is Verdict.SUPPORTED) == bool(row["label"])
        except Exception:
            return False

    return [is_right_of(row) for row in rows]


def main() -> None:
    """Print a row for each rule, those that have a part in nothing first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=30, help="questions that are asked again for a rule")
    parser.add_argument("--rule", action="append", default=[], help="only this one, by its name in the first column")
    arguments = parser.parse_args()
    PairMemory.__init__.__defaults__ = (_REMEMBERED,)
    units = [unit for file in arguments.suites for unit in conversations(read_suite(file))]
    rules, sets = hold_rules()
    wanted = set(arguments.rule) or {*(rule.name for rule in rules), *(listed.name for listed in sets)}
    corpus: Corpus = open_corpus(ROOT / "seeds", llm="none")
    papers = {paper.id: paper for paper in corpus.papers()}
    given: list[Any] = []

    def answer(question: str, before: Any) -> Any:
        given.append(answer_dict(corpus.ask(question, history=before)))
        return given[-1]

    system, check = corpus_system(answer), FittedCheck()
    first: list[Result] = []
    parts: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        for rule in rules:
            rule.matched = False
        first.append(ask(unit, system, papers, given))
        for rule in rules:
            if rule.matched:
                parts[rule.name].append(number)
    sound = verdicts(check)
    print(f"# {len(units)} questions and conversations, {sum(r.right for r in first)} turns right", flush=True)

    def row(name: str, among: list[int], *, grounding: bool) -> None:
        chosen = sorted(random.Random(7).sample(among, min(arguments.most, len(among))))
        again = [(first[n], ask(units[n], system, papers, given)) for n in chosen]
        verdict = list(zip(sound, verdicts(check), strict=True)) if grounding else []
        columns = (
            *(len(among), len(chosen), sum(a.answers != b.answers for a, b in again)),
            *_lost_and_won([(a.right, b.right) for a, b in again]),
            *_lost_and_won([(a.intents, b.intents) for a, b in again]),
            *_lost_and_won([(int(a), int(b)) for a, b in verdict]),
        )
        print("\t".join(map(str, (name, *columns))), flush=True)

    for rule in sorted((r for r in rules if r.name in wanted), key=lambda r: len(parts[r.name])):
        rule.enabled = False
        row(rule.name, parts[rule.name], grounding=rule.name.startswith("grounding"))
        rule.enabled = True
    for listed in (one for one in sets if one.name in wanted):
        listed.put(frozenset())
        row(listed.name, with_word(units, listed.words), grounding=listed.name.startswith("grounding"))
        listed.put(listed.words)


def conversations(suite: Suite) -> Iterator[tuple[Case, ...]]:
    """The questions of a suite, the turns of a conversation together."""
    turns: list[Case] = []
    for case in suite.cases:
        if turns and case.turn <= 1:
            yield tuple(turns)
            turns = []
        turns.append(case)
    yield tuple(turns)


def with_word(units: Sequence[tuple[Case, ...]], listed: frozenset[str]) -> list[int]:
    """The places of the questions with a word of a list."""
    return [
        place
        for place, unit in enumerate(units)
        if any({word.casefold() for word, _, _ in words(case.question)} & listed for case in unit)
    ]


def _lost_and_won(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(max(a - b, 0) for a, b in pairs), sum(max(b - a, 0) for a, b in pairs)


if __name__ == "__main__":
    main()
