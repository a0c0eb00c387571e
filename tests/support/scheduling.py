"""Which worker runs which test: what makes a stack's repositories goes to one, in its order.

pytest-xdist's own groups do nothing since pytest 9.2 (pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.support.summary import stack_of

MAKERS = ("tests/bake/", "tests/contract/", "tests/test_render.py")
WORKSPACES = ("tests/test_workspace.py", "tests/bake/test_workspace.py")


class StackScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps a stack's services and installed repositories within one worker."""

    def _split_scope(self, nodeid: str) -> str:
        stack = stack_of(nodeid) if nodeid.startswith(MAKERS) else None
        whole = [name for name in WORKSPACES if nodeid.startswith(name)]
        return stack or (whole or [nodeid])[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Take the place of ``--dist loadgroup``."""
    return StackScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None
