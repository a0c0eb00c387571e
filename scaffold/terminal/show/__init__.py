"""What the commands show: a recommendation, a catalogue, a finished repository, an update."""

from scaffold.terminal.layout import columns as rows
from scaffold.terminal.show.advice import recommendation, why_not
from scaffold.terminal.show.health import doctor
from scaffold.terminal.show.link import link
from scaffold.terminal.show.outcome import made, preview, review
from scaffold.terminal.show.update import added, available, undone, update

__all__ = [
    "added",
    "available",
    "doctor",
    "link",
    "made",
    "preview",
    "recommendation",
    "review",
    "rows",
    "undone",
    "update",
    "why_not",
]
