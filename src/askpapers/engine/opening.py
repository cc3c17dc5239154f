"""Opening a corpus: by what is set and found, or by objects of LlamaIndex's classes in place of the defaults."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import LLM
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.vector_stores.types import BasePydanticVectorStore

from askpapers.embedders import embedder_for, given_embedder
from askpapers.engine.corpus import Corpus
from askpapers.errors import IndexDamagedError, IndexUnusableError, SourceError
from askpapers.index.build import is_fresh, refresh
from askpapers.index.embedder import Embedder
from askpapers.index.growing import MANY, open_growing
from askpapers.index.layout import current_generation, pointer
from askpapers.index.manifest import Manifest
from askpapers.index.stores import remote_store
from askpapers.progress import Progress, no_progress
from askpapers.reading.protocol import RelevanceReader
from askpapers.settings import Settings, load_settings


def open_corpus(
    *corpus: str | Path,
    index: str | Path | None = None,
    llm: str | LLM | None = None,
    embed_model: str | BaseEmbedding | None = None,
    reader: RelevanceReader | None = None,
    vector_store: BasePydanticVectorStore | None = None,
    node_postprocessors: Sequence[BaseNodePostprocessor] = (),
    embedder: str | BaseEmbedding | None = None,
    progress: Progress = no_progress,
) -> Corpus:
    """Open a corpus of abstracts, building or refreshing its index first where that is needed.

    Without arguments the corpus is found as on the command line: ASK_CORPUS, ask.toml, ./seeds; and so are the language
    model and the embedder, unless they are given: `llm` and `embed_model` are names, as --llm and --embedder take them,
    or objects of LlamaIndex's classes. The index remembers an embedding by its class and model name. `reader` judges
    what is relevant in place of the one in the package. The passages are written to a `vector_store`, and looked up in
    it. `node_postprocessors` are given what is retrieved for a question of fact. `embedder` is an older name of
    `embed_model`. Raises AskPapersError.
    """
    embed_model = embed_model or embedder
    settings = load_settings(
        [str(path) for path in corpus],
        str(index) if index else None,
        llm if isinstance(llm, str) else None,
        embedder=embed_model if isinstance(embed_model, str) else None,
    )
    return open_settings(
        settings,
        progress,
        given_embedder(embed_model, settings.index) if isinstance(embed_model, BaseEmbedding) else None,
        llm=llm if isinstance(llm, LLM) else None,
        reader=reader,
        vector_store=vector_store,
        node_postprocessors=node_postprocessors,
    )


class _AvailableError(Exception):
    """What another process is making, or what there was before, can be asked."""


def open_settings(
    settings: Settings,
    progress: Progress,
    embedder: Embedder | None = None,
    *,
    llm: LLM | None = None,
    reader: RelevanceReader | None = None,
    vector_store: BasePydanticVectorStore | None = None,
    node_postprocessors: Sequence[BaseNodePostprocessor] = (),
    complete: bool = False,
) -> Corpus:
    """Open the corpus that the settings name, by their embedder or the given one; see `open_corpus`.

    While another process is building or refreshing the index, what there is of it is opened where it can be asked: the
    last one, or a large one that has its words already. With `complete` it is waited for, as for a `vector_store`.
    """
    embedder = embedder or embedder_for(settings)
    remote = remote_store(settings, embedder)
    try:
        fresh = is_fresh(settings.index, settings.corpus)
    except IndexDamagedError:
        fresh = True  # the last good one is used, if there is one, and what is damaged is named
    except SourceError:  # shards that cannot be reached
        if pointer(settings.index) is None:
            raise
        fresh = True  # the index that they were joined to is used, and the answers say so
    just_built = not fresh
    if not fresh:

        def waiting() -> None:
            if not complete and vector_store is None and _is_available(settings, embedder):
                raise _AvailableError

        try:
            refresh(
                settings.index, settings.corpus, embedder, progress, unless_fresh=True, remote=remote, waiting=waiting
            )
        except _AvailableError:
            just_built = False
        except SourceError:
            if pointer(settings.index) is None:
                raise
            just_built = False
    return Corpus(
        settings.index,
        embedder,
        settings.model,
        settings.check,
        roots=settings.corpus,
        notes=settings.notes,
        just_built=just_built,
        progress=progress,
        llm=llm,
        reader=reader,
        vector_store=vector_store,
        node_postprocessors=node_postprocessors,
        remote=remote,
    )


def _is_available(settings: Settings, embedder: Embedder) -> bool:
    """Whether the index can be asked while another process is writing it."""
    with suppress(IndexUnusableError):
        current = current_generation(settings.index)
        if current is not None:
            manifest = Manifest.read(current)
            roots = tuple(str(root.resolve()) for root in settings.corpus)
            return (manifest.embedder, manifest.roots) == (embedder.name, roots)
        growing = open_growing(settings.index, embedder, settings.corpus, no_progress)
        if growing is not None:
            with closing(growing):
                return growing.missing >= MANY
    return False
