"""Requests to the services, by their rules: who asks is said, so long apart, again where they ask for it."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import httpx

from askpapers.errors import SourceError

LARGEST_REPLY = 200_000_000
"""Bytes of a reply; a page of a hundred papers has a few million at most."""

_ATTEMPTS = 4
_BUSY = frozenset({429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0  # seconds
_TIMEOUT = httpx.Timeout(60.0, connect=15.0)


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what it is called, its address, and the seconds between the requests that it allows."""

    name: str
    address: str
    apart: float


@dataclass
class Client:
    """Asks services, one request after the other; a `with` block closes its connections.

    `mailto` is the user's address, which Crossref, OpenAlex and NCBI want to be told; "" tells none. `base` stands in
    for the addresses of all services ("http://127.0.0.1:1/", followed by the name of the service), in tests.
    """

    mailto: str = ""
    base: str = ""
    version: str = ""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)

    def get(self, service: Service, path: str, parameters: Mapping[str, str | int] | None = None) -> bytes | None:
        """The body of a reply; None where the service has no such paper.

        Raises SourceError where it cannot be reached, does not take the request, or is busy for too long.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            wait = 2.0**attempt
            try:
                status, headers, body = self._request(service, path, parameters or {})
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise SourceError(
                    f"{service.name} cannot be reached ({self._host(service)}): {error or 'no answer'}.",
                    hint="Check the connection to the network (HTTPS_PROXY is used if set). Nothing was added.",
                ) from error
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
            else:
                if status == 404:
                    return None
                if status == 200:
                    return body
                reason = f"status {status}"
                if status not in _BUSY:
                    raise SourceError(
                        f"{service.name} does not take the request: {reason}.",
                        hint="Check what is asked for. Nothing was added.",
                    )
                wait = _retry_after(headers.get("retry-after", "")) or wait
            if wait > _LONGEST_WAIT:
                raise SourceError(
                    f"{service.name} asks to be left alone for {wait:,.0f} seconds.",
                    hint="Try again then. Nothing was added.",
                )
            if attempt < _ATTEMPTS:
                self.sleep(wait)
        raise SourceError(
            f"{service.name} does not answer as it should: {reason}, {_ATTEMPTS} times.",
            hint="Try again later. Nothing was added.",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @cached_property
    def _http(self) -> httpx.Client:
        return httpx.Client(timeout=_TIMEOUT, follow_redirects=True)

    def _request(
        self, service: Service, path: str, parameters: Mapping[str, str | int]
    ) -> tuple[int, httpx.Headers, bytes]:
        left = self._last.get(service.name, -service.apart) + service.apart - self.clock()
        if left > 0:
            self.sleep(left)
        contact = f" (mailto:{self.mailto})" if self.mailto else ""
        headers = {"User-Agent": f"askpapers/{self.version or '0'}{contact}"}
        try:
            address = self._address(service) + path
            with self._http.stream("GET", address, params=dict(parameters), headers=headers) as response:
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LARGEST_REPLY:
                        raise SourceError(
                            f"{service.name} sends more than {LARGEST_REPLY:,} bytes.", hint="Ask for fewer papers."
                        )
                return response.status_code, response.headers, bytes(body)
        finally:
            self._last[service.name] = self.clock()

    def _address(self, service: Service) -> str:
        return f"{self.base.rstrip('/')}/{service.name.lower()}/" if self.base else service.address

    def _host(self, service: Service) -> str:
        return self._address(service).partition("://")[2].partition("/")[0]


def _retry_after(value: str) -> float:
    """Seconds that a Retry-After header names, as a number or as a date; 0.0 for none."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
