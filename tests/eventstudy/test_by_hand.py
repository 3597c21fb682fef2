"""The worked example: the page against plain arithmetic, and both against the engine."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from helpers.eventstudy import EventStudy, run

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "report/pages/event_study_by_hand.md"
SIX_DIGITS = 5e-7


@pytest.fixture(scope="module")
def by_hand() -> ModuleType:
    spec = importlib.util.spec_from_file_location("by_hand", HERE / "by_hand.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def study(by_hand: ModuleType) -> EventStudy:
    days = pd.bdate_range("2001-01-01", periods=13, unit="us")
    returns = pd.DataFrame(by_hand.ASSETS, index=days)
    events = pd.DataFrame({"event_id": ["one"], "date": [days[10]]})
    return run(
        returns, events, market=pd.Series(by_hand.MARKET, days), estimation=(-10, -1),
        window=(0, 2), car_windows=[(0, 2)],
    )  # fmt: skip


def page_tables() -> dict[str, list[list[str]]]:
    found = {}
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        lines = [line for line in part.splitlines() if line.startswith("|")]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
        found[part.splitlines()[0]] = cells
    return found


def test_every_number_of_the_page_is_what_plain_arithmetic_gives(by_hand: ModuleType) -> None:
    expected, found = by_hand.tables(), page_tables()
    assert set(expected) == set(found)
    for title, rows in expected.items():
        printed = [
            [str(row[0]).replace("-", "\N{MINUS SIGN}")]
            + [f"{value:.6f}".replace("-", "\N{MINUS SIGN}") for value in row[1:]]
            for row in rows
        ]
        assert found[title] == printed, title


def numbers(by_hand: ModuleType, title: str) -> dict[str, list[float]]:
    return {str(row[0]): [float(value) for value in row[1:]] for row in by_hand.tables()[title]}


def test_the_engine_gives_the_same(by_hand: ModuleType, study: EventStudy) -> None:
    def close(found: object, expected: object) -> None:
        np.testing.assert_allclose(
            np.asarray(found, dtype=float).ravel(), np.asarray(expected).ravel(), atol=SIX_DIGITS
        )

    fitted, over = numbers(by_hand, "Market model"), numbers(by_hand, "Over the three days")
    for name in ("alpha", "beta", "s"):
        close(study.coefficients[name], fitted[name])
    for name, frame in {
        "car": study.car, "scar": study.scar, "scar_exact": study.scar_exact,
        "sd_independent": study.car_sd_independent, "sd_exact": study.car_sd,
    }.items():  # fmt: skip
        close(frame, over[name])
    close(study.estimation_abnormal().T, list(numbers(by_hand, "Residuals").values()))
    close(study.abnormal, list(numbers(by_hand, "Abnormal returns").values()))
    sar = [row[1:] for row in numbers(by_hand, "Standardised abnormal returns").values()]
    close(study.standardized, sar)


def test_the_engine_gives_the_same_statistics(by_hand: ModuleType, study: EventStudy) -> None:
    tests = study.tests
    pooled = tests[tests["level"] == "pooled"].set_index("statistic")["value"]
    expected = {name: value for name, (value,) in numbers(by_hand, "Statistics").items()}
    assert set(pooled.index) == set(expected)
    for name, value in expected.items():
        assert pooled[name] == pytest.approx(value, abs=SIX_DIGITS), name
    of_a = tests[(tests["statistic"] == "sq") & (tests["asset"] == "A")]
    quantile = numbers(by_hand, "Sample quantile of A")
    assert of_a["value"].item() == pytest.approx(quantile["share below"][0])
    assert of_a["p"].item() == pytest.approx(quantile["p"][0])
