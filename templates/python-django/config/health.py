"""For the platform: is the process alive, can it serve?"""

from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware import common
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.errors import problem
from config.lifecycle import Lifecycle

# Asked while everybody else waits for the database.
PROBES = {"/livez", "/readyz"}

lifecycle = Lifecycle()


class CommonMiddleware(common.CommonMiddleware):
    """Django's own, but a platform asks by whatever address it knows, be it allowed or not."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Check the host, and the slash at the end."""
        return None if request.path in PROBES else super().process_request(request)


def _status(name: str, value: str) -> Any:
    return inline_serializer(name, {"status": serializers.ChoiceField([value])})


@cache
def _newest() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def migrated() -> bool:
    """Whether the database has all that this code's migrations bring.

    One that is ahead will do: during a roll-out the old code serves on.
    It asks on a connection of its own: the others may all be busy, or hang.
    """
    with psycopg.connect(
        settings.ENV.url,
        autocommit=True,
        connect_timeout=2,
        options="-c statement_timeout=2000",
    ) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return False
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    return _newest() <= set(applied)


class Probe(APIView):
    """A question from the platform, open to all."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names = ("get", "head")


class Livez(Probe):
    """Whether the process is alive."""

    @extend_schema(
        operation_id="livez", summary="Alive?", tags=["health"], responses=_status("Alive", "ok")
    )
    def get(self, _request: Request) -> Response:
        """The process answers, database or not."""
        return Response({"status": "ok"})


class Readyz(Probe):
    """Whether the service can serve."""

    @extend_schema(
        operation_id="readyz",
        summary="Ready?",
        tags=["health"],
        responses=_status("Ready", "ready"),
    )
    def get(self, _request: Request) -> Any:
        """The database answers, the migrations are in, and the process is not leaving."""
        if lifecycle.draining:
            return problem(503, "The service is shutting down.")
        try:
            complete = migrated()
        except psycopg.Error:
            return problem(503, "The database does not answer.")
        if not complete:
            return problem(503, "A migration is missing.")
        return Response({"status": "ready"})
