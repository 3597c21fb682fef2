"""The ledger as readers see it: one row a reading, its figure in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.present.sentences import p_value

COLUMNS = ["id", "claim", "who", "verdict", "figure", "detectable", "test", "sample", "n", "link"]


def readable_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Words for each row of `helpers.claims.ledger_table`.

    Returns
    -------
    Columns id, claim, who, verdict, figure (value, interval, p after Holm), detectable (minimum
    detectable effect), test, sample, n, link (page of the notebook that computed it).
    """
    return pd.DataFrame([_row(row) for row in ledger.to_dict("records")], columns=COLUMNS)


def _row(row: dict[Any, Any]) -> dict[str, str]:
    shared = {"id": row["id"], "claim": row["claim"], "who": row["who"], "verdict": row["verdict"]}
    if "value" not in row or pd.isna(row["value"]):
        return {
            **shared, "figure": "", "detectable": "", "test": row["test"], "sample": row["data"],
            "n": "", "link": "",
        }  # fmt: skip
    return {
        **shared,
        "verdict": f"{row['reading']}: {row['reading_verdict']}",
        "figure": (
            f"{_signed(row['value'])} {row['unit']} ({_signed(row['low'])} to "
            f"{_signed(row['high'])}); {p_value(row['p_holm'])} after Holm"
        ),
        "detectable": f"{row['mde']:.1f} {row['unit']}",
        "test": row["test"],
        "sample": f"{row['data']}; {row['first']} to {row['last']}",
        "n": f"{row['n']} {row['n_of']}",
        "link": f"{row['source']}.html",
    }


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")
