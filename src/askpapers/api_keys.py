"""Keys of services as people paste them, with what they were copied from around them. Pure."""

from __future__ import annotations

import re

# What a key brings along from a file, a page or an .env: line ends, invisible characters, quotes.
_AROUND_KEYS = " \t\r\n\v\f\0\xa0\u200b\u200e\u2060\ufeff\"'“”‘’`<>;,"

_BEFORE_KEYS = re.compile(
    r"(?:-h\s+)?[\"'“‘]?(?:(?:export|set|env)\s+|\$env:|setx\s+(?=\w+\s))?"
    r"(?:(?-i:[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)|(?:openai|ask)_api_key)[\"']?(?:\s*[:=]\s*|\s+))?"
    r"[\"'“‘]?(?:(?:authorization|x-api-key|api-key)\s*:\s*)?(?:bearer\s+)?",
    re.IGNORECASE,
)
"""What is copied with a key from a shell or a request: "export OPENAI_API_KEY=", "Authorization: Bearer "."""
_BEHIND_KEYS = re.compile(r"(?:\s+#.*|(?:\\[nr])+)$")  # a comment of an .env; line ends that were written out


def clean_key(text: str) -> str:
    """A key without what was copied along with it: blanks, line ends, quotes, "Bearer ", the name of a variable."""
    key = _BEHIND_KEYS.sub("", text.strip(_AROUND_KEYS))
    before = _BEFORE_KEYS.match(key)
    return key[before.end() if before else 0 :].strip(_AROUND_KEYS)
