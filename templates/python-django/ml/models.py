"""What the admin shows; the versions themselves lie in the model store."""

from django.db import models


class ModelVersion(models.Model):
    """A version of the model: no table, but a permission to look."""

    class Meta:
        """Outside the database."""

        managed = False
        default_permissions = ("view",)

    def __str__(self) -> str:
        """The kind of thing."""
        return "model version"
