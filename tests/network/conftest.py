"""Starts the two minutes of work when a session begins, so that they pass while other tests run.

Where several processes share the tests, the one that runs these starts it, and the others go on meanwhile.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SECONDS = 120  # what ONNX Runtime sends by itself comes a minute after its first session
_REPORT = "work_report"
_NAMESPACE = ("--net", "--mount", "--pid", "--fork", "--kill-child")
_STARTED = pytest.StashKey["subprocess.Popen[str]"]()


def _find_namespace() -> list[str] | None:
    """The command that runs another in a network of its own, as any user or as root; None where neither may."""
    if shutil.which("unshare"):
        for command in (["unshare", "--user", "--map-root-user", *_NAMESPACE], ["unshare", *_NAMESPACE]):
            if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
                return command
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for the work comes last."""
    items.sort(key=lambda item: _REPORT in getattr(item, "fixturenames", ()))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the work, if a test of this session reads its report, and no other process may be the one that does."""
    wanted = any(_REPORT in getattr(item, "fixturenames", ()) for item in session.items)
    alone = not hasattr(session.config, "workerinput")  # a process of several collects all tests, and runs some
    if wanted and alone and not session.config.option.collectonly and (command := _find_namespace()):
        session.config.stash[_STARTED] = _start(command)


def _start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*command, sys.executable, "-m", "network.at_work", str(SECONDS)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the work where no test waited for it."""
    started = session.config.stash.get(_STARTED, None)
    if started and started.poll() is None:
        started.kill()
        started.communicate()


@pytest.fixture(scope="session")
def namespace() -> list[str]:
    """The command that runs another in a network of its own; without one the test is skipped, but for root in CI."""
    command = _find_namespace()
    if command is None and os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail("CI runs as root and can make no network namespace: nothing shows that nothing leaves the machine.")
    if command is None:
        pytest.skip("no network namespace can be made here (unshare --user --net): what leaves is not seen")
    return command


@pytest.fixture(scope="session")
def work_report(request: pytest.FixtureRequest, namespace: list[str]) -> dict[str, Any]:
    """What `at_work.py` saw."""
    if _STARTED not in request.config.stash:
        request.config.stash[_STARTED] = _start(namespace)
    out, errors = request.config.stash[_STARTED].communicate(timeout=SECONDS + 180)
    assert out, errors
    report: dict[str, Any] = json.loads(out)
    return report
