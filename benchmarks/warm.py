"""Times `ask` as a whole process, answered by the process in the background and without it, beside bare Python.

    python benchmarks/warm.py [--cold-runs 3] [--corpus FOLDER]

Each run takes the next question of each kind, and then the same once more; the kinds are asked in turn. The process
remembers what its model read: an answer is quicker the second time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

QUESTIONS = {
    "survey": [
        *("which papers use RLHF?", "which papers study interpretability?", "which papers present a dataset?"),
        *("which papers are about speech?", "which papers train on code?", "which papers study scaling laws?"),
        *("which papers use transformers?", "which papers are about safety?", "which papers study reasoning?"),
    ],
    "fact": [
        *("how many problems are in GSM8K?", "how many hours of audio was the speech model trained on?"),
        *("what is a sparse autoencoder?", "how many parameters does GPT-3 have?", "what is CLIP trained on?"),
        *("what does InstructGPT use?", "what is the size of the smallest InstructGPT model?"),
    ],
    "refusal": [
        *("what BLEU on WMT14 English-German?", "what is the boiling point of tungsten?", "who won the 1998 final?"),
        *("how do glaciers move?", "what is the melting point of gallium?", "which enzyme digests lactose?"),
        "how tall is the Eiffel Tower?",
    ],
}
LIBRARIES = [sys.executable, "-c", "import llama_index.core, chromadb"]
BARE = [sys.executable, "-c", "pass"]
ASK = [sys.executable, "-m", "askpapers"]


def main() -> None:
    """Start a server of its own, ask it, stop it, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cold-runs", type=int, default=3)
    parser.add_argument("--corpus", default="seeds")
    arguments = parser.parse_args()
    place = ["--corpus", arguments.corpus]
    environment = {name: value for name, value in os.environ.items() if name not in ("ASK_SERVER", "CI")}
    subprocess.run([*ASK, "serve", "--background", *place], check=True, env=environment)
    try:
        memory = resident(environment)
        wall: dict[str, list[float]] = {}
        for run in range(min(map(len, QUESTIONS.values()))):
            wall.setdefault("python -c pass", []).append(timed(BARE, environment))
            for kind, questions in QUESTIONS.items():
                command = [*ASK, "--json", questions[run % len(questions)], *place]
                wall.setdefault(f"{kind}, warm", []).append(timed(command, environment))
                wall.setdefault(f"{kind} again, warm", []).append(timed(command, environment))
        for run in range(arguments.cold_runs):
            wall.setdefault("import llama_index.core, chromadb", []).append(timed(LIBRARIES, environment))
            for kind, questions in QUESTIONS.items():
                command = [*ASK, "--json", "--no-server", questions[run % len(questions)], *place]
                wall.setdefault(f"{kind}, cold", []).append(timed(command, environment))
    finally:
        subprocess.run([*ASK, "serve", "--stop"], check=True, env=environment)
    for way in (", warm", " again, warm", ", cold"):
        wall[f"the three kinds{way}"] = [seconds for kind in QUESTIONS for seconds in wall[kind + way]]
    for name, seconds in wall.items():
        print(f"{name:<36} {1000 * statistics.median(seconds):7.0f} ms  ({1000 * min(seconds):.0f} to", end="")
        print(f" {1000 * max(seconds):.0f}, {len(seconds)} runs)")
    print(f"{'memory of the process':<36} {memory}")


def timed(command: list[str], environment: dict[str, str]) -> float:
    """The wall seconds of a process. Its answer may be that the corpus does not say it (exit code 3)."""
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=environment)
    seconds = time.perf_counter() - begin
    assert done.returncode in (0, 3), done.stderr.decode()
    return seconds


def resident(environment: dict[str, str]) -> str:
    """The resident memory of the server, where the system tells it."""
    from askpapers.background.client import status

    found = status(environment)
    assert found
    try:
        lines = Path(f"/proc/{found['pid']}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "not known"
    return next((line.split(":")[1].strip() for line in lines if line.startswith("VmRSS")), "not known")


if __name__ == "__main__":
    main()
