"""How the page's calls reply to its script: what was asked for, an error as JSON, or a file to be saved."""

from __future__ import annotations

import base64
import functools
import inspect
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError, validate_call

from askpapers.contract import error_dict
from askpapers.errors import AskPapersError
from askpapers.export import Kind, file_name
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.web.streams import NOT_READ

_log = logging.getLogger(__name__)


class Serving(Protocol):
    """What has calls: it serves a corpus."""

    @property
    def service(self) -> CorpusService:
        """What names errors as a stranger may read them."""


def page_call(method: Callable[..., dict[str, Any]]) -> Callable[[Any, Any], Any]:
    """Make a method of what is `Serving` one that the page's script calls with JSON.

    That is its argument `sent`, or an object with its arguments. What does not fit their types is refused; errors are
    {"error": ..., "hint": ...}.
    """
    checked = validate_call(method)
    takes_object = "sent" in inspect.signature(method).parameters

    @functools.wraps(method)
    def called(self: Serving, sent: Any) -> dict[str, Any]:
        try:
            if takes_object:
                return checked(self, sent)
            return checked(self, **sent) if isinstance(sent, Mapping) else error_dict(*NOT_READ)
        except AskPapersError as error:
            return error_dict(*self.service.error_lines(error))
        except ValidationError:
            return error_dict(*NOT_READ)
        except Exception:  # a fault of ours: the page says so, and the guard does not take it for one of the request
            _log.exception("The page's call “%s” failed.", method.__name__)
            return error_dict(*BROKEN)

    called.is_page_call = True  # type: ignore[attr-defined]
    return called


def is_page_call(named: object) -> bool:
    """Whether the page's script may call what has a name: only a method that `page_call` made."""
    return getattr(named, "is_page_call", False) is True


def file_reply(title: str, kind: Kind, content: str | bytes) -> dict[str, Any]:
    """A file of a kind, named after a title, as `saved_reply` has it."""
    return saved_reply(file_name(title, kind), content.encode() if isinstance(content, str) else content, kind)


def saved_reply(name: str, data: bytes, kind: Kind | None = None) -> dict[str, Any]:
    """A file as the page's script saves it: its text, where its kind is one of text, or its bytes in base64."""
    if kind and not kind.binary:
        return {"name": name, "media": kind.media_type, "text": data.decode()}
    media_type = kind.media_type if kind else "application/octet-stream"
    return {"name": name, "media": media_type, "base64": base64.b64encode(data).decode("ascii")}
