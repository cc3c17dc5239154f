"""Forks processes that can be killed, without paying for the imports each time.

What forks has imported everything and used nothing: Chroma's and ONNX Runtime's threads are begun by the children.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable


def start(work: Callable[[], None]) -> int:
    """Do some work in a process of its own; returns its number."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait(child: int) -> None:
    """Wait for a process, and raise AssertionError where it did not end well."""
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, f"ended with {status}"


def run(work: Callable[[], None]) -> float:
    """Do some work in a process of its own to its end; returns the seconds that it took."""
    begin = time.monotonic()
    wait(start(work))
    return time.monotonic() - begin


def run_and_kill(work: Callable[[], None], after: float) -> bool:
    """Do some work in a process that is killed after so many seconds; returns whether it was at work still."""
    child = start(work)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def moments(seed: int) -> Callable[[float], float]:
    """Random moments within a time, the same for a seed."""
    chance = random.Random(seed)
    return lambda longest: chance.uniform(0.0, longest)
