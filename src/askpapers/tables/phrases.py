"""Phrases and clauses: what a cell is cut out of. Pure.

There is no parser: a phrase is a run of words between those that end one (prepositions, determiners, verbs that are
known, punctuation). Each function takes time in proportion to the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from askpapers.tables.words import CLOSING, STOPS, Sentence, Span, Word


def phrase_after(
    words: Sequence[Word], first: int, *, lists: bool = False, through: frozenset[str] = frozenset()
) -> Span | None:
    """The phrase that begins at a word; with `lists` also what is joined to it by commas and "and".

    One that follows it after a preposition of `through` is part of it: "learning from human feedback". None where no
    word of content is there.
    """
    span = _phrase_after(words, first, lists)
    for _ in range(_MOST_PREPOSITIONS if span and through else 0):
        assert span
        place = span[1] + 1
        if place + 1 >= len(words) or _ends_phrase(words[span[1]]) or words[place].form not in through:
            break
        rest = _phrase_after(words, place + 1, lists)
        if rest is None or rest[0] - span[1] > _FARTHEST_PREPOSITION:
            break
        span = span[0], rest[1]
    return span


def _phrase_after(words: Sequence[Word], first: int, lists: bool) -> Span | None:
    place = first
    while place < len(words) and words[place].form in DETERMINERS and not _ends_phrase(words[place]):
        place += 1
    begin = place
    last = begin - 1
    while place < len(words):
        form = words[place].form
        if form in ENDERS and not (lists and form in _JOINERS and last >= begin):
            break
        if form in _JOINERS and not _joins(words, place):
            break
        if place > begin and words[place].before.startswith(("(", "[")) and not _is_short(words[place]):
            break
        last = place
        stop = words[place].after.lstrip(CLOSING)[:1]
        if stop and stop in STOPS and not (lists and stop == "," and _list_goes_on(words, place + 1)):
            break
        place += 1
    while last >= begin and words[last].form in ENDERS | _JOINERS | DETERMINERS:
        last -= 1
    return (begin, last) if last >= begin and not all(words[i].form in VAGUE for i in range(begin, last + 1)) else None


def phrase_before(words: Sequence[Word], last: int, *, lists: bool = False) -> Span | None:
    """The phrase that ends with a word, itself included; None where that word is all there is of content."""
    first = last
    while first > 0:
        before = words[first - 1]
        stop = before.after.lstrip(CLOSING)[:1]
        if stop and stop in STOPS and not (lists and stop == ","):
            break
        if before.form in ENDERS | DETERMINERS | _VERBS and not (lists and before.form in _JOINERS):
            break
        if before.form in _JOINERS and not lists:
            break
        first -= 1
    while first < last and words[first].form in _JOINERS | VAGUE and words[first].form not in ("new", "large"):
        first += 1
    return (first, last) if any(words[i].form not in VAGUE for i in range(first, last)) else None


def clauses(sentence: Sentence) -> list[Span]:
    """The clauses of a sentence, as runs of words: cut at semicolons, colons, dashes, and commas before a new one."""
    words, begin, found = sentence.words, 0, list[Span]()
    for place in range(len(words) - 1):
        stop = words[place].after.lstrip(CLOSING)[:1]
        comma = stop == "," and _begins_clause(words, place + 1)
        shortest = _SHORTEST_CLAUSE if comma else _SHORTEST_PART
        if (comma or stop in _PARTS) and place + 1 - begin >= shortest and len(words) - place - 1 >= shortest:
            found.append((begin, place))
            begin = place + 1
    found.append((begin, len(words) - 1))
    return [_without_opening(words, span) for span in found]


def _without_opening(words: Sequence[Word], span: Span) -> Span:
    """A clause without what leads into it: "However, ", "For example, ", "and "."""
    first, last = span
    for opening in _OPENINGS:
        forms = tuple(word.form for word in words[first : first + len(opening)])
        if forms == opening and first + len(opening) < last:
            first += len(opening)
            break
    return first, last


def _begins_clause(words: Sequence[Word], first: int) -> bool:
    """Whether a clause, and no item of a list, begins at a word after a comma."""
    form = words[first].form
    if form not in _CLAUSE_STARTERS:
        return False
    if form in ("and", "but"):
        return first + 1 < len(words) and words[first + 1].form in _CLAUSE_SUBJECTS | _VERBS
    return True


def _ends_phrase(word: Word) -> bool:
    stop = word.after.lstrip(CLOSING)[:1]
    return bool(stop) and stop in STOPS


def _joins(words: Sequence[Word], place: int) -> bool:
    """Whether an "and" joins words and not clauses: what follows is no pronoun, verb or preposition."""
    if not 0 < place < len(words) - 1:
        return False
    following = words[place + 1].form
    return following not in ENDERS | _VERBS and any(c.isalpha() for c in following)


def _list_goes_on(words: Sequence[Word], place: int) -> bool:
    """Whether an "and" or "or" before the next item's end shows that commas before it part a list."""
    for word in words[place : place + _LONGEST_LIST]:
        if word.form in ("and", "or", "&"):
            return True
        if word.form in ENDERS or word.after.lstrip(CLOSING)[:1] in (";", ".", ":"):
            return False
    return False


