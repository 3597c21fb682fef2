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
    """Write direction and reference month by vintage; without vintages an empty table."""
    table = pd.DataFrame(
        {"direction": pd.Series(dtype="str"), "reference_month": pd.Series(dtype="str")}
    )
    if DATASET in available(workspace):
        vintages = load(workspace, DATASET)
        vintages.columns = pd.DatetimeIndex(vintages.columns) + pd.offsets.MonthEnd(0)
        table = real_time_directions(vintages, spec).astype({"direction": "str"})
    buffer = io.BytesIO()
    table.to_parquet(buffer, engine="pyarrow", compression="zstd")
    write_atomic(workspace.write(FILE), buffer.getvalue())


def load_real_time(workspace: Workspace) -> pd.Series:
    """Rising as a nullable boolean, by the month in which it was known; empty without vintages.

    Raises
    ------
    ProjectError : not built yet.
    """
    table = pd.read_parquet(io.BytesIO(workspace.read(FILE).read_bytes()), engine="pyarrow")
    return as_boolean(table["direction"])
