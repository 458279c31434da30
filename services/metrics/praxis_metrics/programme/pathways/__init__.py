"""Pathways: the cohorts of one compared by its published outcome."""
