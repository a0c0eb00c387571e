"""Every address of the service."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularJSONAPIView

from config.docs import docs
from config.errors import wants_page
from config.health import Livez, Readyz

admin.site.site_header = admin.site.site_title = "Administration"


class SchemaRenderer(OpenApiJsonRenderer):
    """Calls it by the name that every client knows."""

    media_type = "application/json"


@csrf_exempt
def home(request: HttpRequest) -> HttpResponse:
    """Lead people to the notes; programs have nothing here."""
    if not wants_page(request):
        raise Http404
    return redirect("notes:list")


schema = SpectacularJSONAPIView.as_view(
    renderer_classes=[SchemaRenderer],
    authentication_classes=[],
    permission_classes=[],
    http_method_names=["get", "head"],
)

urlpatterns = [
    path("", home),
    path("notes/", include("notes.urls")),
    path("api/", include("notes.api.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("docs", docs),
    path("openapi.json", schema),
    path("livez", Livez.as_view()),
    path("readyz", Readyz.as_view()),
]
