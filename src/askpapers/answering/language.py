"""Tells a question in another language or script, of which the reader is told instead of a refusal. Pure.

Scripts by the names of the letters, languages in Latin letters by their function words: a question that has as many
English ones is English with foreign names in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SCRIPTS = {
    "CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean",
    "CYRILLIC": "a Cyrillic script", "ARABIC": "Arabic script", "HEBREW": "Hebrew", "DEVANAGARI": "Devanagari script",
    "THAI": "Thai", "GREEK": "Greek", "BENGALI": "Bengali", "TAMIL": "Tamil", "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
}  # fmt: skip
_ENGLISH = frozenset(
    "the of is are what which how does did and with that there when where who why about any has have can could would it its"
    " use uses used from to by for they this these those were been not english list show me find between many much you tell anyone anything sorry do papers paper on".split()
)
# Words that no English question has; of the weak ones, which names and English share, two are needed.
_STRONG = {
    "German": "welche welcher welches welchen wieviel wieviele warum wieso wer ist sind und nicht eine einen mit für auf über"
    " gibt erkläre erklär mir zeige werden wurde wurden haben viele verwenden benutzen arbeiten sich zum zur bei auch",
    "French": "quel quelle quels quelles combien pourquoi quoi est-ce explique explique-moi résume qui est sont les des une avec dans sur aux cette ces"
    " utilisent utilise parlent existe-t-il articles papiers où",
    "Spanish": "qué cuál cuáles cuántos cuántas cuánto cómo dónde quién quiénes por artículos usan utilizan una sobre"
    " con cuales cuantos cuantas",
    "Italian": "quali quale quanti quante quanto perché dove chi sono gli della delle degli nel nella con articoli usano"
    " utilizzano ci sono",
    "Portuguese": "quais qual quantos quantas quanto você artigos usam são uma não com pelo pela sobre onde",
    "Dutch": "welke hoeveel waarom wie zijn een het met voor gebruiken gebruikt artikelen niet",
    "Polish": "jakie które ile jest są dlaczego używają artykuły czy jak",
    "Swedish": "vilka vilken hur många varför är och som använder artiklar finns",
    "Turkish": "hangi kaç nedir makaleler kullanıyor nasıl neden",
}
_WEAK = {
    "German": "was wie die der von das in den dem ein wo wann papier es zu",
    "French": "comment le la de du un en et par pour que il y a l d",
    "Spanish": "el la los las del hay de un en y que para se",
    "Italian": "il la di un in e che per i lo",
    "Portuguese": "o a os as dos das de um em e que para",
    "Dutch": "de in en van is er hoe gaan over wat",
    "Polish": "w o na z i",
    "Swedish": "i en på av de",
    "Turkish": "ve bu bir",
}
_SETS = {name: (frozenset(_STRONG[name].split()), frozenset(_WEAK[name].split())) for name in _STRONG}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FEWEST_LETTERS = 2


def foreign_language(question: str) -> str | None:
    """The language, or the script, of a question that is not English; None for an English one."""
    found = [word.casefold() for word in _WORD.findall(question)]
    english = sum(word in _ENGLISH for word in found)
    scripts = Counter(script for c in question if c.isalpha() and (script := _script(c)))
    if scripts and not english:
        name = "Japanese" if "Japanese" in scripts else scripts.most_common(1)[0][0]
        if scripts.total() > (_FEWEST_LETTERS if name != "Greek" else 2 * _FEWEST_LETTERS):
            return name
    best, hits, strong = "", 0, 0
    for name, (sure, weak) in _SETS.items():
        sure_hits = sum(word in sure for word in found)
        all_hits = sure_hits + sum(word in weak for word in found)
        if (all_hits, sure_hits) > (hits, strong):
            best, hits, strong = name, all_hits, sure_hits
    only_a_name = len(found) > 4 and hits == 1
    return best if strong and hits > english and (hits > 1 or not english) and not only_a_name else None


def _script(letter: str) -> str | None:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _SCRIPTS.get(name)
