"""The short way must lead to the same place."""

from functools import cached_property
from pathlib import Path

import copier
from copier._main import Worker

from scaffold.templates import HOME_BUNDLE, install_bundle
from scaffold.templates.quick import copy


def _tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_quick_copy_is_byte_for_byte_what_copier_writes(here: Path) -> None:
    install_bundle()
    data = {"stack": "node-express", "project_name": "shop", "features": ["realtime"], "needs": {}}
    copied = copy(HOME_BUNDLE, here / "quick", data, None)
    worker = copier.run_copy(HOME_BUNDLE, here / "plain", data=data, defaults=True, quiet=True)
    assert _tree(here / "quick") == _tree(here / "plain")
    assert copied.version == worker.template.commit


def test_what_is_overridden_is_still_called_that_in_copier() -> None:
    assert callable(Worker._sync_git_index_executable_bit)
    assert isinstance(vars(Worker)["jinja_env"], cached_property)
