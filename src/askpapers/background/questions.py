"""Which command lines are questions that the process in the background takes.

This is imported before every question: the standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence

from askpapers.background.protocol import has_password

COMMANDS = frozenset(
    {
        *("index", "add", "about", "papers", "show", "similar", "check", "model", "table", "screen", "conflicts"),
        *("chat", "serve", "mcp", "eval", "doctor", "question"),
    }
)
"""The commands of `ask`, and names for which one is planned; what begins otherwise is a question."""
FLAGS = frozenset(
    {
        *("--json", "--markdown", "--csv", "--bibtex", "--ris", "--csl", "--no-color", "--debug"),
        *("--no-fallback", "-c", "--continue", "--no-history", "--strict"),
    }
)
"""The options of a question without a value that the server takes."""
VALUES = frozenset(
    {
        *("--corpus", "--shards", "--index", "--as", "--llm", "--llm-judges", "--evidence-tokens", "--top"),
        *("--year", "--author", "--venue", "--tag"),
    }
)
"""Those with a value. Options that write files, or read them beside the corpus, are in neither set."""


class DeclinedError(Exception):
    """The question is to be answered here; the message says why."""


def plain_question(arguments: Sequence[str]) -> bool:
    """Whether the question's words are given, not read from standard input. Raises DeclinedError for what is none."""
    if arguments and arguments[0] in COMMANDS:
        raise DeclinedError("this is no question")
    words, rest = 0, iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not argument.startswith("-"):
            words += 1
        elif name in VALUES and argument.startswith("--"):
            given = value if equals else next(rest, None)
            if given is None or (name == "--llm" and has_password(given)):
                raise DeclinedError(f"{name} is for this process")
        elif argument not in FLAGS:
            raise DeclinedError(f"{name} is for this process")
    if list(arguments) in (["help"], ["version"]):
        raise DeclinedError("this is no question")
    return words > 0
