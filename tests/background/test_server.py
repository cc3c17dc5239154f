"""The client and the server with each other: what passes through, what is declined, how a question ends."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from askpapers.background.client import status, stop
from askpapers.background.place import socket_file
from askpapers.background.server import hold_place
from background.stand_in import Running, ask, start_client
from command_line import hear_control_c

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets in Python there")


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("run")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.delenv("ASK_SERVER")
    return Path(socket_file())


@pytest.fixture
def server(place: Path) -> Iterator[Running]:
    with Running(place) as running:
        yield running


def at_terminal(*arguments: str, columns: int = 80, **options: Any) -> tuple[int, str]:
    """The exit code and what a client shows on a terminal of its own."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    client = start_client(*arguments, **{"stdin": theirs, "stdout": theirs, "stderr": theirs, **options})
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the client has ended
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return client.wait(30), shown.decode()


@pytest.mark.usefixtures("server")
def test_what_a_process_has_from_its_start_is_the_clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import os, sys; print(os.getcwd(), os.environ['TERM'], os.environ.get('ASK_LLM'), sys.argv[2:],"
        " oct(os.umask(0)), sys.stdout.isatty(), sys.stdout.encoding); print('é', file=sys.stderr); sys.exit(3)"
    )
    monkeypatch.chdir(tmp_path)
    environment = {"ASK_LLM": "none", "TERM": "vt100"}
    code, out, err = ask(program, "--json", "two", environment=environment, umask=0o027)
    assert (code, err) == (3, "é\n")
    assert out == f"{tmp_path} vt100 none ['--json', 'two'] 0o27 False utf-8\n"
    assert "None []" in ask("import os, sys; print(os.environ.get('ASK_LLM'), sys.argv[2:])")[1]


@pytest.mark.usefixtures("server")
def test_standard_input_passes_through() -> None:
    assert ask("--json", given="print('é' * 3)") == (0, "ééé\n", "")


@pytest.mark.usefixtures("server")
def test_a_terminal_is_one_and_has_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS")
    program = "import shutil, sys; print(shutil.get_terminal_size().columns, sys.stdout.isatty(), sys.stderr.isatty())"
    assert at_terminal(program, columns=57) == (0, "57 True True\r\n")


@pytest.mark.usefixtures("server")
def test_a_terminal_is_shown_what_is_written_before_the_end() -> None:
    ours, theirs = pty.openpty()
    program = "import sys, time; print('at once'); sys.stdout.flush(); time.sleep(60)"
    with start_client(program, stdout=theirs, stderr=theirs) as client:
        assert os.read(ours, 100).startswith(b"at once")
        client.kill()
    os.close(ours)
    os.close(theirs)


@pytest.mark.usefixtures("server")
def test_output_and_errors_in_one_file_keep_their_order(tmp_path: Path) -> None:
    program = "import sys; print(1, flush=True); print(2, file=sys.stderr); print(3, flush=True)"
    with (tmp_path / "both").open("w") as both:
        ask(program, stdout=both, stderr=both)
    assert (tmp_path / "both").read_text() == "1\n2\n3\n"


@pytest.mark.usefixtures("server")
def test_control_c_cancels_the_question_and_not_the_server() -> None:
    begun = "print('begun', file=sys.stderr, flush=True)"
    program = f"import sys, time\ntry: {begun}; time.sleep(60)\n"
    program += "except KeyboardInterrupt: print('stopped'); raise SystemExit(130)"
    ours, theirs = pty.openpty()
    with start_client(program, stderr=theirs, preexec_fn=hear_control_c) as client:
        assert os.read(ours, 100).startswith(b"begun")
        client.send_signal(signal.SIGINT)
        assert client.communicate(timeout=30)[0] == "stopped\n"
        assert client.returncode == 130
    os.close(ours)
    os.close(theirs)
    assert ask("print(1)") == (0, "1\n", "")


@pytest.mark.usefixtures("server")
def test_a_client_that_is_killed_ends_its_question() -> None:
    ours, theirs = pty.openpty()
    with start_client("print('begun', flush=True); import time; time.sleep(60)", stdout=theirs) as client:
        os.read(ours, 10)
        client.kill()
    os.close(ours)
    os.close(theirs)
    until = time.monotonic() + 30
    while ask("print(1)")[1] != "1\n":  # the one before is about to end
        assert time.monotonic() < until


def test_a_crash_is_said_with_what_was_printed(server: Running) -> None:
    program = f"import os; print('half', flush=True); os.kill({server.process.pid}, 9)"
    code, shown = at_terminal(program, stderr=subprocess.DEVNULL)
    assert code == 0
    assert shown.startswith("half\r\nHERE it ended in the middle of the answer (b'half\\n', b'')")


