"""xAPI statements: from the request's bytes to the log, and back from the store."""
