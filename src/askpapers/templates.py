"""HTML from Jinja2 templates: a value can only become text, and a name that was not given is an error."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from askpapers.text import printable


def environment(package: str) -> Environment:
    """The templates in the folder `templates` of a package; each is compiled once.

    A value is escaped, after control characters and marks that turn the reading order are taken out of it.
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        auto_reload=False,
        finalize=_shown,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def _shown(value: Any) -> Any:
    """A value as it is shown; what a macro made is markup already."""
    return value if hasattr(value, "__html__") else printable(str(value))
