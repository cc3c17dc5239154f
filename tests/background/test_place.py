"""Nobody else can open the folder of the socket, and what is installed has a text that changes with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from askpapers.background import place
from askpapers.background.place import NoPlaceError, installed, socket_file, surroundings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no users of this kind")
OTHER = 12345


def test_the_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    for environment in ({"XDG_RUNTIME_DIR": str(tmp_path)}, {"TMPDIR": str(tmp_path)}):
        folder = Path(socket_file(environment)).parent
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o700
        assert socket_file(environment) == socket_file(environment)
    assert str(os.geteuid()) in folder.name


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o702, 0o777])
def test_a_folder_that_others_can_open_is_not_used(tmp_path: Path, mode: int) -> None:
    (tmp_path / "askpapers").mkdir()
    (tmp_path / "askpapers").chmod(mode)
    with pytest.raises(NoPlaceError, match="can be opened by other users"):
        socket_file({"XDG_RUNTIME_DIR": str(tmp_path)})


def test_a_folder_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socket_file({"TMPDIR": str(tmp_path)})
    mine = os.geteuid()
    (tmp_path / f"askpapers-{mine}").rename(tmp_path / f"askpapers-{OTHER}")
    monkeypatch.setattr(os, "geteuid", lambda: OTHER)
    with pytest.raises(NoPlaceError, match="belongs to another user"):
        socket_file({"TMPDIR": str(tmp_path)})


def test_a_link_or_a_file_in_its_place_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "askpapers").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NoPlaceError, match="is no folder"):
        socket_file({"XDG_RUNTIME_DIR": str(tmp_path)})
    (tmp_path / "askpapers").unlink()
    (tmp_path / "askpapers").touch()
    with pytest.raises(NoPlaceError, match="is no folder"):
        socket_file({"XDG_RUNTIME_DIR": str(tmp_path)})


def test_the_runtime_folder_of_another_user_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `sudo`, which would leave a folder there that its owner cannot use."""
    monkeypatch.setattr(place, "_owner", lambda folder: OTHER)
    environment = {"XDG_RUNTIME_DIR": str(tmp_path / "theirs"), "TMPDIR": str(tmp_path)}
    assert Path(socket_file(environment)).parent.parent == tmp_path


def test_a_path_that_is_too_long_and_one_that_is_not_there(tmp_path: Path) -> None:
    (long := tmp_path / ("x" * 90)).mkdir()
    with pytest.raises(NoPlaceError, match="too long"):
        socket_file({"TMPDIR": str(long)})
    with pytest.raises(NoPlaceError, match="cannot be made"):
        socket_file({"TMPDIR": str(tmp_path / "none")})


def test_what_is_installed_changes_with_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_PACKAGE", str(tmp_path))
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.txt").write_text("a")
    seen = [installed("1")]
    assert installed("1") == seen[0]
    seen.append(installed("2"))
    (tmp_path / "b.py").write_text("b")
    seen.append(installed("1"))
    os.utime(tmp_path / "b.py", (1, 1))
    (tmp_path / "b.py").write_text("c")
    seen.append(installed("1"))
    os.utime(tmp_path / "b.py", (1, 1))  # as pip leaves it
    seen.append(installed("1"))
    (tmp_path / "b.py").unlink()
    seen.append(installed("1"))
    assert len(set(seen[:-1])) == len(seen) - 1
    assert seen[-1] == seen[0]
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "b.pyc").touch()
    assert installed("1") == seen[-1]


def test_surroundings_are_the_same_for_processes_side_by_side() -> None:
    assert surroundings() == surroundings()
