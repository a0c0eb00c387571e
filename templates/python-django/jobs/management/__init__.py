"""Commands for the jobs."""
