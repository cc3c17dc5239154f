"""Papers of a running Zotero, through its local API, as a snapshot that is read like an export of its JSON."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from askpapers.counts import counted
from askpapers.errors import SourceError, UsageError

ADDRESS = "http://127.0.0.1:23119/api/"
"""Where Zotero 7 and newer answers other programs of the same machine."""

_PAGE = 100
_TIMEOUT = httpx.Timeout(60.0, connect=3.0)
_FORM = "Write zotero:, zotero:collection=NAME, zotero:tag=NAME or zotero:group=NUMBER, several joined by &."


class _NotThereError(SourceError):
    """Zotero is not running, or lets no other program in: an older snapshot may stand in."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items: of a group's library or the user's own (""), in any of the collections, with all of the tags."""

    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    group: str = ""


def selection(spec: str) -> Selection:
    """What "zotero:collection=NAME&tag=NAME" selects; "%26" is an & inside a name. Raises UsageError."""
    collections: list[str] = []
    tags: list[str] = []
    groups: list[str] = []
    for part in filter(None, spec.partition(":")[2].split("&")):
        name, _, value = part.partition("=")
        into = {"collection": collections, "tag": tags, "group": groups}.get(name.strip())
        value = unquote(value).strip()
        if into is None or not value:
            raise UsageError(f"“{part}” selects nothing of Zotero.", hint=_FORM)
        into.append(value)
    if len(groups) > 1 or not all(re.fullmatch(r"[0-9]+", group) for group in groups):
        raise UsageError("group= is the number of one group, as in its address at zotero.org.", hint=_FORM)
    return Selection(tuple(collections), tuple(tags), "".join(groups))


def snapshot(spec: str, folder: Path, address: str = "") -> tuple[Path, str]:
    """The file in `folder` with what the spec selects, made new where Zotero has other items by now, and a note or "".

    Where Zotero does not answer, the last snapshot is given with a note that says how old it is. Raises UsageError
    for what selects nothing, SourceError where there is no snapshot or the reply is damaged.
    """
    chosen, address = selection(spec), address or ADDRESS
    digest = hashlib.sha256(f"{address} {chosen}".encode("utf-8", "surrogatepass")).hexdigest()[:10]
    label = "-".join(re.findall(r"\w+", " ".join((chosen.group, *chosen.collections, *chosen.tags)))[:6])[:40]
    file = folder / f"zotero-{label or 'library'}-{digest}.json"
    checked = file.with_suffix(".checked")  # what was compared, written last; its time is that of the last check
    try:
        plain = address.startswith("http:")  # certificates take a while to load
        with httpx.Client(base_url=address, timeout=_TIMEOUT, trust_env=False, verify=not plain) as http:
            _refresh(_Library(http, chosen), file, checked)
    except _NotThereError as error:
        if not (file.is_file() and checked.is_file()):
            raise
        age = _age(time.time() - checked.stat().st_mtime)
        return file, f"{error} Its papers are used as they were {age} ago."
    except OSError as error:
        raise SourceError(
            f"What Zotero has cannot be stored in {folder}: {error.strerror}.", hint="Make room there, or let it write."
        ) from error
    return file, ""


def _refresh(library: _Library, file: Path, checked: Path) -> None:
    names = library.collection_names()
    paths = library.paths(names)
    stamp = json.dumps([names, *(library.stamp(path) for path in paths)], sort_keys=True)
    with suppress(OSError, ValueError):
        if file.is_file() and checked.read_text(encoding="utf-8") == stamp:
            os.utime(checked)
            return
    found = {item.get("key"): item for path in paths for item in library.items(path)}
    lines = ",\n".join(json.dumps(_with_collections(item, names), ensure_ascii=True) for item in found.values())
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, f"[\n{lines}\n]\n")
    _write(checked, stamp)


