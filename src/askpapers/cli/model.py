"""`ask model`: which model answers, what is on this machine, and how to get one. Nothing is fetched."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from askpapers.cli.options import console_for, print_json
from askpapers.errors import ModelError, UsageError
from askpapers.llm.spec import Spec, read_spec
from askpapers.progress import no_progress
from askpapers.settings import ModelSettings, is_offline, load_model_settings
from askpapers.text import printable

if TYPE_CHECKING:
    from askpapers.llm.local import LocalServer, ModelFile

_MOST_NAMED = 6  # models of a server that are shown
_WAYS = (
    (
        "Ollama",
        "a program of its own, from ollama.com",
        ("ollama pull llama3.2", 'ask --llm ollama/llama3.2 "QUESTION"'),
    ),
    (
        "llama.cpp's server, with a GGUF file",
        "a program of its own, from github.com/ggml-org/llama.cpp",
        ("llama-server -m FILE.gguf -c 8192 --port 8080", 'ask --llm http://127.0.0.1:8080/v1#m "QUESTION"'),
    ),
    (
        "a key of OpenAI, or of another provider",
        "questions and abstracts leave this machine",
        ("export OPENAI_API_KEY=...", 'ask --llm openai/gpt-4.1-mini "QUESTION"'),
    ),
)
_KEEP = 'To have it asked from now on: export ASK_LLM=SPEC, or llm = "SPEC" in ask.toml.'
_INSTALL = 'pip install "askpapers[gguf]"'


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one short request: whether it was answered, with what or why not, and what to do."""

    ok: bool
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LocalModels:
    """What is on this machine; None for servers that were not looked for."""

    servers: Sequence[LocalServer] | None
    files: Sequence[ModelFile]
    opens_files: bool


@click.command("model")
@click.argument("words", nargs=-1, metavar="")
@click.option("--llm", metavar="SPEC", help="The model to tell about, instead of the one that is set.")
@click.option("--check", is_flag=True, help="Send the model one short request, to see whether it answers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--no-color", is_flag=True, help="No colours and no emphasis.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something fails.")
def model_command(words: Sequence[str], llm: str | None, check: bool, as_json: bool, no_color: bool) -> None:
    """Say which language model answers, which are on this machine, and how to get one.

    Looked at are the ports of Ollama, LM Studio, llama.cpp and vLLM on this machine and the folders in which they
    keep files; nothing is fetched, and nothing that is found is used unless you name it. ASK_OFFLINE=1 leaves the
    ports alone.
    """
    if words:
        raise UsageError("`ask model` takes no words.", hint=f'A question: ask "model {" ".join(words)}"')
    settings = load_model_settings(llm)
    spec = read_spec(settings.spec, settings.base_url)
    reply = _reply(spec, settings) if check and spec else None
    found = _found()
    if as_json:
        print_json(_as_dict(spec, settings, reply, found))
    else:
        console = console_for(no_color)
        for line in _lines(spec, settings, reply, found):
            console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    sys.exit(0 if reply is None or reply.ok else 1)


def _found() -> LocalModels:
    from askpapers.llm.local import can_open_files, find_files, find_servers, model_folders

    return LocalModels(None if is_offline() else find_servers(), find_files(model_folders()), can_open_files())


def _reply(spec: Spec, settings: ModelSettings) -> Reply:
    """Have the model say one word."""
    from askpapers.llm.opening import open_model
    from askpapers.llm.usage import Meter

    began, meter = time.monotonic(), Meter()
    try:
        model = open_model(spec, settings, {})
        said = model.say([("system", "Answer with one word."), ("user", "Say: ready")], meter, no_progress)
    except (ModelError, UsageError) as error:
        return Reply(False, str(error), error.hint)
    notes = "".join(f" {note}" for note in meter.notes)
    return Reply(True, f"“{' '.join(said.split())[:80]}” in {time.monotonic() - began:.1f} s.{notes}")


def _lines(spec: Spec | None, settings: ModelSettings, reply: Reply | None, found: LocalModels) -> Iterator[str]:
    set_by = f"(from {settings.spec_from})"
    yield f"Now: none {set_by}: answers are the papers' own sentences." if spec is None else f"Now: {spec} {set_by}."
    if reply:
        yield f"  {'It answers: ' if reply.ok else 'It does not answer: '}{reply.text}"
        if reply.hint:
            yield f"  {reply.hint}"
    elif spec:
        yield "  Whether it answers: ask model --check"
    yield ""
    yield "On this machine:"
    yield from _found_lines(found)
    yield ""
    yield "To get one (nothing of this is done for you):"
    for name, where, commands in _WAYS:
        yield f"  {name} ({where})"
        yield from (f"    {command}" for command in commands)
    yield _KEEP


def _found_lines(found: LocalModels) -> Iterator[str]:
    for server in found.servers or ():
        yield f"  {server.name} at {server.address}, {len(server.models)} models"
        yield from (f'    ask --llm {spec} "QUESTION"' for spec in server.specs[:_MOST_NAMED])
        if len(server.specs) > _MOST_NAMED:
            yield f"    and {len(server.specs) - _MOST_NAMED} more"
    for file in found.files:
        yield f"  {file.path} ({file.size / 1e9:.1f} GB)"
        yield f'    ask --llm {file.spec} "QUESTION"'
    if found.files and not found.opens_files:
        yield f"    These files need llama.cpp here ({_INSTALL}), or one of the servers above."
    if found.servers is None:
        yield "  The ports of model servers were not looked at (offline)."
    elif not found.servers:
        yield "  No model server answers on ports 11434, 1234, 8080 and 8000."
    if not found.files:
        yield "  There is no GGUF file in the usual folders."


def _as_dict(spec: Spec | None, settings: ModelSettings, reply: Reply | None, found: LocalModels) -> dict[str, Any]:
    return {
        "now": {
            "llm": str(spec) if spec else "none",
            "from": settings.spec_from,
            "check": {"ok": reply.ok, "text": reply.text, "hint": reply.hint} if reply else None,
        },
        "servers": None
        if found.servers is None
        else [{"name": s.name, "address": s.address, "models": s.models, "llm": s.specs} for s in found.servers],
        "files": [{"file": str(file.path), "bytes": file.size, "llm": file.spec} for file in found.files],
        "gguf_installed": found.opens_files,
        "ways": [{"name": name, "where": where, "commands": commands} for name, where, commands in _WAYS],
    }
