"""The words that a question can use: those of the corpus, as it writes them, and common English ones."""

from __future__ import annotations

from collections import Counter

from askpapers.answering.spelling import correct
from askpapers.index.generation import Index
from askpapers.text import stem, words

_READ = 12  # papers with a word that are read for how they write it


class CorpusWords:
    """The words of an index, each looked up once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._written: dict[str, str | None] = {}

    def written(self, word: str) -> str | None:
        """A name as the corpus mostly writes it ("GSM8K" for "gsm8k"); None for a word that is no name there."""
        lower = word.casefold()
        if lower not in self._written:
            self._written[lower] = self._look_up(lower)
        return self._written[lower]

    def meant_by(self, word: str) -> str | None:
        """What a misspelt word stands for, as the corpus writes it; one that is typed as a name can only be a name."""
        meant = correct(word.casefold(), self._papers_with, self._index.lexicon.words)
        name = self.written(meant) if meant else None
        return name or (meant if word.islower() else None)

    def _papers_with(self, word: str) -> int:
        return len(self._index.words.documents_with(stem(word)))

    def _look_up(self, lower: str) -> str | None:
        if stem(lower) not in self._index.lexicon.names:
            return None
        forms: Counter[str] = Counter()
        for row in self._index.words.documents_with(stem(lower))[:_READ]:
            paper = self._index.papers.at(int(row))
            forms.update(word for word, _, _ in words(paper.abstract) if word.casefold() == lower)
        form = max(forms, key=lambda form: forms[form], default=lower)
        return form if forms and (form != lower or any(map(str.isdigit, form))) else None
