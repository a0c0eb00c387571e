"""The API in a browser: Swagger UI at /docs, from files of our own."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


@csrf_exempt
@require_safe
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description."""
    answer = render(request, "docs.html")
    answer["Referrer-Policy"] = "no-referrer"
    return answer
