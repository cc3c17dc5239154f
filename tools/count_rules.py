"""Count what is written by hand in the rooms that decide: lines, regular expressions, listed words, numbers.

    python tools/count_rules.py src/askpapers/answering src/askpapers/grounding

A listed word is one in a string that is split into words, and a word of a pattern; a number is a constant with a
point in it.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

_PATTERNS = {"compile", "sub", "search", "match", "fullmatch", "finditer", "split", "findall"}


def counts(file: Path) -> tuple[int, int, int, int]:
    """Lines, patterns, listed words and numbers of one file."""
    source = file.read_text(encoding="utf-8")
    patterns = words = numbers = 0
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            numbers += 1
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        holder, called = node.func.value, node.func.attr
        if isinstance(holder, ast.Name) and holder.id == "re" and called in _PATTERNS:
            patterns += 1
            words += len(re.findall(r"(?<!\\)[A-Za-z]{3,}", " ".join(_strings(node))))
        elif called == "split" and not node.args:
            words += sum(len(text.split()) for text in _strings(holder))
    return len(source.splitlines()), patterns, words, numbers


def _strings(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def main() -> None:
    """Print the counts of each folder."""
    for folder in sys.argv[1:]:
        rows = [counts(file) for file in sorted(Path(folder).rglob("*.py"))]
        lines, patterns, words, numbers = (sum(column) for column in zip(*rows, strict=True))
        print(f"{folder}: {lines} lines, {patterns} patterns, {words} listed words, {numbers} numbers")


if __name__ == "__main__":
    main()
