"""A screening under way: what a person decides counts, seeds have to be included, the rest is ranked anew."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from samples_of import PROTOCOL, ScriptedJudge, paper, screening

from askpapers.errors import ScreeningError, UsageError
from askpapers.progress import no_progress
from askpapers.screening.protocol import Seed
from askpapers.screening.report import report
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import Holds, Label

KILNS = [paper(f"k{n}", f"Kiln {n}", f"We fire clay pots in kilns at {800 + n} degrees.") for n in range(4)]
SHIPS = [paper(f"s{n}", f"Ship {n}", f"We sail wooden ships over {n} seas and oceans.") for n in range(4)]
PAPERS = [*SHIPS, *KILNS]
JUDGED = {"s3": Holds.NO, "k3": Holds.YES}


def ids(found: object) -> list[str]:
    assert isinstance(found, list)
    return [screened.paper.id for screened in found]


def test_the_queue_begins_by_the_machines_score_and_what_it_excludes_comes_last(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    assert ids(one.queue())[0] == "k3"
    assert ids(one.queue())[-1] == "s3"
    assert len(one.queue()) == 8


def test_each_decision_ranks_the_rest_anew_and_undo_puts_it_back(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    before = ids(one.queue())
    one.decide(one.find("s0"), Label.INCLUDE)
    one.decide(one.find("k0"), Label.EXCLUDE, "1")
    assert set(ids(one.queue())[:2]) == {"s1", "s2"}
    assert "s0" not in ids(one.queue())
    one.log.undo()
    one.log.undo()
    assert ids(one.queue()) == before


def test_without_scikit_learn_the_machines_score_orders_and_a_note_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    one.decide(one.find("s0"), Label.INCLUDE)
    one.decide(one.find("k0"), Label.EXCLUDE)
    assert ids(one.queue())[0] == "k3"
    assert any("askpapers[screen]" in note for note in one.notes)


def test_a_persons_decision_wins_and_stands_beside_the_machines(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    made = one.decide(one.find("s3"), Label.INCLUDE)
    assert (made.machine, made.machine_reason) == (Label.EXCLUDE, "about kilns")
    screened = one.find("s3")
    assert (screened.label, screened.decided_by, screened.reason) == (Label.INCLUDE, "person", (None, ""))
    assert screened.judgement.label is Label.EXCLUDE
    one.decide(screened, Label.EXCLUDE, "wrong  kind of ship")
    assert one.find("s3").reason == (None, "wrong kind of ship")
    one.decide(screened, Label.EXCLUDE, "3")
    assert one.find("s3").reason == (3, "reviews")


def test_what_cannot_be_decided(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    with pytest.raises(UsageError, match="no criterion 4"):
        one.decide(one.find("s3"), Label.EXCLUDE, "4")
    with pytest.raises(UsageError, match="for excluding"):
        one.decide(one.find("s3"), Label.INCLUDE, "1")
    with pytest.raises(UsageError, match="No paper is called"):
        one.find("nothing like it")
    with pytest.raises(UsageError, match="may be s0, s1"):
        one.find("Ship")
    assert one.log.made == ()


def test_a_paper_is_judged_once_however_often_the_screening_is_opened(tmp_path: Path) -> None:
    judge = ScriptedJudge(JUDGED)
    for _ in range(2):
        screening(tmp_path, judge, PAPERS).judged.judge_all(no_progress)
    assert judge.asked == [one.id for one in PAPERS]


def test_seeds_are_included_and_teach_the_ranking(tmp_path: Path) -> None:
    protocol = replace(PROTOCOL, seeds=(Seed("s0", 9), Seed("Ship 1", 10)))
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS, protocol)
    one.check_seeds()
    assert (one.find("s0").label, one.find("s0").decided_by) == (Label.INCLUDE, "seed")
    one.decide(one.find("k0"), Label.EXCLUDE)
    assert ids(one.queue())[0] == "s2"


def test_a_seed_that_is_missing_or_excluded_stops_the_screening_with_the_reason(tmp_path: Path) -> None:
    def with_seed(name: str) -> ScreeningError:
        one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS, replace(PROTOCOL, seeds=(Seed(name, 9),)))
        with pytest.raises(ScreeningError) as raised:
            one.check_seeds()
        return raised.value

    assert "review.md:9: the seed “10.1/none” is not in the corpus" in str(with_seed("10.1/none"))
    assert "may be s0, s1, s2, s3" in str(with_seed("Ship"))
    excluded = with_seed("s3")
    assert "excluded by criterion 1, “about kilns”: so it is. “We sail”" in str(excluded)
    assert "--decide s3 include" in excluded.hint
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS, replace(PROTOCOL, seeds=(Seed("s3", 9),)))
    one.decide(one.find("s3"), Label.EXCLUDE)
    one.check_seeds()  # a person's decision wins
    assert one.find("s3").label is Label.EXCLUDE


def test_the_report_counts_what_prisma_asks_for(tmp_path: Path) -> None:
    twice = replace(KILNS[1], sources=(*KILNS[1].sources, *KILNS[1].sources))
    one = screening(tmp_path, ScriptedJudge(JUDGED), [*SHIPS, KILNS[0], twice, *KILNS[2:]])
    for name, label, reason in (
        ("k0", Label.INCLUDE, ""), ("k1", Label.UNCLEAR, ""), ("s0", Label.EXCLUDE, "1"), ("s1", Label.EXCLUDE, ""),
        ("k3", Label.EXCLUDE, "in Danish"),
    ):  # fmt: skip
        one.decide(one.find(name), label, reason)
    for name, label in (("k0", Label.INCLUDE), ("s0", Label.EXCLUDE), ("s1", Label.INCLUDE)):
        one.doing(Task(recheck=True)).decide(one.find(name), label)
    found = report(one)
    prisma = found.prisma
    assert (prisma.records, prisma.duplicates, prisma.screened) == (9, 1, 8)
    assert (prisma.excluded_by_person, prisma.excluded_by_machine) == (3, 1)
    assert prisma.reasons == (("about kilns", 2), ("in Danish", 1), ("", 1))
    assert (prisma.sought, prisma.undecided) == (2, 2)
    assert prisma.screened == prisma.excluded_by_person + prisma.excluded_by_machine + prisma.sought + prisma.undecided
    assert (found.stopping.decided, found.stopping.kept, found.stopping.since_last) == (5, 2, 3)
    assert found.rechecked
    assert (found.rechecked.papers, found.rechecked.only_second) == (3, 1)
    assert found.with_machine  # s0 and s1 were unclear to it
    assert (found.with_machine.papers, found.with_machine.only_second) == (1, 1)
    assert one.find("s1").label is Label.EXCLUDE  # a re-check changes nothing


def test_the_sample_of_a_recheck_is_of_decided_papers_and_each_is_drawn_once(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    assert one.sample(3) == []
    for name in ("k0", "k1", "s0"):
        one.decide(one.find(name), Label.INCLUDE)
    assert set(ids(one.sample(5))) == {"k0", "k1", "s0"}
    assert ids(one.sample(2)) == ids(one.sample(2))
    one.doing(Task(recheck=True)).decide(one.find("k0"), Label.EXCLUDE)
    assert set(ids(one.sample(5))) == {"k1", "s0"}


def test_decisions_on_papers_that_have_gone_are_told(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge(JUDGED), PAPERS)
    one.log.add(replace(one.decide(one.find("k0"), Label.INCLUDE), paper="gone"))
    assert "1 decided paper" in one.notes[0]
