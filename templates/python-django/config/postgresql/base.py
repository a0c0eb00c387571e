"""Where Django looks for an engine."""

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def is_usable(self) -> bool:
        """Tell whether the other end has hung up; Django's own asks it, with each request."""
        try:
            # It may have said why: then the first look finds that, and the second the end.
            self.connection.pgconn.consume_input()
            self.connection.pgconn.consume_input()
        except self.Database.Error:
            return False
        return True
