"""`ask` alone at a terminal: questions one after the other, each with the conversation before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from askpapers import render_papers
from askpapers.cli.conversations import LastConversation
from askpapers.contract import turn_of
from askpapers.datatypes import Answer, Paper, Turn
from askpapers.errors import AskPapersError
from askpapers.text import printable

_PROMPT = "ask> "
_MOST_LINES = 1_000  # of the questions that the arrow keys bring back
_HELP = """\
Type a question; a follow-up may refer to what was answered: “how large is it?”, “only those before 2023”,
“tell me more”, “compare the first two”.
  /new      begin a new conversation      /papers   list the papers
  /help     this                          /quit     leave (so does Ctrl-D)
Ctrl-C stops an answer. The arrow keys bring back earlier questions."""

Ask = Callable[[str, Sequence[Turn]], Answer]
"""Answers a question after these turns, and shows the answer."""


class Prompt:
    """The conversation at the terminal."""

    def __init__(
        self,
        ask: Ask,
        papers: Callable[[], Sequence[Paper]],
        console: Console,
        keep: LastConversation | None,
        turns: Sequence[Turn] = (),
    ) -> None:
        """Answer with `ask`, after `turns`; `keep` takes the conversation, None where none is to be kept."""
        self._ask = ask
        self._papers = papers
        self._console = console
        self._keep = keep
        self._turns = list(turns)
        self._suggestions: tuple[str, ...] = ()

    def run(self, read: Callable[[str], str] = input) -> None:
        """Ask until the person leaves. `read` shows its argument and gives the line that was typed."""
        self._console.print(Text("Ask a question. /help says what else there is; Ctrl-D leaves.", style="dim"))
        while True:
            try:
                line = read(_PROMPT).strip()
            except EOFError:
                self._console.print()
                return
            except KeyboardInterrupt:
                self._console.print()
                continue
            if line.casefold() in ("/quit", "/exit", "quit", "exit"):
                return
            if line:
                self._take(line)

    def _take(self, line: str) -> None:
        match line.casefold():
            case "/help" | "help" | "?":
                self._console.print(Text(_HELP))
            case "/new":
                self._turns.clear()
                self._console.print(Text("A new conversation.", style="dim"))
            case "/papers":
                render_papers.print_papers(self._papers(), self._console)
            case command if command.startswith("/"):
                self._console.print(Text(f"There is no {printable(line.split()[0])}. /help lists what there is."))
            case number if number.isdecimal() and 0 < int(number) <= len(self._suggestions):
                suggested = self._suggestions[int(number) - 1]
                self._console.print(Text(printable(suggested), style="dim"))
                self._answer(suggested)
            case _:
                self._answer(line)

    def _answer(self, question: str) -> None:
        try:
            answer = self._ask(question, tuple(self._turns))
            self._turns.append(turn_of(answer))
        except KeyboardInterrupt:
            self._console.print(Text("\nStopped.", style="yellow"))
        except AskPapersError as error:
            self._console.print(Text(printable(f"{error}\n{error.hint}"), style="red"))
        else:
            if answer.suggestions:
                self._suggestions = answer.suggestions
                self._console.print(Text("A number asks for the papers of its topic.", style="dim"))
            if self._keep:
                self._keep.write(self._turns)


@contextmanager
def line_history(file: Path | None) -> Iterator[None]:
    """Let the arrow keys bring back earlier lines, kept in a file for this user alone (None: of this run only)."""
    try:
        import readline
    except ImportError:  # a Python without it reads plain lines
        yield
        return
    readline.set_history_length(_MOST_LINES)
    if file:
        with suppress(OSError):
            readline.read_history_file(file)
    try:
        yield
    finally:
        if file:
            with suppress(OSError):
                file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                file.touch(mode=0o600)
                readline.write_history_file(file)
