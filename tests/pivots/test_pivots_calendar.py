"""Effective days: the rule against the tabled days, and at its edges."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from arch.data import sp500

from helpers.pivots import effective_day, events_for_engine, load_pivots, read_event_list
from helpers.project import ProjectError, Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pivots() -> pd.DataFrame:
    return load_pivots(Workspace.current({"HELPERS_ROOT": str(ROOT)}))


@pytest.fixture(scope="module")
def days() -> pd.DatetimeIndex:
    """Trading days of the S&P 500, 1999 to 2018."""
    return pd.DatetimeIndex(sp500.load().index)


def require_tabled(pivots: pd.DataFrame, calendar: pd.DatetimeIndex) -> int:
    inside = pivots[pivots["effective_day"].between(calendar[0], calendar[-1])]
    ruled = inside["announced_at"].map(lambda moment: effective_day(moment, calendar))
    wrong = inside[ruled != inside["effective_day"]]
    assert wrong.empty, wrong[["event_id", "effective_day"]]
    return len(inside)


def test_the_rule_gives_the_tabled_days(pivots: pd.DataFrame, days: pd.DatetimeIndex) -> None:
    assert require_tabled(pivots, days) == 16


@pytest.mark.mirror
def test_the_rule_gives_all_42_tabled_days(pivots: pd.DataFrame) -> None:
    path = Path(os.environ["MIRROR"]) / "french/F-F_Research_Data_Factors_daily.csv"
    keys = [line[:8] for line in path.read_text(encoding="latin-1").splitlines()]
    calendar = pd.DatetimeIndex([pd.Timestamp(key) for key in keys if key.isdigit()])
    assert require_tabled(pivots, calendar) == 42


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        ("2001-09-10 15:59", "2001-09-10"),
        ("2001-09-10 16:00", "2001-09-17"),  # the exchange was shut for four days
        ("2001-09-17 08:20", "2001-09-17"),
        ("2008-01-21 10:00", "2008-01-22"),  # Martin Luther King day
        ("2018-10-05 16:00", "2018-10-08"),  # a Friday
        ("2018-10-06 00:00", "2018-10-08"),
        ("2018-10-07 23:59", "2018-10-08"),
    ],
)
def test_edges_of_the_rule(announced: str, expected: str, days: pd.DatetimeIndex) -> None:
    for zone in (None, "America/New_York"):
        moment = pd.Timestamp(announced, tz=zone)
        assert effective_day(moment, days) == pd.Timestamp(expected)


@pytest.mark.parametrize("announced", ["1999-01-03 10:00", "2018-12-31 16:00", "2019-07-31 14:00"])
def test_a_day_outside_the_calendar_is_refused(announced: str, days: pd.DatetimeIndex) -> None:
    with pytest.raises(ProjectError, match=r"outside the trading days.*1999-01-04 to 2018-12-31"):
        effective_day(pd.Timestamp(announced), days)


def test_a_calendar_with_a_hole_is_refused(days: pd.DatetimeIndex) -> None:
    holed = days[(days < "2008-01-01") | (days > "2008-02-01")]
    with pytest.raises(ProjectError, match="next trading day 2008-02-04"):
        effective_day(pd.Timestamp("2008-01-22 08:20"), holed)


@pytest.mark.parametrize("fault", ["empty", "unsorted", "twice", "hours", "zone", "numbers"])
def test_what_is_no_calendar_is_refused(fault: str, days: pd.DatetimeIndex) -> None:
    broken = {
        "empty": days[:0],
        "unsorted": days[::-1],
        "twice": days.append(days[-1:]),
        "hours": days + pd.Timedelta(hours=16),
        "zone": days.tz_localize("UTC"),
        "numbers": pd.Index(range(5)),
    }[fault]
    with pytest.raises(ProjectError, match="no calendar of trading days"):
        effective_day(pd.Timestamp("2001-09-17 08:20"), broken)  # type: ignore[arg-type]


def test_events_for_the_engine(pivots: pd.DataFrame, days: pd.DatetimeIndex) -> None:
    found = events_for_engine(pivots, days)
    assert found.columns.tolist() == ["event_id", "date"]
    assert found["date"].tolist() == pivots["effective_day"].tolist(), "outside the data: kept"
    unlisted = pivots[pivots["effective_day"].between(days[0], days[-1])].assign(effective_day=None)
    assert events_for_engine(unlisted, days)["date"].tolist() == [
        *pivots.loc[unlisted.index, "effective_day"]
    ]


def test_a_faulty_day_is_named_with_file_row_and_mend(
    tmp_path: Path, days: pd.DatetimeIndex
) -> None:
    path = tmp_path / "mine.csv"
    header = "event_id,announced_at,effective_day,direction\n"
    path.write_text(header + "a,2018-10-03T16:00,2018-10-03,hawkish\n")
    with pytest.raises(
        ProjectError, match=r"mine.csv, row 2, a: effective_day 2018-10-03; expected 2018-10-04"
    ):
        events_for_engine(read_event_list(path), days)
    path.write_text(header + "a,2007-09-18T14:15,,dovish\nb,2024-09-18T14:00,,dovish\n")
    with pytest.raises(
        ProjectError, match=r"mine.csv, row 3, b: announced 2024-09-18 .*1999.*Mend"
    ):
        events_for_engine(read_event_list(path), days)
