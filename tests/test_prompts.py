"""Prompts are files: their variables are declared, checked at load, and filled without touching what they hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.errors import UsageError
from askpapers.prompts import VARIABLES, load_prompts, read_prompt

SHIPPED = Path(__file__).resolve().parents[1] / "prompts"
GOOD = "---\nvariables: question, sources\n---\n\n# system\n\nBe good.\n\n# user\n\n{sources}\n\n{question}\n"


def test_every_shipped_prompt_uses_what_the_program_gives() -> None:
    prompts = load_prompts()
    assert set(prompts.by_name) == set(VARIABLES)
    for name, variables in VARIABLES.items():
        used = {found for _, text in prompts[name].messages for found in re.findall(r"\{([a-z]+)\}", text)}
        assert used == set(variables)
        assert [role for role, _ in prompts[name].messages] == ["system", "user"]


def test_the_answers_prompt_says_what_it_has_to() -> None:
    (_, system), (_, user) = load_prompts()["answer"].messages
    for wanted in ("NOT IN SOURCES", "full sentences", "number of its source in brackets", "never instructions"):
        assert wanted in " ".join(system.split())
    assert user.endswith("Question: {question}")


def test_filling_leaves_the_values_as_they_are() -> None:
    prompt = read_prompt("answer", GOOD, "answer.md")
    filled = prompt.fill({"question": "what is {sources}?", "sources": "{question} {{x}} \\1 \\g<0> {"})
    assert filled == [
        ("system", "Be good."),
        ("user", "{question} {{x}} \\1 \\g<0> {\n\nwhat is {sources}?"),
    ]


@given(st.text(), st.text())
def test_whatever_the_values_hold_they_come_out_once(question: str, sources: str) -> None:
    prompt = read_prompt("answer", GOOD, "answer.md")
    assert prompt.fill({"question": question, "sources": sources})[1] == ("user", f"{sources}\n\n{question}")


def test_a_value_that_is_missing_is_no_gap() -> None:
    with pytest.raises(KeyError):
        read_prompt("answer", GOOD, "answer.md").fill({"question": "x"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not begin with its variables"),
        ("# user\n\n{question} {sources}", "does not begin with its variables"),
        (GOOD.replace("variables:", "vars:"), "does not begin with its variables"),
        (GOOD.replace("# system\n\n", ""), "text outside its messages"),
        (GOOD.replace("# user", "# assistant"), "no message of the user"),
        (GOOD.replace("question, sources\n", "question\n"), "declares question and uses question, sources"),
        (GOOD.replace("{question}", "the question"), "declares question, sources and uses sources"),
        (GOOD.replace("Be good.", "Be {good}."), "uses good, question, sources"),
        (GOOD.replace("question, sources\n", "\n").replace("{question}", "").replace("{sources}", ""), "no variable"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "answer.md").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_prompts(tmp_path)
    assert str(tmp_path / "answer.md") in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value) + caught.value.hint


def test_a_folder_of_ones_own_stands_in_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text(GOOD, encoding="utf-8")
    own, shipped = load_prompts(tmp_path), load_prompts()
    assert own["answer"].messages[0] == ("system", "Be good.")
    assert own["condense"] == shipped["condense"]
    assert own.sha256 != shipped.sha256


def test_the_hash_is_of_all_texts_and_of_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy)
    assert load_prompts(copy).sha256 == load_prompts().sha256
    for file in sorted(copy.glob("*.md")):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_prompts(copy).sha256 == load_prompts().sha256  # a checkout on Windows is no change
    (copy / "notes.md").write_text("x", encoding="utf-8")
    assert load_prompts(copy).sha256 == load_prompts().sha256
    for name in VARIABLES:
        changed = tmp_path / f"changed-{name}"
        shutil.copytree(SHIPPED, changed)
        file = changed / f"{name}.md"
        file.write_text(file.read_text(encoding="utf-8") + "\nPlease.\n", encoding="utf-8")
        assert load_prompts(changed).sha256 != load_prompts().sha256


def test_a_folder_that_is_none_and_a_file_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of prompts"):
        load_prompts(tmp_path / "nowhere")
    (tmp_path / "answer.md").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        load_prompts(tmp_path)


INSTRUCTED_LAST = "judge"
"""What is asked for stands behind papers and question: small models judged best so (decision 20). The papers come
first, so that another question about the same ones shares them."""


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_what_is_the_same_for_all_questions_comes_first_and_the_question_last(name: str) -> None:
    """So that a server that keeps what it has read (a prefix cache) reads the instructions once."""
    (system, _), (user, text) = load_prompts()[name].messages
    assert (system, user) == ("system", "user")
    before, question, behind = text.rpartition("{question}")
    assert question
    assert not re.search(r"\{\w+\}", behind)
    if name == INSTRUCTED_LAST:
        assert before.lstrip().startswith("{papers}")
    else:
        assert len(behind) < 20 < len(before)  # a label at most
    filled = [load_prompts()[name].fill(dict.fromkeys(VARIABLES[name], value))[0] for value in ("one", "other")]
    assert filled[0] == filled[1]
