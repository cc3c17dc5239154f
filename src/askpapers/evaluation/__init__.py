"""Suites of questions, their scores, the gates that a run must pass, and the reports on it."""
