"""The only door to Copier, and the released templates it works on."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from scaffold.bundle import Bundle, read_bundle, tag
from scaffold.errors import ScaffoldError
from scaffold.project import Project

# Written into every project: Copier expands the tilde, so that a colleague's home serves as well.
HOME_BUNDLE = "~/.scaffold/templates.bundle"


def render(project: Project, destination: Path) -> str:
    """Write the project's files into `destination`, an empty folder; return the template's version.

    Raises:
        ScaffoldError: the source or the version is unknown, or Copier refused an answer.
    """
    source, ref = _source(project)
    from scaffold.quick import copy  # noqa: PLC0415 - a third of a second that only this needs

    with _in_our_words(source, ref):
        return copy(source, destination, project.copier_data(), ref) or "unversioned"


def _source(project: Project) -> tuple[str, str | None]:
    if project.source:
        return project.source, project.ref
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
    return f"Check --source and --ref ({ref})." if ref else "Check --source."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1].rstrip(".")


def packaged_bundle() -> bytes:
    """Return the released templates that came with this installation."""
    return files("scaffold").joinpath("templates.bundle").read_bytes()


def install_bundle() -> Bundle:
    """Put the released templates where every project's answers file looks for them.

    An intact bundle there that knows newer versions (from a newer scaffold) is left alone; an older
    or a damaged one is replaced in one step, so that a reader never sees half a file.

    Returns:
        What came with this installation.
    """
    data = packaged_bundle()
    ours = read_bundle(data)
    if ours is None:
        raise ScaffoldError("This installation's templates are damaged.", "Install scaffold again.")
    target = Path(HOME_BUNDLE).expanduser()
    try:
        _put(data, ours, target)
    except OSError as error:
        raise ScaffoldError(
            f"The templates cannot be kept in {target}: {error.strerror or error}.",
            "Make that folder writable, or name other templates with --source.",
        ) from error
    return ours


def _put(data: bytes, ours: Bundle, target: Path) -> None:
    if _is_served(data, ours, target):
        return
    from filelock import FileLock  # noqa: PLC0415 - only on the first run of a version

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock")):
        if not _is_served(data, ours, target):
            _replace(target, data)


def _is_served(data: bytes, ours: Bundle, target: Path) -> bool:
    try:
        there = target.read_bytes()
    except FileNotFoundError:
        return False
    if there == data:
        return True
    theirs = read_bundle(there)
    return theirs is not None and theirs.newest > ours.newest


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".templates-")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        fresh.chmod(0o644)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
