"""Words of direction, by axes: increase and decrease, better and worse, large and small. Pure."""

from __future__ import annotations

from askpapers.text import stem

# Each line is an axis: its one end | its other end.
_AXES = """
increase rise rose risen raise elevate elevated elevation grow growth higher highest more greater greatest \
 upregulate upregulated upregulation enhance enhanced boost expand promote promotes induce induces activate \
 activates stimulate stimulates facilitate amplify accumulate exacerbate strengthen | decrease reduce reduction \
 decline drop fall fell fallen lower lowest less fewer fewest downregulate downregulated downregulation diminish \
 lessen attenuate shrink inhibit inhibits inhibition suppress suppresses suppression block blocks prevent impair \
 impairs hinder deplete weaken limit mitigate
improve improvement better best outperform superior beat surpass exceed benefit beneficial effective advantage \
 succeed success successful | worsen worse worst degrade degradation underperform inferior trail lag harm harmful \
 ineffective deteriorate hurt disadvantage failure unsuccessful
faster fast fastest accelerate speedup speed sped quick quickly | slower slow slowest slowly decelerate
large larger largest big bigger considerable substantial | small smaller smallest little minor
high higher | low lower
before precede prior pre | after follow post subsequent
earlier early | later late
positive positively | negative negatively
presence present | absence absent
likely | unlikely
able | unable
possible | impossible
sufficient enough | insufficient
necessary needed required | unnecessary needless optional
sensitive susceptible vulnerable | resistant insensitive immune robust
safe | unsafe dangerous harmful
stable | unstable
supervised | unsupervised
linear | nonlinear
strong stronger strongly | weak weaker weakly
easy easier simple simpler | hard harder difficult complex
cheap cheaper inexpensive | expensive costly
common frequent frequently often | rare rarely infrequent infrequently seldom
accept | reject
include inclusion | exclude exclusion
win won | lose lost
good | poor bad
agree agreement consistent | disagree disagreement inconsistent
same similar similarly identical | different differently dissimilar differ
long longer | short shorter shorten
acute | chronic
mild | severe
male men | female women
maximize maximum maximal | minimize minimum minimal
dense | sparse
deep deeper | shallow
dependent | independent
gain | loss
most | least
agonist | antagonist
parametric | nonparametric
known | unknown
true | false
old older | young younger
major majority | minor minority
hypo hypomethylated | hyper hypermethylated
closed | open
online | offline
northern north | southern south
eastern east | western west
urban | rural
indoor indoors | outdoor outdoors
summer | winter
many | few
"""


def _read_axes(table: str) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for axis, line in enumerate(table.strip().splitlines()):
        for sign, words in zip((1, -1), line.split("|"), strict=True):
            for word in words.split():
                entry = found.setdefault(stem(word), [])
                if (axis, sign) not in entry:
                    entry.append((axis, sign))
    return {word: tuple(entry) for word, entry in found.items()}


SIGNS = _read_axes(_AXES)
"""Of the stem of a word its axes, each with the end (+1, -1) that it stands for."""
