"""Reads drafts (Markdown, LaTeX, Word, plain text) into sentences with citations, and checks them."""
