"""``praxis decisions verify``: every decision derived again from what it names, and compared byte for byte."""
