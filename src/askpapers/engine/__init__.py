"""The one path that every question takes: an opened corpus, and the LlamaIndex query engine over it."""

from askpapers.engine.corpus import Corpus
from askpapers.engine.opening import open_corpus, open_settings
from askpapers.engine.query import CorpusQueryEngine
from askpapers.engine.request import LONGEST_QUESTION, Way

__all__ = ["LONGEST_QUESTION", "Corpus", "CorpusQueryEngine", "Way", "open_corpus", "open_settings"]
