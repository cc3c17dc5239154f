"""What kind of question it is: rules that read like a grammar, tried in order, the first that fits counts.

Politeness is taken off first ("could you tell me ..."). A wrong guess degrades gently: a survey taken for a
question still cites several papers, a question taken for a survey still shows the sentence that answers it.
"""

from __future__ import annotations

import re
from enum import StrEnum

from askpapers.answering.question_words import AUX, DOCUMENTS, FETCH, PAPERS, WH


class Intent(StrEnum):
    """The shape of a question, which decides how it is answered."""

    SURVEY = "survey"
    COUNT = "count"
    COMPARISON = "comparison"
    DEFINITION = "definition"
    QUANTITY = "quantity"
    YES_NO = "yes_no"
    OPEN = "open"


# The words of the grammar.
_SURELY = r"(?:papers?|abstracts?|publications?|preprints?)"
_ANY = r"(?:any|some|every|no)(?:thing|one|body)"
_UPTO3 = r"(?:[\w'/-]+ ){0,3}?"
_MEASURE = (
    r"(?:number|percentage|percent|fraction|share|proportion|ratio|size|score|accuracy|rate|value|price|cost|amount"
    r"|factor|margin|bleu|rouge\S*|fid|f1|perplexity|budget|latency|speed|speedup|parameter count|length|duration)"
)

