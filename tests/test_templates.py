"""The rules of the HTML templates: what is shown can only become text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import DictLoader, UndefinedError

import askpapers
from askpapers.templates import environment

SOURCE = Path(askpapers.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/*.html"))
# The one macro that makes attributes; in `parts.html` their values are quoted, too.
MAKES_ATTRIBUTES = "{{ opens("


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_nothing_is_called_safe_and_values_in_tags_stand_in_quotes(file: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"\bsafe\b|autoescape|xmlattr|Markup|__html__", source)
    expressions = re.findall(r"\{\{.*?\}\}", source, flags=re.DOTALL)
    assert not [one for one in expressions if "~" in one]  # would escape a value before it is cleaned
    markup = re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)
    for one in expressions:
        markup = markup.replace(one, "" if one.startswith(MAKES_ATTRIBUTES) else "\0")
    unquoted = [re.sub(r'"[^"]*"', "", tag) for tag in re.findall(r"<[^<>]*>", markup)]
    assert not [tag for tag in unquoted if "\0" in tag]


def test_a_value_is_escaped_without_marks_that_turn_reading_order_and_a_missing_one_is_an_error() -> None:
    templates = environment("askpapers.drafts")
    templates.loader = DictLoader({"a": "{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}{{ b(y) }}"})
    assert templates.get_template("a").render(y='<i title="\u202e\x07">') == "<b>&lt;i title=&#34;&#34;&gt;</b>"
    with pytest.raises(UndefinedError):
        templates.get_template("a").render()


@pytest.mark.parametrize(
    ("room", "others"),
    [("web", set()), ("evaluation/report", {"markdown.py"})],  # Markdown folds by HTML
)
def test_python_makes_no_markup_where_there_are_templates(room: str, others: set[str]) -> None:
    modules = {file.name: file.read_text(encoding="utf-8") for file in (SOURCE / room).glob("*.py")}
    assert {name for name, text in modules.items() if re.search(r"</?[a-z]|Markup", text)} == others
    assert len(modules) > 5
