"""The command line: `ask`. Light to import; the engine is loaded when a question is asked."""

from __future__ import annotations

import gc
import logging
import sys
from typing import NoReturn

import click

from askpapers import __version__
from askpapers.cli.about import about_command
from askpapers.cli.adding import add_command
from askpapers.cli.checking import check_command
from askpapers.cli.conflicts import conflicts_command
from askpapers.cli.corpus import index_command, papers_command, show_command
from askpapers.cli.doctor import doctor_command
from askpapers.cli.evaluation import evaluate
from askpapers.cli.model import model_command
from askpapers.cli.options import WIDEST
from askpapers.cli.question import QUESTION, question
from askpapers.cli.screening import screen_command
from askpapers.cli.serving import chat_command, mcp_command, serve_command
from askpapers.cli.session import Session
from askpapers.cli.similar import similar_command
from askpapers.cli.streams import output_failure, prepare_streams
from askpapers.cli.table import table_command
from askpapers.errors import AskPapersError
from askpapers.text import printable


class QuestionGroup(click.Group):
    """A group whose default command is the question: `ask "..."` and `ask --json "..."`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the question command in front of what names no other."""
        if args in (["help"], ["version"]):
            args = [f"--{args[0]}"]
        if not args or args[0] not in {*self.commands, "--help", "-h", "--version"}:
            args = [QUESTION, *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=QuestionGroup,
    subcommand_metavar="QUESTION | COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST},
)
@click.version_option(__version__, package_name="askpapers", message="askpapers %(version)s")
def cli() -> None:
    """Ask questions of a corpus of paper abstracts. Every sentence of an answer stands on a quote.

    \b
    ask "which papers use RLHF?"             every paper is checked
    ask "how many hours of audio was the speech model trained on?"
    ask --corpus ~/abstracts "what is a sparse autoencoder?"
    echo "what is GSM8K?" | ask --json       from standard input, as JSON
    ask -c "how large is it?"                a follow-up: continues the last conversation
    ask                                      a conversation at the terminal

    The corpus is a folder or file of what your tools export (BibTeX, RIS, PubMed, CSV, JSON, PDF, text and
    more): --corpus, else ASK_CORPUS, else `corpus` in ./ask.toml, else ./seeds, else 34 example papers. Its
    index is built on first use and follows the files as they change. Nothing leaves this machine unless a
    language model on another one is named; `ask add` fetches papers. A corpus `zotero:` (also
    `zotero:collection=NAME`, tag=NAME, group=NUMBER, joined by &) is read from a running Zotero.

    \b
    Exit codes: 0 answered, 1 error, 2 wrong usage, 3 not in this corpus,
                4 answered, but --strict was given and a statement is unsupported.

    `ask question --help` lists the options of a question.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"


for command in (
    question,
    index_command,
    add_command,
    about_command,
    papers_command,
    show_command,
    similar_command,
    check_command,
    conflicts_command,
    table_command,
    screen_command,
    chat_command,
    serve_command,
    mcp_command,
    evaluate,
    model_command,
    doctor_command,
):
    cli.add_command(command)


def main(session: Session | None = None, printed: tuple[bytes, bytes] = (b"", b"")) -> None:
    """Run `ask`; errors are two lines on standard error, and a traceback only with --debug.

    `printed` is what another process, that ended meanwhile, has written of the same answer.
    """
    gc.set_threshold(10_000)  # what is imported stays: looking through it for what can go was a tenth of the start
    try:
        prepare_streams(printed)
        if "--debug" in sys.argv:
            logging.basicConfig(format="%(name)s: %(message)s")
            logging.getLogger("askpapers").setLevel(logging.DEBUG)
        try:
            cli.main(prog_name="ask", standalone_mode=False, obj=session)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # of the last of it: whoever reads it has had enough
        sys.exit(1)
    except AskPapersError as error:
        if "--debug" in sys.argv:
            raise
        _fail(str(error), error.hint, error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "ask"
        _fail(error.format_message(), f"See: {command} --help", 2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)


def fail_to_write(error: OSError) -> NoReturn:
    """End the program where standard output could not be written."""
    if not isinstance(error, BrokenPipeError):
        failure = output_failure(error)
        _fail(str(failure), failure.hint, failure.exit_code)
    sys.exit(1)


def _fail(what: str, hint: str, code: int) -> None:
    click.echo(f"ask: {_one_line(what)}", err=True)
    click.echo(f"     {_one_line(hint)}", err=True)
    sys.exit(code)


def _one_line(text: str) -> str:
    return " ".join(printable(" ".join(text.split())).split())