_GRAMMAR: dict[str, tuple[Intent, tuple[str, ...]]] = {
    "how many papers": (
        Intent.COUNT,
        (
            rf"\bhow many (?:of (?:the|these|those|them|my|our) )?(?:{_UPTO3}{_SURELY}|(?:other |different )?{DOCUMENTS})\b",
            r"\bhow many (?:of (?:the|these|those|them|my|our)|here|are|there are|have|use|deal)\b(?! (?:in|there in|on)\b)",
            rf"\b(?:number|count|total|tally|amount) of (?:the |these |all |my )?{_UPTO3}{DOCUMENTS}\b",
            rf"^count (?:the |all )?{_UPTO3}{DOCUMENTS}\b",
        ),
    ),
    "this beside that": (
        Intent.COMPARISON,
        (
            r"^(?:compare|contrast)\b",
            rf"\bhow {AUX} .+ (?:differ|compare|different from|compared (?:to|with)|relate to each other)\b",
            rf"^(?!(?:which|what|how many) {_UPTO3}(?:{PAPERS}|trials)\b)"
            r".*\b(?:differences?|similarit(?:y|ies)|comparison|contrast) (?:between|of|in)\b",
            r"^(?!how many|how much|by how).*\b(?:vs\.?|versus)\b",
            r"\bwhat (?:distinguishes|separates|sets) .+ (?:from|apart)\b",
            r"\bwhat do .+ and .+ have in common\b",
            r"\bhow (?:is|are|was|were) .+ (?:different|unlike|similar|alike)\b|\bin (?:what|which) ways? (?:is|are) .+ (?:unlike|like|different)\b",
            r"^which (?:one )?(?:is|was|performs?|does|has|needs?) [^,]+[,:] ?.+ or .+|^.+ or .+[,:] which (?:one )?(?:is|was|works|does)\b[^,]{0,25}$",
            r"^(?!which|what|who|how many).+ compared (?:with|to) .+",
            r"\bside by side\b|\b(?:each other|one another) (?:differ|compare)\b|\bwhat(?:'s| is| are)? (?:the )?differen",
        ),
    ),
    "which papers": (
        Intent.SURVEY,
        (
            rf"\b(?:which|what) (?!(?:{AUX}|else)\b)(?:of (?:the|these|those|my|our) )?{_UPTO3}(?:{PAPERS}|trials)\b"
            rf"(?! (?:is|was) (?:the|a)\b)",
            rf"\b(?:which|what) of (?:these|those|them|the)\b|\bwhich ones\b|\bwhat are (?:the |some |all )?{_UPTO3}{DOCUMENTS}\b",
            rf"^(?:i |we |you )?(?:would like |just |really )?{FETCH}\b(?: me| us| for)?.*\b(?:{PAPERS}|{_ANY}|examples|stuff|all|those|ones)\b",
            rf"\b(?:any|some|all|other|every|each|more) (?:of (?:the|these|your|those) )?{_UPTO3}{PAPERS}\b",
            rf"\b(?:is|are) there {_UPTO3}(?:{PAPERS}|{_ANY}|examples|documents (?:that|which|on|about))\b",
            r"\bbeing (?:researched|studied|investigated|published)\b|^\w+(?: or \w+)? (?:approaches|methods|techniques|algorithms|applications)\W*$",
            rf"^(?:(?:is|are) there |do (?:you|we) (?:have|know) |got |and )?{_ANY}\b",
            rf"\b{AUX} {_ANY}\b|\b(?:anyone|anybody|any1|anywhere)\b|^{AUX} (?:any|some) of (?:the|these|them|those|my)\b",
            r"^who(?:se|ever)?\b(?! (?:(?:is|was|are|were)(?! (?:\w+ly )?(?-i:[a-z][a-z-]+ing)\b(?!\W*$))|wrote|invented|proposed|said|coined|won|owns)\b)",
            rf"[-,:;] who {_UPTO3}\w+",
            r"^what(?:'s| is| has| have| was| were)? (?:all )?(?:been )?(?:done|published|written|out there|there|known about)\b",
            r"^what(?:'s| is) new\b",
            r"\bwhere (?:is|are|has|have|was|were|does|do|did) .*\b(?:used|applied|mentioned|discussed|studied|employed|evaluated"
            r"|cited|turns? up|shows? up|comes? (?:in|up)|appears?|occurs?|matters?)(?: (?:here|at all|in|by|for)\b.*)?\W*$",
            r"\b(?:one|any|some|all|most|none|either) of (?:them|these|those)\b|\bwhat are they\W*$",
            r"^what (?:uses|trains|evaluates|introduces|proposes|releases|studies|covers|mentions|deals with|talks about|applies)\b",
        ),
    ),
    "how much": (
        Intent.QUANTITY,
        (
            # Not "how much of it should one take", nor "does it change how long people live": these ask for no figure.
            rf"^(?!{AUX}\b).*\bhow (?:many|much|big|large|small|long|often|fast|slow|accurate|expensive|far|old|well does .+ score"
            r"|high|low|cheap)\b(?!.* should\b)",
            rf"\b(?:what|which)(?: is| was| are| were|'s)? (?:the )?{_UPTO3}{_MEASURE}\b",
            rf"\b(?:by what|at what|to what) (?:{_MEASURE}|extent)\b|\b{_MEASURE} (?:on|of|for|at)\b|\b(?:win|error|pass|success) rate\b",
            rf"^{_MEASURE}\b|\b(?:parameter count|model size|dataset size)\W*$",
            r"^at what (?:temperature|resolution|frequency|depth|scale|percentage)\b",
        ),
    ),
    "papers about": (
        Intent.SURVEY,
        (rf"^(?!{WH}\b|{AUX}\b).*\b{DOCUMENTS}\b",),
    ),
    "what of it": (
        Intent.OPEN,
        (
            r"^what (?:is|are|was|were) the (?:main |key |known |biggest )?(?:limitations?|results?|findings?|advantages?|disadvantages?"
            r"|contributions?|conclusions?|drawbacks?|benefits?|risks?|weaknesses|strengths) (?:of|in|with)\b",
            # What one thing is to another: "what is the role of microRNA in cancer".
            r"^what(?:'s| is| are| was| were) the (?!meaning|definition)\w+ (?:of|between) .+ (?:in|on|for|and|to|during) \w",
        ),
    ),
    "what is": (
        Intent.DEFINITION,
        (
            r"^explain (?!how\b|why\b|what\b|the difference)(?:the )?[\w'\"’ /+-]{2,40}\W*$|\bmeaning\W*$|^what (?:kind|sort|type) of thing is\b",
            r"^(?:define|explain what|describe what|definition)\b|\b(?:meaning|definition) of\b",
            r"\bwhat (?:is|are|was) meant by\b|\bwhat (?:do|does|did) .+ (?:mean|stand for|refer to)\b|\bstands? for\b",
            r"^(?:what(?:'s| is| are)|who is) (?:an? |the )?[\w'\"’ /+-]{2,60}\W*$",
            r"^what exactly (?:is|are|counts as)\b|^what counts as\b",
        ),
    ),
    "is it so": (Intent.YES_NO, (rf"^{AUX}(?:n['’]t)?\b",)),
    "a topic by itself": (
        # Key words with no question in them ask for what there is.
        Intent.SURVEY,
        (
            rf"^(?!.*\b{WH}\b)(?!.*(?<!that )\b{AUX}\b)(?!(?:explain|describe|tell|summari[sz]e|elaborate|clarify|discuss)\b)"
            rf"[\w'’/.,+()-]+(?: [\w'’/.,+()-]+){{0,19}} ?$",
        ),
    ),
}
_RULES = tuple(
    (intent, re.compile(pattern, re.IGNORECASE)) for intent, patterns in _GRAMMAR.values() for pattern in patterns
)
_POLITENESS = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|well|and|but|also|now|please|kindly|just|quick question)[,:!]? +"
    r"|(?:can|could|would|will) (?:you|someone|anyone|we)(?: please)? (?=tell|show|list|find|give|name|explain|define|compare|count)"
    r"|(?:i(?:'d| would) (?:like|love) to|i want to|we want to|i need to|let me|help me) (?:know|see|find out|understand|learn)(?: if| about)? "
    rf"|(?:tell me|do you know|can you say|say|i wonder|i'm wondering|i am curious)(?: about| of)?,? (?=(?:{WH}|{AUX}|if|whether)\b)"
    r"|(?:i'?m|i am|we'?re|we are) (?=looking|searching|interested|trying)"
    r")+",
    re.IGNORECASE,
)


def without_politeness(question: str) -> str:
    """The question without what is said only to be polite."""
    return _POLITENESS.sub("", " ".join(question.split())).strip()


def read_intent(question: str) -> Intent:
    """The intent of a question; `Intent.OPEN` where no rule fits."""
    text = without_politeness(question)
    return next((intent for intent, rule in _RULES if rule.search(text)), Intent.OPEN)
