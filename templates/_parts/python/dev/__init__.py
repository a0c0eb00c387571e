"""Tools for development; no part of what is deployed."""
