"""Two groups of events: against all assignments by hand, and what is refused. Returns are synthetic."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.eventstudy import compare_groups, run
from helpers.eventstudy.by_set import cars
from helpers.project import ProjectError

IDS = [f"2001-0{i + 1}-01_x" for i in range(8)]


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(5)
    days = pd.bdate_range("2000-01-03", periods=900, unit="us")
    market = pd.Series(rng.normal(0, 0.01, 900), days)
    returns = pd.DataFrame({"a": market + rng.normal(0, 0.01, 900)})
    rows = [200 + 80 * i for i in range(8)]
    for row in rows[:4]:
        returns.iloc[row : row + 6] += 0.01
    events = pd.DataFrame({"event_id": IDS, "date": days[rows]})
    found = run(
        returns, events, market=market, estimation=(-120, -11), window=(0, 5), car_windows=[(0, 5)]
    )
    return found, events


def test_p_is_that_of_all_assignments(study) -> None:
    study, events = study
    found = compare_groups(
        study, IDS[:4], IDS[4:], events=events, asset="a", window=(0, 5), label="planted"
    )
    values = cars(study, "a", (0, 5))[IDS].to_numpy()
    reference = stats.ttest_ind(values[:4], values[4:], equal_var=False).statistic
    reached = total = 0
    for chosen in combinations(range(8), 4):
        rest = [i for i in range(8) if i not in chosen]
        t = stats.ttest_ind(values[list(chosen)], values[rest], equal_var=False).statistic
        total += 1
        reached += abs(t) >= abs(reference) * (1 - 1e-12)
    assert found.p == pytest.approx(reached / total)
    assert found.p_floor == pytest.approx(2 / total)
    assert found.value == pytest.approx(values[:4].mean() - values[4:].mean())
    assert found.low < 6 < found.high
    assert (found.n, found.note) == (8, "4 events against 4")


def test_what_cannot_be_compared_is_refused(study) -> None:
    study, events = study
    with pytest.raises(ProjectError, match="is in both groups"):
        compare_groups(study, IDS[:4], IDS[3:], events=events, asset="a", window=(0, 5), label="x")
    with pytest.raises(ProjectError, match=r"1 and 4 events; expected two or more"):
        compare_groups(study, IDS[:1], IDS[4:], events=events, asset="a", window=(0, 5), label="x")
