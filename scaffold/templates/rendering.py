"""Render a version of the templates."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scaffold.bundle import tag
from scaffold.errors import ScaffoldError
from scaffold.project import Project
from scaffold.templates.copied import Copied
from scaffold.templates.home import HOME_BUNDLE, install_bundle
from scaffold.templates.versions import lasting


def render(project: Project, destination: Path) -> str:
    """Write all parts of a project into `destination`, an empty folder; return their version.

    Raises:
        ScaffoldError: the source or the version is unknown, or Copier refused an answer.
    """
    source, ref = _source(project)
    versions = [
        render_version(source, ref, part.answers, destination / part.folder).version
        for part in project.parts()
    ]
    return versions[0] or "unversioned"


def render_version(
    source: str,
    ref: str | None,
    answers: Mapping[str, object],
    destination: Path,
    remember: str | None = None,
) -> Copied:
    """Write what a version of any templates gives for `answers`; raises as `render` does.

    `remember` names the answers file, where it is not the template's own choice.
    """
    from scaffold.templates.quick import copy  # noqa: PLC0415 - a third of a second of importing

    with _in_our_words(source, ref):
        return copy(source, destination, dict(answers), ref, remember)


def _source(project: Project) -> tuple[str, str | None]:
    if project.source:
        return lasting(project.source), project.ref
    newest = install_bundle().newest  # also when an older one is asked for: it is to be updated
    return HOME_BUNDLE, project.ref or tag(newest)


@contextmanager
def _in_our_words(source: str, ref: str | None) -> Iterator[None]:
    from copier.errors import CopierError  # noqa: PLC0415
    from plumbum.commands.processes import ProcessExecutionError  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a work tree as a source is a choice, not a fault
            yield
    except (CopierError, ValueError) as error:
        raise ScaffoldError(
            f"The templates of {source} cannot be used: {_first_line(error)}.", _hint(ref)
        ) from error
    except ProcessExecutionError as error:
        raise ScaffoldError(
            f"git could not read the templates of {source}: {_last_line(error.stderr)}.",
            "Check the address, the network and your access.",
        ) from error


def _hint(ref: str | None) -> str:
    return f"Check --source and the version ({ref})." if ref else "Check --source."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1].rstrip(".")
