"""What cannot be studied is refused in one line that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.eventstudy import CAR_WINDOWS, run
from helpers.project import ProjectError

DAYS = pd.bdate_range("2020-01-01", periods=400)
GENERATOR = np.random.default_rng(12)
MARKET = pd.Series(GENERATOR.normal(0, 0.01, 400), DAYS)
RETURNS = pd.DataFrame(GENERATOR.normal(0, 0.01, (400, 2)), DAYS, ["a", "b"])
EVENTS = pd.DataFrame({"event_id": ["x", "y"], "date": DAYS[[300, 350]]})

Change = Callable[[], dict[str, Any]]
REFUSED: dict[str, tuple[Change, str]] = {
    "percent": (lambda: {"returns": RETURNS * 100}, "returns, b: .*divide percent by 100"),
    "percent in one asset": (
        lambda: {"returns": RETURNS.assign(b=RETURNS["b"] * 100)}, "returns, b: the mean absolute",
    ),
    "prices": (lambda: {"returns": (1 + RETURNS).cumprod()}, "turn prices into returns"),
    "market in percent": (lambda: {"market": MARKET * 100}, "market: the mean absolute"),
    "a day twice": (
        lambda: {"returns": pd.concat([RETURNS, RETURNS.iloc[[5]]]).sort_index()},
        "2020-01-08 occurs twice",
    ),
    "not sorted": (lambda: {"returns": RETURNS.iloc[::-1]}, "not in order.*sort by day"),
    "no dates": (lambda: {"returns": RETURNS.reset_index(drop=True)}, "the index holds no days"),
    "text": (lambda: {"returns": RETURNS.assign(b="0.1")}, "'b' holds no numbers"),
    "infinite": (lambda: {"returns": RETURNS.replace(RETURNS.iloc[3, 0], np.inf)}, "an infinite"),
    "an asset twice": (
        lambda: {"returns": RETURNS.set_axis(["a", "a"], axis=1)}, "an asset occurs twice",
    ),
    "market lacks days": (
        lambda: {"market": MARKET.drop(DAYS[[7, 9]])},
        "market: 2 days of the returns are missing, the first 2020-01-10",
    ),
    "no market": (lambda: {"market": None}, "'market' needs 'market', which is absent"),
    "no factors": (lambda: {"model": "ff3"}, "'ff3' needs 'mkt_rf', which is absent"),
    "factors in percent": (
        lambda: {
            "model": "ff3", "risk_free": MARKET * 0,
            "factors": pd.DataFrame(dict.fromkeys(("mkt_rf", "smb", "hml"), 100 * MARKET)),
        }, "mkt_rf: the mean absolute",
    ),
    "risk-free in percent": (
        lambda: {
            "model": "ff3", "risk_free": MARKET * 0 + 0.012,
            "factors": pd.DataFrame(dict.fromkeys(("mkt_rf", "smb", "hml"), MARKET)),
        }, "risk_free: the mean absolute return is 0.012",
    ),
    "unknown model": (lambda: {"model": "markt"}, "no model is called 'markt'; nearest.* market"),
    "window in estimation": (
        lambda: {"window": (-40, 20)}, r"\(-40, 20\) reaches into the estimation days",
    ),
    "window backwards": (lambda: {"window": (5, 0)}, r"window: \(5, 0\) ends before it starts"),
    "too few days": (
        lambda: {"estimation": (-32, -31)}, r"2 estimation day\(s\) for 2 coefficients",
    ),
    "impossible minimum": (lambda: {"min_estimation": 222}, "min_estimation: 222; expected 3 to 221"),
    "minimum below the model": (lambda: {"min_estimation": 2}, "expected 3 to 221"),
    "car window outside": (
        lambda: {"car_windows": [(0, 0), (0, 30)]}, r"car_windows: \(0, 30\); expected .*\(-5, 20\)",
    ),
    "car window twice": (lambda: {"car_windows": [(0, 0), (0, 0)]}, "a window occurs twice"),
    "no date column": (lambda: {"events": EVENTS.drop(columns="date")}, "no column 'date'"),
    "no id column": (lambda: {"events": EVENTS.drop(columns="event_id")}, "no column 'event_id'"),
    "no event": (lambda: {"events": EVENTS.iloc[:0]}, "events: no event"),
    "unreadable date": (
        lambda: {"events": EVENTS.assign(date=["2021-01-05", "soon"])}, "row 2: date = 'soon'",
    ),
    "time of day": (
        lambda: {"events": EVENTS.assign(date=EVENTS["date"] + pd.Timedelta(hours=14))},
        "row 1.*a day without time",
    ),
    "an id twice": (lambda: {"events": EVENTS.assign(event_id="x")}, "row 2: event_id 'x'"),
    "unknown asset": (
        lambda: {"events": EVENTS.assign(asset=["a", "z"])}, "row 2: no returns of 'z'.*a, b",
    ),
    "nothing left": (
        lambda: {"events": EVENTS.assign(date=pd.to_datetime(["2019-05-01", "2030-01-01"]))},
        r"none of 2 event\(s\) can be used, the first because: outside",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_fault_is_one_clear_line(fault: str) -> None:
    change, words = REFUSED[fault]
    given = {"returns": RETURNS, "events": EVENTS, "market": MARKET} | change()
    with pytest.raises(ProjectError, match=words) as caught:
        run(given.pop("returns"), given.pop("events"), **given)
    assert "\n" not in str(caught.value)


def test_without_the_fault_all_is_well() -> None:
    study = run(RETURNS, EVENTS, market=MARKET)
    assert study.spans.car_windows == CAR_WINDOWS
    assert study.dropped["lost"].tolist() == []
    assert study.notes == ()
