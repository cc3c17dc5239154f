"""The marks that chat templates and models put around thoughts, channels, turns and answers. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto


class MarkKind(Enum):
    """What a mark does to the text around it."""

    OPEN = auto()
    CLOSE = auto()
    ANSWER = auto()
    CHANNEL = auto()  # and every other token that a header follows, up to a line's end or a token that ends it
    HEADER_END = auto()
    MESSAGE_END = auto()
    ROLE = auto()  # a token that is the role itself: <|user|>
    TOKEN = auto()


MARK = re.compile(
    r"(?:<|&lt;)[|｜]? ?(?P<angle>[/\\]? ?[^\W\d_][^<>|｜\n]{0,60}?)[|｜]?(?:>|&gt;)|◁(?P<kimi>/?[^◁▷\n]{1,20})▷"
    r"|\[(?P<square>/?[A-Za-z_]{3,20}|\|[a-z]{3,20}\|)\]"
)
_HALF_MARK = re.compile(
    r"(?:<|&lt;)[|｜]? ?(?:[/\\] ?|[/\\]? ?[^\W\d_][^<>|｜\n]{0,60})?[|｜]?|&l?t?"
    r"|◁[^◁▷\n]{0,20}|\[[/|]?[A-Za-z_]{0,20}\|?"
)
LONGEST_MARK = 72
_THOUGHT = re.compile(
    r"think|thought|reason|reflect|analys[ei]|scratchpad|monologue|ponder|思考|推理|思索", re.IGNORECASE
)
_OTHER_THOUGHTS = {"plan", "planning", "cot", "internal", "hidden", "inner_prefix"}
_OTHER_THOUGHTS |= {"unused94", "ctrl94"}  # Gemma's
_OTHER_ENDS = {"inner_suffix", "unused95", "ctrl95"}
_IN_SQUARE = {f"{end}{name}" for name in ("THINK", "THINKING", "THOUGHT", "REASONING") for end in ("", "/")}
_IN_SQUARE |= {"INST", "/INST", "EOS", "BOS", "gMASK", "TOOL_CALLS", "ARGS"}
_ANSWERS = {"answer", "final_answer", "final", "response", "output", "solution", "result", "reply"}
_ANSWERS |= {"start_response", "begin_of_solution", "begin_of_answer"}
_HEADERS = {"channel", "start", "im_start", "start_of_turn", "start_header_id", "start_of_role", "turn", "header_start"}
_HEADERS |= {"begin"}
_HEADER_ENDS = {"message", "end_header_id", "end_of_role", "im_middle", "header_end", "im_sep", "content"}
_MESSAGE_ENDS = {"end", "return", "call", "im_end", "eot_id", "eot", "end_of_turn", "end_of_turn_token", "eom_id"}
_MESSAGE_ENDS |= {"endofturn"}
_TOKENS = {"s", "/s", "eos", "bos", "pad", "unk", "sop", "eop", "end_of_utterance", "endoftext", "constrain"}
OTHERS = {"user", "human", "system", "developer", "tool", "observation"}
"""The roles of a conversation that are not the model's."""
LONGEST_HEADER = 60


def read_mark(match: re.Match[str]) -> tuple[MarkKind | None, str]:
    """What a mark is, and its name in small letters; None: no mark of a template."""
    mark = match.group().replace("&lt;", "<").replace("&gt;", ">")  # a page may have escaped it
    barred = "|" in mark or "｜" in mark
    square = match["square"]
    raw = (match["angle"] or match["kimi"] or square).strip(" |").replace("\\", "/").replace("/ ", "/")
    words = raw.casefold().replace("▁", "_").split()
    name = ("_".join(words) if barred else words[0]).rstrip("/") if words else ""
    if mark[1] == " " and len(words) > 1:  # "x < think of y > z"
        return None, name
    if square and not barred and square not in _IN_SQUARE:
        return None, name
    base = name.removeprefix("/").rpartition(":")[2]
    if base in _OTHER_ENDS:
        return MarkKind.CLOSE, name
    if _THOUGHT.search(base) or base in _OTHER_THOUGHTS or base == "details":  # folded away, as Open WebUI does
        closes = name.startswith(("/", "end")) or raw.startswith("/")
        return (MarkKind.CLOSE if closes else MarkKind.OPEN), name
    if square and base == "inst":
        return (MarkKind.MESSAGE_END, name) if name.startswith("/") else (MarkKind.ROLE, "user")
    if base in _ANSWERS:
        return MarkKind.ANSWER, name
    if barred and mark.startswith("<|") and not mark.endswith("|>") and base == "channel":
        return MarkKind.OPEN, name  # Gemma's <|channel>thought ... <channel|>
    if barred and not mark.startswith(("<|", "<｜")) and base == "channel":
        return MarkKind.CLOSE, name
    if base in ("start_of_turn", "end_of_turn") or (barred and base in _HEADERS | _MESSAGE_ENDS):
        return (MarkKind.CHANNEL if base in _HEADERS else MarkKind.MESSAGE_END), name
    if barred and base in _HEADER_ENDS:
        return MarkKind.HEADER_END, name
    if barred and base in OTHERS | {"assistant", "model"}:
        return MarkKind.ROLE, name
    return (MarkKind.TOKEN if barred or square or name in _TOKENS else None), name


def beginning_of_half(text: str) -> int:
    """Where the beginning of a mark stands at the end of a text; its length where there is none."""
    for sign in ("<", "◁", "[", "&lt;", "&"):
        place = text.rfind(sign, max(0, len(text) - LONGEST_MARK))
        if place >= 0 and _HALF_MARK.fullmatch(text, place):
            return place
    return len(text)
