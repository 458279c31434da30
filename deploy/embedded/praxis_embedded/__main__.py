"""``python -m praxis_embedded``: the same as ``praxis``."""

from praxis_embedded.cli import main

main()
