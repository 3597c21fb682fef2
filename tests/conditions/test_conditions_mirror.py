"""Conditions and valuation on real upstream files: known values, none of them kept here."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.conditions import pmi_troughs, quarterly_growth, size_spread, standing, state_at
from helpers.project import Workspace
from helpers.sources import load

pytestmark = pytest.mark.mirror


def test_the_state_in_mid_december_2023(mirror_monthly: pd.DataFrame) -> None:
    found = state_at(pd.DatetimeIndex(["2023-12-14"]), mirror_monthly).iloc[0]
    # The reading of November came out on 1 December; the rule sees October's, which was the same.
    assert found["ism_pmi_index"] == 46.7
    assert mirror_monthly.loc["2023-11-30", "ism_pmi_index"] == 46.7
    assert found["state"] == "between"


def test_the_trough_of_2023_could_be_told_in_january_2024(mirror_monthly: pd.DataFrame) -> None:
    table = pmi_troughs(mirror_monthly["ism_pmi_index"]).table.set_index("trough")
    assert table.loc["2023-06-30", "reading"] == 46
    assert table.loc["2023-06-30", "known"] == pd.Timestamp("2024-01-31")


def test_the_size_spread_of_december_2023(mirror: Workspace) -> None:
    found = standing(size_spread(load(mirror, "beme_june")), "2023-12")
    assert (found.book_year, found.formed) == (2022, pd.Timestamp("2023-06-30"))
    assert found.times == pytest.approx(1.2516, abs=5e-4)
    assert found.n > 1100
    # The rows of December's price differ: no one may take one section for the other.
    december = standing(size_spread(load(mirror, "beme_december")), "2023-12")
    assert december.times == pytest.approx(1.1592, abs=5e-4)


def test_nominal_growth_of_the_third_quarter_of_2023_is_known_in_october(
    mirror: Workspace,
) -> None:
    growth = quarterly_growth(load(mirror, "gdp_nominal")["level"])
    assert growth["2023-10-31"] == growth["2023-12-31"] != growth["2023-09-30"]
    assert 7 < growth["2023-10-31"] < 9
