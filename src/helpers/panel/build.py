"""Raw datasets to one daily and one monthly table, by the recipes of `columns.toml`."""

from __future__ import annotations

import fnmatch
import io
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.project import ProjectError, Workspace, write_atomic
from helpers.sources import available, load, load_catalogue

FILE = Path(__file__).with_name("columns.toml")
Frequency = Literal["daily", "monthly"]
FREQUENCIES: tuple[Frequency, ...] = ("daily", "monthly")
Load = Callable[[str], pd.DataFrame]
_MONTH_OVER = pd.Timedelta(days=5)  # no market has closed longer at the end of a month


class Recipe(BaseModel):
    """One entry of the column dictionary."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    unit: str
    make: Literal[
        "return", "fraction", "level", "sum", "difference", "mean", "firm_weighted",
        "announcement", "when_known", "month_end", "month_return",
    ]  # fmt: skip
    source: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    pick: tuple[str, ...] = ()
    lag_months: int = 0


@cache
def recipes(frequency: Frequency) -> dict[str, Recipe]:
    """The column dictionary of one panel.

    Raises
    ------
    ProjectError : an entry with an unknown or mistyped field, or a dataset no catalogue has.
    """
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))[frequency]
    found = {}
    for name, fields in document.items():
        where = f"{FILE.name} [{frequency}.{name}]"
        try:
            found[name] = Recipe.model_validate(
                {("source" if key == "from" else key): value for key, value in fields.items()}
            )
        except ValidationError as error:
            raise ProjectError(str(error.errors()[0]["msg"]), where=where) from None
        for reference in found[name].source:
            try:
                load_catalogue()[reference.partition(".")[0]]
            except ProjectError as error:
                raise ProjectError(error.what, where=where) from None
    return found


def build_panel(workspace: Workspace, frequency: Frequency) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A panel and its dictionary, from what the edition has.

    Returns
    -------
    panel : one row a trading day (any dataset's), or a month end without gaps; float columns,
        returns as fractions, `_pct` in percent, `_index` a level.
    dictionary : index column; what, unit, from (datasets used), n, first, last.

    Raises
    ------
    ProjectError : no dataset for a whole panel, or anything `helpers.sources.load` refuses.
    """
    here = set(available(workspace))

    @cache
    def table(name: str) -> pd.DataFrame:
        return load(workspace, name)

    columns: dict[str, pd.Series] = {}
    origins: dict[str, tuple[Recipe, str]] = {}
    for name, recipe in recipes(frequency).items():
        for made, series, origin in _made(name, recipe, here, table, columns):
            columns[made] = series
            origins[made] = (recipe, origin)
    if not columns:
        raise ProjectError(f"no dataset for the {frequency} panel", where=workspace.edition)
    panel = pd.DataFrame(columns).sort_index()
    if frequency == "daily":
        # Rates are published on days without trading too; a row is a day on which something traded.
        traded = [
            name
            for name, (recipe, _) in origins.items()
            if recipe.make not in ("level", "announcement")
        ]
        panel = panel.loc[panel[traded].notna().any(axis=1)] if traded else panel
    for name, (recipe, _) in origins.items():
        if recipe.make == "announcement":
            known = panel[name].dropna().index
            panel.loc[known[0] : known[-1], name] = panel.loc[known[0] : known[-1], name].fillna(0)
    if frequency == "monthly":
        whole = pd.date_range(panel.index[0], panel.index[-1], freq="ME", unit="us")
        panel = panel.reindex(whole)
    panel.index.name = "date"
    return panel, _dictionary(panel, origins)


def save_panel(
    workspace: Workspace, frequency: Frequency, panel: pd.DataFrame, dictionary: pd.DataFrame
) -> None:
    """Write `processed/<frequency>.parquet` and `processed/<frequency>_columns.csv`, by rename."""
    buffer = io.BytesIO()
    panel.to_parquet(buffer, engine="pyarrow", compression="zstd")
    write_atomic(workspace.write(f"processed/{frequency}.parquet"), buffer.getvalue())
    text = dictionary.to_csv(lineterminator="\n")
    write_atomic(workspace.write(f"processed/{frequency}_columns.csv"), text)


def load_panel(workspace: Workspace, frequency: Frequency) -> pd.DataFrame:
    """The panel as `save_panel` wrote it.

    Raises
    ------
    ProjectError : not built yet, or unreadable.
    """
    path = workspace.read(f"processed/{frequency}.parquet")
    try:
        return pd.read_parquet(io.BytesIO(path.read_bytes()), engine="pyarrow")
    except (OSError, ValueError) as error:
        raise ProjectError(
            "unreadable", where=f"processed/{frequency}.parquet", mend="remove it, then make"
        ) from error


