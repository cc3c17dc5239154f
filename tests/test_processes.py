"""Work in child processes: the results of `map`, no child left behind, and what a child fails at is done here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from askpapers import processes
from askpapers.corpus.records import Omitted, Record
from askpapers.metadata import Metadata, Notice, Person
from askpapers.processes import in_processes
from command_line import hear_control_c

PID = "__import__('os').getpid()"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def _wait_until_gone(pids: set[int]) -> None:
    for _ in range(500):
        if not any(map(_is_alive, pids)):
            return
        time.sleep(0.02)
    pytest.fail(f"{pids} are still there")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_results_are_those_of_map_in_order_and_large_ones_too(count: int) -> None:
    chunks = [f"'x' * {length}" for length in (3, 400_000, 0, 70_000, 1, 2, 300_000, 5)]
    assert list(in_processes(eval, chunks, count)) == list(map(eval, chunks))
    assert list(in_processes(eval, [], count)) == []


def test_values_come_through_as_they_were() -> None:
    metadata = Metadata(
        people=(Person("Moss", "Ada"), Person("Fern")), notice=Notice.RETRACTED, extra=(("ris:M1", "12"),)
    )
    values = [Record("Lichens grow.", 3, metadata=metadata), Omitted(4, "no abstract"), {"a": (1,)}]
    assert list(in_processes(list, [values, []], 2)) == [values, []]


def test_the_first_few_items_are_worked_on_here_and_more_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "FEW", 3)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    started = list[object]()
    in_children = processes.in_processes
    monkeypatch.setattr(processes, "in_processes", lambda *given: started.append(given) or in_children(*given))  # type: ignore[func-returns-value]
    for count in range(9):
        found = list(processes.in_chunks(sorted, iter(range(count)), 2))
        assert [n for chunk in found for n in chunk] == list(range(count))
        assert all(0 < len(chunk) <= 2 for chunk in found)
        assert bool(started) == (count > 3)


def test_the_work_is_done_by_others_and_none_is_left() -> None:
    pids = set(in_processes(eval, [PID] * 20, 2))
    assert os.getpid() not in pids
    _wait_until_gone(pids)


def test_no_more_than_a_few_chunks_are_taken_ahead() -> None:
    taken: list[int] = []

    def chunks() -> Iterator[str]:
        for number in range(100):
            taken.append(number)
            yield str(number)

    with closing(in_processes(eval, chunks(), 2)) as results:
        assert next(results) == 0
        assert len(taken) < 10


def test_closing_it_early_ends_the_children() -> None:
    results = in_processes(eval, [PID, PID, *["__import__('time').sleep(60)"] * 4], 2)
    pids = {next(results)}
    results.close()
    _wait_until_gone(pids)


@pytest.mark.parametrize("chunk", ["1 / 0", "__import__('sys').exit(3)", "unknown_name"])
def test_what_the_function_raises_is_raised(chunk: str) -> None:
    results = in_processes(eval, ["1", chunk, "3"], 2)
    assert next(results) == 1
    with pytest.raises((ZeroDivisionError, SystemExit, NameError)):
        next(results)


def test_what_a_child_dies_of_is_done_here() -> None:
    here = os.getpid()
    dies = f"{PID} if {PID} == {here} else __import__('os')._exit(1)"
    prints = "(print('not a result'), 5)[1]"
    assert list(in_processes(eval, ["1", dies, prints, dies, "4"], 2)) == [1, here, 5, here, 4]


def test_without_room_for_children_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert set(in_processes(eval, [PID] * 3, 2)) == {os.getpid()}


_PARENT = f"""
from askpapers.processes import in_processes
results = in_processes(eval, ["{PID}"] * 2 + ["__import__('time').sleep(1)"] * 200, 2)
print(next(results), next(results), flush=True)
for _ in results:
    pass
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_child_outlives_its_parent(sent: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        preexec_fn=hear_control_c,
    )
    assert parent.stdout
    pids = set(map(int, parent.stdout.readline().split()))
    assert pids
    if sent == signal.SIGINT:
        os.killpg(parent.pid, sent)  # as a terminal does
    else:
        parent.send_signal(sent)
    assert parent.wait(20) != 0
    parent.stdout.close()
    _wait_until_gone(pids)
