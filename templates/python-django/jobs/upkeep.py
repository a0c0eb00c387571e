"""What the queue does for itself."""

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from jobs.retry import Backoff


@app.periodic(cron="17 * * * *")
@app.task(pass_context=True, queueing_lock="remove_old_jobs", retry=Backoff())
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Remove jobs that ended a while ago; dead letters are kept longer."""
    remove = context.app.job_manager.delete_old_jobs
    await remove(settings.ENV.jobs_keep_hours, include_cancelled=True)
    await remove(settings.ENV.jobs_keep_dead_hours, include_failed=True, include_aborted=True)
