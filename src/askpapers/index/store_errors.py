"""What goes wrong with a vector store on a server, in two lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from askpapers.errors import AskPapersError, IndexMismatchError, VectorStoreError
from askpapers.index.store import Fingerprint
from askpapers.store_address import StoreAddress

TIMEOUT = 60.0
"""Seconds without a byte from a server."""


def check_fingerprint(address: StoreAddress, found: Fingerprint | None, wanted: Fingerprint) -> None:
    """Raise IndexMismatchError unless a collection is of the embedder that is wanted; None is of nobody known."""
    if found is None:
        raise IndexMismatchError(
            f"The collection “{address.collection}” of {address.server} was not made by askpapers.",
            hint="Name another one, which is made when it is filled: ask index --index URL",
        )
    if found != wanted:
        raise IndexMismatchError(
            f"The collection “{address.collection}” of {address.server} has vectors of {found.embedder}"
            f" ({found.dimension} numbers), not of {wanted.embedder} ({wanted.dimension}).",
            hint="Use that embedder (--embedder), or name another collection: ask index --index URL",
        )


def absent(address: StoreAddress) -> VectorStoreError:
    """There is no such collection."""
    return VectorStoreError(
        f"{address.server} has no collection “{address.collection}”.", hint=f"Fill it: ask index --index {address}"
    )


def no_server(address: StoreAddress, needed: str) -> VectorStoreError:
    """Something else answers at the address, or a server that does not know what is asked."""
    return VectorStoreError(
        f"At {address.server} there is no {address.engine.value} server of version {needed}.",
        hint="Check the address (host, port, what stands before the collection's name), or update the server.",
    )


def too_old(address: StoreAddress, version: str, needed: str) -> VectorStoreError:
    """The server is older than what is needed."""
    return VectorStoreError(
        f"{address.engine.value} at {address.server} has version {version}, and {needed} is needed.",
        hint="Update the server, or use another.",
    )


def by_status(address: StoreAddress, status: int, reason: str) -> VectorStoreError:
    """The server answered with a status that is no success."""
    name = f"{address.engine.value} at {address.server}"
    if status in (401, 403):
        return VectorStoreError(
            f"{name} does not let the request through (status {status}).",
            hint="Give it the right token: ASK_INDEX_KEY, or index under [keys] in your own config file.",
        )
    if status == 429 or status >= 500:
        return VectorStoreError(f"{name} is busy or fails (status {status}): {_line(reason)}.", hint="Try again later.")
    return VectorStoreError(
        f"{name} refuses the request (status {status}): {_line(reason)}.",
        hint="Check the address: is it the server's, up to the name of the collection? (ask doctor)",
    )


@contextmanager
def translated(
    address: StoreAddress, underneath: Callable[[Exception], Exception] = lambda error: error
) -> Iterator[None]:
    """Turn what a client of a store raises into two lines; `underneath` gives what an error of its own stands for."""
    try:
        yield
    except AskPapersError:
        raise
    except Exception as error:
        cause = underneath(error)
        raise (cause if isinstance(cause, AskPapersError) else _translate(address, cause)) from error


def _translate(address: StoreAddress, error: Exception) -> VectorStoreError:
    name = f"{address.engine.value} at {address.server}"
    match next((cause for cause in _chain(error) if isinstance(cause, httpx.HTTPError)), error):
        case httpx.HTTPStatusError() as error:
            return by_status(address, error.response.status_code, error.response.text)
        case httpx.ReadTimeout() | httpx.WriteTimeout() | httpx.PoolTimeout():
            return VectorStoreError(f"{name} sent nothing for {TIMEOUT:.0f} seconds.", hint="Try again later.")
        case httpx.TransportError() as error:
            return VectorStoreError(
                f"{name} cannot be reached: {_line(str(error)) or type(error).__name__}.",
                hint="See that the server runs and that the address is right (http or https, host, port).",
            )
    return VectorStoreError(
        f"What {name} sends cannot be used: {type(error).__name__}: {_line(str(error))}.",
        hint="See that the address is that of such a server, and that no page for logging in is before it.",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it was raised after: the clients wrap what their connection raised."""
    while error:
        yield error
        error = error.__context__


def _line(text: str) -> str:
    return " ".join(text.split())[:200].rstrip(".")
