"""What is written about the program is true: commands, pages, examples, links."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from llama_index.core.instrumentation import get_dispatcher  # type: ignore[attr-defined]  # as their pages import it
from rich.console import Console

from askpapers import render
from askpapers.engine import Corpus, CorpusQueryEngine
from askpapers.index.embedder import MiniLM

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("eval/**/*.md")])


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def in_the_project(monkeypatch: pytest.MonkeyPatch, seed_index_folder: Path, embedder: MiniLM) -> None:
    """The example runs in the project's folder, with the index and the embedder of the other tests."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)


def test_the_page_of_the_command_line_is_what_the_program_says() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    # In a process of its own: click remembers the options of a command that has run.
    code = "import runpy, sys; sys.stdout.write(runpy.run_path(sys.argv[1])['render']())"
    tool = ROOT / "tools" / "write_cli_docs.py"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    rendered = subprocess.run([sys.executable, "-c", code, tool], capture_output=True, check=True, env=environment)
    assert page == rendered.stdout.decode(), "Write it anew: python tools/write_cli_docs.py"


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    install, test = (block.strip() for block in blocks("sh")[:2])
    assert install.startswith("python3 -m venv")
    assert test.endswith("pytest")
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert install in lines
    assert test in lines


def test_the_python_example_of_the_readme_runs(in_the_project: None, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    lines = capsys.readouterr().out.splitlines()
    assert any(re.match(r"\d+ 2203\.02155 ", line) for line in lines)
    opened = names["corpus"]
    assert isinstance(opened, Corpus)
    assert isinstance(names["engine"], CorpusQueryEngine)
    opened.close()


def test_the_examples_of_the_page_for_programs_run(
    in_the_project: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = get_dispatcher()
    monkeypatch.setattr(root, "event_handlers", list(root.event_handlers))  # the page adds some
    monkeypatch.setattr(root, "span_handlers", list(root.span_handlers))
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for example in re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        exec(compile(example, "library.md", "exec"), names)
    shown = capsys.readouterr().out
    assert "Blue whales eat 3,600 kg of krill a day. [1] Blue whales eat 3,600 kg of krill a day." in shown
    assert shown.count("8.5K") >= 3
    assert "SurveyEndEvent" in shown
    assert "CorpusQueryEngine.survey" in shown
    opened = names["corpus"]
    assert isinstance(opened, Corpus)
    opened.close()


def test_the_answer_in_the_readme_is_the_answer(
    monkeypatch: pytest.MonkeyPatch, seed_index_folder: Path, embedder: MiniLM
) -> None:
    monkeypatch.chdir(ROOT)  # places are shown relative to it
    (example,) = blocks("console")
    command, _, shown = example.partition("\n")
    question = re.fullmatch(r'\$ ask "(.*)"', command)
    assert question
    opened = Corpus(seed_index_folder, embedder)
    out = io.StringIO()
    render.print_answer(opened.ask(question[1]), Console(file=out, width=100), 20)
    opened.close()
    assert out.getvalue().split() == shown.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not broken


def test_files_that_the_readme_installs_from_are_there() -> None:
    for name in re.findall(r"-c (\S+)", README):
        assert (ROOT / name).is_file()


def files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a clone")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_of_one_machine() -> None:
    # Put together here, so that this file names none either.
    registries = [".".join(parts) for parts in (("pypi", "org"), ("files", "pythonhosted"), ("registry", "npmjs"))]
    folders = [f"/{name}/" for name in ("work", "root")]
    outside = re.compile("|".join([*map(re.escape, registries), *(rf"(?<![\w.*]){folder}" for folder in folders)]))
    found = []
    for file in files():
        content = file.read_bytes()
        if b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            if outside.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}")
    assert not found
