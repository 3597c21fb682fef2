"""What is published holds results, not the data they were made from."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.project import sha256_of
from helpers.speccurve import load_grid

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
EDITIONS = sorted(path.name for path in RESULTS.iterdir() if path.is_dir())
MOST_BYTES = 25_000_000
MOST_RAW_ROWS = 20
DIGITS = 6  # to which values are compared
RUN = 5  # values in a row that are met together
# Figures whose lines are a publisher's own series, or sums of one: pictures, not drawings.
RAW_FIGURES = ("02_growth", "06_spread", "07_since")


def test_it_is_lean() -> None:
    assert sum(path.stat().st_size for path in RESULTS.rglob("*") if path.is_file()) < MOST_BYTES


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_notebook_has_its_result(edition: str) -> None:
    names = {path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    found = {path.stem for path in (RESULTS / edition).glob("[0-9][0-9]_*.json")}
    assert found == names


def test_the_mirror_edition_comes_with_pages_and_its_manifest() -> None:
    folder = RESULTS / "mirror"
    about = json.loads((folder / "edition.json").read_bytes())
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", about["published"])
    assert about["data"] == sha256_of(folder / "manifest.json")
    for name in (path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        assert (folder / "notebooks" / f"{name}.ipynb").is_file()
        assert (folder / "site" / f"{name}.html").is_file()


def test_lines_of_raw_series_are_pictures() -> None:
    figures = {path.name for path in (RESULTS / "mirror/figures").iterdir()}
    for name in RAW_FIGURES:
        assert f"{name}.svg" not in figures
    assert any(name.startswith("07_since.") for name in figures)


def test_the_number_of_specifications_is_published() -> None:
    for edition in EDITIONS:
        result = json.loads((RESULTS / edition / "09_specification_curve.json").read_bytes())
        table = pd.read_csv(RESULTS / edition / "tables/09_specifications.csv")
        assert result["quantities"]["n_specifications"] == len(table) >= 5000
        assert set(load_grid().axes) <= set(table)


@pytest.fixture(scope="module")
def raw_runs(mirror_daily: pd.DataFrame, mirror_monthly: pd.DataFrame) -> np.ndarray:
    found = []
    for panel in (mirror_daily, mirror_monthly):
        for column in panel:
            values = panel[column].dropna().to_numpy(dtype=float)
            found += [runs(values), runs(100 * values)]  # as fractions and as percent
    return np.unique(np.concatenate(found))


def runs(values: np.ndarray) -> np.ndarray:
    """A number for each five values in a row, at least three of them different."""
    if len(values) < RUN:
        return np.empty(0)
    rounded = np.array([float(f"{value:.{DIGITS - 1}e}") for value in values])
    windows = np.lib.stride_tricks.sliding_window_view(rounded, RUN)
    different = 1 + (np.diff(np.sort(windows, axis=1), axis=1) > 0).sum(axis=1)
    windows = windows[different >= 3]
    return windows @ np.sqrt([2.0, 3.0, 5.0, 7.0, 11.0])


@pytest.mark.mirror
def test_no_table_holds_a_raw_series(raw_runs: np.ndarray) -> None:
    for path in sorted((RESULTS / "mirror/tables").glob("*.csv")):
        table = pd.read_csv(path)
        for column in table.select_dtypes("float"):  # counts meet counts
            met = int(np.isin(runs(table[column].dropna().to_numpy(dtype=float)), raw_runs).sum())
            assert met <= MOST_RAW_ROWS - RUN, (path.name, column, met)


@pytest.mark.mirror
def test_no_file_of_the_mirror_is_here() -> None:
    theirs = {sha256_of(path) for path in Path(os.environ["MIRROR"]).rglob("*") if path.is_file()}
    tracked = [path for path in RESULTS.rglob("*") if path.is_file()]
    assert not [path.name for path in tracked if sha256_of(path) in theirs]


def test_the_scan_finds_a_raw_column() -> None:
    raw = np.random.default_rng(1).normal(0, 1, 300).round(2)
    table = np.r_[np.arange(10.0), raw[100:130], np.arange(10.0)]
    assert np.isin(runs(table), runs(raw)).sum() == 30 - RUN + 1
    assert np.isin(runs(np.sort(raw)), runs(raw)).sum() == 0
