#!/usr/bin/env python
"""Django's commands: `python manage.py COMMAND`; `poe manage COMMAND` brings a database."""

import os
import sys

from django.core.management import execute_from_command_line

from config.env import InvalidEnvironmentError


def main() -> None:
    """Run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except InvalidEnvironmentError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
