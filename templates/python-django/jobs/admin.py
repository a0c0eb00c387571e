"""Jobs in the admin."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from jobs.dead import NotRetriedError, retry
from jobs.models import FailedJob

# The library's own lets whoever may look run jobs again, also those that run just now.
admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(ProcrastinateJobAdmin):
    """Every job, to look at."""

    actions = None  # type: ignore[assignment]
    list_filter = ["status", "queue_name", "task_name"]  # noqa: RUF012
    list_per_page = 50
    show_full_result_count = False


@admin.register(FailedJob)
class FailedJobAdmin(ProcrastinateJobAdmin):
    """Dead letters, to look at and to have tried again."""

    actions = ["run_again"]  # noqa: RUF012
    fields = [*ProcrastinateJobAdmin.fields, "failed_at", "error"]  # noqa: RUF012
    list_display = ["pk", "short_task_name", "pretty_args", "attempts", "failed_at", "error"]  # noqa: RUF012
    list_filter = ["queue_name", "task_name"]  # noqa: RUF012
    list_per_page = 50

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether a user may have jobs run: who may change them, though nobody may edit one."""
        return request.user.has_perm("jobs.change_failedjob")

    @admin.display(ordering="failed_at")
    def failed_at(self, job: FailedJob) -> object:
        """When it failed, the last time."""
        return job.failed_at

    @admin.display
    def error(self, job: FailedJob) -> str:
        """Why."""
        return job.error

    @admin.action(description="Run the selected jobs again", permissions=["run"])
    def run_again(self, request: HttpRequest, failed: QuerySet[FailedJob]) -> None:
        """Put jobs back into their queues, each with all its attempts before it."""
        again = 0
        for job in failed:
            try:
                retry(job.pk)
                again += 1
            except NotRetriedError as error:
                self.message_user(request, f"Job {job.pk} is not run: {error}.", messages.WARNING)
        self.message_user(request, f"{again} will run again.", messages.SUCCESS)
