"""The yardstick for the generated Django service: the same two routes, table and pool, no more.

It is run from the generated project's folder, on the same versions.
"""
# mypy: ignore-errors

import os
import uuid
from urllib.parse import unquote, urlsplit

import django
import uvicorn
from django.conf import settings

url = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    TIME_ZONE="UTC",
    USE_TZ=True,
    INSTALLED_APPS=["rest_framework"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": url.hostname,
            "PORT": url.port,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "NAME": url.path[1:],
            # uvicorn has ten threads for WSGI: as many connections as the generated one.
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402


class Note(models.Model):
    """A row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    author_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        app_label = "notes"
        db_table = "notes_note"


class NoteSerializer(serializers.ModelSerializer):
    """What comes in and what goes out."""

    body = serializers.CharField(
        max_length=10_000, default="", allow_blank=True, trim_whitespace=False
    )

    class Meta:
        """The author is not told."""

        model = Note
        fields = ("id", "title", "body", "created_at", "updated_at")


class Query(serializers.Serializer):
    """What a list may be asked for."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)
    cursor = serializers.RegexField("^[^_]+_[0-9a-f-]{36}$", default=None)


class Pagination(pagination.BasePagination):
    """Newest first."""

    def paginate_queryset(self, queryset, request, view=None):  # noqa: ARG002
        """Take a page."""
        query = Query(data=request.query_params)
        query.is_valid(raise_exception=True)
        limit, cursor = query.validated_data["limit"], query.validated_data["cursor"]
        if cursor:
            place = Tuple("created_at", "id")
            queryset = queryset.filter(TupleLessThan(place, tuple(cursor.split("_"))))
        rows = list(queryset.order_by("-created_at", "-id")[: limit + 1])
        last = rows[limit - 1] if len(rows) > limit else None
        self.next_cursor = last and f"{last.created_at.isoformat()}_{last.id}"
        return rows[:limit]

    def get_paginated_response(self, data):
        """Give the page."""
        return Response({"items": data, "next_cursor": self.next_cursor})


class Notes(generics.ListCreateAPIView):
    """List notes, and add one."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    pagination_class = Pagination

    def get_success_headers(self, data):
        """Tell where it is."""
        return {"Location": f"/api/notes/{data['id']}"}


def live(_request):
    """Answer."""
    return JsonResponse({"status": "ok"})


urlpatterns = [path("livez", live), path("api/notes", Notes.as_view())]

if __name__ == "__main__":
    uvicorn.run(
        get_wsgi_application(),
        interface="wsgi",
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        access_log=False,
    )
