"""Upstream files for the tests that need them. Helpers are imported late: a browser has none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pandas as pd

    from helpers.project import Workspace

ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked `mirror` asks for a folder of upstream files."""
    if not os.environ.get("MIRROR"):
        reason = "MIRROR is not set: no upstream files to try"
        for item in items:
            if item.get_closest_marker("mirror"):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The mirror edition, acquired into a folder of its own."""
    from helpers.project import Workspace
    from helpers.sources import acquire

    root = tmp_path_factory.mktemp("mirror")
    shutil.copytree(ROOT / "data/raw/compiled", root / "data/raw/compiled")
    found = Workspace.current({"HELPERS_ROOT": str(root), "EDITION": "mirror"})
    acquire(found)
    return found


@pytest.fixture(scope="session")
def mirror_daily(mirror: Workspace) -> pd.DataFrame:
    from helpers.panel import build_panel

    return build_panel(mirror, "daily")[0]


@pytest.fixture(scope="session")
def mirror_monthly(mirror: Workspace) -> pd.DataFrame:
    from helpers.panel import build_panel

    return build_panel(mirror, "monthly")[0]
