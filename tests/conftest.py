"""What every test has: no network beyond this machine, a clean environment, and the seed corpus with its index."""

from __future__ import annotations

import gc
import io
import ipaddress
import itertools
import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from command_line import Ask, Outcome

if TYPE_CHECKING:
    from askpapers.embedded import Outputs
    from askpapers.engine import Corpus
    from askpapers.index.embedder import MiniLM

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
_LONGEST = (
    *("tests/network/", "tests/web/test_browser", "tests/robustness/", "tests/test_linear.py", "tests/engine/test_m"),
    *("tests/test_bad_input.py", "tests/test_cli_llm.py", "tests/index/test_build.py", "tests/index/test_growing.py"),
    *("tests/llm/test_faults.py", "tests/llm/test_recording.py", "tests/grounding/test_laws.py"),
)


# The same examples each time, however slow the machine is: what passes on one passes on another.
settings.register_profile(
    "tests", max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


def pytest_collection() -> None:
    """Look less often for objects that can go: modules and tests stay, and looking was a third of the collection."""
    gc.set_threshold(50_000)


def pytest_collection_finish() -> None:
    """Look no more through what collecting has made: it stays to the end."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the files, begin with those that take longest: all then end at about one time."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


def _is_here(host: object) -> bool:
    """Whether a host is this machine, told without asking anyone."""
    name = host.decode() if isinstance(host, bytes | bytearray) else str(host or "localhost")
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(host: object) -> None:
    # pytest.fail is no Exception: code that swallows those (telemetry, retries) does not swallow this.
    if not _is_here(host):
        pytest.fail(f"A test tried to reach {host!r}; tests do not use the network.")


def _guarded(reach: Callable[..., Any], position: int) -> Callable[..., Any]:
    """A socket method that takes an address (at `position` from the end), refused beyond this machine."""

    def guard(self: socket.socket, *args: Any) -> Any:
        if self.family != socket.AF_UNIX and isinstance(args[position], tuple):
            _refuse(args[position][0])
        return reach(self, *args)

    return guard


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """For the whole session, so that it holds for session fixtures too."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), 0))
        for name in ("sendto", "sendmsg"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), -1))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, name, _guarded_look_up(getattr(socket, name)))
        yield


def _guarded_look_up(look_up: Callable[..., Any]) -> Callable[..., Any]:
    def guard(host: object, *args: Any, **options: Any) -> Any:
        _refuse(host)
        return look_up(host, *args, **options)

    return guard


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for each test; `mktemp` would look through those of all tests before it for the next number."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, _homes: Iterator[Path]) -> None:
    """No settings or keys of whoever runs the tests, a home of its own, a terminal of one kind."""
    for name in list(os.environ):
        if name.startswith(("ASK_", "OPENAI_", "XDG_")):
            monkeypatch.delenv(name)
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("ASK_SERVER", "0")  # a test starts the server that it asks
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


@pytest.fixture(scope="session", autouse=True)
def _models_run_once() -> Iterator[Callable[..., list[Outputs]]]:
    """Load each model of the package once, and remember what it gave: that depends on the text alone.

    Tests ask the same questions of the same papers again and again; the models are most of what that costs.
    """
    from askpapers.embedded import ASSETS, EmbeddedModel

    run = EmbeddedModel.run
    models: dict[str, EmbeddedModel] = {}
    known: dict[tuple[str, str | tuple[str, str]], Outputs] = {}

    def remembered(model: EmbeddedModel, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Outputs]:
        file = str(model._file)
        if not file.startswith(str(ASSETS)):
            return run(model, texts)
        unknown: list[Any] = [text for text in dict.fromkeys(texts) if (file, text) not in known]
        given = run(models.setdefault(file, model), unknown)
        for array in (array for outputs in given for array in outputs.values()):
            array.setflags(write=False)  # others are given it, too
        known.update(zip([(file, text) for text in unknown], given, strict=True))
        return [known[file, text] for text in texts]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbeddedModel, "run", remembered)
        yield run


@pytest.fixture
def models_run_anew(_models_run_once: Callable[..., list[Outputs]], monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the models themselves: nothing is remembered."""
    monkeypatch.setattr("askpapers.embedded.EmbeddedModel.run", _models_run_once)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The corpus as it was given."""
    return SEEDS


@pytest.fixture(scope="session")
def embedder() -> MiniLM:
    """The real embedder, loaded once."""
    from askpapers.index.embedder import MiniLM

    return MiniLM()


@pytest.fixture(scope="session")
def seed_index_folder(tmp_path_factory: pytest.TempPathFactory, seeds: Path, embedder: MiniLM) -> Path:
    """The index of the seeds, built once; a test that changes it copies it first."""
    from askpapers.index.build import refresh

    folder = tmp_path_factory.mktemp("seed-index")
    refresh(folder, [seeds], embedder, lambda stage, done, total: None)
    return folder


@pytest.fixture(scope="session")
def corpus(seed_index_folder: Path, embedder: MiniLM) -> Iterator[Corpus]:
    """The seed corpus, opened."""
    from askpapers.engine import Corpus

    opened = Corpus(seed_index_folder, embedder)
    yield opened
    opened.close()


@pytest.fixture
def run_ask(embedder: MiniLM, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command line in this process, with the one embedder that is loaded."""
    from askpapers import cli
    from askpapers.grounding import checks

    assert checks  # loaded before the class of the embedder, which it asks for, is replaced
    for room in ("embedders", "index.embedder"):
        monkeypatch.setattr(f"askpapers.{room}.MiniLM", lambda: embedder)

    def run(*arguments: str | Path, stdin: str | bytes | io.StringIO = "", at_terminal: bool = False) -> Outcome:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        standard_input = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8") if isinstance(given, bytes) else given
        monkeypatch.setattr(sys, "argv", ["ask", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", standard_input)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: at_terminal)
        capsys.readouterr()
        code: object = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        out, err = capsys.readouterr()
        assert isinstance(code, int)
        return Outcome(code, out, err)

    return run
