"""Django's commands, with a difference."""
