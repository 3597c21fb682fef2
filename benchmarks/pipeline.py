"""How close a full run comes to the least possible: max(longest chain, total / cores).

    python benchmarks/pipeline.py          from the checkout, environment in place

Runs all notebooks twice from nothing, into build/benchmark: one at a time, which gives each
notebook's own seconds, and side by side, which is what users see. The site is not counted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

from helpers.pipeline.notebook import load_notebooks
from helpers.pipeline.plan import dependencies
from helpers.project import Workspace

BUILD = "build/benchmark"


def full_run(jobs: int) -> tuple[float, dict[str, float]]:
    """Wall seconds of a run from nothing, and each notebook's own."""
    root = Workspace.current().root
    shutil.rmtree(root / BUILD, ignore_errors=True)
    environ = {**os.environ, "HELPERS_BUILD": BUILD, "HELPERS_PROCESSED": f"{BUILD}/processed"}
    command = [sys.executable, "-m", "helpers.pipeline", "build"]
    command += ["make", "--no-print-directory", f"-j{jobs}", "notebooks"]
    started = time.perf_counter()
    subprocess.run(command, cwd=root, env=environ, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    records = sorted((root / BUILD / "keys").glob("*.record.json"))
    return wall, {p.name.split(".")[0]: json.loads(p.read_bytes())["seconds"] for p in records}


def longest_chain(seconds: dict[str, float]) -> tuple[float, list[str]]:
    """The chain of notebooks that wait for each other and take longest."""
    notebooks = load_notebooks(Workspace.current().notebooks)
    upstream = dependencies(notebooks)
    writer = {pattern: each.name for each in notebooks for pattern in each.writes}
    best: dict[str, tuple[float, list[str]]] = {}
    for each in notebooks:
        before = [best[writer[pattern]] for pattern in upstream[each.name]]
        length, chain = max(before, default=(0.0, []))
        best[each.name] = (length + seconds[each.name], [*chain, each.name])
    return max(best.values())


def main() -> None:
    cores = os.cpu_count() or 1
    _, alone = full_run(1)
    wall, _ = full_run(cores)
    chain, names = longest_chain(alone)
    total = sum(alone.values())
    bound = max(chain, total / cores)
    rows = [(name, f"{value:.1f} s") for name, value in alone.items()]
    rows += [
        ("total", f"{total:.1f} s"),
        (f"total / {cores} cores", f"{total / cores:.1f} s"),
        (f"longest chain ({' > '.join(name[:2] for name in names)})", f"{chain:.1f} s"),
        ("least possible", f"{bound:.1f} s"),
        ("a full run, side by side", f"{wall:.1f} s"),
        ("ratio (at most 1.25)", f"{wall / bound:.2f}"),
    ]
    sys.stdout.write("".join(f"{name:<44}{value:>10}\n" for name, value in rows))


if __name__ == "__main__":
    main()
