"""Where rows come from: each source gives them in chunks, and can go on from where it was."""

from app.pipelines.sources.base import Checkpoint, Chunk, Rejected, Source, SourceError
from app.pipelines.sources.choose import open_source

__all__ = ["Checkpoint", "Chunk", "Rejected", "Source", "SourceError", "open_source"]
