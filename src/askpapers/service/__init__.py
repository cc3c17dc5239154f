"""One corpus for several readers at once: asked and searched by threads, and shown as strangers may see it.

`web` (the page), `mcp` (the tools) and `server` (the JSON API) stand on it and know nothing of one another.
"""
