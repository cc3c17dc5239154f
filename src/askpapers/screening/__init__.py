"""Screening titles and abstracts by the criteria of a review's protocol, as systematic reviewers do it."""
