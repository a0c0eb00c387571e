"""What can be done with notes over HTTP."""

from typing import Any

from django.db import transaction
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import AllowAny

from config.api import JSONBody
from notes.api.serializers import NoteSerializer
from notes.models import Note, NoteQuerySet


class OpenToAll(JSONBody):
    """The sample is open. Without these two lines it asks for a log-in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


@extend_schema(tags=["notes"])
@extend_schema_view(
    get=extend_schema(operation_id="list_notes", summary="List notes, newest first"),
    post=extend_schema(operation_id="create_note", summary="Add a note"),
)
class NoteList(OpenToAll, generics.ListCreateAPIView[Note]):
    """All notes."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    http_method_names = ("get", "head", "post")

    def get_success_headers(self, data: Any) -> dict[str, str]:
        """Tell where the note is: below the list."""
        return {"Location": f"{self.request.path}/{data['id']}"}


@method_decorator(transaction.atomic, name="patch")
@method_decorator(transaction.atomic, name="delete")
@extend_schema(tags=["notes"])
@extend_schema_view(
    get=extend_schema(operation_id="read_note", summary="Read one note"),
    patch=extend_schema(
        operation_id="change_note", summary="Change a note's title, its body, or both"
    ),
    delete=extend_schema(operation_id="delete_note", summary="Delete a note"),
)
class NoteDetail(OpenToAll, generics.RetrieveUpdateDestroyAPIView[Note]):
    """One note."""

    serializer_class = NoteSerializer
    http_method_names = ("get", "head", "patch", "delete")

    def get_queryset(self) -> NoteQuerySet:
        """All; held until the commit, when one is to be changed."""
        notes = Note.objects.all()
        return notes.select_for_update() if self.request.method in {"PATCH", "DELETE"} else notes
