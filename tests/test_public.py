from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import askpapers


def names_of_init() -> set[str]:
    """The names that `__init__.py` imports from its own package, for types or for all."""
    tree = ast.parse(Path(askpapers.__file__).read_text(encoding="utf-8"))
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.If))]
    return {
        name.asname or name.name
        for block in blocks
        for node in block
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("askpapers.")
        for name in node.names
    }


def test_all_is_what_there_is() -> None:
    assert set(askpapers.__all__) == names_of_init()
    assert list(askpapers.__all__) == sorted(askpapers.__all__)


@pytest.mark.parametrize("name", askpapers.__all__)
def test_each_public_name_can_be_imported_and_is_ours(name: str) -> None:
    value = getattr(askpapers, name)
    assert value.__module__.startswith("askpapers.")
    assert value.__name__ == name
    assert value.__doc__


def test_a_star_import_brings_all_and_nothing_else() -> None:
    space: dict[str, object] = {}
    exec("from askpapers import *", space)
    assert set(space) - {"__builtins__"} == set(askpapers.__all__)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'askpapers' has no attribute 'opencorpus'"):
        _ = askpapers.opencorpus


def test_the_version_is_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc|\.dev)\d+)?", askpapers.__version__)
