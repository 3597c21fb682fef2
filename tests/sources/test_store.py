"""The raw room: what is stored, what is refused, and that a killed run can be taken up again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from helpers.project import ProjectError, Workspace
from helpers.sources import acquire, available, load, load_catalogue, missing, provenance
from helpers.sources.store import Manifest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the bundled edition in it."""
    return house(tmp_path_factory.mktemp("filled"), fill=True).root


@pytest.fixture
def workspace(filled: Path, tmp_path: Path) -> Workspace:
    """A copy that a test may spoil."""
    shutil.copytree(filled, tmp_path / "house")
    return Workspace.current({"HELPERS_ROOT": str(tmp_path / "house")})


def house(root: Path, *, fill: bool) -> Workspace:
    shutil.copytree(ROOT / "data/raw/compiled", root / "data/raw/compiled")
    workspace = Workspace.current({"HELPERS_ROOT": str(root)})
    if fill:
        acquire(workspace)
    return workspace


def test_every_dataset_of_the_edition_loads(workspace: Workspace) -> None:
    assert available(workspace) == list(load_catalogue().of("bundled"))
    for name in available(workspace):
        assert len(load(workspace, name)) > 40, name


def test_known_values(workspace: Workspace) -> None:
    cpi = load(workspace, "cpi_nsa")["index"]
    assert cpi["2023-12-31"] == 306.746
    assert pd.isna(cpi["2025-10-31"])
    assert cpi.index[0] == pd.Timestamp("1913-01-31")
    factors = load(workspace, "ff3_monthly")
    assert factors.index[0] == pd.Timestamp("1926-07-31")
    assert factors.index[-1] == pd.Timestamp("2018-11-30")
    assert factors.loc["1926-07-31"].tolist() == [2.96, -2.3, -2.87, 0.22]
    fund = load(workspace, "pivot_2023_daily")
    assert fund["iwm"].pct_change()["2023-12-13"] == pytest.approx(0.0339, abs=0.0001)
    assert fund["dgs2"][["2023-12-12", "2023-12-13"]].tolist() == [4.73, 4.46]


def test_a_second_run_changes_no_byte(workspace: Workspace) -> None:
    before = contents(workspace)
    assert acquire(workspace) == []
    assert contents(workspace) == before


def test_the_payload_is_what_the_package_carries(workspace: Workspace) -> None:
    import arch.data.frenchdata

    record = Manifest.load(workspace).payloads["french/ff3_monthly.csv.gz"]
    carried = Path(arch.data.frenchdata.__file__).with_name("frenchdata.csv.gz").read_bytes()
    assert workspace.read(record.stored).read_bytes() == carried


def test_a_sidecar_says_whose_it_is(workspace: Workspace) -> None:
    record = Manifest.load(workspace).payloads["bls/cpi.csv"]
    path = workspace.read(record.stored)
    sidecar = json.loads(path.with_name(path.name + ".json").read_text())
    assert sidecar["publisher"] == "US Bureau of Labor Statistics"
    assert sidecar["sha256"] == record.sha256
    assert "sha256" in sidecar["extracted_from"]
    assert not {"user", "host", "path"} & set(sidecar)


def test_a_payload_changed_on_disk_is_refused_with_both_hashes(workspace: Workspace) -> None:
    record = Manifest.load(workspace).payloads["quotes/sp500.csv.gz"]
    workspace.read(record.stored).write_bytes(b"Date,Adj Close\n")
    for act in (lambda: load(workspace, "sp500_daily"), lambda: acquire(workspace)):
        with pytest.raises(ProjectError) as caught:
            act()
        said = str(caught.value)
        assert "changed on disk" in said
        assert record.sha256 in said
        assert said.count("sha256") == 2
        assert record.stored in said


def test_a_missing_payload_comes_back(workspace: Workspace) -> None:
    record = Manifest.load(workspace).payloads["quotes/sp500.csv.gz"]
    before = contents(workspace)
    workspace.read(record.stored).unlink()
    with pytest.raises(ProjectError, match=r"missing.*make data"):
        load(workspace, "sp500_daily")
    acquire(workspace)
    assert contents(workspace) == before


