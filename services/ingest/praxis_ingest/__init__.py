"""The door for facts: xAPI statements and CloudEvents onto the log, and the statement store that answers xAPI reads."""