def test_after_ctrl_c_a_crash_is_the_end(server: Running) -> None:
    program = f"""
import os, time
print("begun", file=sys.stderr, flush=True)
try: time.sleep(60)
except KeyboardInterrupt: os.kill({server.process.pid}, 9)
"""
    ours, theirs = pty.openpty()
    with start_client(f"import sys{program}", stderr=theirs, preexec_fn=hear_control_c) as client:
        os.read(ours, 100)
        client.send_signal(signal.SIGINT)
        assert (client.communicate(timeout=30)[0], client.returncode) == ("", 130)
    os.close(ours)
    os.close(theirs)


def test_after_a_crash_a_file_has_nothing_of_the_answer(server: Running) -> None:
    code, out, _ = ask(f"import os; print('half', flush=True); os.kill({server.process.pid}, 9)")
    assert (code, out.strip()) == (0, "HERE it ended in the middle of the answer (b'', b'')")
    assert ask("print(1)", "--json", given="x")[1].startswith("HERE none is running")


@pytest.mark.usefixtures("server")
def test_a_second_question_is_answered_by_its_own_process_while_the_first_one_takes_long() -> None:
    ours, theirs = pty.openpty()
    with start_client("print('begun', flush=True); import time; time.sleep(60)", stdout=theirs) as first:
        os.read(ours, 10)
        assert ask("print(1)")[1].startswith("HERE it is answering another question")
        first.kill()
    os.close(ours)
    os.close(theirs)


def test_where_a_key_or_a_locale_differs_the_client_answers(place: Path) -> None:
    keys: dict[str, str] = {"OPENAI_API_KEY": "sk-1", "ASK_API_KEY": "k", "https_proxy": "http://user:word@p"}
    with Running(place, {**keys, "TZ": "UTC"}):
        same = {**keys, "TZ": "UTC"}
        assert ask("print(1)", environment=same)[1] == "1\n"
        for name in same:
            lacking = {**same, name: "other"}
            assert ask("print(1)", environment=lacking)[1].startswith(f"HERE it was started with another {name} ")
        assert ask("print(1)", environment={"TZ": "UTC"})[1].startswith(
            "HERE it was started with another ASK_API_KEY, O"
        )


@pytest.mark.usefixtures("server")
def test_what_the_server_declines_is_answered_here_with_its_input() -> None:
    got = ask("--json", given="what was asked", environment={"ASK_REFUSAL": "it is not wanted"})
    assert got[1] == "HERE it is not wanted (b'', b'') what was asked\n"


def test_a_server_of_other_files_declines_and_ends(server: Running) -> None:
    assert ask("print(1)", version="2")[1].startswith("HERE it was started from other files")
    assert server.process.wait(30) == 0


def test_whatever_becomes_of_a_question_the_next_one_is_answered(server: Running) -> None:
    for code in ("import os; os.chdir('/')", "raise SystemExit(7)", "import sys; sys.stdin.read(); sys.stdout.close()"):
        ask(code)
        assert ask("print(1)") == (0, "1\n", "")
    assert server.process.poll() is None


@pytest.mark.usefixtures("server")
def test_output_that_fails_is_told_to_the_program() -> None:
    with Path("/dev/full").open("w") as full:
        code, _, err = ask("print(1)", stdout=full)
    assert code == 1
    assert "OutputFailedError" in err
    assert ask("print(1)") == (0, "1\n", "")


def test_it_says_what_it_does_and_ends_when_it_is_told_to(server: Running, place: Path) -> None:
    ask("print(1)")
    found = status()
    assert found is not None
    assert (found["pid"], found["questions"], found["corpora"]) == (server.process.pid, 1, 0)
    assert hold_place(place) is None
    assert stop() is not None
    assert (status(), place.exists()) == (None, False)
    assert server.process.wait(30) == 0


@pytest.mark.parametrize("removed", ["socket", "folder"])
def test_it_ends_when_its_files_are_removed(server: Running, place: Path, removed: str) -> None:
    place.unlink()
    if removed == "folder":
        place.with_suffix(".lock").unlink()
        place.parent.rmdir()
    assert server.process.wait(30) == 0


def test_it_ends_when_it_is_idle(place: Path) -> None:
    with Running(place, idle=0.2) as idle:
        assert idle.process.wait(30) == 0
    assert not place.exists()


def test_a_socket_that_a_crash_left_is_taken_over(server: Running, place: Path) -> None:
    server.crash()
    assert place.exists()
    assert ask("print(1)")[1].startswith("HERE none is running")
    with Running(place):
        assert ask("print(1)") == (0, "1\n", "")


@pytest.mark.usefixtures("server")
def test_noise_at_the_socket_is_no_question(place: Path) -> None:
    import socket

    for noise in (b"", b"\xff" * 100, b"\x01\x00\x00\x00\x02{}", b"\x01\xff\xff\xff\xff"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(place))
            connection.sendall(noise)
    assert ask("print(1)") == (0, "1\n", "")


@pytest.mark.usefixtures("server")
def test_questions_that_come_together_are_all_answered() -> None:
    answers: dict[int, str] = {}
    threads = [threading.Thread(target=lambda n=n: answers.update({n: ask(f"print({n})")[1]})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(4):
        assert answers[n] == f"{n}\n" or "another question" in answers[n]
