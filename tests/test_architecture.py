"""Holds the arrows of docs/architecture.md: who may import whom, and in which room each third party lives.

The source is read, not run, so that an import inside a function or behind TYPE_CHECKING counts too.
"""

from __future__ import annotations

import ast
import functools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import askpapers

SOURCE = Path(askpapers.__file__).parent

# From the top down. A room imports from the lines below its own; on its own line only what BESIDE lists.
LEVELS = (
    {"__main__"},
    {"cli", "render", "render_papers", "export", "doctor", "server", "web", "mcp", "service", "evaluation"},
    {"answer_text", "research", "drafts", "screening", "tables"},
    {"askpapers"},  # the public names: __init__.py
    {"engine"},
    {"answering", "embedders", "grounding", "retrieval"},
    {"index", "corpus", "llm", "prompts", "reading", "replies", "templates"},
    {"embedded", "text", "contract", "coverage", "datatypes", "identifiers", "metadata", "store_address"}
    | {
        "api_keys",
        "counts",
        "events",
        "settings",
        "collections",
        "config_file",
        "corpus_paths",
        "index_paths",
        "keyed_lines",
        "shard_copies",
        "sources",
        "errors",
        "background",
        "processes",
        "progress",
    },
)
BESIDE = {
    ("cli", "render"),
    ("cli", "render_papers"),
    ("export", "render_papers"),
    ("render_papers", "render"),
    ("cli", "export"),
    ("web", "export"),
    ("cli", "doctor"),
    ("embedded", "processes"),
    ("coverage", "counts"),
    ("sources", "counts"),
    ("cli", "server"),
    ("cli", "mcp"),
    ("cli", "service"),
    ("server", "web"),
    ("server", "mcp"),
    ("server", "service"),
    ("server", "export"),
    ("web", "service"),
    ("mcp", "service"),
    ("mcp", "export"),
    ("service", "export"),
    ("cli", "evaluation"),
    ("grounding", "answering"),
    ("index", "corpus"),
    ("settings", "api_keys"),
    ("settings", "errors"),
    ("collections", "config_file"),
    ("collections", "corpus_paths"),
    ("collections", "errors"),
    ("collections", "index_paths"),
    ("collections", "settings"),
    ("settings", "config_file"),
    ("settings", "store_address"),
    ("settings", "index_paths"),
    ("index_paths", "store_address"),
    ("index_paths", "corpus_paths"),
    ("index_paths", "config_file"),
    ("store_address", "errors"),
    ("config_file", "errors"),
    ("settings", "corpus_paths"),
    ("corpus_paths", "shard_copies"),
    ("shard_copies", "errors"),
    ("corpus_paths", "config_file"),
    ("corpus_paths", "errors"),
    ("corpus_paths", "sources"),  # the corpus "zotero:"
    ("sources", "errors"),
    ("sources", "identifiers"),
    ("contract", "coverage"),
    ("contract", "datatypes"),
    ("contract", "metadata"),
    ("datatypes", "coverage"),
    ("datatypes", "metadata"),
    ("events", "datatypes"),
}
# Modules of grounding that any room above may use as it uses text: they read the numbers and negations of a text alone.
BASICS = ("askpapers.grounding.numbers", "askpapers.grounding.polarity", "askpapers.grounding.units")
# Third parties, and the only files that may import them; a folder stands for all in it.
ROOMS = {
    "bm25s": {"index/words.py"},
    "charset_normalizer": {"corpus/encoding_guess.py"},
    "chromadb": {"index/vectors.py", "index/chroma_server.py", "index/graph.py"},  # graph.py: its errors only
    "qdrant_client": {"index/qdrant.py"},
    "click": {"cli"},
    "fastapi": {"mcp/tools.py", "server", "web"},
    "ftfy": {"corpus/cleaning.py"},
    "lxml": {"corpus/xml_records.py", "corpus/xml_stream.py"},
    "filelock": {"index/leases.py"},
    "gradio": {"web/work_queue.py", "server/listening.py"},
    "llama_index": {
        "embedders.py",
        "engine",
        "llm",
        "retrieval.py",
        "answering/compare.py",
        "answering/evidence.py",
        "answering/extractive.py",
        "answering/model_written.py",
    },
    "llama_index_instrumentation": {"llm", "engine/instrumentation.py"},
    "llama_cpp": {"llm/gguf.py"},
    "ir_measures": {"evaluation/ranking.py"},
    "mcp": {"mcp/tools.py", "mcp/tool_server.py"},
    "numpy": {
        "embedders.py",
        "engine/node_store.py",
        "evaluation",
        "index",
        "retrieval.py",
        "reading",
        "research",
        "drafts/finding.py",
        "screening/ranking.py",
        "screening/topics.py",
        "embedded.py",
        "grounding/fitted.py",
        "answering/judging.py",
        "answering/named_papers.py",
        "answering/relevance.py",
        "answering/stances.py",
        "answering/survey.py",
    },
    "onnxruntime": {"embedded.py"},
    "docx": {"drafts/docx.py"},
    "jinja2": {"templates.py", "web/rendering.py"},
    "markdown_it": {"drafts/markdown.py", "screening/protocol.py"},
    "pylatexenc": {"drafts/latex.py", "drafts/latex_nodes.py", "web/rendering.py"},
    "httpx": {"llm", "sources/client.py", "sources/zotero.py", "index/chroma_server.py", "index/store_errors.py"},
    "openai": {"llm"},
    "aiohttp": {"index/remote_shards.py"},  # its limits of time only
    "fsspec": {"index/remote_shards.py"},
    "platformdirs": {"shard_copies.py", "settings.py", "corpus_paths.py", "index_paths.py", "service/feedback.py"},
    "pydantic": {
        "index/overview.py",
        "index/paper_rows.py",
        "reading/support_model.py",
        "mcp/tools.py",
        "mcp/tool_server.py",
        "server/api.py",
        "service/questions.py",
        "web/messages.py",
        "web/stored_turns.py",
        "web/work_queue.py",
    },
    "pybtex": {"corpus/bibtex_entries.py"},
    "json_repair": {"replies/json_replies.py"},
    "pydantic_core": {"replies/json_replies.py", "replies/listed_items.py"},
    "pypdf": {"corpus/pdf.py"},
    "openpyxl": {"screening/imported_rows.py"},
    "sklearn": {"screening/ranking.py"},
    "rich": {
        "cli",
        "render.py",
        "render_papers.py",
        "evaluation/report/benchmarks.py",
        "evaluation/report/terminal.py",
    },
    "starlette": {"server", "service/work.py", "web"},
    "Stemmer": {"text/terms.py"},
    "tokenizers": {"embedded.py"},
    "uvicorn": {"server/listening.py"},
    "xlsxwriter": {"export/workbook.py"},
    "yaml": {"corpus/front_matter.py"},
    "torch": {"reading/own_model.py"},
    "transformers": {"reading/own_model.py"},
}
HEAVY = {"bm25s", "chromadb", "gradio", "ir_measures", "llama_index", "numpy", "onnxruntime", "openai", "tokenizers"}
HEAVY |= {"jinja2", "qdrant_client", "xlsxwriter"}
# What is pure: no library to load, no file to open, tested without a fixture.
PURE = {
    "datatypes.py",
    "metadata.py",
    "identifiers.py",
    "api_keys.py",
    "errors.py",
    "events.py",
    "progress.py",
    "store_address.py",
    "prompts.py",
    "text/forms.py",
    "text/latex.py",
    "text/latex_signs.py",
    "text/splitting.py",
    "text/terms.py",
    "corpus/cleaning.py",
    "corpus/markup.py",
    "corpus/merge.py",
    "corpus/names.py",
    "corpus/people.py",
    "corpus/compare.py",
    "corpus/near.py",
    "corpus/notices.py",
    "corpus/retractions.py",
    "corpus/same.py",
    "corpus/titles.py",
    "corpus/types.py",
    "answering/follow_up.py",
    "answering/statements.py",
    "answering/intent.py",
    "evaluation/metrics.py",
    "answering/draft.py",
    "replies/shown.py",
    "answering/sides.py",
    "replies/template_marks.py",
    "replies/thoughts.py",
    "replies/citation_marks.py",
    "replies/cited_sources.py",
    "replies/notations.py",
    "replies/attributions.py",
    "replies/talk.py",
    "replies/no_answer.py",
    "replies/layout.py",
    "replies/prose.py",
    "replies/json_replies.py",
    "text/repetition.py",
    "grounding/given_counts.py",
    "replies/json_sentences.py",
    "replies/verdicts.py",
    "replies/verdict_lines.py",
    "replies/verdict_words.py",
    "replies/writing.py",
    "llm/provider_failures.py",
    "llm/refusals.py",
    "llm/room.py",
    "llm/endings.py",
    "llm/spec.py",
    "drafts/bibliography.py",
    "drafts/citations.py",
    "drafts/claims.py",
    "drafts/draft.py",
    "drafts/plain.py",
    "screening/agreement.py",
    "screening/criteria.py",
    "screening/decision_lines.py",
    "screening/decisions.py",
    "screening/kinds.py",
    "screening/languages.py",
    "screening/outcomes.py",
    "screening/protocol.py",
    "screening/publication_years.py",
    "screening/verdicts.py",
    "llm/streams.py",
    "llm/wording.py",
    "grounding/claims.py",
    "grounding/displaced.py",
    "grounding/names.py",
    "grounding/numbers.py",
    "grounding/polarity.py",
    "grounding/premises.py",
    "grounding/support.py",
    "grounding/units.py",
    "grounding/ground.py",
    "index/acronyms.py",
    "index/phrases.py",
    "index/passages.py",
}

