"""The Federal Reserve Board's list of target changes."""

from __future__ import annotations

import pandas as pd

from helpers.sources.parsers._reading import read_rows

_NUMBERS = ("change_bps", "target_lower_pct", "target_upper_pct", "target_mid_pct")


def parse_target_changes(payload: bytes) -> pd.DataFrame:
    """Changes of the intended federal funds rate or range; meetings without a change are not there.

    A day is the one on which the change took effect: to 2008 mostly the day of the decision, since
    2015 the day after it.

    Returns
    -------
    By effective day: `change_bps` (basis points; missing on 2008-12-16, the move to a range),
    `target_lower_pct`, `target_upper_pct`, `target_mid_pct` (percent), and the text `level_text` as
    published ("3.50-3.75").

    Raises
    ------
    ProjectError : one of these columns is not there; a cell that is no number or date; days that
        repeat or go back.
    """
    rows = read_rows(payload)
    table = rows.numbers(_NUMBERS)
    table["level_text"] = rows.text("level_text")
    return rows.indexed(table, rows.dates("date"))
