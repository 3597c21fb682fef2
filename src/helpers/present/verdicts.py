"""The ledger as readers see it: one row a reading, its figure in words."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
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
        "link": f"{row['source']}.html" + (f"#{row['section']}" if row["section"] else ""),
    }


def marked(verdict: str, shown: str) -> str:
    """HTML of a verdict with the mark of its kind; "absolute: not supported" is one of a reading."""
    kind = verdict.rpartition(": ")[2].split(" on ")[0].replace(" ", "-")
    return f'<span class="verdict {html.escape(kind)}">{shown}</span>'


@dataclass(frozen=True)
class LedgerView:
    """One row a claim: what was said, the verdict on each reading with its figure, the proof.

    Attributes
    ----------
    rows : as from `readable_ledger`.
    datasets : by claim, the names of the datasets that its tests stand on.
    hashes : sha256 by dataset, of those this edition has.
    page : where a dataset's row is found, as `<page>#dataset-<name>`.
    """

    rows: pd.DataFrame
    datasets: Mapping[str, list[str]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    page: str = "01_acquire_data.html"

    def to_html(self) -> str:
        body = "".join(
            self._claim(str(id_), part.to_dict("records"))
            for id_, part in self.rows.groupby("id", sort=False)
        )
        return (
            '<div class="table-scroll"><table class="ledger"><thead><tr><th scope="col">Claim</th>'
            '<th scope="col">Verdict and figure</th><th scope="col">Test and data</th></tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return self.rows.drop(columns=["link"]).to_string(index=False)

    def _claim(self, id_: str, rows: list[dict[Any, Any]]) -> str:
        said = html.escape(f"{rows[0]['claim']}", quote=False)
        who = html.escape(rows[0]["who"], quote=False)
        return (
            f'<tr id="claim-{id_}"><th scope="row"><b>{id_}</b> {said} <span class="who">{who}'
            f"</span></th><td>{''.join(map(_verdict, rows))}</td>"
            f"<td>{''.join(map(_proof, rows))}{self._data(id_)}</td></tr>"
        )

    def _data(self, id_: str) -> str:
        links = [
            f'<a href="{self.page}#dataset-{name}">{name}</a> <code>{self.hashes[name]}</code>'
            for name in self.datasets.get(id_, ())
            if name in self.hashes
        ]
        if len(links) < 4:
            return f"<p>Data: {', '.join(links)}</p>" if links else ""
        return f"<details><summary>Data: {len(links)} series</summary><p>{', '.join(links)}</p></details>"


def _verdict(row: dict[Any, Any]) -> str:
    shown = html.escape(row["verdict"], quote=False)
    if row["link"]:
        shown = f'<a href="{html.escape(row["link"])}">{shown}</a>'
    lines = [marked(row["verdict"], shown)]
    if row["figure"]:
        lines.append(html.escape(row["figure"], quote=False))
    if row["detectable"]:
        lines.append(
            f"An effect of {html.escape(row['detectable'], quote=False)} could have been found."
        )
    return "<p>" + "<br>".join(lines) + "</p>"


def _proof(row: dict[Any, Any]) -> str:
    told = "; ".join(str(row[name]) for name in ("test", "sample", "n") if row[name])
    return f"<p>{html.escape(told, quote=False)}</p>"


def readable_since(since: pd.DataFrame) -> pd.DataFrame:
    """Words for each row of `helpers.claims.since_table`: implied, claims, since, came, days."""
    return pd.DataFrame([
        {
            "implied": row["implied"], "claims": row["claims"],
            "since": f"{signed(row['value'])} {row['unit']} ({signed(row['low'])} to {signed(row['high'])})",
            "came": _came(row), "from": row["first"], "to": row["last"],
        }
        for row in since.to_dict("records")
    ])  # fmt: skip


def _came(row: dict[Any, Any]) -> str:
    way = "that way" if row["value"] * row["direction"] > 0 else "the other way"
    return f"{way}, {'within' if row['low'] <= 0 <= row['high'] else 'beyond'} chance"


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
