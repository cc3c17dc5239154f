"""The command line: `ask`. Light to import; the engine is loaded when a question is asked."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from askpapers import __version__, render
from askpapers.datatypes import Answer, Paper, Status, Verdict, paper_dict, source_dict
from askpapers.errors import AskPapersError, UsageError
from askpapers.settings import load_settings
from askpapers.text import printable

if TYPE_CHECKING:
    from askpapers.engine import Corpus

EXIT_NOT_IN_CORPUS = 3
EXIT_UNSUPPORTED = 4
_QUESTION = "question"
_WIDEST = 100
_LONGEST_INPUT = 100_000  # characters; the engine takes fewer, and says so

ProgressCall = Callable[[str, int, int | None], None]


class QuestionGroup(click.Group):
    """A group whose default command is the question: `ask "..."` and `ask --json "..."`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the question command in front of what names no other."""
        alone = not args and sys.stdin.isatty()
        if not alone and (not args or args[0] not in {*self.commands, "--help", "-h", "--version"}):
            args = [_QUESTION, *args]
        return super().parse_args(ctx, args)


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command takes."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something fails."),
        click.option("--no-color", is_flag=True, help="No colours and no emphasis."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text."),
        click.option("--index", metavar="FOLDER", help="Where the index is kept (default: the user's cache)."),
        click.option("--corpus", metavar="PATH", multiple=True, help="A folder or file of abstracts; repeatable."),
    ):
        command = option(command)
    return command


@click.group(
    cls=QuestionGroup,
    invoke_without_command=True,
    subcommand_metavar="QUESTION | COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST},
)
@click.version_option(__version__, package_name="askpapers", message="askpapers %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Ask questions of a corpus of paper abstracts. Every sentence of an answer stands on a quote.

    \b
    ask "which papers use RLHF?"             every paper is checked
    ask "how many hours of audio was the speech model trained on?"
    ask --corpus ~/abstracts "what is a sparse autoencoder?"
    echo "what is GSM8K?" | ask --json       from standard input, as JSON

    The corpus is a folder of text, JSON-lines or CSV files: --corpus, else ASK_CORPUS, else `corpus` in
    ./ask.toml, else ./seeds. Its index is built on first use and follows the files as they change. Nothing
    leaves this machine.

    \b
    Exit codes: 0 answered, 1 error, 2 wrong usage, 3 not in this corpus,
                4 answered, but --strict was given and a statement is unsupported.

    `ask question --help` lists the options of a question.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command(_QUESTION)
@click.argument("words", metavar="[QUESTION]", nargs=-1)
@_common
@click.option("--markdown", is_flag=True, help="Markdown, with the sources as a numbered list.")
@click.option("--bibtex", is_flag=True, help="BibTeX of the papers that the answer cites.")
@click.option("--csv", "as_csv", is_flag=True, help="The papers of the answer as CSV, all of them.")
@click.option(
    "--as", "way", type=click.Choice(["answer", "survey", "compare"]), help="Overrides what is read off the question."
)
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Papers shown of a survey.")
@click.option("--strict", is_flag=True, help="Exit with 4 when a statement is unsupported.")
def question(
    words: Sequence[str],
    corpus: Sequence[str],
    index: str | None,
    as_json: bool,
    markdown: bool,
    bibtex: bool,
    as_csv: bool,
    way: str | None,
    top: int,
    strict: bool,
    no_color: bool,
) -> None:
    """Answer a question (the default command). Without QUESTION it is read from standard input."""
    if as_json + markdown + bibtex + as_csv > 1:
        raise UsageError("--json, --markdown, --bibtex and --csv exclude each other.", hint="Give one of them.")
    if len(words) == 1 and words[0] in cli.commands:
        raise UsageError(
            f"“{words[0]}” is a command, and options come after it.", hint=f"Write: ask {words[0]} [OPTIONS]"
        )
    asked = _read_question(words)
    if not asked.strip():
        raise UsageError("The question is empty.", hint='Ask one: ask "which papers use RLHF?"')
    with _opened(corpus, index) as (opened, progress):
        answer = opened.ask(asked, way, progress)
    if as_json:
        _print_json(answer.to_dict())
    elif markdown:
        click.echo(render.markdown(answer), nl=False)
    elif as_csv:
        click.echo(render.table(answer), nl=False)
    elif bibtex:
        click.echo(render.bibtex([p.paper for p in answer.papers]), nl=False)
    else:
        render.print_answer(answer, _console(no_color), top)
    sys.exit(_exit_code(answer, strict))


def _read_question(words: Sequence[str]) -> str:
    try:
        asked = " ".join(words) if words else sys.stdin.read(_LONGEST_INPUT)
        asked.encode()
    except UnicodeError as error:
        raise UsageError("The question is not UTF-8 text.", hint="Convert it: iconv -f latin1 -t utf-8") from error
    return asked


def _exit_code(answer: Answer, strict: bool) -> int:
    if answer.status is Status.NOT_IN_CORPUS:
        return EXIT_NOT_IN_CORPUS
    if strict and any(s.verdict is Verdict.UNSUPPORTED for s in answer.statements):
        return EXIT_UNSUPPORTED
    return 0


@cli.command("index")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@_common
@click.option("--rebuild", is_flag=True, help="Build it anew; nothing of the old one is used.")
def index_command(
    paths: Sequence[str], corpus: Sequence[str], index: str | None, rebuild: bool, as_json: bool, no_color: bool
) -> None:
    """Build or refresh the index of a corpus. Only text that changed is embedded again."""
    settings = load_settings([*paths, *corpus], index)
    with _progress() as progress:
        from askpapers.index.build import refresh
        from askpapers.index.embedder import MiniLM
        from askpapers.index.generation import Index, current_generation

        done = refresh(settings.index, settings.corpus, MiniLM(), progress, rebuild=rebuild)
        generation = current_generation(settings.index)
        assert generation is not None
        manifest = Index(generation).manifest
    if as_json:
        _print_json(
            {
                "index": str(settings.index),
                "fingerprint": manifest.index,
                "embedder": manifest.embedder,
                "papers": manifest.papers,
                "passages": manifest.passages,
                "added": done.added,
                "kept": done.kept,
                "removed": done.removed,
                "warnings": list(manifest.warnings),
            }
        )
        return
    console = _console(no_color)
    console.print(
        f"{manifest.papers:,} papers, {manifest.passages:,} passages: {done.added:,} new,"
        f" {done.kept:,} as they were, {done.removed:,} removed.",
        highlight=False,
    )
    for warning in manifest.warnings:
        console.print(f"note: {printable(warning)}", highlight=False, markup=False)


@cli.command("papers")
@_common
def papers_command(corpus: Sequence[str], index: str | None, as_json: bool, no_color: bool) -> None:
    """List the papers of the corpus."""
    with _opened(corpus, index) as (opened, _):
        papers = opened.papers()
    if as_json:
        _print_json({"papers": [_with_sources(p) for p in papers]})
    else:
        render.print_papers(papers, _console(no_color))


@cli.command("show")
@click.argument("paper")
@_common
def show_command(paper: str, corpus: Sequence[str], index: str | None, as_json: bool, no_color: bool) -> None:
    """Show one PAPER, by its id, the beginning of it, or words of its title, with its sources."""
    with _opened(corpus, index) as (opened, _):
        found = opened.index.papers.find(paper)
    if not found:
        raise UsageError(f"No paper is called “{paper}”.", hint="List them: ask papers")
    if len(found) > 1:
        names = ", ".join(p.id for p in found[:5])
        raise UsageError(f"“{paper}” fits {len(found)} papers: {names}.", hint="Give the whole id.")
    if as_json:
        _print_json(_with_sources(found[0]))
    else:
        render.print_paper(found[0], _console(no_color))


@cli.command("doctor")
@_common
def doctor_command(corpus: Sequence[str], index: str | None, as_json: bool, no_color: bool) -> None:
    """Say what is configured, what was found, and what would be used and why."""
    from askpapers.doctor import examine

    checks = examine(load_settings(corpus, index))
    if as_json:
        _print_json({"checks": [{"name": c.name, "ok": c.ok, "found": c.found, "hint": c.hint} for c in checks]})
    else:
        console = _console(no_color)
        for check in checks:
            console.print(
                f"[{'green' if check.ok else 'red'}]{'ok ' if check.ok else 'no '}[/] [bold]{check.name}[/]", end="  "
            )
            console.print(printable(check.found), markup=False, highlight=False, soft_wrap=True)
            if check.hint:
                console.print(
                    f"      {printable(check.hint)}", style="dim", markup=False, highlight=False, soft_wrap=True
                )
    sys.exit(0 if all(c.ok for c in checks) else 1)


def _with_sources(paper: Paper) -> dict[str, Any]:
    return {**paper_dict(paper), "sources": [source_dict(s) for s in paper.sources]}


@contextmanager
def _opened(corpus: Sequence[str], index: str | None) -> Iterator[tuple[Corpus, ProgressCall]]:
    """The corpus, opened, and a progress display that ends with the block: print results after it."""
    settings = load_settings(corpus, index)
    with _progress() as progress:
        from askpapers.engine import open_settings

        opened = open_settings(settings, progress)
        try:
            yield opened, progress
        finally:
            opened.close()


@contextmanager
def _progress() -> Iterator[ProgressCall]:
    """A progress display on standard error when that is a terminal; otherwise nothing is shown."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Opening", total=None)

        def report(stage: str, done: int, total: int | None) -> None:
            bars.update(task, description=stage, completed=done, total=total)

        yield report


def _console(no_color: bool) -> Console:
    plain_output = no_color or not sys.stdout.isatty()
    console = Console(
        no_color=plain_output, highlight=False, soft_wrap=False, force_terminal=False if plain_output else None
    )
    console.width = min(console.width, _WIDEST)
    return console


# What a terminal may act on, and half characters, which UTF-8 has no bytes for.
_ESCAPED_IN_JSON = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def _print_json(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(_ESCAPED_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text))


def main() -> None:
    """Run `ask`; errors are two lines on standard error, and a traceback only with --debug."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no “ shows \u201c, not a traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="ask", standalone_mode=False)
    except AskPapersError as error:
        if "--debug" in sys.argv:
            raise
        _fail(str(error), error.hint, error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "ask"
        _fail(error.format_message(), f"See: {command} --help", 2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)


def _fail(what: str, hint: str, code: int) -> None:
    click.echo(f"ask: {_one_line(what)}", err=True)
    click.echo(f"     {_one_line(hint)}", err=True)
    sys.exit(code)


def _one_line(text: str) -> str:
    return " ".join(printable(" ".join(text.split())).split())
