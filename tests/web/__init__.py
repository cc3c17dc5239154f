"""Tests of the page, the API and the MCP tools."""
