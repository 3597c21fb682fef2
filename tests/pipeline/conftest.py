"""A tiny house: two notebooks, one compiled fact, the project's real runner, make and lock."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]

PANEL = """\
from helpers.project import Workspace, write_atomic
workspace = Workspace.current()
text = workspace.read("compiled/facts.csv").read_text()
write_atomic(workspace.write("processed/panel.csv"), text.split("#")[0])
"""
REPORT = """\
import matplotlib.pyplot as plt
from helpers.project import Workspace, write_atomic
workspace = Workspace.current()
total = sum(map(int, workspace.read("processed/panel.csv").read_text().split()))
write_atomic(workspace.write("results/total.json"), str(total * first_year))
print("in", workspace.root, object())
plt.plot([1, 2, total]);
"""


@dataclass
class House:
    root: Path

    def notebook(
        self, name: str, code: str, reads: list[str], writes: list[str], parameters: str = ""
    ) -> None:
        cells = [nbformat.v4.new_markdown_cell("# Does it hold?", id="title")]
        if parameters:
            cell = nbformat.v4.new_code_cell(parameters, id="parameters")
            cell.metadata["tags"] = ["parameters"]
            cells.append(cell)
        cells.append(nbformat.v4.new_code_cell(code, id="call"))
        document = nbformat.v4.new_notebook(cells=cells)
        document.metadata = {
            "helpers": {"reads": reads, "writes": writes},
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        }
        nbformat.write(document, self.root / f"notebooks/{name}.ipynb")

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def pipeline(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "helpers.pipeline", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def build(self, *flags: str) -> subprocess.CompletedProcess[str]:
        return self.pipeline("build", "make", "--no-print-directory", *flags, "notebooks")

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in _MAKE}
        return {**kept, "HELPERS_ROOT": str(self.root), "EDITION": "bundled"}

    def executed(self, name: str) -> Path:
        return self.root / f"build/bundled/notebooks/{name}.ipynb"

    def stamps(self) -> dict[str, int]:
        folder = self.root / "build/bundled/notebooks"
        return {path.stem: path.stat().st_mtime_ns for path in folder.glob("*.ipynb")}


_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "HELPERS_BUILD", "HELPERS_PROCESSED", "HELPERS_RUN"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    root = tmp_path / "a house"  # a space in the path: users have them
    for folder in ("notebooks", "data/raw/compiled"):
        (root / folder).mkdir(parents=True)
    (root / "requirements.lock.txt").write_bytes((ROOT / "requirements.lock.txt").read_bytes())
    (root / "data/raw/compiled/facts.csv").write_text("1\n2\n# note")
    (root / "params.toml").write_text("[02_build_panel]\n[03_date_the_pivots]\nfirst_year = 2000\n")
    house = House(root)
    house.notebook("02_build_panel", PANEL, ["compiled/facts.csv"], ["processed/panel.csv"])
    house.notebook(
        "03_date_the_pivots",
        REPORT,
        ["processed/panel.csv"],
        ["results/total.json"],
        "first_year = 1988",
    )
    return house
