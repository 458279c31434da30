"""``POST /events``: CloudEvents 1.0 over HTTP onto the log."""
