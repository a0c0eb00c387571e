"""What can be done with notes over HTTP."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db import transaction
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.serializers import BaseSerializer

from config.api import JSONBody
from notes.api.permissions import NotePermission
from notes.api.serializers import NoteSerializer
from notes.models import Note, NoteQuerySet

Permissions: TypeAlias = Sequence[type[BasePermission]]


class OpenToAll(JSONBody):
    """The sample is open. A view without this asks for a log-in, and for its own permissions."""

    authentication_classes = ()
    permission_classes: Permissions = (AllowAny,)


class ForAccounts(JSONBody):
    """What holds of notes without `OpenToAll`."""

    permission_classes: Permissions = (NotePermission,)


@extend_schema(tags=["notes"])
@extend_schema_view(
    get=extend_schema(operation_id="list_notes", summary="List notes, newest first"),
    post=extend_schema(operation_id="create_note", summary="Add a note"),
)
class NoteList(OpenToAll, ForAccounts, generics.ListCreateAPIView[Note]):
    """All notes."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    http_method_names = ("get", "head", "post")

    def perform_create(self, serializer: BaseSerializer[Note]) -> None:
        """Keep who wrote it, if that is known."""
        user = self.request.user
        serializer.save(author=user if user.is_authenticated else None)

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
class NoteDetail(OpenToAll, ForAccounts, generics.RetrieveUpdateDestroyAPIView[Note]):
    """One note."""

    serializer_class = NoteSerializer
    http_method_names = ("get", "head", "patch", "delete")

    def get_queryset(self) -> NoteQuerySet:
        """All; held until the commit, when one is to be changed."""
        notes = Note.objects.all()
        return notes.select_for_update() if self.request.method in {"PATCH", "DELETE"} else notes
