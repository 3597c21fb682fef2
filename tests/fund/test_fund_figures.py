"""Figures: a planted pair is found on its date under its count, a near miss is not a hit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.fund import search_figures
from helpers.project import ProjectError

DAYS = pd.bdate_range("2023-06-01", "2024-01-05", unit="us")


@pytest.fixture
def closes() -> pd.Series:
    """Synthetic closes of a calm market; no figure of the article in them."""
    moves = np.random.default_rng(5).normal(0, 0.002, len(DAYS))
    return pd.Series(1800 * np.exp(np.cumsum(moves)), DAYS)


def planted(closes: pd.Series, start_month: str, start_quarter: str, end: str) -> pd.Series:
    """Synthetic closes in which both figures hold to `end` from the two starts."""
    closes = closes.copy()
    closes[end] = 2000.0
    closes[start_month] = 2000 / 1.1207
    closes[start_quarter] = 2000 / 1.0849
    return closes


def test_a_planted_pair_is_met(closes: pd.Series) -> None:
    # 2023-12-14 less a month is the 14th of November; less ninety days the 15th of September.
    found = search_figures({"^RUT": planted(closes, "2023-11-14", "2023-09-15", "2023-12-14")})
    assert found.met
    assert found.dates == 31
    best = found.best
    assert (best.asset, best.date) == ("^RUT", pd.Timestamp("2023-12-14"))
    assert (best.short_start, best.long_start) == (
        pd.Timestamp("2023-11-14"), pd.Timestamp("2023-09-15")
    )  # fmt: skip
    assert best.short_value == pytest.approx(12.07)
    assert best.long_value == pytest.approx(8.49)
    hits = found.table().query("error < 0.005")
    assert {"1 calendar month", "30 calendar days"} <= set(hits["short"])
    assert set(hits["long"]) == {"90 calendar days"}


@pytest.mark.parametrize(("roll", "start"), [("previous", "2023-11-10"), ("next", "2023-11-13")])
def test_a_weekend_start_rolls_as_said(closes: pd.Series, roll: str, start: str) -> None:
    # 2023-12-12 less a month is a Sunday, and so is the date 93 days before.
    series = planted(closes, start, "2023-09-13", "2023-12-12")
    found = search_figures({"x": series}, shorts=("1 calendar month",), longs=("90 calendar days",))
    assert found.met
    assert found.best.roll == roll
    assert [row.roll for row in found.nearest if row.error < 0.005] == [roll]


def test_trading_days_have_no_roll(closes: pd.Series) -> None:
    end = DAYS.get_loc("2023-12-13")
    series = planted(closes, DAYS[end - 21], DAYS[end - 63], DAYS[end])
    found = search_figures({"x": series}, shorts=("21 trading days",), longs=("63 trading days",))
    assert found.met
    assert [row.roll for row in found.nearest] == ["none"]


def test_figures_on_two_dates_are_not_met(closes: pd.Series) -> None:
    series = closes.copy()
    series["2023-12-14"] = 1.1207 * series["2023-11-14"]
    series["2023-12-20"] = 1.0849 * series["2023-09-21"]
    found = search_figures({"x": series})
    assert not found.met
    assert found.short_alone == pytest.approx(0, abs=1e-9)
    assert found.long_alone == pytest.approx(0, abs=1e-9)
    assert found.best.error > 0.25


def test_a_weekend_quotes_friday(closes: pd.Series) -> None:
    found = search_figures({"x": closes}, first="2023-12-16", last="2023-12-17")
    assert {row.close for row in found.nearest} == {pd.Timestamp("2023-12-15")}


def test_rows_are_sorted_and_told_as_results(closes: pd.Series) -> None:
    found = search_figures({"x": closes, "y": 2 * closes})
    errors = [row.error for row in found.nearest]
    assert errors == sorted(errors)
    assert found.pairs == len(errors) == 2 * (3 * 3 * 2 + 2 * 2 * 2 + 2)
    told = found.estimates()
    assert told["figure_error"].value == found.best.error
    assert told["figure_short"].low is None
    assert "no interval" in told["figure_short"].note


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.iloc[::-1], "dates out of order"),
        (lambda s: s.where(s.index != "2023-11-14"), "missing or not positive"),
        (lambda s: s.loc[:"2023-12-20"], "end on 2023-12-20"),
        (lambda s: s.loc["2023-10-20":], "begin on 2023-10-20"),
        (lambda s: s.iloc[:0], "missing or not positive"),
    ],
)
def test_bad_closes_are_refused(closes: pd.Series, change, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        search_figures({"x": change(closes)})


def test_unknown_counts_are_refused(closes: pd.Series) -> None:
    for count in ("a fortnight", "0 trading days", "3 moons"):
        with pytest.raises(ProjectError, match="day count"):
            search_figures({"x": closes}, shorts=(count,))
    with pytest.raises(ProjectError, match="0 assets"):
        search_figures({})
