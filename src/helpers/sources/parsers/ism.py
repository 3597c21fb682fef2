"""The ISM manufacturing index, as a plain csv."""

from __future__ import annotations

import pandas as pd

from helpers.sources.parsers._reading import month_ends, read_rows


def parse_ism(payload: bytes) -> pd.DataFrame:
    """Manufacturing PMI, a diffusion index: 50 is no change.

    The file mixes values with revised seasonal factors (to 2016) and values as first released (from
    2017): no real-time series before 2017.

    Returns
    -------
    Column `ism_pmi_index` by end of the month it speaks of.

    Raises
    ------
    ProjectError : no column `date` or `ism_pmi`; a cell that is no number or date; months that
        repeat or go back.
    """
    rows = read_rows(payload)
    values = rows.numbers(["ism_pmi"]).set_axis(["ism_pmi_index"], axis="columns")
    return rows.indexed(values, month_ends(rows.dates("date")))
