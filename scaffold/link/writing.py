"""The one file that linking writes: may it be, and how."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.update import recorded
from scaffold.update.recorded import ANSWERS_FILE, check_folder


def check_unlinked(project: Path) -> None:
    """Raise ScaffoldError when a project has an answers file, UsageProblem when it is no folder."""
    check_folder(project)
    if not os.path.lexists(project / ANSWERS_FILE):
        return
    try:
        past = recorded(project)
    except ScaffoldError as error:
        hint = f"Remove the file and commit that, then link: git rm {ANSWERS_FILE}"
        raise ScaffoldError(error.message, hint) from None
    raise ScaffoldError(
        f"{project} is linked already: its {ANSWERS_FILE} names {past.source}, {past.version}.",
        "Bring it up to date: scaffold update",
    )


def write(project: Path, answers: bytes) -> None:
    """Put the answers file into a project, whole or not at all.

    Raises:
        ScaffoldError: it could not be written; nothing was.
    """
    target = project / ANSWERS_FILE
    draft = target.with_name(f"{ANSWERS_FILE}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(answers)
        draft.replace(target)
    except OSError as error:
        raise ScaffoldError(
            f"{target} could not be written: {error.strerror or error}.", "Nothing was changed."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
