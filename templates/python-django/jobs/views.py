"""Digests over HTTP: asked for now, written later."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.serializers import DigestSerializer
from jobs.tasks import ask_for_digest
from notes.api.views import OpenToAll


class Digests(OpenToAll):
    """Where to ask for a digest."""

    http_method_names = ("post",)

    @extend_schema(
        operation_id="ask_for_digest",
        summary="Have a note written that tells how many notes came on a day",
        tags=["digests"],
        request=DigestSerializer,
        responses={202: DigestSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take the order. Asking twice does no harm."""
        wanted = DigestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        ask_for_digest(wanted.validated_data["day"])
        return Response(wanted.data, status=202)
