"""Tells a text in which a language model goes round in a circle. Pure."""

from __future__ import annotations

_ROUND = 36  # words
_LONGEST_PHRASE = 12  # words
_ROUND_OF_SIGNS = 120  # where no blank stands between words
_LONGEST_RUN = 20  # signs
_LONGEST_GAP = 300  # signs


def goes_round(text: str) -> bool:
    """Whether a text ends in a phrase said over and over, three times at least, or in nothing but white space."""
    if len(text) > _LONGEST_GAP and text[-_LONGEST_GAP:].isspace():  # of JSON by a grammar, which allows it for ever
        return True
    words = text[-20 * _ROUND :].casefold().split()[:-1][-_ROUND:]  # the last one may be cut
    signs = text[-_ROUND_OF_SIGNS:]
    if not any(sign.isalnum() for sign in signs):  # a line of a table
        return False
    of_words = len(words) == _ROUND and any(words[n:] == words[:-n] for n in range(1, _LONGEST_PHRASE + 1))
    is_long = len(signs) == _ROUND_OF_SIGNS
    return of_words or (is_long and any(signs[n:] == signs[:-n] for n in range(1, _LONGEST_RUN + 1)))
