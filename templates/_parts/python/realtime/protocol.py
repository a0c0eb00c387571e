"""uvicorn's WebSocket protocol, able to let go of a client that does not read."""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

ABORT = "app.abort"
PATIENCE = 1.0


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Closing waits for what is still to be written, for ever if need be; aborting does not."""

    def handle_connect(self, event: Request) -> None:
        """Hand the application a way to cut the connection off."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            self.scope["extensions"][ABORT] = {"call": self.transport.abort}

    async def send(self, message: ASGISendEvent) -> None:
        """Send, and know that a refusal is an answer too; uvicorn logs it as an error."""
        await super().send(message)
        if self.initial_response and self.close_sent:
            self.handshake_complete = True

    def keepalive_timeout(self) -> None:
        """Say why, but do not wait for who is not there."""
        super().keepalive_timeout()
        self.loop.call_later(PATIENCE, self.transport.abort)
