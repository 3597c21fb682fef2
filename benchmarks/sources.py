"""How long a mirror takes to become panels, and how much less a second run takes.

    MIRROR=folder python benchmarks/sources.py        from the checkout, environment in place

Each row is a process of its own, started with an empty house; memory is that process's peak.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STEPS = {
    "acquire": "acquire(workspace)",
    "acquire again": "acquire(workspace)",
    "both panels": "[save_panel(workspace, f, *build_panel(workspace, f)) for f in FREQUENCIES]",
}
CODE = """
import resource, sys, time
from helpers.panel import build_panel, save_panel
from helpers.panel.build import FREQUENCIES
from helpers.project import Workspace
from helpers.sources import acquire
workspace = Workspace.current()
started = time.perf_counter()
{step}
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    if not os.environ.get("MIRROR"):
        sys.exit("MIRROR is not set: say where the upstream files are")
    root = Path.cwd()
    with tempfile.TemporaryDirectory() as house:
        shutil.copytree(root / "data/raw/compiled", Path(house, "data/raw/compiled"))
        environ = {**os.environ, "HELPERS_ROOT": house, "EDITION": "mirror"}
        rows = {}
        for name, step in STEPS.items():
            command = [sys.executable, "-c", CODE.format(step=step)]
            told = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
            rows[name] = [float(word) for word in told.stdout.split()]
    sys.stdout.write("| step | seconds | peak MiB |\n|---|---:|---:|\n")
    for name, (seconds, memory) in rows.items():
        sys.stdout.write(f"| {name} | {seconds:.2f} | {memory:.0f} |\n")
    total = rows["acquire"][0] + rows["both panels"][0]
    sys.stdout.write(
        f"| files to panels | {total:.2f} | {max(m for _, m in rows.values()):.0f} |\n"
    )
    sys.stdout.write(f"\nsecond run / first: {rows['acquire again'][0] / rows['acquire'][0]:.3f}\n")


if __name__ == "__main__":
    main()
