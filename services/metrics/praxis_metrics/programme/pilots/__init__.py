"""Pilots: registered before they start, compared by difference in differences, judged by what was registered."""
