"""The option --shards, which names a corpus beside --corpus."""

from __future__ import annotations

from collections.abc import Sequence

import click

_SHARDS = "askpapers.shards"


def _remember_shards(context: click.Context, _: click.Parameter, folders: Sequence[str]) -> None:
    context.meta[_SHARDS] = folders


def with_shards(context: click.Context, _: click.Parameter, corpus: Sequence[str]) -> Sequence[str]:
    """The corpus that is named, and the folders of shards."""
    return (*corpus, *context.meta.get(_SHARDS, ()))


shards_option = click.option(
    "--shards",
    metavar="FOLDER|URL",
    multiple=True,
    expose_value=False,
    is_eager=True,  # before --corpus, which takes it up
    callback=_remember_shards,
    help="A folder of indexes that several machines made, or its URL (s3://...), asked as one corpus (docs/scale.md).",
)
