"""The data page follows the catalogue; a mirror written is a mirror that can be used."""

from __future__ import annotations

import tomllib
from pathlib import Path

from helpers.sources import load_catalogue
from helpers.sources.describe import EXAMPLE, data_readme

ROOT = Path(__file__).parents[2]


def test_the_data_page_is_that_of_the_catalogue() -> None:
    text = (ROOT / "data/README.md").read_text(encoding="utf-8")
    assert text == data_readme(load_catalogue()), "python -m helpers.sources readme"


def test_the_example_is_an_entry() -> None:
    (name,) = tomllib.loads(EXAMPLE)["datasets"]
    assert f"[datasets.{name}]" in (ROOT / "data/README.md").read_text(encoding="utf-8")
