"""Whether the process is on its way out, and who wants to know."""

from collections.abc import Awaitable, Callable


class Lifecycle:
    """Shared by the server, which leaves, and the parts that take part in it."""

    def __init__(self) -> None:
        self.draining = False
        self._farewells: list[Callable[[], Awaitable[None]]] = []

    def before_close(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """Have `farewell` awaited once no new connection is taken, before the open ones close."""
        self._farewells.append(farewell)

    async def close(self) -> None:
        """Say the farewells."""
        for farewell in self._farewells:
            await farewell()
