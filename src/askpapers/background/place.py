"""Where the process in the background is reached, and by what a client knows that it would answer the same."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Mapping

_LONGEST = 100  # bytes of a socket's path; some systems take 103
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class NoPlaceError(Exception):
    """There is no folder for the socket that only this user can open; the message says why."""


def socket_file(environment: Mapping[str, str] = os.environ) -> str:
    """The path of the socket of this installation, in a folder that this user alone can open.

    The folder is made where it is not there. Raises NoPlaceError.
    """
    if not hasattr(os, "geteuid"):
        raise NoPlaceError("this system has no Unix sockets")
    folder = _private_folder(environment)
    name = zlib.crc32(os.fsencode(f"{sys.prefix}\0{_PACKAGE}"))
    file = f"{folder}/{name:08x}.sock"
    if len(os.fsencode(file)) > _LONGEST:
        raise NoPlaceError(f"the path of the socket would be too long: {file}")
    return file


def _private_folder(environment: Mapping[str, str]) -> str:
    user = os.geteuid()
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and _owner(runtime) == user:
        folder = f"{runtime}/askpapers"
    else:
        folder = f"{environment.get('TMPDIR') or '/tmp'}/askpapers-{user}"
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise NoPlaceError(f"{folder} cannot be made: {error.strerror}") from error
    try:
        found = os.lstat(folder)  # a link would lead to where another user may look
    except OSError as error:
        raise NoPlaceError(f"{folder} cannot be looked at: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode):
        raise NoPlaceError(f"{folder} is no folder")
    if found.st_uid != user:
        raise NoPlaceError(f"{folder} belongs to another user")
    if found.st_mode & 0o077:
        raise NoPlaceError(f"{folder} can be opened by other users")
    return folder


def _owner(folder: str) -> int | None:
    try:
        return os.stat(folder).st_uid
    except OSError:
        return None


def installed(version: str) -> str:
    """What is installed, as a text that changes when any of it does.

    It is made of the versions of Python and of this package, and the times at which the files of the package and the
    folders of distributions were changed.
    """
    total, count, latest = 0, 0, 0
    folders = [_PACKAGE]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders += [entry.path] if entry.name != "__pycache__" else []
                    continue
                found = entry.stat()
                # Not the time of modification: a package may bring that along.
                total ^= zlib.crc32(f"{entry.path}\0{found.st_size}\0{found.st_ctime_ns}".encode(errors="replace"))
                count, latest = count + 1, max(latest, found.st_ctime_ns)
    packages = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    times = [os.stat(path).st_mtime_ns for path in packages if os.path.isdir(path)]
    return f"{version} {sys.version} {sys.prefix} {count} {total:08x} {latest} {times}"


def surroundings() -> list[object]:
    """What of the system a process sees: two that see the same files and networks have the same.

    A container may share the folder of the socket and nothing else.
    """
    root = os.stat("/")
    seen: list[object] = [root.st_dev, root.st_ino, sys.getfilesystemencoding()]
    for kind in ("mnt", "net", "user"):
        try:
            seen.append(os.readlink(f"/proc/self/ns/{kind}"))
        except OSError:  # not Linux
            seen.append(None)
    return seen
