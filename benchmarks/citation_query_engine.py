"""Answers a suite with LlamaIndex's CitationQueryEngine as it comes, for `ask eval --answers` to score.

    python benchmarks/citation_query_engine.py eval/suites/seeds-dev.jsonl -o answers.jsonl [--corpus seeds]
    ask eval eval/suites/seeds-dev.jsonl --answers answers.jsonl

The engine, its prompts and its chunks are LlamaIndex's defaults over the same abstracts, with the same embedding
model. The language model is scripted: it copies the sentences of the sources that share most words with the
question and cites each, so the figures are about the engine around a model that never invents, not about what a
real model would write.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.query_engine import CitationQueryEngine

from askpapers.corpus import read_corpus
from askpapers.evaluation.suites import read_suite
from askpapers.index.embedder import MiniLM
from askpapers.text import sentences, terms

_SENTENCES = 2  # that the scripted model writes
_SOURCE = re.compile(r"^Source (\d+):\n(.*?)(?=^Source \d+:\n|^------|\Z)", re.MULTILINE | re.DOTALL)
_CITED = re.compile(r"\[(\d+)\]")


class Embedding(BaseEmbedding):
    """The embedder that this project ships, for LlamaIndex."""

    model: Any

    def _get_text_embedding(self, text: str) -> list[float]:
        vector: list[float] = self.model.embed([text])[0].tolist()
        return vector

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class Scripted(CustomLLM):
    """Copies the sentences of the numbered sources that share most words with the question; else it declines."""

    @property
    def metadata(self) -> LLMMetadata:
        """A name, so that reports say that no model wrote this."""
        return LLMMetadata(model_name="scripted", context_window=8192)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """Write one sentence a line, each with the number of its source."""
        # The prompt has an example of sources, then the real ones, then the question.
        body, _, rest = prompt.rpartition("Query: ")
        asked = set(terms(rest.partition("\n")[0]))
        found: list[tuple[int, int, str, str]] = []
        for number, text in _SOURCE.findall(body[body.rfind("Below are several") :]):
            for start, end in sentences(text):
                shared = len(asked & set(terms(text[start:end])))
                found.append((-shared, len(found), text[start:end], number))
        best = [(text, number) for shared, _, text, number in sorted(found)[:_SENTENCES] if shared]
        return CompletionResponse(text="\n".join(f"{text} [{n}]" for text, n in best) or "The sources do not say.")

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The same in one piece."""
        yield self.complete(prompt)


def main() -> None:
    """Index the corpus, ask every question, write the answers in the JSON contract."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("seeds"))
    arguments = parser.parse_args()
    papers = {paper.id: paper for paper in read_corpus([arguments.corpus]).papers}
    documents = [
        Document(
            text=p.abstract,
            metadata={"paper": p.id},
            excluded_llm_metadata_keys=["paper"],
            excluded_embed_metadata_keys=["paper"],
        )
        for p in papers.values()
    ]
    index = VectorStoreIndex.from_documents(documents, embed_model=Embedding(model=MiniLM()))
    engine = CitationQueryEngine.from_args(index, llm=Scripted(), similarity_top_k=5)
    abstracts = {paper.id: paper.abstract for paper in papers.values()}
    with arguments.output.open("w", encoding="utf-8") as out:
        for case in read_suite(arguments.suite).cases:
            begin = time.perf_counter()
            response = engine.query(case.question)
            milliseconds = 1000 * (time.perf_counter() - begin)
            answer = contract(case.question, str(response), response.source_nodes, abstracts)
            line = {**answer, "id": case.id, "timings_ms": {"all": round(milliseconds, 1)}}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def contract(question: str, text: str, nodes: list[Any], abstracts: dict[str, str]) -> dict[str, Any]:
    """A response as an answer of the JSON contract: its sentences, and the chunks that they cite as quotes."""
    statements: list[dict[str, Any]] = [
        {"text": _CITED.sub("", line).strip(), "citations": [int(n) for n in _CITED.findall(line)]}
        for line in text.splitlines()
        if _CITED.search(line)
    ]
    numbers = sorted({n for statement in statements for n in statement["citations"]})
    citations = []
    for number in numbers:
        node = nodes[number - 1].node
        quote = node.get_content().removeprefix(f"Source {number}:\n").strip()
        paper = node.metadata["paper"]
        start = abstracts[paper].find(quote)
        place = {"start": start, "end": start + len(quote)} if start >= 0 else {"start": None, "end": None}
        citations.append({"number": number, "paper": paper, "quote": quote, **place})
    cited = dict.fromkeys(citation["paper"] for citation in citations)
    return {
        "schema": 1,
        "question": question,
        "status": "answered" if statements else "not_in_corpus",
        "text": text,
        "statements": statements,
        "citations": citations,
        "papers": [{"id": paper, "verdict": None, "abstract": abstracts[paper]} for paper in cited],
        "engine": {
            "synthesizer": "llama-index CitationQueryEngine",
            "llm": "scripted",
            "embedder": "all-MiniLM-L6-v2-int8",
        },
    }


if __name__ == "__main__":
    main()
