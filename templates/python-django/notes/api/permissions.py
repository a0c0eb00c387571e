"""Who may do what with notes over HTTP, once the API asks for a log-in."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView


class NotePermission(IsAuthenticated):
    """Everybody with an account may read; who may change or delete a note, the note says."""

    def has_object_permission(self, request: Request, _view: APIView, obj: Any) -> bool:
        """Ask the note."""
        action = "delete" if request.method == "DELETE" else "change"
        return request.method in SAFE_METHODS or obj.may(request.user, action)
