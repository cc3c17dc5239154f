"""Sentences with offsets, words to search by, and the two forms of a text: as it is shown and as it is compared.

Pure functions, and each takes time in proportion to the length of its text (tests/test_linear.py).
"""

from askpapers.text.forms import folded, plain, printable, same_text_key
from askpapers.text.splitting import sentences
from askpapers.text.terms import irregular_base, stem, terms, words

__all__ = ["folded", "irregular_base", "plain", "printable", "same_text_key", "sentences", "stem", "terms", "words"]
