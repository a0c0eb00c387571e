"""What notes look like from outside."""

from typing import Any

from rest_framework import serializers

from config.api import StrictSerializer, TextField, UTCField
from notes.models import Note


class NoteSerializer(StrictSerializer):
    """A note. The author is not told."""

    id = serializers.UUIDField(read_only=True)
    title = TextField(max_length=200)
    body = TextField(max_length=10_000, default="", allow_blank=True, trim_whitespace=False)
    created_at = UTCField(read_only=True)
    updated_at = UTCField(read_only=True)

    def create(self, validated_data: dict[str, Any]) -> Note:
        """Add it."""
        return Note.objects.create(**validated_data)

    def update(self, instance: Note, validated_data: dict[str, Any]) -> Note:
        """Change it."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save()
        return instance
