"""The regimes as they were known, month by month, kept for the notebooks that ask."""

from __future__ import annotations

import io

import pandas as pd

from helpers.inflation.regimes import PRIMARY, RegimeSpec, as_boolean, real_time_directions
from helpers.project import Workspace, write_atomic
from helpers.sources import available, load

FILE = "processed/real_time.parquet"
DATASET = "cpi_vintages"


def save_real_time(workspace: Workspace, spec: RegimeSpec = PRIMARY) -> None:
    """Write direction, reference month and its inflation by vintage; without vintages, no row."""
    table = pd.DataFrame(
        {
            "direction": pd.Series(dtype="str"),
            "reference_month": pd.Series(dtype="datetime64[us]"),
            "on_month_pct": pd.Series(dtype=float),
        }
    )
    if DATASET in available(workspace):
        vintages = load(workspace, DATASET)
        vintages.columns = pd.DatetimeIndex(vintages.columns) + pd.offsets.MonthEnd(0)
        table = real_time_directions(vintages, spec).astype({"direction": "str"})
        table["on_month_pct"] = [
            100 * vintages[vintage].pct_change(fill_method=None).loc[latest]
            for vintage, latest in table["reference_month"].items()
        ]
    buffer = io.BytesIO()
    table.to_parquet(buffer, engine="pyarrow", compression="zstd")
    write_atomic(workspace.write(FILE), buffer.getvalue())


def load_real_time(workspace: Workspace) -> pd.Series:
    """Rising as a nullable boolean, by the month in which it was known; empty without vintages.

    Raises
    ------
    ProjectError : not built yet.
    """
    return as_boolean(_load(workspace)["direction"])


def load_first_release(workspace: Workspace) -> pd.Series:
    """Inflation on the month before, percent, as first published, by the month described.

    From the first vintage in which a month is the latest; a month that never is one, or whose
    predecessor was not published, is missing. Empty without vintages.

    Raises
    ------
    ProjectError : not built yet.
    """
    table = _load(workspace).drop_duplicates("reference_month")
    found = table.set_index("reference_month")["on_month_pct"].rename("first_release_pct")
    if found.empty:
        return found
    return found.reindex(pd.date_range(found.index[0], found.index[-1], freq="ME", unit="us"))


def _load(workspace: Workspace) -> pd.DataFrame:
    content = workspace.read(FILE).read_bytes()
    return pd.read_parquet(io.BytesIO(content), engine="pyarrow")
