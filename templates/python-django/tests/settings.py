"""The settings that tests run with: nothing from `.env`, and nothing slow."""

import os

os.environ["APP_ENV"] = "test"

from config.settings import *  # noqa: F403
from config.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are served from where they lie, as in development.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
