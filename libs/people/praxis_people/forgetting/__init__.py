"""Forgetting somebody: who is meant, where they are mentioned, and every record without them (ADR 7)."""
