"""`manage.py worker`, `manage.py jobs`."""
