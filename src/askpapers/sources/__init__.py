"""The services that papers are fetched from, only where the user asks for it: `ask add`."""

from askpapers.sources.client import Client
from askpapers.sources.fetching import Fetched, RequestedPaper, fetch, search, wanted

__all__ = ["Client", "Fetched", "RequestedPaper", "fetch", "search", "wanted"]
