"""What a dataset must look like before it may be stored or used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from helpers.project import ProjectError
from helpers.sources.catalogue import Column, Dataset, Location

_MEND = "compare the file with the publisher's page; when the format changed, mend the parser"


def check_dataset(name: str, dataset: Dataset, location: Location, table: pd.DataFrame) -> None:
    """Refuse a table that is not what the catalogue says.

    Checked: column names, types and ranges; dates that increase and are unique; no hole inside a
    column and no gap in the dates beyond the calendar; first date, last date and row count.

    Raises
    ------
    ProjectError : names dataset, column and date, what was found and what was expected.
    """
    _check_columns(name, dataset, table)
    if dataset.frequency == "events":
        _check_values(name, dataset, table)
        _check_extent(name, location, table)
        return
    _check_dates(name, dataset, table.index)
    _check_values(name, dataset, table)
    for column in table.columns:
        _check_holes(name, dataset, column, table[column])
    _check_extent(name, location, table)


def _check_columns(name: str, dataset: Dataset, table: pd.DataFrame) -> None:
    wanted = [column for column in dataset.columns if not set(column) & set("*?[")]
    if lacking := [column for column in wanted if column not in table]:
        raise ProjectError(
            f"no column {lacking[0]!r}", where=name, expected=", ".join(wanted), mend=_MEND
        )
    for column in table.columns:
        dataset.column(str(column))


def _check_dates(name: str, dataset: Dataset, index: pd.Index) -> None:
    if not isinstance(index, pd.DatetimeIndex) or index.hasnans:
        raise ProjectError("the index holds no dates", where=name, mend=_MEND)
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise ProjectError(f"{twice:%Y-%m-%d} occurs twice", where=name, mend=_MEND)
    if not index.is_monotonic_increasing:
        after = index[1:][index[1:] < index[:-1]][0]
        raise ProjectError(f"{after:%Y-%m-%d} comes after a later date", where=name, mend=_MEND)
    if dataset.frequency in ("monthly", "quarterly"):
        step = {"monthly": "ME", "quarterly": "QE"}[dataset.frequency]
        whole = pd.date_range(index[0], index[-1], freq=step)
        if not index.equals(whole.as_unit(index.unit)):
            odd = index.symmetric_difference(whole)[0]
            what = "is missing" if odd in whole else f"is no end of a {dataset.frequency[:-2]}"
            raise ProjectError(f"{odd:%Y-%m-%d} {what}", where=name, mend=_MEND)
    elif dataset.max_gap_days and len(index) > 1:
        gaps = np.diff(index.to_numpy()) / np.timedelta64(1, "D")
        if gaps.max() > dataset.max_gap_days:
            at = index[int(gaps.argmax())]
            raise ProjectError(
                f"nothing for {gaps.max():.0f} days after {at:%Y-%m-%d}", where=name,
                expected=f"at most {dataset.max_gap_days} days", mend=_MEND,
            )  # fmt: skip


def _check_values(name: str, dataset: Dataset, table: pd.DataFrame) -> None:
    numbers = table.select_dtypes("number")
    schema = pa.DataFrameSchema(
        {str(column): _schema(dataset.column(str(column))) for column in numbers.columns}
    )
    try:
        schema.validate(numbers, lazy=False)
    except pa.errors.SchemaError as error:
        raise ProjectError(*_explained(dataset, error), where=name, mend=_MEND) from None


def _schema(column: Column) -> pa.Column:
    checks = [pa.Check(np.isfinite, name="finite", element_wise=False)]
    if column.low is not None:
        checks.append(pa.Check.ge(column.low))
    if column.high is not None:
        checks.append(pa.Check.le(column.high))
    return pa.Column(float, checks=checks, nullable=True)


def _explained(dataset: Dataset, error: Any) -> tuple[str]:
    column = dataset.column(str(error.schema.name))
    cases = error.failure_cases
    if isinstance(cases, pd.DataFrame) and len(cases) and "failure_case" in cases:
        first = cases.iloc[0]
        at = f" on {first['index']:%Y-%m-%d}" if hasattr(first["index"], "strftime") else ""
        return (
            f"{error.schema.name} = {first['failure_case']}{at}; expected {column.low} to "
            f"{column.high} {column.unit}",
        )
    return (str(error).splitlines()[0],)


def _check_holes(name: str, dataset: Dataset, column: str, values: pd.Series) -> None:
    present = values.dropna()
    if present.empty:
        raise ProjectError(f"{column} has no value at all", where=name, mend=_MEND)
    if dataset.column(column).holes:
        return
    inside = values.loc[present.index[0] : present.index[-1]]
    known = pd.DatetimeIndex(dataset.missing)
    holes = inside.index[inside.isna()].difference(known.as_unit(inside.index.unit))
    if len(holes):
        raise ProjectError(
            f"{column} is missing on {holes[0]:%Y-%m-%d}", where=name,
            expected="no hole between the first value and the last", mend=_MEND,
        )  # fmt: skip


def _check_extent(name: str, location: Location, table: pd.DataFrame) -> None:
    present = table.dropna(how="all")
    if len(present) < location.min_rows:
        raise ProjectError(
            f"{len(present)} rows", where=name, expected=f"at least {location.min_rows}",
            mend="the history shrank: keep the payload in use, and look at the publisher's page",
        )  # fmt: skip
    first, last = present.index.min(), present.index.max()
    if first > pd.Timestamp(location.first) or last < pd.Timestamp(location.last):
        raise ProjectError(
            f"it runs from {first:%Y-%m-%d} to {last:%Y-%m-%d}", where=name,
            expected=f"{location.first} or earlier to {location.last} or later", mend=_MEND,
        )  # fmt: skip
