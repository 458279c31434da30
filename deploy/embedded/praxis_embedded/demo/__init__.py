"""An organisation that does not exist, as the systems of a real one would tell of it: pure, and the same every time."""
