"""Who may log in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A user. Ours from the first migration on, since a later change of model is hard."""
