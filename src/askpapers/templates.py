"""HTML from Jinja2 templates: a value can only become text, and a name that was not given is an error."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from askpapers.text import printable

_WEB_ADDRESS = re.compile(r"https?://[\w./?=&%#~:+@;,!()*'-]+", re.ASCII)


def environment(package: str) -> Environment:
    """The templates in the folder `templates` of a package; each is compiled once.

    A value is escaped, after control characters and marks that turn the reading order are taken out of it. The test
    `web_address` says of a value whether it can be a link.
    """
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        auto_reload=False,
        finalize=_shown,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    made.tests["web_address"] = lambda address: bool(address and _WEB_ADDRESS.fullmatch(address))
    return made


def _shown(value: Any) -> Any:
    """A value as it is shown; what a macro made is markup already."""
    return value if hasattr(value, "__html__") else printable(str(value))
