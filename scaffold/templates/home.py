"""The released templates, where every project's answers file looks for them."""

from __future__ import annotations

import os
import tempfile
from importlib.resources import files
from pathlib import Path

from scaffold.bundle import Bundle, read_bundle
from scaffold.errors import ScaffoldError

# Written into every project: Copier expands the tilde, so that a colleague's home serves as well.
HOME_BUNDLE = "~/.scaffold/templates.bundle"


def packaged_bundle() -> bytes:
    """Return the released templates that came with this installation."""
    return files("scaffold").joinpath("templates.bundle").read_bytes()


def expanded(path: str) -> Path:
    """Return a path whose home folder (`~`), if it begins with one, is spelt out.

    Raises:
        ScaffoldError: nobody knows where that is.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ScaffoldError(
            f"There is no home folder, and so no {path}.", "Set HOME to a folder of yours."
        ) from error


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
    target = expanded(HOME_BUNDLE)
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
