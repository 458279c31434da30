"""A roster from an HR system: a CSV file, compared with what was told before, as named events (docs/imports.md)."""
