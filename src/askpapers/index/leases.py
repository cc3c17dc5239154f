"""Who uses an index: one writer at a time, and a lease of each reader on the generation that it has opened.

A lease is a file that its reader holds locked; the system unlocks it when the process ends, however it ends. So a
lease that can be locked by another was left by a reader that crashed. `FOLDER/leases/lock` is held for moments only:
while a reader takes a lease, and while a writer looks for generations without one.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import filelock

LEASES = "leases"
_PATIENCE = 10.0  # seconds; the lock is held for moments
_TICK = 0.2  # seconds between two calls while a writer waits for another


class Lease:
    """Keeps a generation from being removed until it is released, or collected, or the process ends."""

    def __init__(self, lock: filelock.BaseFileLock | None, *, crashed: bool = False) -> None:
        """Hold a lock on the file of the lease; with none, nothing is held (the folder cannot be written)."""
        self.crashed = crashed
        """Whether a reader of the generation crashed."""
        self._release = weakref.finalize(self, _release, lock, os.getpid())

    def release(self) -> None:
        """Let go of the generation."""
        self._release()


def _release(lock: filelock.BaseFileLock | None, process: int) -> None:
    if lock and os.getpid() == process:  # a forked process has the same lock, and it is not its own to release
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)  # on Windows only a file that is not open goes
        lock.release()
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)


def take_lease(generation: Path) -> Lease:
    """Take a lease on a generation. Hold `guarded` meanwhile."""
    file = generation.parent / LEASES / f"{generation.name}.{os.getpid()}-{uuid4().hex[:8]}"
    crashed = [_is_left_over(lease) for lease in _leases(generation)].count(True) > 0
    lock = filelock.FileLock(file, thread_local=False)
    try:
        file.write_bytes(b"a reader\n")
        lock.acquire(timeout=0)
    except (OSError, NotImplementedError, filelock.Timeout):
        return Lease(None, crashed=crashed)
    return Lease(lock, crashed=crashed)


def is_leased(generation: Path) -> bool:
    """Whether a reader that lives has opened a generation. Hold `guarded` meanwhile."""
    for lease in _leases(generation):
        _is_left_over(lease)
    return bool(_leases(generation))


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Take and look for leases alone, where the folder can be written."""
    lock = filelock.FileLock(folder / LEASES / "lock", thread_local=False)
    with suppress(OSError, NotImplementedError, filelock.Timeout):
        (folder / LEASES).mkdir(exist_ok=True)
        lock.acquire(timeout=_PATIENCE, poll_interval=0.005)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writer_lock(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Be the one writer of a folder; `waiting` is called now and then while another is, and may raise.

    Raises OSError.
    """
    lock = filelock.FileLock(folder / "lock", thread_local=False)
    patience = 0.0
    while True:
        try:
            lock.acquire(timeout=patience)
            break
        except filelock.Timeout:
            waiting()
            patience = _TICK
    try:
        yield
    finally:
        lock.release()


def has_writer(folder: Path) -> bool:
    """Whether a process is writing the index in a folder."""
    lock = filelock.FileLock(folder / "lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return True
    except (OSError, NotImplementedError):  # it cannot be written
        return False
    lock.release()
    return False


def _leases(generation: Path) -> list[Path]:
    return list((generation.parent / LEASES).glob(f"{generation.name}.*"))


def _is_left_over(lease: Path) -> bool:
    """Whether a reader that crashed has left a lease; it is removed then."""
    lock = filelock.FileLock(lease, thread_local=False)
    try:
        lock.acquire(timeout=0)
        left = lease.stat().st_size > 0  # one that was released just now was made anew by locking it, empty
    except (OSError, NotImplementedError):  # a Timeout is an OSError: it is held
        return False
    _release(lock, os.getpid())
    return left
