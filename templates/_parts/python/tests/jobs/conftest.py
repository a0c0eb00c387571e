from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from tests.jobs.support import Queue, Worker


@pytest.fixture
def queue(url: URL) -> Iterator[Queue]:
    """The queue of this run, empty."""
    queue = Queue(url)
    yield queue
    queue.close()


@pytest.fixture(scope="module")
def worker(url: URL) -> Iterator[Worker]:
    """A worker for all tests that leave it as it is."""
    with Worker(url) as worker:
        yield worker
