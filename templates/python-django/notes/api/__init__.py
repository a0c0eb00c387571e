"""Notes over HTTP, as JSON."""
