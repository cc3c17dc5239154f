"""One name of a person, in whichever order and style, taken apart into family and given name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.corpus.cleaning import placeholder
from askpapers.metadata import Person
from askpapers.text import folded
from askpapers.text.latex import undo_latex

_LONGEST_NAME = 300  # characters; longer is no name


def read_name(text: str) -> tuple[Person, ...]:
    """One name, as a whole or as "family, given"."""
    text = _REMARK.sub("", text.strip()).strip(" ,;")
    if text.startswith("{") and text.endswith("}") and text.count("{") == 1:
        return make_person(text[1:-1], whole=True)
    text = _plain(text)
    family, *rest = (part.strip() for part in text.split(","))
    if rest and not GROUP.search(text):
        if len(rest) > 1 and SUFFIX.fullmatch(rest[0]):  # BibTeX: "King, Jr., Martin"
            rest = [rest[1], rest[0]]
        if SUFFIX.fullmatch(rest[0]):
            return read_name(f"{family} {rest[0]}")
        given, _, last = rest[0].rpartition(" ")
        if SUFFIX.fullmatch(last):
            return make_person(family, given, last)
        return make_person(family, *rest[:2])
    words = text.split()
    if len(words) < 2 or GROUP.search(text) or _OTHER_SCRIPT.search(text):
        return make_person(text, whole=True)
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    if _MEDLINE.fullmatch(" ".join(words)):
        initials = next(i for i, word in enumerate(words) if i and _SHORT.fullmatch(word))
        return make_person(" ".join(words[:initials]), " ".join(words[initials:]), suffix)
    begins = next((i for i, word in enumerate(words[:-1]) if word in PARTICLES), len(words) - 1)
    while begins > 1 and words[begins - 1].lower() in PARTICLES:
        begins -= 1
    return make_person(" ".join(words[begins:]), " ".join(words[:begins]), suffix)


def family_names(people: Sequence[Person], authors: Sequence[str]) -> frozenset[str]:
    """The family names of authors as they are compared: of `people`, or without any of the names as written."""
    names = [person.family for person in people] or list(map(_family, authors))
    return frozenset(folded(name).casefold() for name in names) - {""}


def _family(name: str) -> str:
    if "," in name:
        return name.partition(",")[0]
    parts = [part for part in name.split() if len(part.strip(".")) > 2 or not part.isupper()]
    return parts[-1] if parts else name


def make_person(family: str, given: str = "", suffix: str = "", *, whole: bool = False) -> tuple[Person, ...]:
    """A person of the parts of a name; none where they are no name. `whole`: it is not taken apart."""
    family, given, suffix = (_plain(part).strip(" ,;") for part in (family, given, suffix))
    if given in _NO_GIVEN:
        given = ""
    # Na Li and Nan Wang are people; "nan" alone is none.
    if not any(c.isalpha() for c in family) or (not given and placeholder(family)) or len(family) > _LONGEST_NAME:
        return ()
    if whole and family.casefold() in ("others", "et al", "et al."):
        return ()
    return (Person(f"{family} {suffix}".strip(), given),)


def _plain(text: str) -> str:
    if "\\" in text or "{" in text or "~" in text:
        text = undo_latex(text).replace("{", "").replace("}", "").replace("~", " ")
    return " ".join(text.split())


_NO_GIVEN = ("nan", "NaN", "null", "None", "N/A", "n/a", "-", ".")
SUFFIX = re.compile(r"(?:Jr|Sr|jr|sr|II|III|IV|2nd|3rd)\.?")
# "(1)", "(57190000000)", "*", "<ada@x.org>", DBLP's "0001", "(Ed.)"
_REMARK = re.compile(
    r"(?:(?<!\s)\s+)?(?:\([^()]*\)\.?|<[^<>]*>|\[[^\[\]]*\]|(?<![*†‡§¶])[*†‡§¶]++|\s\d{1,4}"
    r"|(?<![¹²³⁰⁴-⁹])[¹²³⁰⁴-⁹]++)\s*+$"
)
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚΑ-ΩΆΈ-ΏА-ЯЁЄІЇ"
_INITIAL = rf"(?:[{_UPPER}]\.?(?:-?[{_UPPER}]\.?){{0,3}})"
INITIALS = re.compile(rf"{_INITIAL}(?:[\s-]+{_INITIAL}){{0,3}}")
_SHORT = re.compile(rf"[{_UPPER}]{{1,4}}|(?:[{_UPPER}]\.-?){{1,4}}")
# Family names first, initials behind: "Moss A", "van der Berg JW", "Moss A.B."
_MEDLINE = re.compile(rf"(?:[^\W\d_][\w'’ʼ-]+\s)+(?:[{_UPPER}]{{1,3}}|(?:[{_UPPER}]\.[\s-]?){{1,4}})")
GROUP = re.compile(
    r"\b(?:collaborations?|consortium|groups?|teams?|organi[sz]ations?|university|universität|institut\w*|committee"
    r"|society|associations?|council|network|project|foundation|ministry|departments?|cent(?:er|re)s?|agency|initiative"
    r"|inc|ltd|llc|gmbh|investigators|commission|federation|programme|program|office|nations|laborator\w+|alliance"
    r"|force|corporation|company|union|school|college|hospital|academy|authority|bureau|board|division|panel|of|the|for)\b",
    re.IGNORECASE,
)
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
PARTICLES = frozenset(
    "van von der den de la le du di da dos das del della des do ten ter te zu zur zum vom af av el al bin ibn los las"
    " 't y e st. op".split()
)
