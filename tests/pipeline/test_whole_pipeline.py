"""The whole pipeline on a tiny house: what re-runs, what stays, and what a failure leaves."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.project import sha256_of

from .conftest import PANEL, REPORT, House


def test_only_what_changed_in_content_runs_again(house: House) -> None:
    assert house.build().returncode == 0
    total = house.root / "build/bundled/results/total.json"
    assert total.read_text() == "6000"
    first = house.stamps()

    # Time stamps alone are no change.
    for file in ("data/raw/compiled/facts.csv", "notebooks/02_build_panel.ipynb", "params.toml"):
        (house.root / file).touch()
    (house.root / "data/processed/bundled/panel.csv").touch()
    assert house.build().returncode == 0
    assert house.stamps() == first

    # A parameter re-runs its own notebook alone.
    house.replace("params.toml", "2000", "2001")
    assert house.build().returncode == 0
    second = house.stamps()
    assert total.read_text() == "6003"
    assert second["02_build_panel"] == first["02_build_panel"]
    assert second["03_date_the_pivots"] > first["03_date_the_pivots"]

    # Data that change without changing the panel stop at the panel.
    house.replace("data/raw/compiled/facts.csv", "# note", "# another note")
    assert house.build().returncode == 0
    third = house.stamps()
    assert third["02_build_panel"] > second["02_build_panel"]
    assert third["03_date_the_pivots"] == second["03_date_the_pivots"]

    # Data that change the panel run through.
    house.replace("data/raw/compiled/facts.csv", "2", "3")
    assert house.build().returncode == 0
    assert total.read_text() == "8004"

    # An output edited by hand is made again.
    total.write_text("7")
    assert house.build().returncode == 0
    assert total.read_text() == "8004"


def test_two_runs_give_the_same_bytes_without_a_trace_of_the_machine(house: House) -> None:
    assert house.build("-j2").returncode == 0
    first = {path.name: sha256_of(path) for path in house.executed("x").parent.iterdir()}
    text = house.executed("03_date_the_pivots").read_text(encoding="utf-8")
    assert "image/png" in text
    assert "in . <object object at 0x0>" in text
    for trace in (str(house.root), str(Path.home()), sys.prefix, "2026-", "execution_time"):
        assert trace not in text
    (house.root / "build/bundled/keys/02_build_panel.record.json").unlink()
    (house.root / "build/bundled/keys/03_date_the_pivots.record.json").unlink()
    before = house.stamps()
    assert house.build().returncode == 0
    assert all(stamp > before[name] for name, stamp in house.stamps().items())
    second = {path.name: sha256_of(path) for path in house.executed("x").parent.iterdir()}
    assert second == first


def test_a_failed_cell_leaves_nothing_that_looks_fresh(house: House) -> None:
    assert house.build().returncode == 0
    house.notebook(
        "02_build_panel",
        PANEL + "raise ValueError('no such month: 2025-10')",
        ["compiled/facts.csv"],
        ["processed/panel.csv"],
    )
    run = house.build()
    assert run.returncode != 0
    assert "02_build_panel.ipynb: cell 1 failed: ValueError: no such month: 2025-10" in run.stderr
    failed = house.executed("02_build_panel").with_suffix(".failed.ipynb")
    assert "no such month" in failed.read_text(encoding="utf-8")
    assert house.build().returncode != 0, "a second make must fail again, not pass"
    house.notebook("02_build_panel", PANEL, ["compiled/facts.csv"], ["processed/panel.csv"])
    assert house.build().returncode == 0
    assert not failed.exists()


@pytest.mark.parametrize(
    ("reads", "writes", "said"),
    [
        ([], ["results/total.json"], "it read processed/panel.csv, which is not declared"),
        (["processed/panel.csv"], [], "it wrote results/total.json, which is not declared"),
        (
            ["processed/panel.csv", "compiled/facts.csv"],
            ["results/total.json"],
            "it never read the declared compiled/facts.csv",
        ),
    ],
)
def test_what_a_notebook_does_must_be_what_it_declares(
    house: House, reads: list[str], writes: list[str], said: str
) -> None:
    assert house.build().returncode == 0
    house.notebook("03_date_the_pivots", REPORT, reads, writes, "first_year = 1988")
    run = house.build()
    assert run.returncode != 0
    assert said in run.stderr


def test_an_overridden_run_leaves_the_report_alone(house: House) -> None:
    assert house.build().returncode == 0
    report = {path: sha256_of(path) for path in (house.root / "build/bundled").rglob("*.*")}
    run = house.pipeline("run", "03_date_the_pivots", "--set", "first_year=02010")
    assert run.returncode == 0, run.stderr
    executed = house.root / run.stdout.strip()
    assert executed.is_file()
    assert executed.parts[-4] == "runs"
    assert (executed.parents[1] / "results/total.json").read_text() == str(3 * 2010)
    assert report == {path: sha256_of(path) for path in (house.root / "build/bundled").rglob("*.*")}


def test_a_typo_fails_before_a_kernel_starts(house: House) -> None:
    started = time.monotonic()
    run = house.pipeline("run", "03_date_the_pivots", "--set", "first_yeer=2010")
    assert run.returncode == 1
    assert "nearest valid name: first_year" in run.stderr
    assert run.stderr.count("\n") == 1
    assert not (house.root / "build/runs").exists()
    assert time.monotonic() - started < 3
    assert "papermill" not in run.stderr


def test_two_makes_at_once_are_locked_out(house: House) -> None:
    (house.root / "build/bundled").mkdir(parents=True)
    with (house.root / "build/bundled/.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = house.build()
    assert run.returncode == 1
    assert "another make is building this edition" in run.stderr
    assert house.build().returncode == 0


def test_a_killed_run_leaves_no_kernel_and_resumes(house: House, tmp_path: Path) -> None:
    flag = tmp_path / "kernel.pid"
    slow = (
        f"import os, time\nopen({str(flag)!r}, 'w').write(str(os.getpid()))\n"
        "if os.path.exists('../wait'):\n    time.sleep(60)\n" + REPORT
    )
    (house.root / "wait").touch()
    house.notebook(
        "03_date_the_pivots",
        slow,
        ["processed/panel.csv"],
        ["results/total.json"],
        "first_year = 1",
    )
    house.pipeline("run", "02_build_panel", "--report")
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.pipeline", "run", "03_date_the_pivots", "--report"],
        env=house.environment,
        stderr=subprocess.DEVNULL,
    )
    kernel = _wait_for(lambda: int(flag.read_text() or 0) if flag.exists() else 0)
    process.kill()
    process.wait()
    _wait_for(lambda: not _alive(kernel))
    assert not house.executed("03_date_the_pivots").exists()
    (house.root / "wait").unlink()
    assert house.build().returncode == 0
    assert json.loads((house.root / "build/bundled/results/total.json").read_text()) == 6000


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A zombie waits only for its parent to read its exit code.
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def _wait_for(condition: object, seconds: float = 30) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():  # type: ignore[operator]
            return value
        time.sleep(0.05)
    raise AssertionError("waited in vain")