def _made(
    name: str, recipe: Recipe, here: set[str], table: Load, columns: dict[str, pd.Series]
) -> Iterator[tuple[str, pd.Series, str]]:
    """Columns of one recipe; none when no dataset of it is at hand."""
    if recipe.of:
        parts = [columns[c] for p in recipe.of for c in fnmatch.filter(columns, p)]
        if len(parts) >= len(recipe.of):
            yield name, _combined(parts, recipe.make), ", ".join(recipe.of)
        return
    if recipe.make == "firm_weighted":
        names = [reference.partition(".")[0] for reference in recipe.source]
        if here >= set(names):
            returns, firms = (table(each)[list(recipe.pick)] for each in names)
            yield name, firm_weighted(returns / 100, firms), ", ".join(names)
        return
    for reference in recipe.source:
        dataset, _, pattern = reference.partition(".")
        if dataset not in here:
            continue
        chosen = recipe.pick or fnmatch.filter(table(dataset).columns, pattern)
        for column in chosen:
            made = name.replace("*", column)
            series = _transformed(table(dataset), column, recipe.make)
            yield made, series, f"{dataset}.{column}"
        return


def firm_weighted(returns: pd.DataFrame, firms: pd.DataFrame) -> pd.Series:
    """The return of all firms with one weight each, from equal-weighted portfolios of them.

    Parameters
    ----------
    returns : months x portfolios, equal weighted. firms : the same, how many each holds.

    A portfolio without firms weighs nothing; a month in which one with firms has no return is
    missing.
    """
    weights = firms.reindex_like(returns)
    total = (returns * weights).mask(weights == 0, 0.0).sum(axis=1, skipna=False)
    return total / weights.sum(axis=1)


def as_known(panel: pd.DataFrame, frequency: Frequency) -> pd.DataFrame:
    """The panel as it was known when each month ended: columns that are published later, shifted.

    The one place where publication lags are applied. `helpers.inflation.regime` has a lag of its own
    and takes the panel as published.
    """
    found = panel.copy()
    for name, recipe in recipes(frequency).items():
        for column in fnmatch.filter(panel.columns, name):
            if recipe.lag_months:
                found[column] = panel[column].shift(recipe.lag_months)
    return found


def _transformed(table: pd.DataFrame, column: str, make: str) -> pd.Series:
    values = table[column]
    if make == "when_known":
        return _by_month_known(values, table["observed_asof"])
    if make == "month_end":
        return month_ends(values)
    if make == "month_return":
        return month_ends(values).asfreq("ME").pct_change(fill_method=None).iloc[1:]
    if make == "return":
        # On the dates of its own dataset: a day it did not trade is no zero return.
        return values.dropna().pct_change(fill_method=None).iloc[1:]
    if make == "announcement":
        days = values.index[values == 1].normalize().unique()
        return pd.Series(1.0, days)
    return values / 100 if make == "fraction" else values


def month_ends(values: pd.Series) -> pd.Series:
    """The last value of each month, dated at its end; a month that is not over has none."""
    present = values.dropna()
    days = pd.DatetimeIndex(present.index).normalize()
    ends = (days + pd.offsets.MonthEnd(0)).as_unit("us")
    last = ~ends.duplicated(keep="last") & (ends - days <= _MONTH_OVER)
    return present[last].set_axis(ends[last])


def _by_month_known(values: pd.Series, observed_asof: pd.Series) -> pd.Series:
    """Values by the end of the month in which, by the file itself, they were known."""
    stated = observed_asof.dropna()
    days = pd.DatetimeIndex(pd.to_datetime(stated))
    ends = (days.normalize() + pd.offsets.MonthEnd(0)).as_unit("us")
    if not ends.is_unique:
        twice = ends[ends.duplicated()][0]
        raise ProjectError(
            f"two were known in {twice:%Y-%m}", where=str(values.name), expected="one a month"
        )
    return values[stated.index].set_axis(ends)


def _combined(parts: list[pd.Series], make: str) -> pd.Series:
    """A month in which one part is missing has no sum and no mean."""
    frame = pd.concat(parts, axis=1)
    if make == "difference":
        return frame.iloc[:, 0] - frame.iloc[:, 1]
    total = frame.sum(axis=1, skipna=False)
    return total / len(parts) if make == "mean" else total


def _dictionary(panel: pd.DataFrame, origins: dict[str, tuple[Recipe, str]]) -> pd.DataFrame:
    rows = {}
    for name, (recipe, origin) in origins.items():
        present = panel[name].dropna()
        rows[name] = {
            "what": recipe.what,
            "unit": recipe.unit,
            "from": origin,
            "lag_months": recipe.lag_months,
            "n": len(present),
            "first": f"{present.index[0]:%Y-%m-%d}",
            "last": f"{present.index[-1]:%Y-%m-%d}",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("column")
