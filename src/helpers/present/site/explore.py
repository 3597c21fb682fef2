"""The page on which readers choose for themselves, made from notebook 09's tables.

What it says is here; `_static/explore.js` draws it, fills the same sentences with other numbers,
and is loaded by this page alone. Without it the page reads as far as choices need not change.
"""

from __future__ import annotations

import html
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.present.sentences import p_value, signed
from helpers.present.speccurve import READINGS
from helpers.present.tables import table as readable
from helpers.project import Result
from helpers.speccurve import EXPLORED, Grid, load_grid

Row = dict[str, Any]  # of the table of choices
NOTEBOOK = "09_specification_curve"
_CHOICES, _CURVE = "09_explore.csv", "09_specifications.csv"
_DOTS = 240  # of the curve as drawn: each the median of its part
_ASKED = {
    "measure": "Measure of inflation", "rate_months": "Inflation over",
    "change_months": "Rising or falling against", "start": "Months", "outcome": "Return",
}  # fmt: skip
_LISTED = ("measure", "outcome")  # as a list to choose from; the others as buttons in a row
_RETURNS = {
    "average_excess": "the average stock's return over Treasury bills",
    "average_real": "the average stock's return after inflation",
    "without_smallest_excess": "the average stock's return over Treasury bills, without the smallest,",
    "without_smallest_real": "the average stock's return after inflation, without the smallest,",
    "average_minus_market": "the average stock's return minus the market's",
    "without_smallest_minus_market": "the average stock's return minus the market's, without the smallest,",
    "average_minus_largest": "the average stock's return minus that of the largest companies",
    "smb": "the return of small companies minus that of large ones",
}
# Filled here and by the script.
_MEANS = (
    "{span}, in months when {rate_months} inflation ({measure}) was higher than {change_months} "
    "before, {outcome} averaged {rising_mean}% a year (95% interval {rising_low} to {rising_high}); "
    "when it was lower, {falling_mean}% ({falling_low} to {falling_high})."
)
_DIFFERENCE = (
    "The difference is {value} points a year (95% interval {low} to {high}; {p}; {months} months in "
    "{regimes} regimes), {place} the {n} specifications of {reading}."
)
_FIXED = "This is the choice that was fixed before any result was seen."
_OWN = "This is your choice, not the one that was fixed before any result was seen."
_REFUSED = "The choices in the address cannot be combined: {reason}. " + _FIXED
_NUMBERS = (
    "rising_mean", "rising_low", "rising_high", "falling_mean", "falling_low", "falling_high",
    "value", "low", "high",
)  # fmt: skip
_COUNTS = ("months", "regimes", "rank")
# Those most asked for, as changes of the primary specification.
_USUAL: tuple[dict[str, object], ...] = (
    {}, {"outcome": "average_real"}, {"outcome": "average_minus_market"}, {"start": 1963},
    {"start": 1990}, {"change_months": 12}, {"measure": "core_cpi_sa", "start": 1963},
)  # fmt: skip
_PAGE = """\
---
html_theme.sidebar_secondary.remove: true
---

# Try it yourself

Does the average stock do better while inflation is rising? That depends on what is measured, over which months, and for which stocks. Choose, and see what the answer would have been.{standing}

<div class="explore-page">{form}<div>{result}</div></div>

Who tries many choices and keeps the one that pleases will always find one. That is why one was fixed beforehand, and why the curve shows where yours stands among all of them: a single choice is worth no more than its place there. [How the curve is made and tested]({notebook}.ipynb)

## Some choices side by side

{usual}

Intervals and *p* are HAC with {lags} lags. Every choice takes any change for a change, knows inflation one month late and leaves no month out, as the primary one does; the curve also holds those that do not. All numbers: <a href="tables/{choices}">choices</a>, <a href="tables/{curve}">specifications</a>.

{data}
"""


def explore_page(found: dict[str, Result], tables: Path) -> str | None:
    """Markdown of the page, or None where notebook 09 or its tables are not there.

    Parameters
    ----------
    found : results by notebook. tables : folder of the tables of notebook 09.
    """
    if NOTEBOOK not in found or not (tables / _CHOICES).is_file():
        return None
    choices = pd.read_csv(tables / _CHOICES, keep_default_na=False, na_values=[""])
    choices["reason"] = choices["reason"].fillna("")
    curve = pd.read_csv(tables / _CURVE, usecols=["reading", "value"])
    estimated = choices[choices["reason"] == ""]
    if not estimated["primary"].any():
        return None
    grid, result = load_grid(), found[NOTEBOOK]
    primary = estimated[estimated["primary"]].to_dict("records")[0]
    average = str(result.quantities.get("average_stock", ""))
    stands = average.startswith("a stand-in")
    return _PAGE.format(
        standing=f" In this edition {average} is used for it." if stands else "",
        form=_form(grid, primary), result=_result(grid, primary),
        usual=_usual(grid, estimated, primary), lags=result.parameters["hac_lags"],
        notebook=NOTEBOOK, choices=_CHOICES, curve=_CURVE,
        data=_script(_data(grid, choices, curve, primary)),
    )  # fmt: skip


