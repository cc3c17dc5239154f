"""Reads two texts together: is this an answer, a mention or neither; is that supported, not said or contradicted."""
