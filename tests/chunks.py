"""How large the chunks of a build are in the tests of the index, and a corpus that has four."""

CHUNK = 32
"""Texts embedded between two writes."""

PAPERS = 40
"""Papers of three sentences each: three chunks and a part of one."""
