"""`ask eval retrieval` and `ask eval grounding`: benchmarks on sets made elsewhere."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from askpapers.cli.options import console_for, print_json, progress_display
from askpapers.settings import load_settings


def bare(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that opens no corpus."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something fails."),
        click.option("--no-color", is_flag=True, help="No colours and no emphasis."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text."),
    ):
        command = option(command)
    return command


@click.command("retrieval")
@click.argument("folder", type=click.Path(path_type=Path))
@bare
@click.option("--qrels", metavar="FILE", type=click.Path(path_type=Path), help="Default: qrels/test.tsv, or qrels.tsv.")
@click.option("--index", metavar="FOLDER", type=click.Path(path_type=Path), help="Keep the index here.")
@click.option("--embedder", metavar="NAME", help="What makes the vectors, as in `ask index`; default: minilm.")
def retrieval_command(
    folder: Path, qrels: Path | None, index: Path | None, embedder: str | None, as_json: bool, no_color: bool
) -> None:
    """Measure retrieval on a set in BEIR's layout: dense, lexical and fused, with throughput."""
    with progress_display(log=True) as progress, tempfile.TemporaryDirectory() as temporary:
        from askpapers.embedders import embedder_for
        from askpapers.evaluation.beir import measure_retrieval
        from askpapers.evaluation.report.benchmarks import print_retrieval

        place = index or Path(temporary)
        chosen = embedder_for(load_settings(index=str(place), embedder=embedder))
        report = measure_retrieval(folder, qrels, place, chosen, progress)
    if as_json:
        print_json(report.to_dict())
    else:
        print_retrieval(report, console_for(no_color))


@click.command("grounding")
@click.argument("pairs", type=click.Path(path_type=Path))
@bare
def grounding_command(pairs: Path, as_json: bool, no_color: bool) -> None:
    """Measure the support check on labelled PAIRS of source and claim (JSON lines)."""
    with progress_display(log=True) as progress:
        from askpapers.evaluation.grounding import measure
        from askpapers.evaluation.report.benchmarks import print_grounding
        from askpapers.grounding.checks import open_check
        from askpapers.index.embedder import MiniLM

        report = measure(pairs, open_check(load_settings().check, MiniLM()), progress)
    if as_json:
        print_json(report.to_dict())
    else:
        print_grounding(report, str(pairs), console_for(no_color))
