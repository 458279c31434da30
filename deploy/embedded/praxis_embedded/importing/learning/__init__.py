"""An LMS's completion export as xAPI statements, by a map that says what its columns mean."""
