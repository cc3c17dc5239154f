"""Tests of the index: building, asking while it is built, stores, shards."""
