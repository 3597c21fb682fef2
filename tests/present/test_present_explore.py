"""The page on which readers choose, from an invented table."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.present.site.explore import explore_page
from helpers.project import Result
from helpers.speccurve import EXPLORED, load_grid

REASON = "an invented </script> reason"


@pytest.fixture
def found() -> dict[str, Result]:
    result = Result(
        notebook="09_specification_curve", edition="bundled", question="Does it?", answer="No.",
        parameters={"hac_lags": 12}, quantities={"average_stock": "a stand-in (invented)"},
    )  # fmt: skip
    return {result.notebook: result}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Every crossing, those from 1926 refused; the primary one has numbers known by heart."""
    grid = load_grid()
    table = pd.DataFrame(
        itertools.product(*(grid.axes[name].choices for name in EXPLORED)), columns=list(EXPLORED)
    )
    table["reading"] = table["outcome"].map(grid.reading_of())
    table["primary"] = (
        (table["measure"] == "cpi_nsa") & (table["rate_months"] == 12)
        & (table["change_months"] == 6) & (table["start"] == 1947)
        & table["outcome"].isin(["average_excess", "average_minus_market"])
    )  # fmt: skip
    table["reason"] = np.where(table["start"] == 1926, REASON, "")
    numbers = {
        "rising_mean": -0.04, "rising_low": -6.26, "rising_high": 6.18, "falling_mean": 12.34,
        "falling_low": 5.0, "falling_high": 19.96, "value": -12.38, "low": -20.0, "high": -4.76,
        "p": 0.00049, "months": 1234, "rising": 600, "regimes": 99, "rank": 26, "n": 100,
        "first": "1947-01", "last": "2017-03",
    }  # fmt: skip
    for name, value in numbers.items():
        table[name] = pd.Series([value] * len(table)).where(table["reason"] == "")
    table.to_csv(tmp_path / "09_explore.csv", index=False)
    curve = pd.DataFrame(
        {"reading": np.repeat(["absolute", "relative"], 100), "value": np.arange(200.0) - 50}
    )
    curve.to_csv(tmp_path / "09_specifications.csv", index=False)
    return tmp_path


def data_of(page: str) -> dict:
    found = re.search(r'id="explore-data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def test_without_its_table_there_is_no_page(found: dict[str, Result], tmp_path: Path) -> None:
    assert explore_page(found, tmp_path) is None


def test_without_scripts_the_primary_choice_reads_whole(
    found: dict[str, Result], tables: Path
) -> None:
    page = explore_page(found, tables)
    assert page is not None
    assert (
        "From January 1947 to March 2017, in months when 12-month inflation (CPI) was higher than "
        "6 months before, the average stock&#x27;s return over Treasury bills averaged 0.0% a year "
        "(95% interval −6.3 to 6.2); when it was lower, 12.3% (5.0 to 20.0)."
    ) in page
    assert (
        "The difference is −12.4 points a year (95% interval −20.0 to −4.8; p &lt; 0.001; 1,234 "
        "months in 99 regimes), lower than 74% of the 100 specifications of the average stock by "
        "itself."
    ) in page
    assert "In this edition a stand-in (invented) is used for it." in page
    assert '<option value="cpi_nsa" selected>CPI</option>' in page
    assert page.count(" checked>") == 3
    assert page.count('<th scope="row"') >= 5


def test_the_data_hold_every_crossing_in_the_order_of_the_axes(
    found: dict[str, Result], tables: Path
) -> None:
    page = explore_page(found, tables)
    assert page is not None
    assert "invented </script>" not in page
    data = data_of(page)
    sizes = [len(data["axes"][name]) for name in EXPLORED]
    assert len(data["rows"]) == np.prod(sizes)
    table = pd.read_csv(tables / "09_explore.csv")
    for place, row in enumerate(data["rows"]):
        refused = table["start"].iloc[place] == 1926
        assert (row == data["reasons"].index(REASON)) if refused else len(row) == 14
    at = np.ravel_multi_index(
        [
            [value for value, *_ in data["axes"][name]].index(data["primary"][name])
            for name in EXPLORED
        ],
        sizes,
    )
    assert at in data["fixed"]
    shown = dict(zip(data["columns"], data["rows"][at], strict=True))
    assert (shown["rising_mean"], shown["value"], shown["p"]) == (0.0, -12.4, 0.0)
    assert data["readings"]["absolute"]["n"] == 100
    assert data["readings"]["absolute"]["curve"] == sorted(data["readings"]["absolute"]["curve"])
    assert data["readings"]["relative"]["differences"] == [-20.0, -4.8]


def test_the_page_is_light(found: dict[str, Result], tables: Path) -> None:
    page = explore_page(found, tables)
    assert page is not None
    assert len(page.encode()) < 250_000  # three times as many estimates as an edition has
