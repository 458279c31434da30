"""What a draft of a policy would have decided: on evidence that is there, and before anybody publishes it."""
