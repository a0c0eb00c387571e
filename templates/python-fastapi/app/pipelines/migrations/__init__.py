"""The tables of the pipelines, apart from the project's own: see `app/migrate.py`."""
