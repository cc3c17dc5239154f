"""What the page's script sends, each as a model: what does not fit is refused as a whole.

Ids and quotes come back as `verbatim` wrote them into the page.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, PlainSerializer

from askpapers.datatypes import Turn
from askpapers.engine import Way
from askpapers.screening.verdicts import Label
from askpapers.web.citing import read_verbatim, verbatim

TURN_NAME = r"^[A-Za-z0-9]{1,64}$"
"""The names that the page gives to questions."""
_MOST_PAPERS = 10_000

Verbatim = Annotated[str, AfterValidator(read_verbatim), PlainSerializer(verbatim)]
Papers = Annotated[tuple[Verbatim, ...], Field(max_length=_MOST_PAPERS)]


class QuestionRequest(BaseModel):
    """What a question is asked with besides its boxes: its name, the turns before, the chosen papers, a way.

    The way is that of a link or a button, which comes before what is chosen on the page; "" for none.
    """

    name: Annotated[str, Field(pattern=TURN_NAME)]
    history: tuple[Turn, ...] = ()
    papers: Papers = ()
    way: Way | Literal[""] = ""


class QuotePlace(BaseModel):
    """A paper, and a quote in it with its offsets where one is to be shown."""

    paper: Verbatim
    quote: Verbatim = ""
    start: int = 0
    end: int = 0


class StoredTurns(BaseModel):
    """Turns as the browser stored them, which are read one by one; and the kind of file that they are saved as."""

    turns: list[Any]
    kind: str = ""


class PaperFile(BaseModel):
    """A paper to be saved as a kind of file."""

    paper: Verbatim
    kind: str


class OneTurn(BaseModel):
    """A turn as the browser stored it."""

    turn: Any


class FeedbackRequest(OneTurn):
    """A thumb on a turn, and a comment."""

    thumb: str
    comment: str = ""


class OnePaper(BaseModel):
    """A paper."""

    paper: Verbatim


class AddedFile(BaseModel):
    """A file that was added."""

    file: Verbatim


class DraftFile(BaseModel):
    """What is to be saved of a draft that was checked; `check` is the key of the check."""

    check: str
    kind: str


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


class ScreeningOnPage(ProtocolName):
    """A screening as a page shows it: `version` names its protocol and papers."""

    version: str


class ScreeningStep(ScreeningOnPage):
    """A decision on a paper by a label and a reason, or the one that is shown as the `last` taken back.

    "show" shows what is to be decided next; with `recheck` a paper is decided once more, blind.
    """

    act: Label | Literal["show", "undo"]
    paper: Verbatim = ""
    reason: str = ""
    last: Verbatim = ""
    recheck: bool = False


class ScreeningFile(ScreeningOnPage):
    """A screening to be saved as a kind of file."""

    kind: Literal["csv", "ris", "xlsx", "json"]
