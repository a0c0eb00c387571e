"""What tasks work with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate import JobContext
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.db import create_engine
from app.jobs.config import WorkerSettings


@asynccontextmanager
async def task_context(settings: WorkerSettings) -> AsyncIterator[dict[str, object]]:
    """Give every task of a worker what it needs, a connection for each that runs."""
    size = {"database_pool_size": settings.worker_concurrency}
    engine = create_engine(settings.model_copy(update=size))
    yield {"sessions": async_sessionmaker(engine, expire_on_commit=False)}
    await engine.dispose()


def sessions(context: JobContext) -> async_sessionmaker[AsyncSession]:
    """Give what makes a task's sessions."""
    made: async_sessionmaker[AsyncSession] = context.additional_context["sessions"]
    return made
