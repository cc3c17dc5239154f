"""The URL of shards that are elsewhere, as --shards takes it, and the folder of the cache that their copy is in.

The folder has the URL in its file `.source`, so that whoever reads the copy can bring it in step. Nothing is fetched
here, and none but a folder that is named after its URL is taken for a copy.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import platformdirs

from askpapers.errors import UsageError

_NAME = "[a-z][a-z0-9+.-]+"
_BEGINS = re.compile(rf"{_NAME}(?:::{_NAME})*://", re.IGNORECASE)  # a letter alone is a drive of Windows
_SOURCE = ".source"
_HINT = "Give it where the package for such addresses looks for it: docs/scale.md, “Shards that are elsewhere”."


def is_shards_url(name: str) -> bool:
    """Whether a name of a corpus is a URL, not a path."""
    return bool(_BEGINS.match(name))


def copy_folder(url: str) -> Path:
    """The folder for the copy of a URL, made where it is not there.

    Raises UsageError for a URL with a secret in it, which lists of processes would show, and where the cache cannot be
    written.
    """
    url = _checked(url)
    folder = _folder_of(url)
    try:
        if source_of(folder) is None:
            folder.mkdir(parents=True, exist_ok=True)
            aside = folder / f"{_SOURCE}.{os.getpid()}"
            aside.write_text(url, encoding="utf-8")
            aside.replace(folder / _SOURCE)
    except OSError as error:
        raise UsageError(
            f"No copy of {url} can be made in {folder}: {error.strerror}.",
            hint="Let the cache folder be written, or copy the shards yourself: ask --shards FOLDER",
        ) from error
    return folder


def source_of(folder: Path) -> str | None:
    """The URL that a folder of the cache is the copy of, or None for any other folder."""
    try:
        url = (folder / _SOURCE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return url if folder.absolute() == _folder_of(url) else None


def _folder_of(url: str) -> Path:
    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    label = "".join(c if c.isalnum() else "-" for c in unquote(url.rpartition("/")[2]))[:40] or "shards"
    return Path(platformdirs.user_cache_dir("askpapers", appauthor=False)).absolute() / "shards" / f"{label}-{digest}"


def _checked(url: str) -> str:
    """The URL without slashes at its end."""
    for part in url.split("::"):
        try:
            parts = urlsplit(part)
            is_web = parts.scheme.lower() in ("http", "https")
            has_secret = bool(parts.password) or (is_web and bool(parts.query or parts.username))  # a token, say
        except ValueError:  # its words may have the password in them
            raise UsageError("The address of the shards cannot be read.", hint="Write it as s3://...") from None
        if has_secret:
            raise UsageError("The address of the shards has a password, a token or a “?” in it.", hint=_HINT)
    return url.rstrip("/") if not url.endswith("://") else url
