"""Looks at what is configured and found, and says what would be used and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from askpapers.answering.cautions import marks
from askpapers.background import client
from askpapers.background.place import NoPlaceError
from askpapers.corpus.left_out import LeftOutList
from askpapers.counts import counted
from askpapers.embedders import embedder_for, name_for
from askpapers.errors import AskPapersError, IndexDamagedError, IndexUnusableError
from askpapers.index.build import is_fresh
from askpapers.index.embedder import is_embedded
from askpapers.index.growing import build_progress
from askpapers.index.layout import current_generation, newest_growing
from askpapers.index.leases import guarded, has_writer, take_lease
from askpapers.index.opening import open_generation, open_index
from askpapers.index.shards import read_papers
from askpapers.index.stores import remote_store
from askpapers.llm.spec import Kind, read_spec
from askpapers.progress import Progress
from askpapers.prompts import load_prompts
from askpapers.settings import Settings, is_offline, server_is_wanted
from askpapers.shard_copies import source_of


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `hint` says what to do, where something can be done."""

    name: str
    ok: bool
    found: str
    hint: str = ""


def examine(settings: Settings, progress: Progress, *, deep: bool = False) -> list[Check]:
    """Check the corpus, the index, the embedder and the model, without changing anything.

    `deep` reads every byte of the index, however large; `progress` is told how far that is.
    """
    looks: tuple[tuple[str, Callable[[Settings], Check]], ...] = (
        ("corpus", lambda settings: _corpus(settings, progress)),
        ("index", lambda settings: _index(settings, progress, deep)),
        *((("store", _store),) if settings.store else ()),
        ("embedder", _embedder),
        ("model", _model),
        ("background", _background),
        ("versions", _versions),
    )
    checks = []
    for name, look in looks:
        try:
            checks.append(look(settings))
        except AskPapersError as error:
            checks.append(Check(name, False, str(error), error.hint))
    return checks


def _corpus(settings: Settings, progress: Progress) -> Check:
    corpus, _ = read_papers(settings.corpus, progress)
    entries = sum(len(p.sources) for p in corpus.papers)
    marked = f"; of these {there}" if (there := marks(corpus.papers)) else ""
    copies = f" (merged copies: {entries - len(corpus.papers):,})" if entries > len(corpus.papers) else ""
    roots = ", ".join(source_of(root) or str(root) for root in settings.corpus)
    notes = f"; {len(corpus.warnings)} notes, the first: {corpus.warnings[0]}" if corpus.warnings else ""
    if left_out := corpus.left_out.count:
        notes += f"; left out: {left_out} ({_most(corpus.left_out)}; ask papers --left-out)"
    papers = f"{counted(len(corpus.papers), 'paper')} in {entries:,} entries{copies}{marked}"
    found = f"{roots} (from {settings.corpus_from}): {papers}{notes}"
    return Check("corpus", True, found, " ".join(settings.notes))


def _most(left_out: LeftOutList) -> str:
    """The reason that leaves out most."""
    (reason, _), *others = left_out.by_reason()
    return reason if not others else f"most of them: {reason}"


def _index(settings: Settings, progress: Progress, deep: bool) -> Check:
    folder = settings.index
    where = f"{folder} (from {settings.index_from})"
    try:
        generation = current_generation(folder)
        if generation is None:
            return _unfinished_index(folder, where)
        with guarded(folder):
            lease = take_lease(generation)
        with closing(open_generation(generation, lease, progress, settings.corpus, whole=deep)) as index:
            index.manifest.check_embedder(embedder_for(settings).name)
            index.open_all()
        fresh = is_fresh(folder, settings.corpus)
    except IndexDamagedError as error:
        return Check("index", False, f"{error}{_instead(folder, progress)}", error.hint)
    if fresh:
        state = "up to date"
    elif index.manifest.has_this_content:
        state = "older than the corpus, refreshed by the next question"
    else:
        state = (
            "made by another version, which read or cut papers otherwise; made anew by the next question or `ask index`"
        )
    files = index.manifest.files
    size = sum(of_file.size for of_file in files.values())
    how = "every byte" if deep or lease.crashed else "small ones whole, large ones by size and time"
    checked = f"{counted(len(files), 'file')} ({size / 1e6:,.1f} MB) are as they were made ({how})"
    free = shutil.disk_usage(folder).free // 1_000_000
    found = (
        f"{where}: {counted(index.manifest.papers, 'paper')}, {counted(index.manifest.passages, 'vector')}, {state};"
        f" {checked}; {free:,} MB free"
    )
    return Check("index", True, found)


