"""Jobs that have failed, and why."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinateReadOnlyManager,
)

if TYPE_CHECKING:
    from datetime import datetime

DEAD = ("failed", "aborted")


class Failure(models.Model):
    """Why a job failed, the last time that it did; the database removes it with the job."""

    job = models.OneToOneField(
        ProcrastinateJob, models.DO_NOTHING, primary_key=True, db_constraint=False
    )
    error = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """What went wrong."""
        return self.error


class DeadLetters(ProcrastinateReadOnlyManager):
    """Those that are not tried again by themselves, the latest first."""

    def get_queryset(self) -> models.QuerySet["FailedJob"]:
        """Leave out all others, and tell when and why."""
        ends = ProcrastinateEvent.objects.filter(job=models.OuterRef("pk"), type__in=DEAD)
        jobs: Any = super().get_queryset()
        found: models.QuerySet[FailedJob] = (
            jobs.filter(status__in=DEAD)
            .annotate(
                failed_at=models.Subquery(ends.order_by("-at").values("at")[:1]),
                error=Coalesce(
                    "failure__error",
                    models.Value("There is no such task."),
                    output_field=models.TextField(),
                ),
            )
            .order_by("-failed_at", "-pk")
        )
        return found


class FailedJob(ProcrastinateJob):
    """A dead letter."""

    failed_at: "datetime"
    error: str

    objects: ClassVar[DeadLetters] = DeadLetters()

    class Meta:
        """A view of procrastinate's table."""

        proxy = True
