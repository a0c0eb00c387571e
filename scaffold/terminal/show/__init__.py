"""What the commands show: a recommendation, a catalogue, a finished repository."""

from scaffold.terminal.layout import columns as rows
from scaffold.terminal.show.advice import recommendation, why_not
from scaffold.terminal.show.health import doctor
from scaffold.terminal.show.outcome import made, preview, review

__all__ = ["doctor", "made", "preview", "recommendation", "review", "rows", "why_not"]
