"""Bring a project up to a newer version of its templates: preview, do, undo."""

from scaffold.update.applying import Update
from scaffold.update.goal import Addition, Wish, available
from scaffold.update.place import not_looked_at, settle
from scaffold.update.recorded import (
    ANSWERS_FILE,
    ANSWERS_FILES,
    WORKSPACE_FILE,
    Part,
    Recorded,
    Workspace,
    parts,
    recorded,
    workspace_of,
)
from scaffold.update.report import Change, Report
from scaffold.update.steps import prepared
from scaffold.update.undo import undo

__all__ = [
    "ANSWERS_FILE",
    "ANSWERS_FILES",
    "WORKSPACE_FILE",
    "Addition",
    "Change",
    "Part",
    "Recorded",
    "Report",
    "Update",
    "Wish",
    "Workspace",
    "available",
    "not_looked_at",
    "parts",
    "prepared",
    "recorded",
    "settle",
    "undo",
    "workspace_of",
]
