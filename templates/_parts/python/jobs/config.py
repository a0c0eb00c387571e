"""What the worker reads from the environment."""

from typing import Annotated

from pydantic import Field

from app.config import Settings


class WorkerSettings(Settings):
    """The worker's variables."""

    worker_concurrency: Annotated[int, Field(ge=1)] = 4
    # More would not leave the time to give back what has not finished by then.
    worker_grace_seconds: Annotated[float, Field(ge=0, le=7)] = 7
    worker_poll_seconds: Annotated[float, Field(gt=0)] = 5
    worker_heartbeat_seconds: Annotated[float, Field(gt=0)] = 5
    jobs_keep_hours: Annotated[int, Field(ge=1)] = 24
    jobs_keep_dead_hours: Annotated[int, Field(ge=1)] = 720

    @property
    def worker_lost_after_seconds(self) -> float:
        """How long a worker may be silent before its jobs are taken from it."""
        return 3 * self.worker_heartbeat_seconds
