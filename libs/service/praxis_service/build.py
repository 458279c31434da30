"""What runs here."""

from importlib.metadata import version

VERSION = version("praxis-service")
"""Libraries and services are released together, under one version."""
