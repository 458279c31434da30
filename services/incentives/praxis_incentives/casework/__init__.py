"""Cases that wait for a person: what is held, what is proposed, and what people do about it."""
