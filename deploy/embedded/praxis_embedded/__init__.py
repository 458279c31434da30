"""Praxis on one machine, and the ``praxis`` command."""
