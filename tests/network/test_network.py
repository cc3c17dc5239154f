"""Nothing leaves the machine: askpapers at work in a network where every packet is seen, and the rules behind it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "ORT_DISABLE_TELEMETRY"


def test_nothing_is_asked_or_called_beyond_this_machine(work_report: dict[str, Any]) -> None:
    assert (work_report["names"], work_report["calls"]) == ([], [])


def test_everything_was_at_work_for_all_that_time(work_report: dict[str, Any]) -> None:
    answered = work_report["answered"]
    assert work_report["gone"] == []
    assert answered["library"] == ["answered", "True"]
    assert answered["question"] == answered["model"] == "{"
    assert answered["how many problems are in GSM8K?"] == answered["which papers use RLHF?"] == "answered"
    assert answered["mcp"] is answered["mcp over http"] is True
    assert answered["event"] == 200
    assert answered["search"] == 10
    for path, status in answered["page"].items():
        assert status == (404 if "elsewhere" in path or "vibe" in path else 200), path


def test_no_library_leaves_a_file_of_its_own(work_report: dict[str, Any]) -> None:
    """An id of this machine, a queue of events to send."""
    assert work_report["files"] == [".cache/askpapers", ".local/state/askpapers"]  # the index, the last conversation


SENDING = """
import socket, sys, time
from network.namespace import enter
seen = enter()
places = ("a.example", 443), ("192.0.2.7", 80), ("2001:db8::1", 443), ("127.0.0.1", 9), ("localhost", 9), ("::1", 9)
for host, port in places:
    socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET).connect_ex((host, port))
socket.socket(type=socket.SOCK_DGRAM).sendto(b"?", ("192.0.2.8", 123))
wanted = time.monotonic() + 10
while len(seen.calls) < 4 and time.monotonic() < wanted:
    time.sleep(0.01)
sys.stdout.write(repr((list(seen.names), list(seen.calls))))
"""


def test_what_is_asked_and_called_is_seen(namespace: Sequence[str]) -> None:
    run = subprocess.run(
        [*namespace, sys.executable, "-c", SENDING],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    )
    assert run.stderr == ""
    names, calls = ast.literal_eval(run.stdout)
    assert names == ["a.example"]
    assert calls == [
        "tcp 198.18.0.1:443 (a.example)",
        "tcp 192.0.2.7:80",
        "tcp 2001:db8::1:443",
        "udp 192.0.2.8:123",
    ]


def test_onnx_runtime_is_silent_before_it_is_loaded(tmp_path: Path) -> None:
    """It reads the variable once, when it is loaded, and writes an id of this machine when it may send."""
    program = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "onnxruntime":
            sys.stdout.write(os.environ["ORT_DISABLE_TELEMETRY"])
sys.meta_path.insert(0, Watch())
from askpapers.index.embedder import MiniLM
MiniLM().embed(["a text"])
"""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), VARIABLE: "0"}  # whatever was set before
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert (run.stdout, run.stderr) == ("1", "")
    assert list(tmp_path.iterdir()) == []


def telemetry_on(code: str) -> list[int]:
    """The lines that load ONNX Runtime where no line before, in the same body, switched its telemetry off."""
    wrong = []
    for block in ast.walk(ast.parse(code)):
        off = isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        body = getattr(block, "body", None)
        for line in body if isinstance(body, list) else ():
            off = off or ast.unparse(line) == f"os.environ['{VARIABLE}'] = '1'"
            names = [name.name for name in line.names] if isinstance(line, ast.Import) else []
            names += [line.module or ""] if isinstance(line, ast.ImportFrom) else []
            if not off and any(name.partition(".")[0] == "onnxruntime" for name in names):
                wrong.append(line.lineno)
    return wrong


def test_telemetry_is_off_wherever_onnx_runtime_is_loaded() -> None:
    folders = ("src", "tools", "training", "benchmarks", "eval")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    texts = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}
    wrong = {file: telemetry_on(text) for file, text in texts.items() if "onnxruntime" in text}
    assert {file: lines for file, lines in wrong.items() if lines} == {}
    assert len(files) > 100


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("import onnxruntime", [1]),
        ("import onnxruntime.quantization as q", [1]),
        ("from onnxruntime import InferenceSession", [1]),
        ("def f():\n    import onnxruntime", [2]),
        ("if fast:\n    import onnxruntime", [2]),
        (f"import onnxruntime\nos.environ['{VARIABLE}'] = '1'", [1]),
        (f"os.environ['{VARIABLE}'] = '1'\nimport onnxruntime", []),
        ("if TYPE_CHECKING:\n    from onnxruntime import InferenceSession", []),
        ("import os", []),
    ],
)
def test_the_rule_of_loading(code: str, lines: list[int]) -> None:
    assert telemetry_on(code) == lines
