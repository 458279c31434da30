"""Bringing files in through the public API: read, sent in batches, resumed where they were left."""
