"""Publishing the page through gradio's servers, for who asked twice."""

from __future__ import annotations

import secrets

from askpapers.errors import AskPapersError


def share_page(port: int) -> str:
    """Publish what is served at a port through gradio's servers; the address there. Raises AskPapersError."""
    from gradio.networking import setup_tunnel

    try:
        return setup_tunnel("127.0.0.1", port, secrets.token_urlsafe(32), None, None)
    except Exception as error:  # it downloads a program and runs it: anything can go wrong
        raise AskPapersError(f"The page cannot be shared: {error}.", hint="Serve it with --host and --auth.") from error
