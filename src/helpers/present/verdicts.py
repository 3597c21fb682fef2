"""The ledger as readers see it: one row a reading, its figure in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.present.sentences import p_value, signed

CENTRE = "C12"  # the claim the project exists for
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
    digits = _digits(row["value"])
    figure = f"{signed(row['value'], digits)} {row['unit']}"
    if pd.notna(row["low"]):
        figure += f" ({signed(row['low'], digits)} to {signed(row['high'], digits)})"
    if pd.notna(row["p_holm"]):
        figure += f"; {p_value(row['p_holm'])} after Holm"
    if row["missing"]:
        figure += f"; no open data on {row['missing']}"
    return {
        **shared,
        "verdict": f"{row['reading']}: {row['reading_verdict']}",
        "figure": figure,
        "detectable": "" if pd.isna(row["mde"]) else f"{row['mde']:.{digits}f} {row['unit']}",
        "test": row["test"],
        "sample": f"{row['data']}; {row['first']} to {row['last']}",
        "n": f"{row['n']:.0f} {row['n_of']}",
        "link": f"{row['source']}.html",
    }


def _digits(value: float) -> int:
    """Two figures at least of what is below one."""
    return 1 if abs(value) >= 1 else 2 if abs(value) >= 0.1 else 3


def ledger_sentence(ledger: pd.DataFrame, edition: str) -> str:
    """What the ledger comes to on this edition, in two or three sentences.

    Parameters
    ----------
    ledger : as from `helpers.claims.ledger_table`.
    """
    claims = ledger.drop_duplicates("id")
    untested = claims[claims["verdict"] == "not yet tested on this edition"]
    closed = claims[claims["verdict"] == "not testable with open data"]
    tested = claims.drop([*untested.index, *closed.index])
    lines = []
    for claim in tested[tested["id"] == CENTRE].to_dict("records"):
        readings = ledger[ledger["id"] == claim["id"]]
        each = ", ".join(
            f"the {row['reading']} reading is {row['reading_verdict']}"
            for row in readings.to_dict("records")
        )
        lines.append(
            f"*{claim['claim'].rstrip('.')}* ({claim['id']}): **{claim['verdict']}**; {each}."
        )
    others = tested[tested["id"] != CENTRE]
    if len(others):
        counts = "; ".join(
            f"{verdict}: {', '.join(part['id'])}" for verdict, part in others.groupby("verdict")
        )
        lines.append(f"Of the others {counts}.")
    waiting = f", {len(untested)} wait for data" if len(untested) else ""
    lines.append(
        f"Of {len(claims)} claims, {len(tested)} {_are(len(tested))} tested on the {edition} "
        f"edition{waiting}, and {len(closed)} cannot be tested with open data."
    )
    return " ".join(lines)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
