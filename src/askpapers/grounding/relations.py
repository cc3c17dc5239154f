"""Relations between two sides that are not the same the other way round: causes, steps, order, training and test. Pure.

A relation is read where both sides stand beside words that name it: "A improves B", "B is improved by A", "from A to
B", "trained on A and tested on B". Verbs beyond the table are read in the passive ("is pollinated by"), and in the
active where the other text has them so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from askpapers.grounding.tokens import CLAUSES, PREPOSITIONS, Token, complement, is_denied, stems, subject
from askpapers.text import stem


@dataclass(frozen=True, slots=True)
class Relation:
    """What holds between two sides, each by the stems that the other side has not.

    `about` says in what respect, of a comparison; `words` are the stems that name the relation, `shown` as written.
    """

    kind: str
    first: frozenset[str]
    second: frozenset[str]
    shown: str
    about: frozenset[str] = field(default=frozenset())
    words: frozenset[str] = field(default=frozenset())


def relation(
    kind: str,
    first: Sequence[Token],
    second: Sequence[Token],
    named: Sequence[Token],
    about: frozenset[str] = frozenset(),
) -> Relation | None:
    """A relation of two phrases, None where nothing tells one from the other."""
    one, other = stems(first), stems(second)
    if not (one - other and other - one):
        return None
    shown = " ".join(token.text for token in named)
    words = frozenset(token.stem for token in named)
    return Relation(kind, one - other, other - one, shown, about, words)


def read_relations(tokens: Sequence[Token], verbs: frozenset[str] = frozenset()) -> Iterator[Relation]:
    """The relations in a sentence; `verbs` are stems of further verbs to be read, each of its own kind."""
    for found in (*_verbs(tokens, verbs), *_steps(tokens), *_order(tokens), *_training(tokens)):
        if found:
            yield found


def passive_verbs(tokens: Sequence[Token]) -> frozenset[str]:
    """The stems of the verbs that a sentence has in the passive, with who does it."""
    return frozenset(
        tokens[place].stem
        for place in range(len(tokens))
        if _is_passive(tokens, place) and _text(tokens, place + 1) == "by"
    )


def _verbs(tokens: Sequence[Token], verbs: frozenset[str]) -> Iterator[Relation | None]:
    for place, token in enumerate(tokens):
        kind = _KINDS.get(token.stem) or (token.stem if token.stem in verbs else "")
        if (
            not kind
            or token.text.endswith("ing")
            or _text(tokens, place - 1) in _BEFORE_NOUNS
            or is_denied(tokens, place)
        ):
            continue
        after = place + 1 + _text(tokens, place + 1).endswith("ly")
        joint, named = _text(tokens, after), tokens[place : after + 1]
        if (token.stem, joint) in _BACKWARD:
            yield relation(kind, complement(tokens, after + 1), subject(tokens, place), named)
        elif (token.stem, joint) in _FORWARD:
            yield relation(kind, subject(tokens, place), complement(tokens, after + 1), named)
        elif token.stem in _WITH_JOINT:
            continue
        elif _is_passive(tokens, place):
            if joint in _AGENTS:
                yield relation(kind, complement(tokens, after + 1), subject(tokens, place), named)
        elif joint in _AGENTS and kind in ("raise", "lower"):
            yield relation(kind, complement(tokens, after + 1), subject(tokens, place), named)
        elif joint and joint[0].isalnum() and joint not in PREPOSITIONS | CLAUSES | _BE | {"and", "or", "of"}:
            yield relation(kind, subject(tokens, place), complement(tokens, after), tokens[place:after])


def _steps(tokens: Sequence[Token]) -> Iterator[Relation | None]:
    """From one thing to another."""
    for place, token in enumerate(tokens):
        if token.text not in ("to", "into"):
            continue
        before = _last(tokens, place, {"from"})
        if before is not None:
            yield relation(
                "from-to", tokens[before + 1 : place], complement(tokens, place + 1), tokens[before : place + 1]
            )
        elif "from" in (ahead := [one.text for one in tokens[place + 1 : place + _NEAR]]):
            end = place + 1 + ahead.index("from")
            if not any(one.is_sign for one in tokens[place:end]):
                yield relation("from-to", complement(tokens, end + 1), tokens[place + 1 : end], tokens[place : end + 1])
        elif (verb := _last_stem(tokens, place, _CHANGING)) is not None:
            source = tokens[verb + 1 : place]
            yield relation(
                "from-to",
                source if stems(source) else subject(tokens, verb),
                complement(tokens, place + 1),
                tokens[verb : place + 1],
            )


def _order(tokens: Sequence[Token]) -> Iterator[Relation | None]:
    """One thing before another."""
    for place, token in enumerate(tokens):
        sides = subject(tokens, place), complement(tokens, place + 1 + (_text(tokens, place + 1) in _BE))
        if max(len(stems(side)) for side in sides) > _SHORT:
            continue
        if token.text == "before" or (token.stem == _PRECEDE and not _is_passive(tokens, place)):
            yield relation("before", sides[0], sides[1], (token,))
        elif token.text in ("after", "follows"):
            yield relation("before", sides[1], sides[0], (token,))


def _training(tokens: Sequence[Token]) -> Iterator[Relation | None]:
    """Trained on one thing, tested on another."""
    trained, tested = (
        [n for n, token in enumerate(tokens[:-2]) if token.stem in verbs and tokens[n + 1].text in ("on", "with", "to")]
        for verbs in (_TRAIN, _TEST)
    )
    if len(trained) == 1 and len(tested) == 1:
        on, against = (_until_verb(complement(tokens, n + 2)) for n in (*trained, *tested))
        yield relation("train-test", on, against, [tokens[n] for n in (*trained, *tested)])


def _until_verb(phrase: Sequence[Token]) -> Sequence[Token]:
    end = next((n for n, token in enumerate(phrase) if token.text in _BE), len(phrase))
    return phrase[:end]


def _is_passive(tokens: Sequence[Token], place: int) -> bool:
    ended = tokens[place].text.endswith(("ed", "en", "led", "built", "taught", "found", "beaten", "driven"))
    near = [token.text for token in tokens[max(0, place - 3) : place]]
    return ended and (not _BE.isdisjoint(near) or _text(tokens, place + 1) == "by")


def _text(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


def _last(tokens: Sequence[Token], place: int, words: set[str]) -> int | None:
    for n in range(place - 1, max(-1, place - _NEAR), -1):
        if tokens[n].is_sign:
            return None
        if tokens[n].text in words:
            return n
    return None


def _last_stem(tokens: Sequence[Token], place: int, found: frozenset[str]) -> int | None:
    return next((n for n in range(place - 1, max(-1, place - _NEAR), -1) if tokens[n].stem in found), None)


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


# Of a verb the kind of its relation; the first of a line names it. The first side does something to the second.
_SAME = """
cause induce trigger produce yield
raise increase improve enhance boost promote
lower reduce decrease inhibit suppress
activate
affect influence
predict forecast
replace supersede
imply entail
contain include comprise
need require
generate create
drive
enable allow
prevent block
mediate modulate
regulate control
explain
teach supervise guide
encode represent
approximate
extend generalise generalize
bound
dominate
determine
judge rank rate
imitate mimic
"""
_KINDS = {stem(word): line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
_KINDS |= {stem("lead"): "cause", "led": "cause", stem("result"): "cause", stem("contribute"): "cause"}
_KINDS |= {stem("depend"): "need", stem("rely"): "need", stem("stem"): "cause", stem("arise"): "cause"}
_FORWARD = {(stem("lead"), "to"), ("led", "to"), (stem("result"), "in"), (stem("contribute"), "to")}
_FORWARD |= {(stem("depend"), "on"), (stem("rely"), "on")}
_BACKWARD = {(stem("result"), "from"), (stem("stem"), "from"), (stem("arise"), "from")}
_WITH_JOINT = {verb for verb, _ in _FORWARD | _BACKWARD}
_AGENTS = frozenset(("by", "with", "through", "due"))
_BE = frozenset("is are was were be been being am get gets got".split())
_BEFORE_NOUNS = frozenset("a an the of no any this its their our his in on for with by from as than more less".split())
_CHANGING = _stems("translate convert transform map transfer distil distill change turn")
_TRAIN = _stems("train pretrain pre-train fine-tune finetune fit learn")
_TEST = _stems("test evaluate validate")
_PRECEDE = stem("precede")
_NEAR = 8
_SHORT = 4  # words of a side, where it is a clause otherwise