def _write(file: Path, text: str) -> None:
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def _with_collections(item: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The item, with the names of its collections among its tags."""
    data = item.get("data")
    if not isinstance(data, dict):
        return item
    tags = list(data.get("tags") or ())
    there = {tag.get("tag") for tag in tags if isinstance(tag, dict)}
    inside = (names[key] for key in data.get("collections") or () if key in names)
    more = [{"tag": name} for name in dict.fromkeys(inside) if name not in there]
    return {**item, "data": {**data, "tags": [*tags, *more]}}


@dataclass(frozen=True, slots=True)
class _Library:
    """A library of a running Zotero."""

    http: httpx.Client
    chosen: Selection

    def collection_names(self) -> dict[str, str]:
        """The names of the library's collections by their keys."""
        found = (item.get("data") for item in self._all("collections", {}))
        return {str(data.get("key")): str(data.get("name")) for data in found if isinstance(data, dict)}

    def paths(self, names: dict[str, str]) -> list[str]:
        """Where the selected items are: attachments and notes that belong to an item are not asked for."""
        if not self.chosen.collections:
            return ["items/top"]
        wanted = {name.casefold() for name in self.chosen.collections}
        keys = [key for key, name in names.items() if name.casefold() in wanted]
        if missing := wanted - {name.casefold() for name in names.values()}:
            given = next(name for name in self.chosen.collections if name.casefold() in missing)
            known = ", ".join(f"“{name}”" for name in sorted(set(names.values()))[:8]) or "none"
            raise UsageError(f"Zotero has no collection “{given}”.", hint=f"It has: {known}.")
        return [f"collections/{key}/items/top" for key in keys]

    def stamp(self, path: str) -> list[Any]:
        """What differs when the items do: the library's version, how many there are, which was changed last.

        The version alone does not do, nor does If-Modified-Since-Version: it changes only when Zotero synchronises.
        """
        headers, page = self._page(path, {"tag": self.chosen.tags, "limit": 1, "sort": "dateModified"}, "desc")
        data = page[0].get("data") if page else None
        changed = data.get("dateModified") if isinstance(data, dict) else None
        version, total = headers.get("last-modified-version"), headers.get("total-results")
        return [version, total, page[0].get("key") if page else None, changed]

    def items(self, path: str) -> Iterator[dict[str, Any]]:
        """The items, the oldest first."""
        return self._all(path, {"tag": self.chosen.tags, "sort": "dateAdded"})

    def _all(self, path: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
        start, total = 0, 1
        while start < total:
            headers, page = self._page(path, {**parameters, "limit": _PAGE, "start": start}, "asc")
            yield from page
            known = headers.get("total-results", "")
            start, total = start + len(page), int(known) if known.isdigit() else start + len(page) + 1
            if not page:
                return

    def _page(
        self, path: str, parameters: dict[str, Any], direction: str
    ) -> tuple[httpx.Headers, Sequence[dict[str, Any]]]:
        library = f"groups/{self.chosen.group}" if self.chosen.group else "users/0"
        query = {"format": "json", "include": "data", "direction": direction, **parameters}
        place = str(self.http.base_url)
        try:
            reply = self.http.get(f"{library}/{path}", params=query, headers={"Zotero-API-Version": "3"})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _NotThereError(
                f"Zotero does not answer at {place}.",
                hint="Start it and allow other applications to communicate with it: Settings, Advanced.",
            ) from error
        if reply.status_code == 403:
            raise _NotThereError(
                f"Zotero does not let other programs in at {place}.",
                hint="Allow other applications on this computer to communicate with Zotero: Settings, Advanced.",
            )
        if reply.status_code == 404 and self.chosen.group:
            raise UsageError(f"Zotero has no group {self.chosen.group}.", hint=_FORM)
        try:
            page = reply.json() if reply.status_code == 200 else None
        except ValueError:
            page = None
        if not isinstance(page, list) or not all(isinstance(item, dict) for item in page):
            raise SourceError(
                f"What answers at {place} is no reply of Zotero (status {reply.status_code}).",
                hint="Zotero 7 or newer is needed; or export the library (BibTeX, RIS, CSL JSON) and name the file.",
            )
        return reply.headers, page


def _age(seconds: float) -> str:
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if (count := int(seconds // size)) >= 1:
            return counted(count, unit)
    return "less than a minute"
