"""How passwords are kept."""

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Django's, with OWASP's parameters: Django's own take 100 MiB for each log-in."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
