"""What listens: page, JSON API and MCP tools in one process behind one guard.

`app` puts the parts together and `listening` runs them.
"""
