"""Holds what an answer says against the papers: citations, quotes, verdicts."""
