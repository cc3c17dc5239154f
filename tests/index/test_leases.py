"""Leases: what a reader holds stays, what it has let go of goes, and a crash is known."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from askpapers.index.leases import LEASES, guarded, is_leased, take_lease

_HOLD = """
import signal, sys, time
from pathlib import Path
from askpapers.index.leases import guarded, take_lease
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is inherited as ignored
generation = Path(sys.argv[1])
with guarded(generation.parent):
    lease = take_lease(generation)
print("held", flush=True)
{then}
"""


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    place = tmp_path / "0001-abcd"
    place.mkdir()
    return place


def _hold(generation: Path, then: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD.format(then=then), str(generation)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    return process


def _look(generation: Path) -> tuple[bool, bool]:
    """Whether a generation is leased, and whether the next reader is told of a crash."""
    with guarded(generation.parent):
        leased = is_leased(generation)
        lease = take_lease(generation)
    lease.release()
    return leased, lease.crashed


def _leases(generation: Path) -> list[str]:
    return sorted(path.name for path in (generation.parent / LEASES).iterdir() if path.name != "lock")


def test_a_lease_is_held_until_it_is_released_or_collected(generation: Path) -> None:
    with guarded(generation.parent):
        assert not is_leased(generation)
        first, second = take_lease(generation), take_lease(generation)
        assert is_leased(generation)
        first.release()
        first.release()
        assert is_leased(generation)
        del second
        assert not is_leased(generation)
    assert _leases(generation) == []


def test_a_lease_is_on_one_generation(generation: Path) -> None:
    other = generation.with_name("0002-abcd")
    with guarded(generation.parent):
        lease = take_lease(generation)
        assert not is_leased(other)
        assert not take_lease(other).crashed
    lease.release()


@pytest.mark.parametrize("then", ["time.sleep(60)", "raise SystemExit(3)", "raise KeyboardInterrupt", "pass"])
def test_a_process_holds_its_lease_until_it_ends_and_leaves_nothing(generation: Path, then: str) -> None:
    with _hold(generation, then) as process:
        if "sleep" in then:
            with guarded(generation.parent):
                assert is_leased(generation)
            process.send_signal(signal.SIGINT)
        process.wait()
    assert _leases(generation) == []
    assert _look(generation) == (False, False)


def test_a_reader_that_was_killed_holds_nothing_and_its_crash_is_known_once(generation: Path) -> None:
    with _hold(generation, "time.sleep(60)") as process:
        process.kill()
    assert len(_leases(generation)) == 1
    with guarded(generation.parent):
        lease = take_lease(generation)
        assert lease.crashed
        assert not take_lease(generation).crashed
    lease.release()
    assert _leases(generation) == []


def test_a_reader_that_lives_is_no_crash(generation: Path) -> None:
    with _hold(generation, "time.sleep(60)") as process:
        assert _look(generation) == (True, False)
        process.kill()
    assert _look(generation)[0] is False


def test_a_folder_that_cannot_be_written_is_read_without_a_lease(
    generation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with guarded(generation.parent):
        lease = take_lease(generation)
        assert not is_leased(generation)
    lease.release()
