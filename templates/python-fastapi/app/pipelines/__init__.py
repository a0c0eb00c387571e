"""Pipelines: extract, validate, transform, load; in chunks, so that memory does not grow with rows.

A chunk is loaded, its bad rows are quarantined, and the place in the source is noted, all in one
transaction: a run that is killed goes on from there, and one that is repeated changes nothing.
"""
