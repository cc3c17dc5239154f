"""What goes between the page's script and its calls: what is sent, each as a model, and how it is replied to.

What does not fit a model is refused as a whole. Ids and quotes come back as `verbatim` wrote them into the page.
"""

from __future__ import annotations

import base64
import functools
import inspect
import logging
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, BaseModel, Field, PlainSerializer, ValidationError, validate_call

from askpapers.contract import error_dict
from askpapers.datatypes import Filter, Turn
from askpapers.engine import Way
from askpapers.errors import AskPapersError, UsageError
from askpapers.export import Kind, file_name
from askpapers.screening.verdicts import Label, Stage
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.questions import within
from askpapers.web.rendering import read_verbatim, verbatim

NOT_READ = ("The page sent something that cannot be read.", "Reload the page.")
TURN_NAME = r"^[A-Za-z0-9]{1,64}$"
"""The names that the page gives to questions."""
_MOST_PAPERS = 10_000
_log = logging.getLogger(__name__)

Verbatim = Annotated[str, AfterValidator(read_verbatim), PlainSerializer(verbatim)]
Papers = Annotated[tuple[Verbatim, ...], Field(max_length=_MOST_PAPERS)]


class Restrictions(BaseModel):
    """The boxes and papers that restrict what is asked or listed; a box has names with semicolons between them."""

    since: str = ""
    until: str = ""
    author: str = ""
    venue: str = ""
    tag: str = ""
    papers: Papers = ()

    def within(self) -> Filter:
        """The filter that they make. Raises UsageError for what is no year, and for years the wrong way round."""
        names = (self.author.split(";"), self.venue.split(";"), self.tag.split(";"))
        return within(self.papers, _year(self.since), _year(self.until), *names)


class QuestionRequest(Restrictions):
    """A question, the name that the page gives it, and how it is asked: the turns before, a way and a model or ""."""

    question: str
    name: Annotated[str, Field(pattern=TURN_NAME)]
    history: tuple[Turn, ...] = ()
    way: Way | Literal[""] = ""
    model: str = ""


class PapersRequest(Restrictions):
    """The papers that are listed, so many pages of them."""

    words: str = ""
    pages: Annotated[int, Field(ge=1, le=10_000)] = 1


class QuotePlace(BaseModel):
    """A paper, and a quote in it with its offsets where one is to be shown."""

    paper: Verbatim
    quote: Verbatim = ""
    start: int = 0
    end: int = 0


class DraftRequest(BaseModel):
    """A draft: files that were uploaded, by their keys, or a text."""

    files: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    pasted: str = ""


class AdditionRequest(DraftRequest):
    """Papers to be added, under a name by which that is cancelled; or only to be looked at."""

    name: Annotated[str, Field(pattern=TURN_NAME)]
    look: bool = False


class TableRequest(BaseModel):
    """A table: a question or "", the names of its columns, and the papers that it is restricted to, if any."""

    question: str = ""
    columns: str = ""
    papers: Papers = ()


class TableFile(TableRequest):
    """A table to be saved as a kind of file."""

    kind: str


class ProtocolName(BaseModel):
    """A protocol that papers are screened by."""

    name: Verbatim


class ReviewerTask(BaseModel):
    """What a reviewer does on the page; `unblind` shows what others decided."""

    reviewer: Annotated[str, Field(max_length=200)] = ""
    stage: Stage = Stage.ABSTRACT
    consensus: bool = False
    recheck: bool = False
    unblind: bool = False


class ScreeningRequest(BaseModel):
    """A protocol to screen by: the name that it is stored under, "" for a new one, and its text; and who screens."""

    name: Annotated[str, AfterValidator(read_verbatim)] = ""
    text: str = ""
    reviewer: Annotated[str, Field(max_length=200)] = ""


class ScreeningOnPage(ProtocolName, ReviewerTask):
    """A screening as a page shows it: `version` names its protocol and papers."""

    version: str


class ScreeningStep(ScreeningOnPage):
    """A decision on a paper by a label and a reason, or the one that is shown as the `last` taken back.

    "show" shows what is to be decided next. `of` is the paper that another one is a duplicate of, or different from.
    """

    act: Label | Literal["show", "undo"]
    paper: Verbatim = ""
    of: Verbatim = ""
    reason: Annotated[str, Field(max_length=1000)] = ""
    last: Verbatim = ""


class ScreeningFile(ScreeningOnPage):
    """A screening to be saved as a kind of file."""

    kind: Literal["csv", "ris", "xlsx", "json"]


def _year(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"“{text}” is no year.", hint="Write it in digits, or leave it empty.")
    return int(text)


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
