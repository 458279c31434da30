"""Forgetting a person everywhere, and showing them all that there is about them."""
