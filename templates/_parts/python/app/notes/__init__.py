"""Notes: the sample subject."""
