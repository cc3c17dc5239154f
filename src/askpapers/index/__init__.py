"""The index: what makes a corpus searchable, kept in step with it, always rebuildable from it."""
