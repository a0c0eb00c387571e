"""Tell the rows that keep the rules from those that do not, and say why not."""

from collections.abc import Callable, Iterator

import polars as pl

from app.pipelines.pipeline import Pipeline
from app.pipelines.sources import SourceError

NAMES = {
    pl.String: "text",
    pl.Float64: "a number",
    pl.Int64: "a whole number",
    pl.Boolean: "true or false",
    pl.Datetime: "a time with its zone, as 2026-05-01T12:00:00Z",
    pl.Date: "a date, as 2026-05-01",
}


# How text is read, where a cast does not do it.
PARSERS: dict[type[pl.DataType], Callable[[pl.Expr], pl.Expr]] = {
    pl.Datetime: lambda text: text.str.to_datetime(
        "%+", time_unit="us", time_zone="UTC", strict=False
    ),
    pl.Date: lambda text: text.str.to_date("%Y-%m-%d", strict=False),
    pl.Boolean: lambda text: text.replace_strict(
        {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
    ),
}


def _holds(found: pl.DataType, wanted: pl.DataType) -> bool:
    """Whether a column of one type can be taken for one of another, without guessing."""
    if isinstance(found, pl.String | pl.Null):
        return True
    if isinstance(found, pl.Datetime) and isinstance(wanted, pl.Datetime):
        return found.time_zone is not None or wanted.time_zone is None
    if wanted == pl.String:
        return found.is_integer() or isinstance(found, pl.Categorical | pl.Enum)
    return found.base_type() == wanted.base_type() or (found.is_numeric() and wanted.is_numeric())


def _check_columns(raw: pl.DataFrame, pipeline: Pipeline) -> None:
    """Refuse a source of another shape: that is not a matter of single rows."""
    if absent := [name for name in pipeline.columns if name not in raw.columns]:
        raise SourceError(f"The source has no column {', '.join(absent)}.")
    for name, wanted in pipeline.columns.items():
        if not _holds(raw[name].dtype, wanted):
            found, what = raw[name].dtype, NAMES.get(wanted.base_type(), str(wanted))
            raise SourceError(f"The source's column {name} holds {found}, and not {what}.")


def _typed(name: str, found: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    parse = PARSERS.get(wanted.base_type()) if found == pl.String else None
    typed = (parse(column) if parse else column).cast(wanted, strict=False)
    # NaN would pass for a value wherever no rule asks for a range.
    return pl.when(typed.is_finite()).then(typed).alias(name) if wanted.is_float() else typed


def _typing_failures(raw: pl.DataFrame, typed: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    for name in typed.columns:
        value, wanted = raw[name], typed[name].dtype
        missing = value.is_null()
        if value.dtype == pl.String:
            missing |= value.fill_null("") == ""
        yield f"{name}: is missing", missing
        if wanted == pl.String:
            # What was no UTF-8 was read as U+FFFD; PostgreSQL does not take U+0000.
            yield f"{name}: is not text", typed[name].str.contains("[\ufffd\0]")
        else:
            what = NAMES.get(wanted.base_type(), str(wanted))
            lost = typed[name].is_null()
            if value.dtype.is_float() and wanted.is_integer():
                lost |= value != typed[name]
            yield f"{name}: is not {what}", lost & ~missing


def validate(raw: pl.DataFrame, pipeline: Pipeline) -> tuple[pl.DataFrame, dict[int, list[str]]]:
    """Give the good rows, with their types, and for each bad one, by its index, the reasons."""
    _check_columns(raw, pipeline)
    typed = raw.select(
        _typed(name, raw[name].dtype, wanted) for name, wanted in pipeline.columns.items()
    )
    failures = dict(_typing_failures(raw, typed))
    # A rule on a value that is not there says nothing: that it is missing has been said.
    failures |= {
        rule.reason: typed.select((~rule.holds).fill_null(value=False)).to_series()
        for rule in pipeline.rules
    }
    table = pl.DataFrame(
        {reason: series.fill_null(value=False) for reason, series in failures.items()}
    )
    is_bad = table.select(pl.any_horizontal(pl.all())).to_series()
    bad = {
        index: [reason for reason, fails in table.row(index, named=True).items() if fails]
        for index in is_bad.arg_true()
    }
    return typed.filter(~is_bad), bad
