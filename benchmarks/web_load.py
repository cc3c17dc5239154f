"""Works the real server in mixed ways for a time, and prints its memory, threads and descriptors as it goes.

    python benchmarks/web_load.py [MINUTES] [FOLDER]

Questions and surveys by the API, answers that are left half way, MCP calls, pages that are opened and left, uploads,
malformed requests. Ends with 1 when the server failed, or grew: see `growth`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ABOUT = "math word problems,reinforcement learning,code generation,transformers,speech recognition,RLHF,GSM8K".split(
    ","
)
CLIENTS = 8
PAUSE = 0.15  # seconds between two requests of a client, on average


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process holds: memory in MB, threads, open descriptors, the files that wait as uploads."""

    seconds: float
    memory: float
    threads: int
    descriptors: int
    uploads: int


class Load:
    """Clients that do one thing after another, each chosen at random, until they are stopped."""

    def __init__(self, port: int) -> None:
        """Work the server at a port of this machine."""
        self._port = port
        self._stop = threading.Event()
        self.statuses: Counter[str] = Counter()
        self.slowest_health = 0.0
        self._threads = [threading.Thread(target=self._client, args=(n,), daemon=True) for n in range(CLIENTS)]
        self._threads.append(threading.Thread(target=self._health, daemon=True))

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, when each client has done what it is at."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _client(self, number: int) -> None:
        chosen = random.Random(number)
        acts: list[Callable[[random.Random], str]] = [
            self._question,
            self._question,
            self._survey,
            self._left,
            self._left,
            self._tool,
            self._tool_left,
            self._malformed,
            self._page,
            self._upload,
        ]
        while not self._stop.wait(PAUSE * chosen.random() * 2):
            act = chosen.choice(acts)
            try:
                outcome = act(chosen)
            except (OSError, HTTPException) as error:
                outcome = type(error).__name__
            self.statuses[f"{act.__name__[1:]} {outcome}"] += 1

    def _health(self) -> None:
        while not self._stop.wait(0.5):
            begin = time.monotonic()
            try:
                self._send("GET", "/api/health")
            except (OSError, HTTPException) as error:
                self.statuses[f"health {type(error).__name__}"] += 1
            self.slowest_health = max(self.slowest_health, time.monotonic() - begin)

    def _send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> str:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            response.read()
            return str(response.status)
        finally:
            connection.close()

    def _post(self, path: str, value: object, **headers: str) -> str:
        return self._send("POST", path, json.dumps(value).encode(), content_type="application/json", **headers)

    def _leave(self, path: str, value: object, after: float, **headers: str) -> str:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request("POST", path, json.dumps(value).encode(), {"content-type": "application/json", **sent})
        time.sleep(after)
        connection.close()
        return "left"

    def _question(self, chosen: random.Random) -> str:
        return self._post("/api/ask", {"question": f"what is said of {chosen.choice(ABOUT)}?"})

    def _survey(self, chosen: random.Random) -> str:
        return self._post("/api/ask", {"question": f"which papers use {chosen.choice(ABOUT)}?", "since": 2015})

    def _left(self, chosen: random.Random) -> str:
        asked = {"question": f"which papers study {chosen.choice(ABOUT)}?"}
        return self._leave("/api/ask", asked, chosen.random() / 2)

    def _tool(self, chosen: random.Random) -> str:
        name, arguments = chosen.choice(
            [
                ("survey", {"topic": chosen.choice(ABOUT)}),
                ("table", {"question": chosen.choice(ABOUT), "columns": ["method", "year"]}),
                ("paper", {"id": "nothing"}),
            ]
        )
        return self._post("/mcp", _called(name, arguments), accept="application/json, text/event-stream")

    def _tool_left(self, chosen: random.Random) -> str:
        called = _called("survey", {"topic": chosen.choice(ABOUT)})
        return self._leave("/mcp", called, chosen.random() / 2, accept="application/json, text/event-stream")

    def _malformed(self, chosen: random.Random) -> str:
        wrong = chosen.choice(
            [
                b"GET /api HTTP/1.1\r\nHost: [\r\n\r\n",
                b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
                b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000000\r\n\r\n{",
                b"\x16\x03\x01\x00",
                b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
                b"POST /gradio_api/call/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n\xff\xfe",
                b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n" + b"[" * 100_000,
            ]
        )
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as connection:
            connection.sendall(wrong)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(200)
        status = answer.split(b" ")[1:2]
        return status[0].decode("latin-1") if status else "closed"

    def _page(self, chosen: random.Random) -> str:
        for path in ("/", "/page.js", "/page.css"):
            self._send("GET", path)
        asked = {"question": f"which papers study {chosen.choice(ABOUT)}?", "name": "a"}
        begun = self._json("/gradio_api/call/ask", {"data": [asked]})
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request("GET", f"/gradio_api/call/ask/{begun['event_id']}")
        time.sleep(chosen.random() / 2)
        connection.close()
        return "left"

    def _upload(self, chosen: random.Random) -> str:
        content = f"Abstract: {chosen.random()} is never added.".encode() * 2_000
        return self._send("POST", "/upload?name=a.txt", content)

    def _json(self, path: str, value: object) -> dict[str, str]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(value).encode(), {"content-type": "application/json"})
            answer: dict[str, str] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()


def _called(name: str, arguments: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


def sample(process: int, begin: float, uploads: Path) -> Sample:
    """What a process holds now (Linux)."""
    root = Path("/proc") / str(process)
    fields = dict(line.split(":", 1) for line in (root / "status").read_text().splitlines())
    return Sample(
        time.monotonic() - begin,
        int(fields["VmRSS"].split()[0]) / 1024,
        int(fields["Threads"]),
        len(list((root / "fd").iterdir())),
        sum(1 for file in uploads.rglob("a.txt")),
    )


def growth(samples: list[Sample]) -> list[str]:
    """What grew from the second third to the last: by a tenth and 20 MB of memory, 8 threads or 20 descriptors."""
    third = len(samples) // 3
    middle, last = samples[third : 2 * third], samples[2 * third :]
    grew = []
    for name, slack in (("memory", 20), ("threads", 8), ("descriptors", 20)):
        before = max(getattr(one, name) for one in middle)
        after = max(getattr(one, name) for one in last)
        if after > before * 1.1 + slack:
            grew.append(f"{name} grew from {before:,.0f} to {after:,.0f}")
    return grew


def run(seconds: float, corpus: Path, every: float) -> tuple[list[Sample], Load, list[str]]:
    """Start the server, work it for a time; samples, the load, and what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {**os.environ, "GRADIO_TEMP_DIR": folder, "XDG_CACHE_HOME": folder}
        program = "from askpapers.cli import main; main()"
        command = [sys.executable, "-c", program, "chat", "--no-browser", "--corpus", str(corpus), "--port", str(port)]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        wrong: list[str] = []
        samples: list[Sample] = []
        load = Load(port)
        try:
            _wait(port, server)
            load.start()
            begin = time.monotonic()
            while time.monotonic() - begin < seconds and server.poll() is None:
                time.sleep(every)
                samples.append(sample(server.pid, begin, Path(folder)))
                print("{0.seconds:6.0f} s {0.memory:6.0f} MB {0.threads:4} threads {0.descriptors:4} descriptors"
                      " {0.uploads:4} uploads".format(samples[-1]), flush=True)  # fmt: skip
            load.stop()
            time.sleep(2)
            health = HTTPConnection("127.0.0.1", port, timeout=20)
            health.request("GET", "/api/health")
            still = json.loads(health.getresponse().read())
            if still["answering"] or still["waiting"]:
                wrong.append(f"work goes on after everyone left: {still}")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
        wrong += [f"{name}: {count}" for name, count in load.statuses.items() if name.split()[1][:1] == "5"]
        wrong += growth(samples)
        return samples, load, wrong


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1_200):
        assert server.poll() is None, "the server ended"
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/api/health")
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise AssertionError("the server does not answer")


def main() -> int:
    """Run and print."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    corpus = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[1] / "seeds"
    samples, load, wrong = run(minutes * 60, corpus, max(1.0, minutes * 60 / 30))
    for name, count in sorted(load.statuses.items()):
        print(f"{count:8,} {name}")
    print(f"the slowest health check took {load.slowest_health:.2f} s; the last sample: {samples[-1]}")
    print("\n".join(wrong) or "nothing failed, nothing grew")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
