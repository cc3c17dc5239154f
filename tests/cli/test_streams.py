"""Standard streams that are closed, full or of an odd width: two lines, or the answer all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.cli.options import console_for
from askpapers.cli.streams import ANEW, Printed, terminal_size

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


PIECES = st.lists(st.binary(min_size=1, max_size=4).map(lambda piece: bytes(sign % 2 for sign in piece)), max_size=6)


@given(PIECES, PIECES)
def test_an_answer_that_begins_again_goes_on_where_it_stopped_or_is_given_anew(
    before: list[bytes], again: list[bytes]
) -> None:
    shown, answer = b"".join(before), b"".join(again)
    printed = Printed(shown, ANEW)
    more = b"".join(printed.new_part(piece) for piece in again)
    if answer.startswith(shown):
        assert shown + more == answer
    elif shown.startswith(answer):
        assert more == b""
    else:
        assert more == ANEW + answer


def test_what_another_process_printed_is_not_printed_twice() -> None:
    """Through the real streams, as after a crash of the process in the background."""
    program = """
import sys
from askpapers.cli.streams import prepare_streams
prepare_streams((b"One. Tw", b"note: 1\\n"))
sys.stderr.write("note: 1\\nnote: 2\\n")
for part in sys.argv[1:]:
    print(part, end="", flush=True)
"""

    def shown(*parts: str) -> tuple[str, str]:
        got = subprocess.run([sys.executable, "-c", program, *parts], capture_output=True, text=True, check=True)
        return got.stdout, got.stderr

    assert shown("One. ", "Two.", " Three.") == ("o. Three.", "note: 2\n")
    assert shown("One. ", "2.") == (f"{ANEW.decode()}One. 2.", "note: 2\n")
