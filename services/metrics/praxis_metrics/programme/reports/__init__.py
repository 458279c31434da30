"""The quarterly impact report: drafted from what is published, frozen when somebody publishes it (ADR 12)."""
