"""Work that takes a while, as a page shows it: how far it is, then what came of it, or why nothing did."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, closing
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from askpapers.errors import AskPapersError
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.work import Progressed, Work
from askpapers.web.rendering import Html, render

NOT_READ = ("The page sent something that cannot be read.", "Reload the page.")
UPDATE_SECONDS = 0.05
"""Seconds between two updates of what is shown."""
_log = logging.getLogger(__name__)

T = TypeVar("T")
Sent = TypeVar("Sent", bound=BaseModel)
Update = dict[str, Any]
"""What is shown of the work now: its markup under "html", and of an answer that is done its "record"."""

Stream = Callable[[dict[str, Any]], AsyncGenerator[Update, None]]


def failed(what: str, hint: str) -> Html:
    """Why something could not be done, and what to do."""
    return render("failed.html", what=what, hint=hint)


def progress_line(progress: Progressed) -> Html:
    """How far some work has come."""
    total = f" of {progress.total:,}" if progress.total else ""
    count = f": {progress.done:,}{total}" if progress.done else ""
    return render("status.html", kind="doing", text=f"{progress.stage}{count} …")


async def updates(
    service: CorpusService,
    begin: Callable[[], Work[T]],
    show: Callable[[T], Html],
    fail: Callable[[str, str], Html] = failed,
) -> AsyncGenerator[Html, None]:
    """Begin some work, and give how far it is, then what `show` makes of what it gives; or why it failed."""
    try:
        with closing(begin()) as work:
            async for happened in work:
                last = happened[-1]
                yield progress_line(last) if isinstance(last, Progressed) else show(last)
                await asyncio.sleep(UPDATE_SECONDS)  # what happens meanwhile comes with the next update
    except AskPapersError as error:
        yield fail(*service.error_lines(error))


def stream(model: type[Sent], work: Callable[[Sent], AsyncGenerator[Html | Update, None]]) -> Stream:
    """Make a function of Gradio's queue of some work: it takes JSON that fits a model, and gives updates."""
    reader = TypeAdapter(model)

    async def streamed(sent: dict[str, Any]) -> AsyncGenerator[Update, None]:
        try:
            async with aclosing(work(reader.validate_python(sent))) as coming:
                async for shown in coming:
                    yield {"html": shown} if isinstance(shown, str) else shown
        except ValidationError:
            yield {"html": failed(*NOT_READ)}
        except Exception:  # a fault of ours: the page says so instead of waiting for ever
            _log.exception("Work of the page failed.")
            yield {"html": failed(*BROKEN)}

    streamed.__annotations__ = {"sent": dict, "return": dict}  # Gradio reads them, and knows no names in text
    return streamed