def _label(grid: Grid, axis: str, choice: Any) -> str:
    """A choice as its control names it."""
    if axis == "rate_months":
        return _months(choice)
    if axis == "change_months":
        return f"{_months(choice)} before"
    if axis == "start":
        return f"from {choice}"
    label = grid.axes[axis].label(choice)
    return label[0].upper() + label[1:]


def _words(grid: Grid, axis: str, choice: Any) -> str:
    """A choice as the sentence names it."""
    if axis == "rate_months":
        return f"{choice}-month"
    if axis == "change_months":
        return _months(choice)
    label = grid.axes[axis].label(choice)
    return _RETURNS.get(choice, label) if axis == "outcome" else label


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _form(grid: Grid, primary: Row) -> str:
    """The controls, hidden until the script that answers them has come."""
    fields = "".join(
        (_list if axis in _LISTED else _row)(grid, axis, primary[axis]) for axis in EXPLORED
    )
    return (
        '<form class="explore" id="explore" aria-label="Choices" hidden>'
        f'<div class="fields">{fields}</div>'
        '<p><button type="reset">Back to the choice fixed beforehand</button> '
        '<span class="muted">The address of this page keeps your choice, to be shared.</span></p>'
        "</form><noscript><p>Choosing needs JavaScript; what follows reads without.</p></noscript>"
    )


def _list(grid: Grid, axis: str, chosen: object) -> str:
    options = "".join(
        f'<option value="{choice}"{" selected" * bool(choice == chosen)}>'
        f"{html.escape(_label(grid, axis, choice))}</option>"
        for choice in grid.axes[axis].choices
    )
    return (
        f'<div class="field" data-axis="{axis}"><label for="explore-{axis}">{_ASKED[axis]}</label>'
        f'<select id="explore-{axis}" name="{axis}" aria-describedby="why-{axis}">{options}</select>'
        f'<p class="why" id="why-{axis}"></p></div>'
    )


def _row(grid: Grid, axis: str, chosen: object) -> str:
    buttons = "".join(
        f'<label><input type="radio" name="{axis}" value="{choice}"{" checked" * bool(choice == chosen)}>'
        f" {_label(grid, axis, choice)}</label>"
        for choice in grid.axes[axis].choices
    )
    return (
        f'<fieldset class="field" data-axis="{axis}" aria-describedby="why-{axis}">'
        f'<legend>{_ASKED[axis]}</legend><div class="choices">{buttons}</div>'
        f'<p class="why" id="why-{axis}"></p></fieldset>'
    )


def _result(grid: Grid, primary: Row) -> str:
    means, difference = _sentences(grid, primary)
    return (
        '<div class="explore-charts" id="explore-charts" hidden>'
        "<figure><figcaption>Mean return, percent a year</figcaption>"
        '<svg id="explore-bars" role="img" viewBox="0 0 320 270"></svg></figure>'
        "<figure><figcaption>Rising minus falling, points a year</figcaption>"
        '<svg id="explore-curve" role="img" viewBox="0 0 320 270"></svg>'
        "</figure>"
        '<p class="key"><span class="own"></span> this choice <span class="fixed"></span> '
        "the one fixed beforehand; lines are 95% intervals</p></div>"
        '<div class="generated answer" id="explore-said" aria-live="polite" aria-atomic="true">'
        f'<p id="explore-status">{_FIXED}</p><p id="explore-means">{html.escape(means)}</p>'
        f'<p id="explore-difference">{html.escape(difference)}</p></div>'
    )


def _sentences(grid: Grid, row: Row) -> tuple[str, str]:
    fields = {name: _words(grid, name, row[name]) for name in EXPLORED}
    fields |= {name: signed(row[name]).lstrip("+") for name in _NUMBERS}
    fields |= {
        "span": _span(row), "value": signed(row["value"]), "p": p_value(row["p"]),
        "months": f"{int(row['months']):,}", "regimes": f"{int(row['regimes']):,}",
        "n": f"{int(row['n']):,}", "place": _place(int(row["rank"]), int(row["n"])),
        "reading": READINGS.get(str(row["reading"]), str(row["reading"])),
    }  # fmt: skip
    return _MEANS.format_map(fields), _DIFFERENCE.format_map(fields)


