"""The grid: its product, what it leaves out, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.inflation import RegimeSpec, regime
from helpers.project import ProjectError
from helpers.speccurve import load_grid
from helpers.speccurve.grid import FILE


def test_every_combination_is_run_or_left_out_for_a_reason() -> None:
    grid = load_grid()
    specs, left_out = grid.expand()
    product = np.prod([len(axis.choices) for axis in grid.axes.values()])
    hit = np.zeros(int(product), dtype=bool)
    whole = pd.MultiIndex.from_product([axis.choices for axis in grid.axes.values()]).to_frame()
    whole.columns = pd.Index(list(grid.axes))
    for rule in grid.exclude:
        taken = np.ones(int(product), dtype=bool)
        for name, choices in rule.when.items():
            taken &= whole[name].isin(choices).to_numpy()
        hit |= taken
    assert len(specs) == product - hit.sum()
    assert len(specs) >= 5000
    assert not specs.duplicated().any()
    assert len(left_out) == len(grid.exclude)
    assert all(len(each.reason) > 10 for each in left_out)


def test_no_two_rules_without_a_threshold_are_the_same_regimes(
    panel: Callable[..., pd.DataFrame],
) -> None:
    specs, _ = load_grid().expand()
    index = panel(3)["cpi_sa_index"]
    rules = specs.loc[(specs["measure"] == "cpi_sa") & (specs["threshold_pp"] == 0)]
    rules = rules[["rate_months", "change_months", "threshold_pp", "lag_months"]].drop_duplicates()
    states = {
        tuple(
            regime(index, RegimeSpec("cpi_sa", rate, changed, lag, threshold))
            .rising.loc["1950":"2018"]
            .tolist()
        )
        for rate, changed, threshold, lag in rules.itertuples(index=False)
    }
    assert len(states) == len(rules) == 18


@pytest.mark.parametrize("rate, changed", [(3, 6), (3, 12), (6, 12)])
def test_the_rules_left_out_are_identical(
    panel: Callable[..., pd.DataFrame], rate: int, changed: int
) -> None:
    index = panel(4)["cpi_sa_index"]
    here = regime(index, RegimeSpec("cpi_sa", rate, changed)).rising.dropna()
    there = regime(index, RegimeSpec("cpi_sa", changed, rate)).rising.dropna()
    assert here.equals(there)


def test_fewer_choices_can_be_taken() -> None:
    specs, _ = load_grid().only(outcome=["smb"], start=[1990], without=["none"]).expand()
    assert set(specs["outcome"]) == {"smb"}
    with pytest.raises(
        ProjectError, match=r"no axis is called 'outcom'; nearest valid name: outcome"
    ):
        load_grid().only(outcom=["smb"])
    with pytest.raises(ProjectError, match=r"grid, start: 1991; expected 1926, 1947"):
        load_grid().only(start=[1991])


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("start = [1926, 1947]", "strat = [1926]", "no axis is called 'strat'"),
        ('measure = ["cpi_sa"], start', 'measure = ["cpi"], start', "measure has no value 'cpi'"),
        ('labels = ["none", "January", ', 'labels = ["none", ', "2 labels, 3 choices"),
        ('"average_minus_largest", "smb"]', '"average_minus_all"]', "no outcome is called"),
        ("[axes.start]", "[axes.start", "unreadable"),
    ],
)
def test_a_wrong_grid_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "grid.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProjectError, match=said):
        load_grid(path)
