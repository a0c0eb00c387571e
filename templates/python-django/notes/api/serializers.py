"""What notes look like from outside."""

from datetime import UTC

from rest_framework import serializers

from config.api import StrictSerializer, TextField
from notes.models import Note


class NoteSerializer(StrictSerializer):
    """A note."""

    title = TextField(max_length=200)
    body = TextField(max_length=10_000, default="", allow_blank=True, trim_whitespace=False)
    created_at = serializers.DateTimeField(read_only=True, default_timezone=UTC)
    updated_at = serializers.DateTimeField(read_only=True, default_timezone=UTC)

    class Meta:
        """The author is not told."""

        model = Note
        fields = ("id", "title", "body", "created_at", "updated_at")
