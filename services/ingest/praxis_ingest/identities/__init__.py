"""Identifiers that were seen, and whose they are: a projection that people look at to link what nobody claims."""