FILES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))}


def imports(code: str) -> Iterator[tuple[str, int]]:
    """The full name of everything that is imported, and the line of it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "importlib.import_module"):
            yield from ((str(name.value), node.lineno) for name in node.args[:1] if isinstance(name, ast.Constant))


@functools.cache
def imports_of(file: str) -> tuple[tuple[str, int], ...]:
    return tuple(imports(FILES[file].read_text(encoding="utf-8")))


def room_of_file(file: str) -> str:
    return "askpapers" if file == "__init__.py" else file.partition("/")[0].removesuffix(".py")


def room_of_import(name: str) -> str:
    """`from askpapers import render` is the room `render`; `from askpapers import __version__` is the top."""
    if name.startswith(BASICS):
        return "text"
    part = name.split(".")[1] if "." in name else ""
    return part if any(part in level for level in LEVELS) else "askpapers"


def level_of(room: str) -> int:
    return next(number for number, level in enumerate(LEVELS) if room in level)


def is_allowed(room: str, other: str) -> bool:
    return room == other or level_of(room) < level_of(other) or (room, other) in BESIDE


def own_imports() -> Iterator[tuple[str, str, str]]:
    for file in FILES:
        for name, line in imports_of(file):
            if name.split(".")[0] == "askpapers":
                yield room_of_file(file), room_of_import(name), f"{file}:{line} imports {name}"


def test_every_file_is_in_a_room_of_the_plan() -> None:
    assert {room_of_file(file) for file in FILES} <= set().union(*LEVELS)
    assert len(FILES) > 20


def test_imports_point_down() -> None:
    wrong = [where for room, other, where in own_imports() if not is_allowed(room, other)]
    assert wrong == []


def test_arrows_between_rooms_of_one_level_go_one_way() -> None:
    assert not {(other, room) for room, other in BESIDE} & BESIDE
    for room, other in BESIDE:
        assert level_of(room) == level_of(other)


def test_modules_import_each_other_in_no_circle() -> None:
    """Within a room too."""
    graph: dict[str, set[str]] = {}
    for file in FILES:
        module = "askpapers." + file.removesuffix(".py").replace("/", ".")
        graph[module.removesuffix(".__init__")] = {name for name, _ in imports_of(file)}
    graph = {
        module: {other if other in graph else other.rpartition(".")[0] for other in names} & set(graph)
        for module, names in graph.items()
        if module != "askpapers"  # it hands out the engine lazily
    }

    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path[path.index(module) :], module))
        if module not in done:
            for other in graph.get(module, ()):
                visit(other, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())
    assert len(done) > 20


def test_each_third_party_has_its_room() -> None:
    wrong, seen = [], set()
    for file in FILES:
        for name, line in imports_of(file):
            library = name.split(".")[0]
            if library == "askpapers" or library in sys.stdlib_module_names:
                continue
            seen.add(library)
            rooms = ROOMS.get(library, set())
            if file not in rooms and file.partition("/")[0] not in rooms:
                wrong.append(f"{file}:{line} imports {name}")
    assert wrong == []
    assert seen >= {"bm25s", "chromadb", "click", "llama_index", "onnxruntime", "rich", "tokenizers"}


def test_only_the_models_of_other_providers_are_imported_by_a_name_that_is_given() -> None:
    given = {
        file
        for file, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
        if not isinstance(node.args[0], ast.Constant)
    }
    assert given == {"llm/providers.py"}


def test_only_the_command_that_fetches_papers_and_the_corpus_zotero_know_the_services() -> None:
    users = {where.partition(":")[0] for room, other, where in own_imports() if other == "sources" != room}
    assert users == {"cli/adding.py", "corpus_paths.py"}
    used = {name for name, _ in imports_of("corpus_paths.py") if ".sources" in name}
    assert used == {"askpapers.sources.zotero.snapshot"}


def test_what_is_pure_imports_no_heavy_library_however_far() -> None:
    assert set(FILES) >= PURE

    def reached(file: str, seen: set[str]) -> set[str]:
        if file in seen:
            return set()
        seen.add(file)
        found = set()
        for name, _ in imports_of(file):
            parts = name.split(".")
            if parts[0] in HEAVY:
                found.add(f"{file}: {name}")
            for end in range(2, len(parts) + 1):
                stem = "/".join(parts[1:end])
                for inner in (f"{stem}.py", f"{stem}/__init__.py"):
                    if parts[0] == "askpapers" and inner in FILES:
                        found |= reached(inner, seen)
        return found

    assert {file: found for file in PURE if (found := reached(file, set()))} == {}
    assert reached("engine/query.py", set())  # it can see what there is to see


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import chromadb.errors as e, os", ["chromadb.errors", "os"]),
        ("def f():\n    from askpapers.engine import Corpus", ["askpapers.engine.Corpus"]),
        ("if TYPE_CHECKING:\n    import openai", ["openai"]),
        ("from askpapers import render", ["askpapers.render"]),
        ("import importlib\nimportlib.import_module('gradio')", ["importlib", "gradio"]),
    ],
)
def test_no_import_hides(code: str, expected: list[str]) -> None:
    assert [name for name, _ in imports(code)] == expected


@pytest.mark.parametrize(
    ("room", "name", "allowed"),
    [
        ("cli", "askpapers.engine.Corpus", True),
        ("drafts", "askpapers.research.conflicts", False),
        ("cli", "askpapers.__version__", True),
        ("engine", "askpapers.text.plain", True),
        ("index", "askpapers.corpus.Corpus", True),
        ("corpus", "askpapers.index.build", False),
        ("grounding", "askpapers.reading.protocol", True),
        ("reading", "askpapers.answering.draft", False),
        ("reading", "askpapers.grounding.support", False),
        ("reading", "askpapers.index.embedder", False),
        ("answering", "askpapers.replies.writing", True),
        ("replies", "askpapers.answering.draft", False),
        ("replies", "askpapers.llm.model", False),
        ("text", "askpapers.datatypes", False),
        ("retrieval", "askpapers.engine.Corpus", False),
        ("engine", "askpapers.__version__", False),
        ("answering", "askpapers.grounding.ground", False),
        ("answering", "askpapers.grounding.numbers.numbers", True),
        ("render", "askpapers.cli", False),
    ],
)
def test_the_rule_of_the_arrows(room: str, name: str, allowed: bool) -> None:
    assert is_allowed(room, room_of_import(name)) is allowed


@pytest.mark.parametrize(
    "module", ["askpapers", "askpapers.cli", *("askpapers." + Path(f).stem for f in sorted(PURE) if "/" not in f)]
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "askpapers" in loaded
    assert loaded & HEAVY == set()
