"""The content security policy of pages."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PageCSPMiddleware(CSPMiddleware):
    """Writes the policy of settings.py; what is no page gets the strictest, in middleware.py."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Spare other answers the making of a policy that nobody would see."""
        page = response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if page else response
