"""Copier's copy into a fresh folder, in two thirds of the time (measured by `make bench`).

What is left out is of no use there: for every file Copier asks git whether it tracks file modes,
though nothing is tracked yet; it compiles anew the same few short templates of paths and patterns;
and it takes a released version out of a bundle in three steps, looking for submodules in the last.
These are overridden by name; should a later Copier call them otherwise, only the speed is lost, and
a test holds the result to that of `copier.run_copy`.
"""

from __future__ import annotations

import tempfile
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from copier._main import Worker  # run_copy is no more than this class, built and run
from copier._template import Template
from copier.errors import UnsafeTemplateError
from jinja2.sandbox import SandboxedEnvironment

from scaffold import git
from scaffold.templates.home import expanded
from scaffold.templates.copied import Copied


class QuickTemplate(Template):
    """A version in a bundle."""

    @cached_property
    def local_abspath(self) -> Path:
        """Where it lies, checked out; Copier removes that folder when it is done."""
        if not (self.ref and self.url.endswith(".bundle")):
            return super().local_abspath
        self._temp_clone_path = Path(tempfile.mkdtemp(prefix="scaffold-templates-"))
        git.check_out(expanded(self.url), self.ref, self._temp_clone_path)
        return self._temp_clone_path.resolve()


class QuickWorker(Worker):
    """Copier's worker, for a destination that is in no git repository."""

    def _sync_git_index_executable_bit(self, *_: object) -> None:
        """Do nothing: there is no index yet."""

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:  # type: ignore[override]
        """Copier's environment, which remembers the short templates it has compiled."""
        env = super().jinja_env
        env.from_string = lru_cache(env.from_string)  # type: ignore[method-assign,assignment]
        return env

    @cached_property
    def template(self) -> Template:
        """The template, taken out of its bundle the short way."""
        result = QuickTemplate(url=str(self.src_path), ref=self.resolved_vcs_ref)
        self._cleanup_hooks.append(result._cleanup)
        return result


def copy(
    source: str, destination: Path, data: dict[str, Any], ref: str | None, remember: str | None = None
) -> Copied:
    """Render `source` at `ref` (its newest release when None)."""
    with QuickWorker(
        src_path=source,
        dst_path=destination,
        data=data,
        vcs_ref=ref,
        answers_file=Path(remember) if remember else None,
        defaults=True,
        quiet=True,
    ) as worker:
        if worker.template.config_data.get("migrations"):  # Copier refuses them at updates only
            raise UnsafeTemplateError(["migrations"])
        worker.run_copy()
        return Copied(worker.template.commit, _changelog(worker), _kept(worker, destination))


def _changelog(worker: Worker) -> str:
    path = worker.template.local_abspath / "CHANGELOG.md"
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _kept(worker: Worker, folder: Path) -> tuple[str, ...]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    return tuple(path.as_posix() for path in paths if worker.match_skip(path))
