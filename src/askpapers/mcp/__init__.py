"""The MCP tools. `tools` imports mcp when it is used: `replies` and `calls` are tested without it."""