def test_an_edited_fact_is_taken_up_with_its_new_hash(workspace: Workspace) -> None:
    path = workspace.read("compiled/pivot_2023_daily.csv")
    path.write_text(path.read_text().replace("168.74", "168.75", 1))
    with pytest.raises(ProjectError, match="changed on disk"):
        load(workspace, "pivot_2023_daily")
    acquire(workspace)
    assert load(workspace, "pivot_2023_daily")["iwm"].iloc[0] == 168.75


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2023-05-02,", "2023-13-02,", "row 3: not a date"),
        ("2023-05-02,", "2023-05-01,", "2023-05-01 occurs twice"),
        ("2023-05-02,", "2023-04-28,", "2023-04-28 comes after a later date"),
        ("IWM", "IWN", "no column 'IWM'"),
        ("165.28", "-165.28", r"iwm = -165.28 on 2023-05-02; expected 1.0 to 1000.0"),
        ("165.28", "n/a", "IWM: 'n/a' is no number"),
        ("165.28", "", "iwm is missing on 2023-05-02"),
    ],
)
def test_a_spoilt_fact_is_refused_by_name(
    workspace: Workspace, old: str, new: str, said: str
) -> None:
    path = workspace.read("compiled/pivot_2023_daily.csv")
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ProjectError, match="pivot_2023_daily") as caught:
        acquire(workspace)
    assert said.replace("\\", "") in str(caught.value)
    assert "Mend:" in str(caught.value)


def test_a_gap_and_a_shrunken_history_are_refused(workspace: Workspace) -> None:
    path = workspace.read("compiled/pivot_2023_daily.csv")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:50] + lines[60:]))
    with pytest.raises(ProjectError, match="nothing for"):
        acquire(workspace)
    path.write_text("".join(lines[:-1]))
    with pytest.raises(ProjectError, match="189 rows; expected at least 190"):
        acquire(workspace)


def test_two_runs_at_once_leave_one_whole_house(tmp_path: Path) -> None:
    workspace = house(tmp_path, fill=False)
    errors: list[Exception] = []

    def run() -> None:
        try:
            acquire(workspace)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert provenance(workspace)["rows"].gt(0).all()


@pytest.mark.parametrize("after", [0.6, 0.8, 1.0])
def test_a_killed_run_can_be_taken_up(tmp_path: Path, after: float) -> None:
    workspace = house(tmp_path, fill=False)
    code = (
        "from helpers.sources import acquire; from helpers.project import Workspace; import time\n"
    )
    code += "time.sleep(0.1); acquire(Workspace.current())"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={"HELPERS_ROOT": str(tmp_path), "PATH": "/usr/bin:/bin"}
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    acquire(workspace)
    assert available(workspace) == list(load_catalogue().of("bundled"))
    for name in available(workspace):
        load(workspace, name)


def test_an_unknown_name_gets_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(
        ProjectError, match="no dataset is called 'cpi_nza'; nearest valid name: cpi_"
    ):
        load(workspace, "cpi_nza")


def test_provenance_says_how_old_each_is(workspace: Workspace) -> None:
    table = provenance(workspace)
    assert table.loc["cpi_nsa", "age_months"] == 0
    assert table.loc["sp500_daily", "age_months"] == 12 * (2026 - 2018) + 8 - 12
    assert table["sha256"].str.len().eq(64).all()


def test_what_is_missing_says_what_it_costs(workspace: Workspace) -> None:
    absent = missing(workspace)
    assert set(absent.index) == set(load_catalogue()) - set(available(workspace))
    assert absent["cost"].str.len().gt(10).all()


def test_a_manifest_that_is_no_manifest_is_refused(workspace: Workspace) -> None:
    workspace.read("raw/manifest.json").write_text("{}")
    with pytest.raises(ProjectError, match="unreadable"):
        load(workspace, "cpi_nsa")


def contents(workspace: Workspace) -> dict[str, bytes]:
    return {
        str(path.relative_to(workspace.raw)): path.read_bytes()
        for path in workspace.raw.rglob("*")
        if path.is_file()
    }
