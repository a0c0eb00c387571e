"""Whether the service is on its way out."""

from mmap import mmap


class Lifecycle:
    """Known to all processes that are forked once it is there."""

    def __init__(self) -> None:
        self._shared = mmap(-1, 1)

    @property
    def draining(self) -> bool:
        """Whether to be not ready, but to serve on."""
        return self._shared[0] == 1

    def drain(self) -> None:
        """Begin to leave."""
        self._shared[0] = 1
