"""The prompts that a model sees: one Markdown file each, with its variables declared and checked at load."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from askpapers.errors import UsageError

VARIABLES: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"question", "sources"}),
    "condense": frozenset({"question", "conversation"}),
    "judge": frozenset({"question", "papers"}),
}
"""Every prompt that an answer may depend on, by name, and what the program puts into it."""

GRADE, TABLE, SCREEN = "grade", "table", "screen"
_OTHERS: Mapping[str, frozenset[str]] = {
    GRADE: frozenset({"question", "expected", "answer"}),
    TABLE: frozenset({"columns", "paper"}),
    SCREEN: frozenset({"criteria", "paper"}),
}
"""Those that no answer depends on: they are not in the fingerprint that answers carry."""

_FILE = re.compile(r"---\nvariables:(?P<declared>[^\n]*)\n---\n(?P<body>.*)", re.DOTALL)
_ROLE = re.compile(r"^# (system|user)[ \t]*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its messages as (role, text), with variables in braces."""

    name: str
    messages: tuple[tuple[str, str], ...]

    # LlamaIndex's templates say nothing when a value is missing: one leaves the brace, the other a gap.
    def fill(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """The messages with the values in place. Braces in a value stay what they are."""
        return [(role, _VARIABLE.sub(lambda match: values[match.group(1)], text)) for role, text in self.messages]


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts by name, and the SHA-256 of their files taken together, and of each by its name ("answer.md")."""

    by_name: Mapping[str, Prompt]
    sha256: str
    of_files: Mapping[str, str]

    def __getitem__(self, name: str) -> Prompt:
        return self.by_name[name]


def load_prompts(own: Path | None = None) -> Prompts:
    """Load the prompts; a file in the folder `own` stands in for the one of its name.

    Raises UsageError for a folder that is none, a file that is no prompt, and variables that do not fit.
    """
    if own and not own.is_dir():
        raise UsageError(f"There is no folder of prompts at {own}.", hint="Make one, or leave the setting out.")
    shipped, by_name, digest, of_files = _shipped(), {}, hashlib.sha256(), {}
    for name in sorted(VARIABLES):
        file = f"{name}.md"
        path = own / file if own and (own / file).exists() else shipped / file
        text = _text_of(path)
        by_name[name] = read_prompt(name, text, str(path))
        digest.update(f"{name}\0{text}\0".encode())
        of_files[file] = hashlib.sha256(text.encode()).hexdigest()
    return Prompts(by_name, digest.hexdigest(), of_files)


def load_grading() -> Prompt:
    """The prompt by which a model grades answers in an evaluation. Raises UsageError."""
    return _load_one(GRADE)


def load_table_prompt(own: Path | None = None) -> Prompt:
    """The prompt by which a model fills a row of a table, that of the folder `own` if it has one. Raises UsageError."""
    return _load_one(TABLE, own)


def load_screening_prompt(own: Path | None = None) -> Prompt:
    """The prompt by which a model screens a paper, that of the folder `own` if it has one. Raises UsageError."""
    return _load_one(SCREEN, own)


def _load_one(name: str, own: Path | None = None) -> Prompt:
    file = f"{name}.md"
    path = own / file if own and (own / file).exists() else _shipped() / file
    return read_prompt(name, _text_of(path), str(path))


def read_prompt(name: str, text: str, file: str) -> Prompt:
    """Read a prompt file: its declared variables, then its messages under "# system" and "# user"."""
    variables = {**VARIABLES, **_OTHERS}[name]
    match = _FILE.match(text)
    if not match:
        raise UsageError(
            f"{file} does not begin with its variables.",
            hint=f"Begin it with: --- / variables: {', '.join(sorted(variables))} / ---, a line each.",
        )
    declared = {part.strip() for part in match["declared"].split(",") if part.strip()}
    parts = _ROLE.split(match["body"])
    messages = tuple((role, body.strip()) for role, body in zip(parts[1::2], parts[2::2], strict=True))
    used = {variable for _, body in messages for variable in _VARIABLE.findall(body)}
    if parts[0].strip() or not any(role == "user" for role, _ in messages):
        raise UsageError(
            f"{file} has text outside its messages, or no message of the user.",
            hint='Put "# system" and "# user" on lines of their own, each above its text.',
        )
    if declared != variables or used != declared:
        raise UsageError(
            f"{file} declares {_listed(declared)} and uses {_listed(used)}; the program gives {_listed(variables)}.",
            hint="Declare and use each of them, and no other.",
        )
    return Prompt(name, messages)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The prompt {path} cannot be read: {error}.", hint="Mend it or take it away.") from error


def _listed(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "no variable"


def _shipped() -> Path:
    """The prompts of the package: inside it where it was installed from a wheel, else beside `src`."""
    package = Path(str(resources.files("askpapers")))
    inside = package / "assets" / "prompts"
    return inside if inside.is_dir() else package.parents[1] / "prompts"
