"""Read a git bundle's versions, and whether it is whole, without git. Pure.

The format is git's own (gitformat-bundle, gitformat-pack): a signature, a line for each reference,
an empty line, then a pack that ends with the SHA-1 of all its bytes before.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_SIGNATURE = b"# v2 git bundle\n"
_TAG = re.compile(rb"(?m)^[0-9a-f]{40} refs/tags/v(\d+)\.(\d+)\.(\d+)$")

Version = tuple[int, int, int]


@dataclass(frozen=True)
class Bundle:
    """The released versions in a bundle, oldest first."""

    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        """The newest released version."""
        return self.versions[-1]


def read_bundle(data: bytes) -> Bundle | None:
    """Return what `data` holds, or None when it is no whole bundle of released templates."""
    head, blank, pack = data.partition(b"\n\n")
    versions = sorted((int(a), int(b), int(c)) for a, b, c in _TAG.findall(head))
    if not (head.startswith(_SIGNATURE) and blank and versions and _is_whole(pack)):
        return None
    return Bundle(tuple(versions))


def _is_whole(pack: bytes) -> bool:
    body, checksum = pack[:-20], pack[-20:]
    return (
        pack.startswith(b"PACK") and hashlib.sha1(body, usedforsecurity=False).digest() == checksum
    )


def tag(version: Version) -> str:
    """Return the git tag of a version: v1.2.3."""
    return "v" + ".".join(map(str, version))
