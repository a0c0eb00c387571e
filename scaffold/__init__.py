"""Recommend a back-end stack, generate it, keep it up to date."""

__version__ = "1.6.0"