def _unfinished_index(folder: Path, where: str) -> Check:
    """An index that was never finished: it is being built, a build was interrupted, or none was begun."""
    progress = build_progress(folder)
    if progress is not None and has_writer(folder):
        asked = ", and it can be asked meanwhile" if newest_growing(folder) else ""
        return Check("index", True, f"{where}: another process is building it{asked}; {progress}")
    if progress is not None:
        return Check("index", True, f"{where}: a build was interrupted; {progress}", "Go on with it: ask index")
    return Check("index", True, f"{where}: none yet", "It is built by the first question, or by: ask index")


def _store(settings: Settings) -> Check:
    """Reach the vector store on a server, and count what is there."""
    remote = remote_store(settings, embedder_for(settings))
    assert remote
    with closing(remote.open()) as store:
        return Check("store", True, f"{remote.address}: reached, {store.count():,} vectors, of whoever filled it")


def _instead(folder: Path, progress: Progress) -> str:
    """What is used in the place of a damaged generation."""
    try:
        index = open_index(folder, progress)
    except IndexUnusableError:
        return " There is no other that is good."
    if index is None or not index.notes:
        return ""
    with closing(index):
        return f" Questions are answered from the last good one, {index.generation.name}."


def _embedder(settings: Settings) -> Check:
    embedder = embedder_for(settings)
    size = f"{embedder.embed(['a test']).shape[1]} dimensions"
    if is_embedded(embedder.name):
        return Check("embedder", True, f"{embedder.name}, embedded, {size}, no network needed")
    return Check(
        "embedder", True, f"{embedder.name}: reached, {size}; it is sent each sentence once, and each question"
    )


def _model(settings: Settings) -> Check:
    """Reach the configured model without having it write."""
    model = settings.model
    spec = read_spec(model.spec, model.base_url)
    set_by = f"(from {model.spec_from})"
    prompts = load_prompts(model.prompts)
    if spec is None:
        local = is_embedded(name_for(settings))
        leaves = "nothing leaves this machine" if local else "only the embedder is sent anything"
        return Check("model", True, f"none {set_by}: answers are quotes (extractive); {leaves}", _on_this_machine())
    if spec.kind in (Kind.GGUF, Kind.LLAMA_INDEX):
        from askpapers.llm.opening import open_model

        context = open_model(spec, model, {}).context
        return Check(
            "model",
            True,
            f"{spec} {set_by}: loaded, context of {context:,} tokens; whether it answers: ask model --check",
        )
    from askpapers.llm.server import offered_models

    offered = offered_models(spec, model)
    there = f"{spec} {set_by}: reached, prompts {prompts.sha256[:12]}"
    # Ollama calls "llama3.2" "llama3.2:latest".
    if spec.model in {name for full in offered for name in (full, full.removesuffix(":latest"))}:
        return Check("model", True, f"{there}, {len(offered)} models offered")
    names = ", ".join(offered[:8]) or "none"
    found = f"{there}, but it does not offer {spec.model}; it has: {names}"
    return Check("model", False, found, "Choose one of these.")


def _background(settings: Settings) -> Check:
    """The process that answers questions at terminals; it is not started."""
    if client.is_off():
        return Check("background", True, "no process answers questions at terminals: ASK_SERVER switches it off")
    try:
        found = client.status()
    except (NoPlaceError, OSError, ValueError) as error:
        return Check("background", True, f"no process can be asked: {error}", "Questions are answered without it.")
    if found is None:
        state = "is not wanted (server = false)" if not server_is_wanted() else "is started by a question at a terminal"
        return Check("background", True, f"none runs; one {state}")
    left = max(0, round((found["ends_after"] - found["idle"]) / 60))
    return Check(
        "background",
        True,
        f"process {found['pid']} answers questions at terminals: {found['questions']:,} so far,"
        f" {found['corpora']} corpora open; ends after {left} more minutes without one",
        "End it: ask serve --stop",
    )


def _on_this_machine() -> str:
    """The model servers that answer here, each with a way to use it; "" where there is none, or none was looked for."""
    from askpapers.llm.local import find_servers

    servers = [] if is_offline() else find_servers()
    offers = [f"{server.name}: ask --llm {server.specs[0]}" for server in servers if server.specs]
    return f"Found on this machine, and not used: {'; '.join(offers)} (all of them: ask model)" if offers else ""


def _versions(settings: Settings) -> Check:
    names = ("askpapers", "llama-index-core", "chromadb", "bm25s", "onnxruntime", "openai", "gradio")
    return Check("versions", True, ", ".join(f"{name} {version(name)}" for name in names))
