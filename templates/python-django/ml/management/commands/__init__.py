"""`manage.py train`, `manage.py evaluate`."""
