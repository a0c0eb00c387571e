"""The project: settings, addresses, and what wraps Django."""
