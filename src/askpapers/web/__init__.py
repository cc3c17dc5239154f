"""The chat page, the JSON API and the MCP tools: one process, one corpus, one gate in front of all of them.

`app` puts the parts together and `serving` runs them. `gradio_server` imports gradio, `tools` imports mcp, each when
it is used.
"""