def _is_short(word: Word) -> bool:
    """Whether a bracket holds an abbreviation and nothing else: "natural language processing (NLP)"."""
    return word.after.startswith(")") and len(word.text) <= _LONGEST_ABBREVIATION and word.text[:1].isupper()


_PARTS = frozenset(";:—")
_SHORTEST_CLAUSE = 4  # words, after a comma
_SHORTEST_PART = 3  # words, after a sign of `_PARTS`
_MOST_PREPOSITIONS = 2
_FARTHEST_PREPOSITION = 3  # words between two phrases: "of the"
_LONGEST_LIST = 24  # words
_LONGEST_ABBREVIATION = 12  # characters
_JOINERS = frozenset({"and", "or", "&"})
DETERMINERS = frozenset(
    "a an the this that these those our their its his her some any each every both several many most all"
    " other another various multiple different two three four five one such more".split()
)
ENDERS = frozenset(
    "in on at for to from by with without within into onto over under between among across through during via"
    " as than that which who whom whose where when while whereas because since if although though but so"
    " yet however not is are was were be been being am has have had do does did can could may might will would"
    " shall should must we they it he she you i us them our their its use uses used using show shows showed"
    " shown find finds found achieve achieves achieved outperform outperforms outperformed improve improves"
    " improved provide provides provided allow allows enable enables enabled demonstrate demonstrates propose"
    " proposes proposed introduce introduces introduced present presents presented evaluate evaluates"
    " evaluated train trained test tested study studied based compared including include includes included"
    " like yields yield leads lead consists consist requires require directly especially particularly also"
    " even only rather instead significantly substantially often about against towards toward after before"
    " until resulting specifically designed together".split()
)
"""Words that no noun phrase goes across."""
_VERBS = frozenset(
    "then thus also further compare compares compared find analyze analyse analyzes discuss discusses"
    " describe report reports release releases explore optimize apply applied generate generates learn learns"
    " reduce reduces make makes do take give become becomes help helps perform performs obtain obtains explain"
    " identify develop develops scale test tests ask let establish measure measured conduct conducted assess"
    " assessed examine examined investigate investigated".split()
)
"""Verbs after "and" that begin a clause, besides `ENDERS`."""
VAGUE = DETERMINERS | frozenset(
    "task tasks problem problems dataset datasets data benchmark benchmarks corpus corpora set sets method"
    " methods model models approach approaches result results technique techniques system systems algorithm"
    " algorithms framework own training new novel existing standard common public large small recent certain different"
    " simple general challenging range variety wide broad number well-known popular downstream tested"
    " particular respective and or of given proposed learned above following current our target similar same"
    " related evaluation experiments challenge challenges issue issues fundamental important specific category"
    " categories".split()
)
"""Words that name nothing by themselves."""
_CLAUSE_STARTERS = frozenset(
    "and but while whereas which although though however where so yet showing suggesting demonstrating"
    " indicating achieving outperforming resulting leading compared we it they whereby with even despite".split()
)
_CLAUSE_SUBJECTS = frozenset(
    "we it they our this that these those there he she i is are was were has have can find show achieve outperform"
    " improve found showed achieved outperformed improved demonstrate propose present introduce use used shows"
    " achieves".split()
)
_OPENINGS = tuple(
    tuple(text.split())
    for text in (
        "in this paper|in this work|for example|for instance|in particular|in addition|as a result|in contrast"
        "|in conclusion|and|but|however|moreover|furthermore|additionally|finally|overall|importantly|notably"
        "|specifically|thus|therefore|hence|also|while|whereas|which|although|similarly|here|further|interestingly|surprisingly"
    ).split("|")
)
