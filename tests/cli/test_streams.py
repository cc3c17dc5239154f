"""Standard streams that are closed, full or of an odd width: two lines, or the answer all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from askpapers.cli.options import console_for
from askpapers.cli.streams import terminal_size

FULL = "/dev/full"
needs_full = pytest.mark.skipif(not Path(FULL).exists(), reason="there is no /dev/full")


def run(redirections: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`ask` under a shell's redirections; a traceback of what is swallowed at the end would be in its errors."""
    program = [sys.executable, "-c", "from askpapers.cli import main; main()", *arguments]
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirections}', "sh", *program],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )


@needs_full
@pytest.mark.parametrize(
    ("command", "unbuffered", "encoding"),
    [("--version", "", "utf-8"), ("--version", "1", "ascii"), ("eval --help", "1", "utf-8"), ("doctor", "", "ascii")],
)
def test_what_cannot_be_written_is_two_lines(command: str, unbuffered: str, encoding: str) -> None:
    got = run(f">{FULL}", *command.split(), PYTHONUNBUFFERED=unbuffered, PYTHONIOENCODING=encoding)
    assert got.returncode == 1
    assert got.stderr.splitlines() == [
        "ask: The output cannot be written: No space left on device.",
        "     Make room there, or write to another place.",
    ]


def test_no_output_at_all_is_two_lines() -> None:
    got = run(">&-", "--version")
    assert got.returncode == 1
    assert got.stderr.startswith("ask: Standard output is closed")
    assert len(got.stderr.splitlines()) == 2


@pytest.mark.parametrize("redirections", ["2>&-", pytest.param(f"2>{FULL}", marks=needs_full)])
def test_errors_that_no_one_reads_do_not_change_the_exit_code(redirections: str) -> None:
    assert run(redirections, "--version").returncode == 0
    assert run(redirections, "papers", "--no-such-option").returncode == 2


def test_a_closed_standard_input_is_an_empty_question() -> None:
    got = run("<&-", "--json")
    assert (got.returncode, got.stderr.splitlines()[0]) == (2, "ask: The question is empty.")


def test_a_descriptor_that_is_closed_is_taken_by_no_file() -> None:
    """Else what a library writes to standard error would go into the index."""
    program = """
import os, sys
from askpapers.cli.streams import prepare_streams
prepare_streams()
os.write(1, str(os.open(os.devnull, os.O_RDONLY)).encode())
"""
    closed = ["sh", "-c", '"$@" <&- 2>&-', "sh", sys.executable, "-c", program]
    assert int(subprocess.run(closed, capture_output=True, text=True).stdout) > 2


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_had_enough_hears_nothing(unbuffered: str) -> None:
    got = run("| true", "--help", PYTHONUNBUFFERED=unbuffered)
    assert got.stderr == ""


@pytest.mark.parametrize("columns", ["0", "1", "19", "-5", "²", "many", ""])
def test_a_width_that_is_none_is_the_usual_one(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", columns)
    assert terminal_size()[0] == 80
    assert console_for(no_color=True).width == 80
    assert terminal_size()[1] >= 2


@pytest.mark.parametrize(("columns", "width"), [("20", 20), ("60", 60), ("500", 100), ("9" * 30, 100)])
def test_a_width_that_can_be_meant_is_kept_up_to_what_reads_well(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert console_for(no_color=True).width == width
