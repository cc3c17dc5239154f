"""The names in a text, and which of a statement's the source does not have. Pure functions.

A name is a word with two capitals or a letter and a digit (BERT, iPhone, GPT-3, p53), or one that is capitalised
inside a sentence (Wikipedia). Spelling is compared exactly but for case, hyphens and the plural: GPT-3 is not GPT-4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from askpapers.text import folded, stem


def names(text: str) -> tuple[str, ...]:
    """The names in a text as written, each once, in order."""
    text = folded(text)
    return tuple(dict.fromkeys(name for run in _runs(text) for name in run))


def missing_names(statement: str, source: str) -> tuple[str, ...]:
    """The names of a statement that the source does not have.

    An acronym stands on words with its initials, and a capitalised run of words (Reinforcement Learning) on its
    acronym.
    """
    source = folded(source)
    keys, initials = _keys(source), _initials(source)
    acronyms = {_key(name) for run in _runs(source) for name in run if _ACRONYM.fullmatch(name)}
    missing = []
    for run in _runs(folded(statement)):
        if len(run) > 1 and "".join(word[0] for word in run).casefold() in acronyms:
            continue
        missing += [name for name in run if not _stands(name, keys, initials)]
    return tuple(dict.fromkeys(missing))


_TOKEN = re.compile(r"[^\W_]+(?:[.'’+/-][^\W_]+)*(?:\+\+|#)?(?![$€£¥])")
_PART = re.compile(r"[^\W_]+(?:\.\d+)*")
_QUANTITY = re.compile(
    r"\d[\d.,]*(?:[KMBTk]|bn|mn|x|st|nd|rd|th|s|[a-zμµ]{1,2}|[GMT]B|D)?(?:-[a-z]+)*|\d[\d.]*(?:e-?\d+|x10)|[a-z]+-\d+"
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*")
_SENTENCE_END = re.compile(r"[.!?:;]\W*$|^\W*$")
_NO_NAMES = frozenset(
    "i we our the this these those that it its a an in on at to for by with from as of and or but however moreover"
    " january february march april may june july august september october november december".split()
)
_JOINTS = ("of", "from", "for", "and", "with", "in", "to", "the")
_GAP = re.compile(rf" (?:(?:{'|'.join(_JOINTS)}) )*")
# More capitalised words than this share of all: a heading, in which capitals name nothing.
_HEADING = 0.75
_SHORTEST_PREFIX = 5
_SHORTEST_ACRONYM = 2
_CLAUSE_END = re.compile(r"[.,;:!?()]")


def _runs(text: str) -> Iterator[list[str]]:
    """Runs of names with nothing but a space or a small word between them."""
    tokens = list(_TOKEN.finditer(text))
    capitalised = sum(t.group()[0].isupper() for t in tokens)
    is_heading = len(tokens) > 3 and capitalised > _HEADING * len(tokens)
    run: list[str] = []
    end = 0
    for token in tokens:
        begins = bool(_SENTENCE_END.search(text[: token.start()][-6:]))
        found = _names_in(token.group(), begins or is_heading)
        if token.group() in _JOINTS:
            continue
        if run and not (found and _GAP.fullmatch(text[end : token.start()])):
            yield run
            run = []
        run += found
        end = token.end()
    if run:
        yield run


def _names_in(token: str, begins: bool) -> list[str]:
    """The names in a token: "BERT-based" has one, "GPT-3" is one, "Transformer-LSTM" two."""
    token = re.sub(r"['’]s?$", "", token)
    if _QUANTITY.fullmatch(token):
        return []
    parts = re.split(r"[-/]", token)
    if any(part[0].isdigit() for part in parts[1:] if part) or len(parts) == 1:
        # The number belongs to the name, and what follows it does not: GPT-3-based.
        last = max((i for i, part in enumerate(parts) if part[:1].isdigit()), default=0)
        whole = token if last + 1 == len(parts) else "-".join(parts[: last + 1])
        return [whole] if _is_name(whole, begins) else []
    return [part for part in parts if _is_name(part, begins)]


def _is_name(word: str, begins: bool) -> bool:
    letters = [c for c in word if c.isalpha()]
    if not letters or len(word) < 2 or word.casefold() in _NO_NAMES or _QUANTITY.fullmatch(word):
        return False
    if sum(c.isupper() for c in letters) > 1 or any(c.isdigit() for c in word):
        return True
    if any(c.isupper() for c in word[1:]):
        return True
    return not begins and word[0].isupper()


def _key(word: str) -> str:
    """What two spellings of one name share: gpt3, gpt3.5, llm."""
    key = "".join(c for c in word.casefold() if c.isalnum() or c == ".").strip(".")
    return key if any(c.isdigit() for c in key) else key.replace(".", "")


def _keys(source: str) -> set[str]:
    """The key and the stem of every word, of every two and three that stand beside each other, and of every name."""
    parts = [_key(part) for part in _PART.findall(source)]
    keys = set(parts) | {stem(part) for part in parts} | {_key(name) for run in _runs(source) for name in run}
    for size in (2, 3):
        keys |= {"".join(parts[i : i + size]) for i in range(len(parts) - size + 1)}
    return keys


def _initials(source: str) -> tuple[str, str]:
    """The first letters of the words in order, a space between clauses; then without small words in between.

    Small words are in lower case throughout, others in capitals: an acronym neither begins nor ends with one.
    """
    clauses = [[(w[0], w.casefold()) for w in _PART.findall(clause)] for clause in _CLAUSE_END.split(source)]
    every = " ".join("".join(_initial(*word) for word in clause) for clause in clauses)
    return every, " ".join("".join(_initial(*word) for word in c if word[1] not in _NO_NAMES) for c in clauses)


def _initial(letter: str, word: str) -> str:
    return letter.lower() if word in _NO_NAMES else letter.upper()


def _spells_out(acronym: str, initials: tuple[str, str]) -> bool:
    """Whether words of one clause have the letters of an acronym; of two letters, words beside each other."""
    pattern = f"{acronym[0].upper()}(?i:{acronym[1:-1]}){acronym[-1].upper()}"
    return any(re.search(pattern, letters) for letters in initials[: 2 if len(acronym) > _SHORTEST_ACRONYM else 1])


def _stands(name: str, keys: set[str], initials: tuple[str, str]) -> bool:
    key = _key(name)
    singular = key[:-1] if key.endswith("s") and len(key) > 2 else key
    if key in keys or singular in keys or f"{key}s" in keys or stem(key) in keys:
        return True
    if any(c.isdigit() for c in key):
        return False
    if _ACRONYM.fullmatch(name.replace(".", "")) and _spells_out(singular, initials):
        return True
    # Europe and European, Bayes and Bayesian; never for acronyms.
    is_word = name[1:].islower() and len(key) >= _SHORTEST_PREFIX
    start = key[: max(_SHORTEST_PREFIX, len(key) - 3)]
    return is_word and any(other.startswith(start) and abs(len(other) - len(key)) <= 3 for other in keys)
