"""A process in the background that has the corpus open, and the client that asks it.

`client`, `place` and `protocol` are imported before every question: the standard library only, and little of it.
"""
