"""Decisions as people and their tools read them."""
