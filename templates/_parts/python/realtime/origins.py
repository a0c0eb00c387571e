"""Whose pages may listen.

Browsers let a page of any origin open a WebSocket, with the cookies and from the network of who
looks at it; they only say which origin it is.
"""

import re

FORM = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII)
USUAL_PORTS = {"http": ":80", "https": ":443"}


def _without_usual_port(scheme: str, authority: str) -> str:
    return authority.lower().removesuffix(USUAL_PORTS[scheme])


def parse_origins(value: str) -> frozenset[str]:
    """Read origins with commas between, and write them as browsers do."""
    origins = [origin.strip().lower().removesuffix("/") for origin in value.split(",")]
    if not all(FORM.fullmatch(origin) for origin in origins):
        raise ValueError("must be origins such as https://app.example.com, with commas between")
    return frozenset(
        f"{scheme}://{_without_usual_port(scheme, authority)}"
        for scheme, _, authority in (origin.partition("://") for origin in origins)
    )


def may_listen(origin: str, host: str, allowed: frozenset[str]) -> bool:
    """Whether a page of this origin is one of our own host, or is allowed to."""
    if origin in allowed:
        return True
    scheme, _, authority = origin.partition("://")
    return scheme in USUAL_PORTS and (
        _without_usual_port(scheme, authority) == _without_usual_port(scheme, host)
    )


def refusal(origin: str) -> str:
    """Say why not, without repeating what is no origin."""
    named = origin if origin.isprintable() and 0 < len(origin) <= 200 else "this origin"
    return f"Pages of {named} may not listen; ALLOWED_ORIGINS names those that may."
