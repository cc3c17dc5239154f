"""Acronyms in questions: what the field's stand for, and spelling them out for a reader who has not met them."""

from __future__ import annotations

from collections.abc import Callable

from askpapers.index.acronyms import spelled_out
from askpapers.index.generation import Index
from askpapers.text import plain, stem, words

FIELD = (
    ("ai", "artificial intelligence"),
    ("asr", "automatic speech recognition"),
    ("cnn", "convolutional neural network"),
    ("cot", "chain of thought"),
    ("cv", "computer vision"),
    ("gan", "generative adversarial network"),
    ("gnn", "graph neural network"),
    ("llm", "large language model"),
    ("llm", "language model"),
    ("lm", "language model"),
    ("ml", "machine learning"),
    ("mt", "machine translation"),
    ("ner", "named entity recognition"),
    ("nlp", "natural language processing"),
    ("nmt", "neural machine translation"),
    ("ocr", "optical character recognition"),
    ("qa", "question answering"),
    ("rag", "retrieval augmented generation"),
    ("rl", "reinforcement learning"),
    ("rnn", "recurrent neural network"),
    ("sae", "sparse autoencoder"),
    ("sota", "state of the art"),
    ("tts", "text to speech"),
    ("vae", "variational autoencoder"),
    ("vlm", "vision language model"),
    ("vqa", "visual question answering"),
)
"""Acronyms that abstracts rarely spell out, in lower case, and what they stand for."""

_SPELLED_IN = 100  # papers that have an acronym are looked at for one that spells it out


def spell_out(text: str, index: Index) -> str:
    """A text with the long form in the place of each acronym, as the corpus writes it or else the field.

    "use RLHF" becomes "use reinforcement learning from human feedback".
    """
    return _with_long_forms(plain(text), lambda word: _long_form(word, index))


def as_its_paper_spells(sentence: str, abstract: str, question: str) -> str:
    """A sentence of an abstract with the long form in the place of each acronym that the abstract spells out.

    A reader of one sentence cannot know them. An acronym that the question has stays: it is what is looked for.
    """
    asked = {word for word, _, _ in words(question)}
    long_forms = {short: long for short, long in spelled_out(abstract) if short not in asked}
    long_forms |= {f"{short}s": f"{long}s" for short, long in long_forms.items()}
    return _with_long_forms(sentence, long_forms.get) if long_forms else sentence


def _with_long_forms(text: str, long_form: Callable[[str], str | None]) -> str:
    spelled = text
    for word, start, end in reversed(list(words(text))):
        joined = "/" in (spelled[start - 1 : start], spelled[end : end + 1])  # the name of a dataset: CNN/DailyMail
        long = None if joined else long_form(word)
        if long and long.casefold() not in spelled.casefold():
            spelled = spelled[:start] + long + spelled[end:]
    return spelled


def _long_form(word: str, index: Index) -> str | None:
    shorts = (word.casefold(), word.removesuffix("s").casefold())
    if any(index.papers.long_forms(short) for short in shorts):  # stemmed there: not to be read
        for row in index.words.documents_with(stem(word.casefold()))[:_SPELLED_IN]:
            for short, long in spelled_out(index.papers.at(int(row)).abstract):
                if short.casefold() in shorts:
                    return long
    return next((long for short, long in FIELD if short in shorts), None)
