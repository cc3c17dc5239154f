"""The server of the MCP tools: which corpus a call is meant for, and what is said of a call that no tool takes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, Tool
from pydantic import ValidationError

from askpapers.contract import error_dict

_COLLECTION = "collection"


class ToolServer(MCPServer[Any]):
    """Refuses a call in two lines: what is wrong with it, and what to do.

    With several `collections`, itself among them, each tool takes the name of one.
    """

    collections: Mapping[str, ToolServer] = MappingProxyType({})

    async def list_tools(self) -> list[Tool]:
        """The tools, each with the parameter for a collection where there are several."""
        tools = await super().list_tools()
        if not self.collections:
            return tools
        named = {"type": "string", "enum": [*self.collections], "description": "Which papers are asked."}
        schemas = (
            {**tool.input_schema, "properties": {**tool.input_schema["properties"], _COLLECTION: named}}
            for tool in tools
        )
        return [tool.model_copy(update={"input_schema": one}) for tool, one in zip(tools, schemas, strict=True)]

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None) -> Any:
        """Call a tool of the collection that the arguments name; a wrong call is a reply that says so."""
        known = {tool.name: sorted(tool.input_schema["properties"]) for tool in await self.list_tools()}
        if name not in known:
            return failed(f"There is no tool “{name}”.", f"There are: {', '.join(sorted(known))}.")
        takes = f"{name} takes: {', '.join(known[name])}."
        if unknown := sorted(set(arguments) - set(known[name])):
            return failed(f"{name} does not take “{unknown[0]}”.", takes)
        if self.collections and _COLLECTION in arguments:
            wanted = str(arguments[_COLLECTION])
            if wanted not in self.collections:
                return failed(f"There is no collection “{wanted}”.", f"There are: {', '.join(self.collections)}.")
            arguments = {one: value for one, value in arguments.items() if one != _COLLECTION}
            if self.collections[wanted] is not self:
                return await self.collections[wanted].call_tool(name, arguments, context)
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            first = error.__cause__.errors()[0]
            return failed(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", takes)


def failed(what: str, hint: str) -> dict[str, Any]:
    """A failure as MCP marks it. The tools are declared with what they give when they do not fail."""
    reply = CallToolResult(
        content=[TextContent(type="text", text=f"{what}\n{hint}")],
        structured_content=error_dict(what, hint),
        is_error=True,
    )
    return cast("dict[str, Any]", reply)
