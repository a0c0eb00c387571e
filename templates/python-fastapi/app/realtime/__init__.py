"""A WebSocket feed of every change to a note, in any process.

A change is announced by PostgreSQL's NOTIFY in the transaction that makes it, so it is heard when
that commits, and not at all when it does not. Each process listens on one connection of its own
(which must not go through a pooler like PgBouncer), and passes on what it hears to its clients.
"""

from app.realtime.config import RealtimeSettings
from app.realtime.router import add_realtime

__all__ = ["RealtimeSettings", "add_realtime"]
