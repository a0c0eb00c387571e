"""Every subject's models, so that migrations see them all. Add yours."""

from app.db import Base
from app.notes.models import Note

__all__ = ["Base", "Note"]
