"""What a pipeline is: the rows it takes, their rules, what it makes of them, and where to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Rule:
    """What must hold for a row; one for which it does not is quarantined, with the reason."""

    reason: str
    holds: pl.Expr


@dataclass(frozen=True)
class Pipeline:
    """The steps of a pipeline that are its own; the rest is the same for all."""

    name: str
    # What is read of the source. Each must have a value of its type, before any rule.
    columns: Mapping[str, pl.DataType]
    rules: tuple[Rule, ...]
    # Gives the columns of the table. Sees a chunk, so must not look from one row at another.
    transform: Callable[[pl.DataFrame], pl.DataFrame]
    # With its schema. Of rows with the same key, the last one of the source stands; if they are in
    # different chunks, the earlier ones are there for a while, at each run.
    table: tuple[str, str]
    key: tuple[str, ...]
