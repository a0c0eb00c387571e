"""What the queue does for itself."""

from procrastinate import JobContext

from app.jobs.app import jobs
from app.jobs.retry import Backoff


@jobs.periodic(cron="17 * * * *")
@jobs.task(pass_context=True, queueing_lock="remove_old_jobs", retry=Backoff())
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Remove jobs that ended a while ago; dead letters are kept longer."""
    settings = context.additional_context["settings"]
    remove = context.app.job_manager.delete_old_jobs
    await remove(settings.jobs_keep_hours, include_cancelled=True)
    await remove(settings.jobs_keep_dead_hours, include_failed=True, include_aborted=True)
