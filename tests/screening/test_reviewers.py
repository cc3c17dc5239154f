"""Two reviewers: each blind to the other, disagreements settled, and nothing lost by writing at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples_of import ScriptedJudge, paper, screening

from askpapers.errors import UsageError
from askpapers.export.screening import SCREENING_KINDS
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.imported import read_export
from askpapers.screening.importing import import_decisions, import_log
from askpapers.screening.outcomes import NOTHING, Status, outcomes, removed_duplicates
from askpapers.screening.report import report
from askpapers.screening.screening import Screening, Task
from askpapers.screening.verdicts import LABELS, Label, Stage

INCLUDE, EXCLUDE, UNCLEAR = LABELS[Stage.ABSTRACT]
PAPERS = [paper(f"p{n}", f"Kiln {n}", f"We fire clay pots in kilns at {800 + n} degrees.") for n in range(6)]
NAMES = ("Ana", "Bo")


@pytest.fixture
def both(tmp_path: Path) -> tuple[Screening, Screening]:
    """The screenings of Ana and Bo, by one file of decisions."""
    one = screening(tmp_path, ScriptedJudge({}), PAPERS)
    return one.doing(Task("Ana")), one.doing(Task("Bo"))


def decide(of: Screening, **labels: Label) -> None:
    for name, label in labels.items():
        of.decide(of.find(name), label)


def ids(found: object) -> list[str]:
    assert isinstance(found, list)
    return sorted(one.paper.id for one in found)


def test_neither_sees_what_the_other_decided_before_they_decide(both: tuple[Screening, Screening]) -> None:
    ana, bo = both
    before = [one.paper.id for one in bo.queue()]
    decide(ana, p0=INCLUDE, p1=EXCLUDE)
    assert [one.paper.id for one in bo.queue()] == before  # the order says nothing of Ana's decisions
    assert (bo.find("p0").decision, bo.find("p0").decided_by, bo.find("p0").outcome) == (None, "machine", NOTHING)
    assert any("on 2 papers are hidden" in note for note in bo.notes)
    assert (report(bo).stopping.decided, report(ana).stopping.decided) == (0, 2)
    assert report(bo.doing(Task())).stopping.decided == 2  # who is no reviewer sees what was decided
    assert bo.doing(Task("Bo", blind=False)).find("p0").outcome.votes["Ana"].label is INCLUDE
    decide(bo, p0=EXCLUDE)
    assert set(bo.find("p0").outcome.votes) == {"Ana", "Bo"}
    assert "p1" in ids(bo.queue())


def test_two_have_to_agree_and_a_consensus_settles_what_they_do_not(both: tuple[Screening, Screening]) -> None:
    ana, bo = both
    decide(ana, p0=INCLUDE, p1=EXCLUDE, p2=INCLUDE, p3=INCLUDE)
    decide(bo, p0=INCLUDE, p1=INCLUDE, p2=UNCLEAR)
    status = {one.paper.id: one.outcome.status for one in ana.unblinded_papers()}
    assert status == {
        "p0": Status.AGREED, "p1": Status.CONFLICT, "p2": Status.AGREED, "p3": Status.WAITING,
        "p4": Status.OPEN, "p5": Status.OPEN,
    }  # fmt: skip
    assert ana.find("p2").label is INCLUDE  # one is not sure: it is read on
    settling = bo.doing(Task("Bo", consensus=True))
    assert ids(settling.queue()) == ["p1"]
    with pytest.raises(UsageError, match="do not disagree on p0"):
        settling.decide(settling.find("p0"), EXCLUDE)
    made = settling.decide(settling.find("p1"), EXCLUDE, "1")
    assert (made.consensus, made.reviewer) == (True, "Bo")
    assert settling.queue() == []
    assert (ana.find("p1").label, ana.find("p1").reason) == (EXCLUDE, (1, "about kilns"))
    prisma = report(ana).prisma
    assert (prisma.sought, prisma.excluded_by_person, prisma.waiting, prisma.conflicts) == (2, 1, 1, 0)
    assert prisma.screened == prisma.sought + prisma.excluded_by_person + prisma.excluded_by_machine + prisma.undecided
    ((one, other, agreed),) = report(ana).reviewers
    assert (one, other, agreed.papers, agreed.both_keep, agreed.only_second) == ("Ana", "Bo", 3, 2, 1)


def test_undo_takes_back_ones_own_decision(both: tuple[Screening, Screening]) -> None:
    ana, bo = both
    decide(ana, p0=INCLUDE)
    decide(bo, p0=EXCLUDE)
    taken = ana.undo()
    assert taken
    assert (taken.reviewer, taken.label) == ("Ana", INCLUDE)
    assert set(bo.log.outcomes()["p0"].votes) == {"Bo"}
    assert ana.undo() is None


def test_a_name_is_asked_for_where_names_are_given_and_letter_case_is_no_other_name(
    both: tuple[Screening, Screening],
) -> None:
    ana, _ = both
    assert ana.log.reviewer("") == ""
    decide(ana, p0=INCLUDE)
    assert ana.log.reviewer(" ana ") == "Ana"
    with pytest.raises(UsageError, match="Ana screened here by name") as raised:
        ana.log.reviewer("")
    assert "--reviewer NAME" in raised.value.hint


def test_full_texts_are_a_stage_of_their_own(both: tuple[Screening, Screening]) -> None:
    ana, bo = both
    for one in both:
        decide(one, p0=INCLUDE, p1=INCLUDE, p2=INCLUDE, p3=INCLUDE, p4=EXCLUDE)
    first, second = (one.doing(Task(one.task.reviewer, Stage.FULL_TEXT)) for one in both)
    assert ids(first.queue()) == ["p0", "p1", "p2", "p3"]
    with pytest.raises(UsageError, match="excluded for a reason"):
        first.decide(first.find("p0"), EXCLUDE)
    with pytest.raises(UsageError, match="full text of p4 is not sought"):
        first.decide(first.find("p4"), INCLUDE)
    with pytest.raises(UsageError, match="“unclear” is no decision"):
        first.decide(first.find("p0"), UNCLEAR)
    with pytest.raises(UsageError, match="“not retrieved” is no decision"):
        ana.decide(ana.find("p5"), Label.NOT_RETRIEVED)
    for name, label, reason, other in (
        ("p0", INCLUDE, "", ""), ("p1", EXCLUDE, "1", "1"), ("p2", Label.NOT_RETRIEVED, "", ""),
        ("p3", EXCLUDE, "1", "no data"),
    ):  # fmt: skip
        first.decide(first.find(name), label, reason)
        second.decide(second.find(name), label, other)
    settling = bo.doing(Task("Bo", Stage.FULL_TEXT, consensus=True))
    assert ids(settling.queue()) == ["p3"]  # excluded by both, for other reasons
    found = report(ana).prisma
    assert (found.full_texts.conflicts, found.full_texts.undecided) == (1, 1)
    settling.decide(settling.find("p3"), EXCLUDE, "no data")
    found = report(ana).prisma
    texts = found.full_texts
    assert (texts.not_retrieved, texts.assessed, texts.excluded, texts.included, texts.undecided) == (1, 3, 2, 1, 0)
    assert texts.reasons == (("about kilns", 1), ("no data", 1))
    assert found.sought == texts.not_retrieved + texts.assessed + texts.undecided
    assert ana.find("p1").label is INCLUDE  # what was decided on the abstract stays


votes = st.lists(
    st.tuples(
        st.sampled_from(["p0", "p1", "p2"]), st.sampled_from([*NAMES, ""]), st.sampled_from(LABELS[Stage.ABSTRACT])
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(votes, st.sampled_from(NAMES))
def test_what_is_hidden_tells_nothing(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, str, Label]], who: str
) -> None:
    """What a reviewer sees of the papers that are theirs to decide is the same, whatever others decided on them."""
    one = screening(tmp_path_factory.mktemp("blind"), ScriptedJudge({}), PAPERS[:3])
    for name, by, label in made:
        one.log.add(Decision(name, label, reviewer=by))
    mine = one.doing(Task(who))
    theirs = [s for s in mine.papers() if s.paper.id in ids(mine.queue())]
    assert all(not s.outcome.votes and s.decided_by == "machine" for s in theirs)
    assert {name for name, by, _ in made if by == who}.isdisjoint(ids(mine.queue()))


@settings(max_examples=60)
@given(votes)
def test_every_paper_is_counted_once_and_an_export_brings_back_all_decisions(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, str, Label]]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    one = screening(folder, ScriptedJudge({}), PAPERS[:3])
    for name, by, label in made:
        one.log.add(Decision(name, label, reviewer=by))
    prisma = report(one).prisma
    assert prisma.screened == prisma.sought + prisma.excluded_by_person + prisma.excluded_by_machine + prisma.undecided
    named = {(name, by) for name, by, _ in made if by}
    for kind in ("csv", "ris") if named else ():
        file = folder / f"all.{kind}"
        content = SCREENING_KINDS[kind][1](one.unblinded_papers())
        assert isinstance(content, str)
        file.write_text(content, encoding="utf-8")
        (folder / kind).mkdir()
        again = screening(folder / kind, ScriptedJudge({}), PAPERS[:3])
        import_decisions(again, list(read_export(file)), None, lambda *_: None)
        for name, by in named:
            assert again.log.outcomes()[name].votes[by].label is one.log.outcomes()[name].votes[by].label


steps = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["p0", "p1", None]), st.sampled_from([INCLUDE, EXCLUDE]))
)


@settings(max_examples=60)
@given(steps)
def test_two_windows_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None, Label]]
) -> None:
    """Each has the file open and reads nothing before it writes: what is there afterwards is what each one made."""
    file = tmp_path_factory.mktemp("log") / "review.decisions.jsonl"
    logs = {name: DecisionLog(file) for name in NAMES}
    made: dict[str, list[tuple[str, Label]]] = {name: [] for name in NAMES}
    for who, name, label in steps:
        if name is None:
            logs[who].undo(who)
            made[who] = made[who][:-1]
        else:
            logs[who].add(Decision(name, label, reviewer=who))
            made[who].append((name, label))
    found = DecisionLog(file).made
    assert {who: [(d.paper, d.label) for d in found if d.reviewer == who] for who in NAMES} == made


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from askpapers.screening.decision_lines import Decision\n"
        "from askpapers.screening.decisions import DecisionLog\n"
        "from askpapers.screening.verdicts import Label\n"
        "log = DecisionLog(Path(sys.argv[1]))\n"
        "for n in range(100): log.add(Decision(f'p{n}', Label.INCLUDE, reviewer=sys.argv[2]))\n"
        "for n in range(10): log.undo(sys.argv[2])\n"
    )
    file = tmp_path / "review.decisions.jsonl"
    running = [subprocess.Popen([sys.executable, "-c", program, file, name]) for name in NAMES]
    assert [one.wait() for one in running] == [0, 0]
    found = DecisionLog(file)
    assert {name: sum(d.reviewer == name for d in found.made) for name in NAMES} == {"Ana": 90, "Bo": 90}
    assert found.notes == ()


def test_two_who_take_back_one_decision_take_back_one(tmp_path: Path) -> None:
    file = tmp_path / "review.decisions.jsonl"
    log = DecisionLog(file)
    log.add(Decision("p0", INCLUDE))
    log.add(Decision("p0", EXCLUDE))
    log.undo()
    line = file.read_bytes().splitlines(keepends=True)[-1]
    with file.open("ab") as stream:
        stream.write(line)  # of another window, which saw the same decision
    assert [d.label for d in DecisionLog(file).made] == [INCLUDE]


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "review.decisions.jsonl"
    log = DecisionLog(file)
    log.add(Decision("p0", INCLUDE, reviewer="Ana"))
    other = DecisionLog(tmp_path / "other.jsonl")
    for name in ("p1", "p2"):
        other.add(Decision(name, EXCLUDE, reviewer="Bo"))
    (tmp_path / "other.jsonl").replace(file)
    log.refresh()
    assert list(log.outcomes()) == ["p1", "p2"]


pairs = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from(LABELS[Stage.DUPLICATES])).filter(
        lambda pair: pair[0] != pair[1]
    )
)


@given(pairs)
def test_the_paper_that_stands_for_a_duplicate_is_never_removed(made: list[tuple[str, str, Label]]) -> None:
    removed = removed_duplicates(Decision(one, label, of=of, stage=Stage.DUPLICATES) for one, of, label in made)
    assert not removed.keys() & set(removed.values())
    assert removed.keys() <= {one for one, _, label in made if label is Label.DUPLICATE}


def test_old_files_are_one_reviewer_without_a_name(tmp_path: Path) -> None:
    file = tmp_path / "review.decisions.jsonl"
    file.write_text(
        '{"schema": 1, "at": "2025-01-02T03:04:05+00:00", "paper": "p0", "title": "T", "label": "include",'
        ' "reason": null, "machine": {"label": "unclear", "reason": ""}}\n'
        '{"schema": 1, "at": "2025-01-02T03:04:06+00:00", "paper": "p1", "title": "T", "label": "exclude",'
        ' "reason": {"number": 2, "text": "reviews"}, "machine": null}\n'
        '{"schema": 1, "at": "2025-01-02T03:04:07+00:00", "undo": "p1"}\n'
    )
    log = DecisionLog(file)
    assert (log.reviewers, {name: d.label for name, d in log.current.items()}) == (("",), {"p0": INCLUDE})
    assert outcomes(log.made, Stage.ABSTRACT)["p0"].status is Status.DECIDED


@settings(max_examples=40)
@given(votes, votes)
def test_files_of_two_machines_come_together_once(
    tmp_path_factory: pytest.TempPathFactory, mine: list[tuple[str, str, Label]], theirs: list[tuple[str, str, Label]]
) -> None:
    folder = tmp_path_factory.mktemp("machines")
    here, there = DecisionLog(folder / "here.jsonl"), DecisionLog(folder / "there.jsonl")
    for log, made in ((here, mine), (there, theirs)):
        for name, _, label in made:
            log.add(Decision(name, label, reviewer="Ana" if log is here else "Bo"))
    if not theirs:
        with pytest.raises(UsageError, match="no such decisions"):
            import_log(here, there, None)
        return
    for decided_before in (0, len(theirs)):
        assert import_log(here, there, None).decided == decided_before
    assert {d.id for d in there.made} <= {d.id for d in here.made}
    assert len(here.made) == len(mine) + len(theirs)


def test_a_file_without_names_is_the_colleagues_who_is_named(tmp_path: Path) -> None:
    here, there = DecisionLog(tmp_path / "here.jsonl"), DecisionLog(tmp_path / "there.jsonl")
    here.add(Decision("p0", INCLUDE, reviewer="Ana"))
    there.add(Decision("p0", EXCLUDE))
    there.add(Decision("p1", Label.DUPLICATE, of="p2", stage=Stage.DUPLICATES))
    with pytest.raises(UsageError, match="Whose decisions"):
        import_log(here, there, None)
    found = import_log(here, there, "Bo")
    assert (found.labels[EXCLUDE], found.further) == (1, 1)
    assert here.outcomes()["p0"].status is Status.CONFLICT
    with pytest.raises(UsageError) as raised:
        import_log(there, here, "Cy")
    assert "Ana, Bo" in raised.value.hint
