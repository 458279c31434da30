"""Ratios of Praxis against bare ceilings, measured side by side in one run: ``python -m bench``."""
