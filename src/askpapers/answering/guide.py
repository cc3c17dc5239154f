"""Finds the reply to what is no question about papers: help, another language, an id that no paper has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from askpapers.answering.guidance import Guidance
from askpapers.answering.intent import Intent, without_politeness
from askpapers.answering.language import foreign_language
from askpapers.answering.named_papers import nearest_ids
from askpapers.answering.query import Query
from askpapers.answering.years import asks_of_the_largest
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Paper
from askpapers.index.generation import Index
from askpapers.text import plain, words

_HELP = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|thanks|thank you|thx|cheers|bye|goodbye"
    r"|ok(?:ay)?|cool|great|nice|wow|perfect|awesome|test(?:ing)?|hello world|foo|help(?: me)?(?: please)?|please|usage|start|there"
    r"|how are you(?: doing)?|(?:and )?(?:what|how) can (?:you|i|this|it|we|one)(?: \w+)? (?:do|ask|use)(?: here| you| this| it)?(?: for me)?"
    r"|what (?:do|are) you(?: do)?|who (?:are|made|built) you|what is this(?: tool| page)?|how (?:do i|to|does) (?:use )?(?:this|it|you)(?: works?)?"
    r"|what (?:questions|kinds? of questions)? ?(?:can|should|could) i ask(?: you)?|what can i ask(?: you)?|are you (?:there|a bot|an ai|human|chatgpt)"
    r"|so much|very much|a lot|again|in advance|that helps?|!|\?)\W*)*",
    re.IGNORECASE,
)
_KEYS = re.compile(
    r"(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|jkl|qwer|wert|rtyu|tyui|uiop|zxcv|xcvb|cvbn|vbnm|(.)\1{3,}|[bcdfghjklmnpqrstvwxz]{6,})",
    re.I,
)
_OF_ANSWER = re.compile(
    r"(?:are you (?:sure|certain|serious)(?: about (?:that|this|it))?|(?:really|sure|for real|says who|prove it)"
    r"|is (?:that|this|it) (?:right|correct|true|so)(?: really)?|how do you know(?: that| this)?"
    r"|(?:(?:please |can you |could you )*(?:make (?:it|that) |say (?:it|that) |put (?:it|that) )?(?:more |much |a bit |a little )*"
    r"(?:shorter|longer|simpler|briefer|simply|short|detailed|(?:in )?(?:simple|simpler|plain|other|your own|fewer) (?:words|terms|english)))"
    r"|(?:please |can you |could you )*(?:rephrase|paraphrase|shorten|simplify|translate)(?: (?:it|that|this))?)"
    r"(?: please)?[\s?.!]*",
    re.IGNORECASE,
)
_UNRANKED = (
    "Papers are not ranked by their figures, so none is known to be the largest or the smallest. A table has the figures"
    ' of the papers on a topic side by side: ask table TOPIC --columns "sample size".'
)
_OPPOSED = re.compile(
    r"\b(?:contradict|disagree|conflict)(?:s|ing|ed)?(?: with)? (?:each other|one another)\b", re.IGNORECASE
)
_CONFLICTS = "Pairs of papers whose sentences on a topic point different ways are listed by: ask conflicts TOPIC"
_TO_PROGRAM = r"^(?!.*\b(?:which|any|have|know)\b).*\b(?:you|your)\b"  # "have you any papers" asks for papers
_OF_MINE = r"\bmy (?:own )?(?:papers?|files?|pdfs?|documents?|texts?)\b"
_NO_NOUN = r"(?=\W*$|[^\w-]+(?:(?:off|on)line|locally|without|on|at)\b)"
_THIS_PROGRAM = (
    r"\bthis (?:tool|program|app|software|site|website|page)\b"
    rf"|^(?:(?:does|can|will) this (?:work|run)|is this free|(?:can|could|may) i (?:use|run|install) this){_NO_NOUN}"
    r"|^(?:does|will) this (?:need|cost)\b|\bmy (?:own )?(?:data|questions?|privacy)\b"
)
_SURELY_OF_PROGRAM = re.compile(rf"^(?!.*\b(?:which|what|who|papers?)\b).*?(?:{_THIS_PROGRAM})", re.IGNORECASE)
_OF_PROGRAM = re.compile(f"{_TO_PROGRAM}|{_OF_MINE}|{_THIS_PROGRAM}", re.IGNORECASE)
"""Asked of the program itself: "can you search PubMed", "is my data sent anywhere"."""
_ABOUT_PROGRAM = (
    "If the program itself is meant: it answers from the abstracts of this corpus alone, and searches no web. Without a"
    " language model nothing leaves this machine; ask doctor says whether one is set. Papers are added with ask add, or as"
    " files in the corpus's folder."
)
_SAMPLE = 100  # papers that are looked at for examples


def guide(query: Query, index: Index, *, in_conversation: bool) -> Guidance | None:
    """The reply to what is no question about the papers here; None where it is one.

    In a conversation "this" may be what was spoken of before.
    """
    if _HELP.fullmatch(query.typed) or _is_noise(query.typed):
        return Guidance(_help(index), "help", answered=True)
    if not in_conversation and _SURELY_OF_PROGRAM.search(without_politeness(query.typed)):
        return Guidance(_ABOUT_PROGRAM, "help", answered=True)
    if language := foreign_language(query.typed):
        return Guidance(
            f"This question seems to be in {language}. Only English is read here: ask it in English.",
            "language",
            answered=False,
        )
    if query.named.unknown and not query.named.papers:
        return _unknown(query.named.unknown[0], index)
    if query.intent is Intent.QUANTITY and not query.named.papers and asks_of_the_largest(query.text):
        return Guidance(_UNRANKED, "ranking", answered=False)
    if _OPPOSED.search(query.text):
        return Guidance(_CONFLICTS, "conflicts", answered=False)
    return None


def note_on_program(question: str) -> tuple[str, ...]:
    """What is told beside a refusal, where the question may be about the program and not about papers."""
    return (_ABOUT_PROGRAM,) if _OF_PROGRAM.search(without_politeness(question)) else ()


def _is_noise(text: str) -> bool:
    """Whether it is keys struck at random."""
    found = [word for word, _, _ in words(text) if word.isalpha()]
    return bool(found) and all(word.islower() and _KEYS.match(word) for word in found)


def _unknown(paper: str, index: Index) -> Guidance:
    nearest = nearest_ids(paper, index)
    lines = [f"No paper here has the id {paper}.", "The nearest ids:", *(f"  {_listed(p)}" for p in nearest)]
    return Guidance("\n".join(lines), "metadata", answered=False)


def _listed(paper: Paper) -> str:
    year, mark = f" ({paper.year})" if paper.year else "", f" [{paper.mark}]" if paper.mark else ""
    return f"{paper.id}  {plain(paper.title)}{year}{mark}"


def of_the_answer(question: str, papers: Sequence[str]) -> Guidance | None:
    """The reply to what is asked of the answer before, which stands on these papers ("are you sure?", "shorter please").

    No sentence of a paper can be vouched for or put otherwise without a language model; the paper can be read.
    """
    if not papers or not _OF_ANSWER.fullmatch(question.strip()):
        return None
    return Guidance(
        "The answer is made of the papers' own sentences: each stands at the place that is given below it. Without a"
        " language model none can be shortened or put otherwise; whether they answer is for you to judge.\n"
        f"Read more of it: summarise paper {papers[0]}",
        "of the answer",
        answered=True,
    )


def _help(index: Index) -> str:
    """What can be asked, with examples of this corpus."""
    papers = [index.papers.at(row) for row in range(min(len(index.papers), _SAMPLE))]
    pairs = Counter(pair for paper in papers for pair in dict.fromkeys(_pairs(paper.abstract)))
    often = [pair for pair, count in pairs.most_common(50) if 1 < count <= max(2, len(papers) // 3)]
    names = [name for paper in papers for name in introduced_names(paper.abstract)[:1] if len(name.split()) == 1]
    examples = [f"which papers study {often[0]}?"] if often else []
    examples += [f"what is {names[0]}?"] if names else []
    if papers:
        examples += [f"summarise paper {papers[0].id}", "what is the newest paper?"]
    return "\n".join(
        [
            f"Ask about the {len(index.papers):,} papers of this corpus; every sentence of an answer has its quote. For example:",
            *(f"  {example}" for example in examples),
        ]
    )


def _pairs(text: str) -> list[str]:
    return [f"{one} {other}" for one, other in re.findall(r"\b(?=([a-z]{7,}) ([a-z]{6,})\b)", text)]
