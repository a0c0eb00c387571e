"""The database engine: Django's own for PostgreSQL, with a cheaper look at an idle connection."""
