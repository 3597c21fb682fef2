"""The regimes of the day are kept and read back; an edition without vintages keeps an empty table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.inflation import load_first_release, load_real_time, real_time, save_real_time
from helpers.project import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.current({"HELPERS_ROOT": str(tmp_path)})


def test_without_vintages_the_table_is_empty(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setattr(real_time, "available", lambda _: ())
    save_real_time(workspace)
    assert load_real_time(workspace).empty
    assert load_first_release(workspace).empty


def test_each_vintage_says_what_its_month_knew(workspace: Workspace, monkeypatch) -> None:
    months = pd.date_range("1990-01-31", periods=90, freq="ME", unit="us")
    index = pd.Series(100 * np.exp(np.cumsum(0.002 + 0.002 * np.sin(np.arange(90) / 9))), months)
    made = {f"{m:%Y-%m}": index.where(index.index < m - pd.Timedelta(days=20)) for m in months[40:]}
    monkeypatch.setattr(real_time, "available", lambda _: (real_time.DATASET,))
    monkeypatch.setattr(real_time, "load", lambda *_: pd.DataFrame(made))
    save_real_time(workspace)
    found = load_real_time(workspace)
    assert list(found.index) == list(months[40:])
    rate = index / index.shift(12)
    expected = (rate > rate.shift(6)).shift(1).loc[found.index]
    assert found.astype(bool).tolist() == expected.astype(bool).tolist()


def test_a_first_release_is_the_figure_of_its_first_vintage(
    workspace: Workspace, monkeypatch
) -> None:
    """By hand: a revision comes too late, a month without a figure has none, nor the one after."""
    months = pd.date_range("1990-01-31", periods=40, freq="ME", unit="us")
    index = pd.Series(100 * 1.01 ** np.arange(40), months)
    index.iloc[33] = np.nan
    made = {f"{m:%Y-%m}": index.where(index.index < m) for m in months[30:]}
    made[f"{months[32]:%Y-%m}"].iloc[31] *= 1.02 / 1.01
    monkeypatch.setattr(real_time, "available", lambda _: (real_time.DATASET,))
    monkeypatch.setattr(real_time, "load", lambda *_: pd.DataFrame(made))
    save_real_time(workspace)
    found = load_first_release(workspace)
    assert found.index[0] == months[29]
    assert found[months[30]] == pytest.approx(1.0)
    assert found[months[31]] == pytest.approx(2.0)  # as its first vintage had it
    assert found[months[32]] == pytest.approx(1.0)
    assert found[[months[33], months[34]]].isna().all()
    assert found[months[35]] == pytest.approx(1.0)
