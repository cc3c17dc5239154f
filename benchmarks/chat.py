"""Measures the chat page: how soon it can be used, how soon an answer's first words show, and twenty users at once.

    python benchmarks/chat.py eval/suites/seeds-dev.jsonl --corpus seeds [--browser /usr/bin/chromium]

The server runs in a process of its own. First words: from pressing enter until the browser shows a statement,
a table row or a refusal, for fifty questions of the suite. Twenty users ask ten questions each over the API.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
QUESTIONS, OPENINGS, USERS, EACH = 50, 5, 20, 10
# Told inside the browser, so that what the measuring costs is not in the figure.
FIRST_WORDS = """
() => {
  const shown = '#underway .statement, #turns .turn:last-child :is(.statement, tbody tr, .refusal)';
  const before = document.querySelectorAll('#turns .turn').length;
  document.addEventListener('keydown', () => { window.pressed = performance.now(); }, { once: true, capture: true });
  window.first = 0;
  const seen = new MutationObserver(() => {
    const turns = document.querySelectorAll('#turns .turn').length;
    if (document.querySelector('#underway :is(.statement, tbody tr, .refusal)') || turns > before) {
      seen.disconnect();
      requestAnimationFrame(() => { window.first = performance.now() - window.pressed; });
    }
  });
  seen.observe(document.body, { childList: true, subtree: true });
}
"""


def main() -> None:
    """Run the three measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--browser", default=shutil.which("chromium"))
    arguments = parser.parse_args()
    lines = arguments.suite.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:QUESTIONS]
    with server(arguments.corpus) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.browser, args=ARGUMENTS)
        report("first usable paint, a new profile each", [opened(browser, url) for _ in range(OPENINGS)])
        page = browser.new_page()
        page.goto(url)
        page.wait_for_selector("body.ready")
        report(f"first words, {len(questions)} questions", [first_words(page, q) for q in questions])
        browser.close()
        users(url, questions)


@contextlib.contextmanager
def server(corpus: str) -> Iterator[str]:
    """`ask chat` in a process of its own; its address."""
    command = [sys.executable, "-c", "from askpapers.cli import main; main()", "chat", "--no-browser"]
    began = time.perf_counter()
    running = subprocess.Popen([*command, "--corpus", corpus], stdout=subprocess.PIPE, text=True)
    assert running.stdout
    try:
        address = re.search(r"http://\S+", running.stdout.readline())
        assert address, "the server did not start"
        print(f"server up after {time.perf_counter() - began:.1f} s")
        time.sleep(2)  # it warms in the background
        yield address.group()
    finally:
        running.terminate()
        running.wait(10)


def opened(browser: Browser, url: str) -> float:
    """Milliseconds from asking for the page until a question can be typed and sent."""
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("body.ready")
    took = (time.perf_counter() - began) * 1000
    context.close()
    return took


def first_words(page: Page, question: str) -> float:
    """Milliseconds from pressing enter until the first words of the answer are on the screen."""
    page.fill("#question textarea", question)
    page.focus("#question textarea")
    page.evaluate(FIRST_WORDS)
    page.keyboard.press("Enter")
    page.wait_for_function("window.first > 0")
    page.wait_for_selector("body:not(.busy)")
    return float(page.evaluate("window.first"))


def users(url: str, questions: list[str]) -> None:
    """Twenty users who ask one question after the other, all at once."""

    def asks(user: int) -> list[float]:
        took = []
        for n in range(EACH):
            body = json.dumps({"question": questions[(user * EACH + n) % len(questions)]}).encode()
            request = urllib.request.Request(f"{url}api/ask", body, {"content-type": "application/json"})
            began = time.perf_counter()
            with urllib.request.urlopen(request) as response:
                assert json.load(response)["status"] in ("answered", "not_in_corpus")
            took.append((time.perf_counter() - began) * 1000)
        return took

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(USERS) as pool:
        took = [ms for user in pool.map(asks, range(USERS)) for ms in user]
    report(f"{USERS} users at once, {EACH} questions each", took)
    print(f"  {len(took) / (time.perf_counter() - began):.0f} answers a second, no error")


def report(what: str, took: list[float]) -> None:
    """Print the median, the 90th percentile and the worst."""
    ordered = sorted(took)
    high = ordered[int(0.9 * (len(ordered) - 1))]
    print(f"{what}: median {statistics.median(took):.0f} ms, p90 {high:.0f} ms, worst {ordered[-1]:.0f} ms")


if __name__ == "__main__":
    main()
