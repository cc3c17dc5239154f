"""Answers and papers as JSON: the objects of the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from askpapers.contract import answer_dict, corpus_notes, paper_dict, source_dict
from askpapers.datatypes import Answer, Paper
from askpapers.render_papers import copies_merged

# What a terminal may act on, and half characters, which UTF-8 has no bytes for.
_ESCAPED = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def json_text(content: Any) -> str:
    """JSON on many lines; what a terminal may act on is escaped."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def answers_json(answers: Sequence[Answer]) -> str:
    """The object of `ask --json`; of several answers a list of them."""
    objects = [answer_dict(answer) for answer in answers]
    return json_text(objects[0] if len(objects) == 1 else objects)


def papers_json(papers: Sequence[Paper], notes: Sequence[str] = ()) -> str:
    """The object of `ask papers --json`; `notes` are what has to be said about the corpus."""
    copies = copies_merged(papers)
    listed = [paper_with_sources(paper) for paper in papers]
    return json_text({"papers": listed, "copies_merged": copies, **corpus_notes(notes)})


def paper_with_sources(paper: Paper) -> dict[str, Any]:
    """A paper with the places that it was read from."""
    return {**paper_dict(paper), "sources": [source_dict(source) for source in paper.sources]}
