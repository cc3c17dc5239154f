"""askpapers at work in a network of its own: `unshare --net ... python -m network.at_work SECONDS`.

The page, the API, MCP both ways, the command line and the library do what they do, and are then left running until
SECONDS have passed since they were started. Writes one JSON object: what was seen, and what was answered.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from network.namespace import enter

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TESTS = Path(__file__).resolve().parents[1]
QUESTIONS = ("how many problems are in GSM8K?", "which papers use RLHF?", "compare GSM8K with MATH", "what about it?")
# The page, and what Gradio has beside it that fetches addresses for whoever asks.
PAGE = """
    / /papers /table /check /screen /add /page.js /page.css
    /gradio_api/proxy=https://elsewhere.hf.space/ /proxy=https://elsewhere.hf.space/ /gradio_api/vibe-code
    /gradio_api/file=https://elsewhere.example/ /api /api/papers /api/openapi.json
""".split()
LIBRARY = """
from askpapers import open_corpus
corpus = open_corpus("{seeds}")
print(corpus.ask("how many problems are in GSM8K?").status)
print(bool(str(corpus.query_engine().query("which papers use RLHF?"))), flush=True)
input()
"""
# One process does what each of these commands does in its own, and then ends by itself.
COMMANDS = """
import io, json, sys
from contextlib import redirect_stdout, suppress
sys.path.insert(0, "{tests}")
from model_server import ModelServer, writes
from askpapers.cli import main
asked = ["--json", "--corpus", "{seeds}", "how many problems are in GSM8K?"]
first_lines = {{}}
with ModelServer(writes("It has 8.5K problems [1].")) as server:
    for name, arguments in {{
        "index": ["index", "--corpus", "{seeds}"],
        "question": asked,
        "doctor": ["doctor", "--corpus", "{seeds}"],
        "model": ["--llm", server.spec, *asked],
    }}.items():
        written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        sys.argv[1:] = arguments
        with redirect_stdout(written), suppress(SystemExit):
            main()
        written.seek(0)
        first_lines[name] = written.readline().strip()
print(json.dumps(first_lines))
"""


def _until_ours(file: Path) -> str:
    """A file's path up to the folder of askpapers, whole where it is another's."""
    parts = file.parts
    return "/".join(parts[: parts.index("askpapers") + 1] if "askpapers" in parts else parts)


class Work:
    """Programs in an environment that sets nothing, not even CI: some libraries are silent there."""

    def __init__(self, home: Path) -> None:
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
        self.answered: dict[str, Any] = {}

    def start(self, *arguments: str, program: str = "from askpapers.cli import main; main()") -> subprocess.Popen[str]:
        """A program of Python's, with pipes on both sides."""
        return subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
        )

    @contextmanager
    def left_running(self, *arguments: str, program: str = "from askpapers.cli import main; main()") -> Iterator[Any]:
        """A program that runs until the block ends."""
        running = self.start(*arguments, program=program)
        try:
            yield running
        finally:
            running.terminate()
            running.communicate(timeout=30)

    def run_commands(self) -> None:
        """Commands that end by themselves; the first line that each writes is its answer."""
        program = COMMANDS.format(tests=TESTS, seeds=SEEDS)
        out, _ = self.start(program=program).communicate(timeout=120)
        self.answered.update(json.loads(out.splitlines()[-1]))


def main() -> None:
    """Work for so many seconds."""
    seconds, seen = float(sys.argv[1]), enter()
    with tempfile.TemporaryDirectory() as home:
        work = Work(Path(home))
        place = ["--corpus", str(SEEDS)]
        work.run_commands()
        begin = time.monotonic()
        with (
            work.left_running("chat", "--no-browser", *place) as page,
            work.left_running("mcp", *place) as mcp,
            work.left_running(program=LIBRARY.format(seeds=SEEDS)) as library,
        ):
            url = page.stdout.readline().partition(" is at ")[2].split()[0].rstrip("/")
            work.answered.update(library=[library.stdout.readline().strip() for _ in range(2)], mcp=_talk(mcp))
            while True:
                _work_on(url, work.answered)
                left = begin + seconds - time.monotonic()
                if left <= 0:
                    break
                threading.Event().wait(min(left, 40))
            running = ("page", page), ("mcp", mcp), ("library", library)
            gone = [name for name, one in running if one.poll() is not None]
        files = sorted({_until_ours(f.relative_to(home)) for f in Path(home).rglob("*") if f.is_file()})
    told = {"names": list(seen.names), "calls": list(seen.calls), "gone": gone, "files": files}
    json.dump({**told, "answered": work.answered}, sys.stdout)


def _work_on(url: str, answered: dict[str, Any]) -> None:
    """Ask the page's server for all that it has."""
    answered["page"] = {path: _http(url + path)[0] for path in PAGE}
    begun = _http(f"{url}/gradio_api/call/ask", {"data": [{"question": QUESTIONS[0], "name": "a"}]})[1]
    answered["event"] = _http(f"{url}/gradio_api/call/ask/{json.loads(begun)['event_id']}")[0]
    for question in QUESTIONS:
        status, body = _http(f"{url}/api/ask", {"question": question})
        answered[question] = json.loads(body).get("status", status)
    answered["search"] = len(json.loads(_http(f"{url}/api/search", {"query": "grade school math"})[1])["papers"])
    call = {"name": "ask", "arguments": {"question": QUESTIONS[0]}}
    accept = {"Accept": "application/json, text/event-stream"}
    sent = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    answered["mcp over http"] = "8.5K" in _http(f"{url}/mcp", sent, accept)[1]


def _http(url: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.read().decode(errors="replace")
    except HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def _talk(mcp: Any) -> bool:
    """A conversation by standard input and output; whether the question was answered."""
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    call = {"name": "ask", "arguments": {"question": QUESTIONS[0]}}
    answer = ""
    for message in (
        {"id": 1, "method": "initialize", "params": client},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": call},
    ):
        mcp.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        mcp.stdin.flush()
        answer = mcp.stdout.readline() if "id" in message else ""
    return "8.5K" in answer


if __name__ == "__main__":
    main()