def _span(row: Row) -> str:
    first, last = (f"{date.fromisoformat(row[name] + '-01'):%B %Y}" for name in ("first", "last"))
    return f"From {first} to {last}"


def _place(rank: int, n: int) -> str:
    """Where a value stands among n, the lowest first."""
    if rank in (1, n):
        return "the lowest of" if rank == 1 else "the highest of"
    above, below = n - rank, rank - 1
    side = "lower" if above >= below else "higher"
    return f"{side} than {100 * max(above, below) // n}% of"


def _usual(grid: Grid, estimated: pd.DataFrame, primary: Row) -> str:
    rows = []
    for changes in _USUAL:
        asked = {**{name: primary[name] for name in EXPLORED}, **changes}
        hit = estimated[(estimated[list(EXPLORED)] == pd.Series(asked)).all(axis=1)]
        for row in hit.to_dict("records"):
            changed = [_label(grid, name, row[name]) for name in changes]
            rows.append({
                "choice": "; ".join(changed) or "fixed beforehand",
                "rising": row["rising_mean"], "falling": row["falling_mean"],
                "difference": row["value"],
                "95% interval": f"{signed(row['low'])} to {signed(row['high'])}",
                "p": p_value(row["p"]).removeprefix("p ").removeprefix("= "),
                "place": _place(int(row["rank"]), int(row["n"])).removesuffix(" of"),
            })  # fmt: skip
    fixed = "; ".join(_label(grid, name, primary[name]) for name in EXPLORED)
    return readable(
        pd.DataFrame(rows),
        caption=f"Fixed beforehand ({fixed}), and the same with one or two choices changed; place is "
        "that on the curve",
        units={"rising": "% a year", "falling": "% a year", "difference": "points"},
        formats={"rising": ".1f", "falling": ".1f", "difference": "+.1f"},
    ).to_html()


def _data(grid: Grid, choices: pd.DataFrame, curve: pd.DataFrame, primary: Row) -> dict[str, Any]:
    """What the script knows: numbers as they are shown, crossings in the order of the axes."""
    reasons = sorted(set(choices["reason"]) - {""})
    estimated = choices[choices["reason"] == ""]
    spans = list(dict.fromkeys(map(_span, estimated.to_dict("records"))))
    rows: list[Any] = [
        reasons.index(row["reason"]) if row["reason"] else _numbers(row, spans)
        for row in choices.to_dict("records")
    ]
    return {
        "axes": {
            name: [
                [str(each), _label(grid, name, each), _words(grid, name, each)]
                for each in grid.axes[name].choices
            ]
            for name in EXPLORED
        },
        "columns": [*_NUMBERS, *_COUNTS, "p", "span"],
        "rows": rows, "reasons": reasons, "spans": spans,
        "primary": {name: str(primary[name]) for name in EXPLORED},
        "fixed": [int(place) for place in np.flatnonzero(choices["primary"])],
        "reading": {str(each): name for name, of in grid.readings.items() for each in of},
        "readings": {
            name: _reading(name, estimated[estimated["reading"] == name], part["value"])
            for name, part in curve.groupby("reading")
        },
        "texts": {"means": _MEANS, "difference": _DIFFERENCE, "fixed": _FIXED, "own": _OWN, "refused": _REFUSED},
    }  # fmt: skip


def _numbers(row: Row, spans: list[str]) -> list[float]:
    p = 0.0 if row["p"] < 0.001 else round(row["p"], 3 if row["p"] < 0.1 else 2)
    shown = [round(float(row[name]), 1) + 0.0 for name in _NUMBERS]  # no zero with a sign
    return [*shown, *(int(row[name]) for name in _COUNTS), p, spans.index(_span(row))]


def _reading(name: str, estimated: pd.DataFrame, values: pd.Series) -> dict[str, Any]:
    """A reading's words, its curve thinned, and the scales on which all its choices are drawn."""
    ordered = np.sort(values.to_numpy())
    parts = np.array_split(ordered, min(_DOTS, len(ordered)))
    ends = {
        "bars": estimated[["rising_low", "falling_low", "rising_high", "falling_high"]],
        "differences": estimated[["low", "high"]],
    }
    return {
        "words": READINGS.get(name, name), "n": len(ordered),
        "curve": [round(float(np.median(part)), 1) + 0.0 for part in parts],
        **{
            key: [round(float(of.min(axis=None)), 1), round(float(of.max(axis=None)), 1)]
            for key, of in ends.items()
        },
    }  # fmt: skip


def _script(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    return (
        f'<script type="application/json" id="explore-data">{text}</script>\n'
        '<script src="_static/explore.js" defer></script>'
    )
