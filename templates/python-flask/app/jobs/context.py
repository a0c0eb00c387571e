"""What tasks work with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate import JobContext
from sqlalchemy.orm import Session, sessionmaker

from app.db import create_engine
from app.jobs.config import WorkerSettings


@asynccontextmanager
async def task_context(settings: WorkerSettings) -> AsyncIterator[dict[str, object]]:
    """Give every task of a worker what it needs, a connection for each that runs."""
    size = {"database_pool_size": settings.worker_concurrency}
    engine = create_engine(settings.model_copy(update=size))
    yield {"sessions": sessionmaker(engine, expire_on_commit=False)}
    engine.dispose()


def sessions(context: JobContext) -> sessionmaker[Session]:
    """Give what makes a task's sessions."""
    made: sessionmaker[Session] = context.additional_context["sessions"]
    return made
