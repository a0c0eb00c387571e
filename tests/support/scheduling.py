"""Which worker runs which test: all slow tests of one stack go to the same one, in their order.

pytest-xdist's own groups do nothing since pytest 9.2 (pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.support.summary import stack_of

SLOW_FOLDERS = ("tests/bake/", "tests/contract/")


class StackScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps a stack's services and installed repositories within one worker."""

    def _split_scope(self, nodeid: str) -> str:
        stack = stack_of(nodeid) if nodeid.startswith(SLOW_FOLDERS) else None
        return stack or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Take the place of ``--dist loadgroup``."""
    return StackScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None
