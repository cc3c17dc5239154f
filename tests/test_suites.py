"""The suites of questions on the seeds are well-formed, and what they expect stands in the abstracts."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from askpapers.answering.intent import Intent
from askpapers.engine import Corpus
from askpapers.evaluation.suites import Kind, read_suite
from askpapers.text import plain

ROOT = Path(__file__).resolve().parents[1]
SUITES = {path.stem: path for path in sorted((ROOT / "eval" / "suites").glob("seeds-*.jsonl"))}
REQUIRED = {
    "id": str,
    "question": str,
    "intent": str,
    "answerable": bool,
    "must": list,
    "may": list,
    "facts": list,
    "not": list,
}
REPLIES = ("language", "metadata")  # of what is no question about what papers say
OPTIONAL = {"note": str, "prefer": list, "asks_back": bool}


def entries(name: str) -> Iterator[dict[str, Any]]:
    for line in SUITES[name].read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "turns" not in entry:
            yield entry
        for number, turn in enumerate(entry.get("turns", ()), 1):
            yield {"id": f"{entry['id']}.{number}", **turn}


def wrong(name: str, is_right: Callable[[dict[str, Any]], bool]) -> list[str]:
    """The ids of the entries that are not right. Only ids are shown: the test suite is not to be read."""
    return [entry["id"] for entry in entries(name) if not is_right(entry)]


every_suite = pytest.mark.parametrize("name", SUITES)


@pytest.fixture(scope="module")
def ids() -> set[str]:
    with (ROOT / "seeds" / "papers.csv").open(encoding="utf-8", newline="") as file:
        return {row["arxiv_id"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def abstracts(corpus: Corpus) -> dict[str, str]:
    return {paper.id: folded(f"{paper.title}. {paper.abstract} {paper.year}") for paper in corpus.papers()}


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text)).casefold()


def test_the_suite_of_intents_has_phrasings_of_each_and_none_twice() -> None:
    cases = read_suite(ROOT / "eval" / "suites" / "intent-dev.jsonl").cases
    assert {case.intent for case in cases} == set(map(str, Intent))
    assert len({case.question for case in cases}) == len(cases) >= 150
    assert {case.kind for case in cases} == {Kind.READING}


def test_both_suites_are_there() -> None:
    assert {"seeds-dev", "seeds-test"} <= set(SUITES)
    assert all(sum(1 for _ in entries(name)) >= 50 for name in SUITES)


def test_the_suites_are_large_and_mixed_enough() -> None:
    every = [entry for name in SUITES if "people" not in name for entry in entries(name)]
    assert len(every) >= 150
    assert {entry["intent"] for entry in every} == set(map(str, Intent))
    unanswerable = [entry for entry in every if not entry["answerable"]]
    assert len(unanswerable) >= len(every) / 5
    assert sum(entry.get("note", "").startswith("near miss") for entry in unanswerable) >= len(unanswerable) / 3


def has_its_fields(entry: dict[str, Any]) -> bool:
    facts = entry["facts"]
    return (
        set(REQUIRED) <= set(entry) <= set(REQUIRED) | set(OPTIONAL)
        and all(type(value) is {**REQUIRED, **OPTIONAL}[key] for key, value in entry.items())
        and entry["question"].strip() == entry["question"] != ""
        and entry["intent"] in {*Intent, *REPLIES}
        and all(isinstance(alternatives, list) and alternatives for alternatives in facts)
        and all(isinstance(text, str) and text for alternatives in facts for text in alternatives)
    )


@every_suite
def test_entries_have_their_fields(name: str) -> None:
    assert wrong(name, has_its_fields) == []


@every_suite
def test_entries_name_papers_of_the_corpus_once(name: str, ids: set[str]) -> None:
    def is_right(entry: dict[str, Any]) -> bool:
        named = [paper for paper in (*entry["must"], *entry["may"]) if not paper.startswith("@")]  # a place in a list
        return set(named) <= ids and len(named) == len(set(named)) and set(entry["not"]).isdisjoint(entry["must"])

    assert wrong(name, is_right) == []


@every_suite
def test_what_cannot_be_answered_expects_nothing_and_all_else_does(name: str) -> None:
    assert wrong(name, lambda e: bool(e["must"]) if e["answerable"] else not (e["must"] or e["facts"])) == []


@every_suite
def test_every_fact_stands_in_an_abstract_that_must_be_cited(name: str, abstracts: dict[str, str]) -> None:
    def is_right(entry: dict[str, Any]) -> bool:
        return all(
            any(folded(text) in abstracts[paper] for text in alternatives for paper in entry["must"])
            for alternatives in entry["facts"]
        )

    assert wrong(name, is_right) == []


def test_no_question_and_no_id_is_there_twice() -> None:
    # Development and test share nothing, or the test says nothing.
    ids_of: dict[str, list[str]] = {}
    for name in SUITES:
        for entry in entries(name):
            if entry["id"].endswith((".2", ".3")):  # what a follow-up means, the conversation says
                continue
            ids_of.setdefault(" ".join(re.findall(r"\w+", entry["question"].casefold())), []).append(entry["id"])
    twice = [ids for ids in ids_of.values() if len(ids) > 1]
    assert not twice
    names = [entry["id"] for name in SUITES for entry in entries(name)]
    assert len(names) == len(set(names))


def test_questions_about_records_name_papers_of_the_seeds_and_have_other_questions_among_them(ids: set[str]) -> None:
    suite = read_suite(ROOT / "eval" / "suites" / "metadata-dev.jsonl")
    assert len(suite.cases) >= 60
    assert {paper for case in suite.cases for paper in (*case.must, *case.may)} <= ids
    assert sum(case.note.startswith("content") for case in suite.cases) >= 8
