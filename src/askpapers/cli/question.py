"""`ask QUESTION`: the default command."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from difflib import get_close_matches

import click

from askpapers import render
from askpapers.cli.background import leave_behind
from askpapers.cli.conversations import LastConversation
from askpapers.cli.live import answer_of, show_live
from askpapers.cli.options import (
    ProgressDisplay,
    ProgressLog,
    console_for,
    corpus_options,
    filters,
    model_options,
    opened_corpus,
    progress_display,
)
from askpapers.cli.output import Output, output_options
from askpapers.cli.prompt import Prompt, line_history
from askpapers.cli.recording import check_recordable, recording_options, traffic_of
from askpapers.cli.session import current_session
from askpapers.contract import turn_of
from askpapers.datatypes import Answer, Filter, Status, Turn, Verdict
from askpapers.errors import UsageError
from askpapers.export import content_of
from askpapers.settings import load_settings, state_folder
from askpapers.text import printable

EXIT_NOT_IN_CORPUS = 3
EXIT_UNSUPPORTED = 4
QUESTION = "question"
_GUESSED = {
    **dict.fromkeys(("paper", "list", "ls", "papers-list"), "The papers: ask papers; one of them: ask show PAPER"),
    **dict.fromkeys(
        ("summary", "summarize", "summarise"), 'Say of what: ask "summarise paper ID"; the papers: ask papers'
    ),
    **dict.fromkeys(("search", "find", "query"), 'Ask in words: ask "which papers use RLHF?"'),
    **dict.fromkeys(("config", "status", "info", "settings"), "What is configured: ask doctor"),
    **dict.fromkeys(("build", "reindex", "refresh", "update"), "Build or refresh the index: ask index"),
    **dict.fromkeys(("web", "gui", "ui", "start", "run", "open"), "The page: ask chat"),
}
"""What was meant by a word that is no command, and no topic by itself."""
_LONGEST_INPUT = 100_000  # characters; the engine takes fewer, and says so


@click.command(QUESTION)
@click.argument("words", metavar="[QUESTION]", nargs=-1)
@corpus_options
@output_options
@filters
@click.option(
    "--as", "way", type=click.Choice(["answer", "survey", "compare"]), help="Overrides what is read off the question."
)
@click.option("--llm", metavar="SPEC", help="A model that writes: openai/M, ollama/M, URL#M, gguf:PATH, or none.")
@model_options
@click.option("--no-fallback", is_flag=True, help="Fail when the model does, instead of answering without it.")
@recording_options
@click.option("-c", "--continue", "continues", is_flag=True, help="Continue the last conversation about this corpus.")
@click.option("--no-history", is_flag=True, help="Keep nothing of this for --continue and the arrow keys.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Papers shown of a survey.")
@click.option("--no-server", is_flag=True, help="Answer in this process, and leave none in the background behind.")
@click.option("--strict", is_flag=True, help="Withhold what is unsupported, and exit with 4 then.")
@click.pass_context
def question(
    ctx: click.Context,
    words: Sequence[str],
    corpus: Sequence[str],
    index: str | None,
    output: Output,
    way: str | None,
    llm: str | None,
    llm_judges: str | None,
    evidence_tokens: int | None,
    no_fallback: bool,
    record: str | None,
    replay: str | None,
    top: int,
    strict: bool,
    no_color: bool,
    continues: bool,
    no_history: bool,
    no_server: bool,
    within: Filter,
) -> None:
    """Answer a question (the default command).

    Without QUESTION it is read from standard input; at a terminal a conversation begins.

    The last conversation about each corpus is kept for --continue in the user's state folder, readable by the user
    alone: twelve turns at most.
    """
    _check_no_command(words, ctx.parent)
    as_text = output.kind is None
    talks = as_text and not words and sys.stdin.isatty() and sys.stdout.isatty()
    asked = "" if talks else _read_question(words)
    if not talks and not asked.strip():
        raise UsageError("The question is empty.", hint='Ask one: ask "which papers use RLHF?"')
    traffic, llm = traffic_of(record, replay, llm)
    settings = load_settings(
        *(corpus, index, llm),
        traffic=traffic,
        fallback=not no_fallback,
        judges=llm_judges,
        evidence=evidence_tokens,
    )
    check_recordable(settings)
    console, last = console_for(no_color), LastConversation(settings)
    before = last.read() if continues else ()
    if before and as_text:
        turns = "turn" if len(before) == 1 else "turns"
        click.echo(f"Continues after “{printable(before[-1].question)}” ({len(before)} {turns}).", err=True)
    keep = None if no_history else last
    with opened_corpus(settings) as (opened, progress):
        if settings.model.spec != "none":
            progress("The model is reading", 0, None)

        def ask(text: str, history: Sequence[Turn], shows: ProgressDisplay | ProgressLog) -> Answer:
            with closing(opened.stream(text, way, shows, history=history, within=within, strict=strict)) as events:
                if not (as_text and console.is_terminal):
                    return answer_of(events)
                answer, shown = show_live(events, console, shows)
            shows.stop()
            render.print_evidence(answer, console, doubts_told=True) if shown else render.print_answer(
                answer, console, top
            )
            return answer

        def ask_here(text: str, history: Sequence[Turn]) -> Answer:
            with progress_display() as shows:
                return ask(text, history, shows)

        if talks:
            progress.stop()
            with line_history(None if no_history else state_folder() / "history"):
                Prompt(ask_here, opened.papers, console, keep, before).run()
            return
        answer = ask(asked, before, progress)
    if keep:
        keep.write((*before, turn_of(answer)))
    if output.kind:
        output.write(content_of([answer]))
        # Only these have a place for it.
        if answer.coverage and answer.coverage.left_out.total and output.kind.name not in ("json", "markdown", "text"):
            click.echo(str(answer.coverage), err=True)
    elif not console.is_terminal:
        if answer.searched:
            click.echo(f"Asked as: {printable(answer.searched)}", err=True)
        render.print_answer(answer, console, top)
    if current_session().leaves_server and not no_server:
        sys.stdout.flush()
        leave_behind(corpus, index)
    sys.exit(_exit_code(answer, strict))


def _check_no_command(words: Sequence[str], parent: click.Context | None) -> None:
    """Raises UsageError where the words are rather a command: options before it, misspelt, or of another program."""
    commands = parent.command.commands if parent and isinstance(parent.command, click.Group) else {}
    if len(words) == 1 and words[0] in commands:
        raise UsageError(
            f"“{words[0]}” is a command, and options come after it.", hint=f"Write: ask {words[0]} [OPTIONS]"
        )
    if words and (right := _GUESSED.get(words[0].casefold())) and (len(words) == 1 or words[0] == "search"):
        raise UsageError(f"“{words[0]}” is no command.", hint=right)
    if len(words) == 1 and (meant := _meant(words[0], commands)):
        raise UsageError(
            f"“{words[0]}” is no command.", hint=f'Did you mean: ask {meant} - or, as a question: ask "{words[0]}?"'
        )


def _meant(word: str, commands: Iterable[str]) -> str | None:
    """The command that a word is a misspelling of; None for one that is English, and so may be a topic."""
    from askpapers.answering.commonness import is_common

    near = get_close_matches(word.casefold(), commands, n=1, cutoff=0.8)
    return near[0] if near and word.isalpha() and not is_common(word.casefold()) else None


def _read_question(words: Sequence[str]) -> str:
    try:
        asked = " ".join(words) if words else sys.stdin.read(_LONGEST_INPUT).removeprefix("\ufeff")
        asked.encode()
    except OSError as error:
        raise UsageError(
            f"Standard input cannot be read: {error.strerror}.", hint='Give the question: ask "which papers use RLHF?"'
        ) from error
    except UnicodeError as error:
        raise UsageError("The question is not UTF-8 text.", hint="Convert it: iconv -f latin1 -t utf-8") from error
    return asked


def _exit_code(answer: Answer, strict: bool) -> int:
    if answer.status is Status.NOT_IN_CORPUS:
        return EXIT_NOT_IN_CORPUS
    if strict and (answer.withheld or any(s.verdict is Verdict.UNSUPPORTED for s in answer.statements)):
        return EXIT_UNSUPPORTED
    return 0
