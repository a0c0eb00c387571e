"""The model's versions in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from ml.models import ModelVersion
from ml.serving import serving
from ml.store import StoreError
from ml.versions import versions


@admin.register(ModelVersion)
class ModelVersionAdmin(admin.ModelAdmin[ModelVersion]):
    """One page: every version with its metrics, and which one is served."""

    def get_urls(self) -> list[URLPattern]:
        """Leave out the pages for single rows, since there are none."""
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name="ml_modelversion_changelist")]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Versions come by training."""
        return False

    def has_change_permission(
        self, _request: HttpRequest, _row: ModelVersion | None = None
    ) -> bool:
        """A version never changes."""
        return False

    def has_delete_permission(
        self, _request: HttpRequest, _row: ModelVersion | None = None
    ) -> bool:
        """Versions are removed from the store by hand."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the store has."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        ours = serving()
        fault = ""
        try:
            found = versions(ours.store)
        except StoreError as error:
            found, fault = [], str(error)
        served = ours.host.served
        metrics = sorted({name for version in found for name in version.metrics})
        context = {
            **self.admin_site.each_context(request),
            "title": "Model versions",
            "opts": self.opts,
            "versions": [
                (version, [version.metrics.get(name, "") for name in metrics]) for version in found
            ],
            "fault": fault,
            "metrics": metrics,
            "served": served.metadata.version if served else "",
            "reason": ours.host.reason,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/ml/modelversion/change_list.html", context)
