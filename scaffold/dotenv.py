"""A project's `.env`, and the `.env.example` it follows. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = re.compile(r"(?m)^([A-Z][A-Z0-9_]*)=")
_PLACEHOLDER = re.compile(r"(?m)^([A-Z][A-Z0-9_]*)=change-me$")


def fill_secrets(example: str, make_secret: Callable[[], str]) -> str:
    """Return `example` with every `NAME=change-me` given a secret of its own.

    `make_secret` returns a new random text at each call; it must need no quoting in a `.env` file
    and no escaping in a URL.
    """
    return _PLACEHOLDER.sub(lambda line: f"{line[1]}={make_secret()}", example)


def completed(own: str, example: str, make_secret: Callable[[], str]) -> str:
    """Return `own` with a secret for every placeholder of `example` whose name it does not set."""
    missing = [line[0] for line in _PLACEHOLDER.finditer(example) if line[1] not in names(own)]
    if not missing:
        return own
    end = "" if own.endswith("\n") or not own else "\n"
    return own + end + fill_secrets("\n".join(missing), make_secret) + "\n"


def names(text: str) -> set[str]:
    """Return the names that a `.env` file sets."""
    return set(_NAME.findall(text))
