"""Development with a worker beside the service."""
