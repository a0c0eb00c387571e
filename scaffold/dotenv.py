"""A project's `.env`, and the `.env.example` it follows. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = re.compile(r"(?m)^([A-Z][A-Z0-9_]*)=")
# A secret to make: a value left empty, below a comment that says how. Older templates, and those of
# others, have `change-me` for it.
_TO_MAKE = re.compile(
    r"(?m)^(?P<comment>#.*openssl rand.*\n)(?P<empty>[A-Z][A-Z0-9_]*)=$"
    r"|^(?P<placeholder>[A-Z][A-Z0-9_]*)=change-me$"
)


def fill_secrets(example: str, make_secret: Callable[[], str]) -> str:
    """Return `example` with a secret of its own for every one that it asks to be made.

    `make_secret` returns a new random text at each call; it must need no quoting in a `.env` file
    and no escaping in a URL.
    """
    return _TO_MAKE.sub(
        lambda found: f"{found['comment'] or ''}{_name(found)}={make_secret()}", example
    )


def completed(own: str, example: str, make_secret: Callable[[], str]) -> str:
    """Return `own` with each secret that `example` asks for and whose name it does not set."""
    wanted = [_name(found) for found in _TO_MAKE.finditer(example)]
    missing = [name for name in wanted if name not in names(own)]
    if not missing:
        return own
    end = "" if own.endswith("\n") or not own else "\n"
    return own + end + "".join(f"{name}={make_secret()}\n" for name in missing)


def names(text: str) -> set[str]:
    """Return the names that a `.env` file sets."""
    return set(_NAME.findall(text))


def _name(found: re.Match[str]) -> str:
    return found["empty"] or found["placeholder"]
