"""Feed health: what each source sends under which credential, what was refused of it, and why."""
