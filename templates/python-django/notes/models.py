"""How notes are kept."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse

# Each word looks at every note, and a query is anybody's to ask.
LONGEST_SEARCH = 200
MOST_WORDS = 20


class NoteQuerySet(models.QuerySet["Note"]):
    """Questions about notes, by name."""

    def matching(self, words: str) -> Self:
        """Those that have all the words, as many as are looked for, in the title or in the body."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            found = found.filter(models.Q(title__icontains=word) | models.Q(body__icontains=word))
        return found


class Note(models.Model):
    """A note. Written through the API while that is open to all, it has no author."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, validators=[MaxLengthValidator(10_000)])
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="notes",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        """Newest first, everywhere."""

        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("created_at", "id"), name="notes_newest"),)

    def __str__(self) -> str:
        """The title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Where people read it."""
        return reverse("notes:detail", args=[self.pk])

    def may(self, user: Any, action: str) -> bool:
        """Whether a user may `change` or `delete` it: their own, or all with the permission."""
        own = self.author_id is not None and self.author_id == user.pk
        return bool(own or user.has_perm(f"notes.{action}_note"))
