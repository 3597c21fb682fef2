"""The fund room on real quotes: the nearest figures of the commentary, and a known fund's style."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.fund import performance_since, search_figures, style_analysis
from helpers.project import Workspace
from helpers.sources import load

pytestmark = pytest.mark.mirror


def test_the_figures_are_near_and_not_met(mirror: Workspace) -> None:
    index, fund = (load(mirror, f"{name}_daily")["close"] for name in ("russell2000", "iwm"))
    found = search_figures({"^RUT": index, "IWM": fund})
    assert not found.met
    assert found.best.close == pd.Timestamp("2023-12-15")
    assert found.best.short_value == pytest.approx(12.03, abs=0.01)
    assert found.best.long_value == pytest.approx(8.54, abs=0.01)


def test_the_funds_since(mirror_daily: pd.DataFrame) -> None:
    found = {
        f.asset: f for f in performance_since(mirror_daily, "2023-12-13", assets=("qqqs", "spy"))
    }
    assert found["spy"].years[1].value == pytest.approx(0.249, abs=0.002)  # SPY in 2024
    assert found["qqqs"].n == found["spy"].n
    assert found["qqqs"].note == ""


def test_the_style_of_the_index_fund_is_its_index(mirror_daily: pd.DataFrame) -> None:
    # About a sixth of the Russell 2000 is healthcare: known from its own factsheets.
    sectors = [c for c in mirror_daily if c.startswith("xl") or c in ("xbi", "ibb", "kre")]
    recent = mirror_daily.loc["2022-10-14":]
    assert style_analysis(recent["iwm"], recent[sectors], draws=100).share < 0.35
    assert style_analysis(recent["qqqs"], recent[sectors], draws=100).r2 > 0.7
