"""A WebSocket feed of every change to a note, in any process.

A trigger announces a change by PostgreSQL's NOTIFY in the transaction that makes it, whoever makes
it: it is heard when that commits, and not at all when it does not. Each process listens on one
connection of its own (which must not go through a pooler like PgBouncer), and passes on what it
hears to its clients. So no channel layer is needed, and no broker besides the database.
"""
