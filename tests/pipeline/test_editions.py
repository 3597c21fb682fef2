"""Publishing copies a whole edition; verifying names every number that moved, and by which rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.pipeline import editions
from helpers.pipeline.editions import publish, verify
from helpers.project import Estimate, FigureRecord, ProjectError, Result, TableRecord, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path
    (root / "params.toml").write_text("[02_build_panel]\n")
    (root / "requirements.lock.txt").write_text("x==1\n")
    made = Workspace.current({"HELPERS_ROOT": str(root)})
    (root / "notebooks").mkdir()
    (root / "notebooks/04_event_study.ipynb").touch()
    build(made.build)
    return made


def build(folder: Path, value: float = 0.1, n: int = 7, cell: str = "1.5") -> Path:
    for room in ("results", "tables", "figures"):
        (folder / room).mkdir(parents=True, exist_ok=True)
    estimate = Estimate(
        label="car", value=value, unit="percent", low=None, high=None, n=n, n_of="events",
        method="none", sample=("2001", "2002"), note="no interval in this test",
    )  # fmt: skip
    Result(
        notebook="04_event_study", edition="bundled", question="?", answer="!", parameters={},
        estimates={"car": estimate},
        figures={"path": FigureRecord(file="04_path.svg", alt="a b c d e f g h words", caption="")},
        tables={"car": TableRecord(file="04_car.csv", caption="")},
    ).save(folder / "results/04_event_study.json")  # fmt: skip
    (folder / "tables/04_car.csv").write_text(f"event,car\na,{cell}\n")
    (folder / "figures/04_path.svg").write_text("<svg/>")
    return folder


def elsewhere(workspace: Workspace) -> None:
    path = workspace.root / "results/bundled/edition.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "processor": "another"}))


def test_a_fresh_build_of_the_same_bytes_is_verified(workspace: Workspace) -> None:
    target = publish(workspace)
    assert sorted(p.name for p in target.rglob("*.*")) == [
        "04_car.csv", "04_event_study.json", "04_path.svg", "edition.json",
    ]  # fmt: skip
    report = verify(workspace, workspace.build)
    assert report.holds
    assert report.text().endswith("bundled: 3 of 3 files identical; same lock, Python and processor: "
                                  "bytes must be identical\nverified\n")  # fmt: skip


def test_what_a_renamed_notebook_left_in_the_build_is_not_published(workspace: Workspace) -> None:
    stale = workspace.build / "results/04_event_study.json"
    stale.with_name("10_gone.json").write_bytes(stale.read_bytes())
    assert not (publish(workspace) / "10_gone.json").exists()


def test_an_edition_readers_cannot_build_comes_with_pages_and_notebooks(
    workspace: Workspace,
) -> None:
    mirror = Workspace.current({"HELPERS_ROOT": str(workspace.root), "EDITION": "mirror"})
    build(mirror.build)
    for name in ("notebooks/04_event_study.ipynb", "site/index.html"):
        (mirror.build / name).parent.mkdir(parents=True, exist_ok=True)
        (mirror.build / name).write_text("page")
    target = publish(mirror)
    assert (target / "notebooks/04_event_study.ipynb").is_file()
    assert (target / "site/index.html").is_file()
    assert json.loads((target / "edition.json").read_text())["published"]


def test_publishing_again_replaces_the_whole_edition(workspace: Workspace) -> None:
    target = publish(workspace)
    (target / "99_old.json").write_text("{}")
    assert not (publish(workspace) / "99_old.json").exists()


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"value": 0.2}, "estimates.car.value: published 0.1, now 0.2"),
        ({"n": 8}, "estimates.car.n: published 7, now 8"),
        ({"cell": "1.6"}, "[1][1]: published 1.5, now 1.6"),
    ],
)
def test_a_number_that_moved_is_named(
    workspace: Workspace, tmp_path: Path, change: dict[str, object], moved: str
) -> None:
    publish(workspace)
    for same_machine in (True, False):
        if not same_machine:
            elsewhere(workspace)
        report = verify(workspace, build(tmp_path / "fresh", **change))  # type: ignore[arg-type]
        assert not report.holds
        assert moved in report.text()


def test_last_bits_may_move_elsewhere_but_not_here(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace)
    fresh = build(tmp_path / "fresh", value=0.1 * (1 + 1e-12), cell="1.5000000000001")
    assert not verify(workspace, fresh).holds
    elsewhere(workspace)
    report = verify(workspace, fresh)
    assert report.holds
    assert "other processor: floats within 1e-09" in report.text()


def test_a_count_must_be_exact_even_when_close(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace)
    elsewhere(workspace)
    fresh = build(tmp_path / "fresh")
    path = fresh / "results/04_event_study.json"
    path.write_text(path.read_text().replace('"n": 7,', '"n": 7.0,'))
    assert not verify(workspace, fresh).holds


@pytest.mark.parametrize("gone", ["tables/04_car.csv", "results/04_event_study.json"])
def test_a_missing_file_moves_too(workspace: Workspace, tmp_path: Path, gone: str) -> None:
    publish(workspace)
    fresh = build(tmp_path / "fresh")
    (fresh / gone).unlink()
    assert "published there, now missing" in verify(workspace, fresh).text()


def test_other_parameters_are_an_error_not_a_difference(workspace: Workspace) -> None:
    publish(workspace)
    (workspace.root / "params.toml").write_text("# changed\n")
    with pytest.raises(ProjectError, match="published with other parameters"):
        verify(workspace, workspace.build)


def test_nothing_built_nothing_published(tmp_path: Path) -> None:
    workspace = Workspace.current({"HELPERS_ROOT": str(tmp_path)})
    with pytest.raises(ProjectError, match="nothing is built"):
        publish(workspace)
    with pytest.raises(ProjectError, match="not published"):
        verify(workspace, workspace.build)


def test_the_fingerprint_carries_no_name_of_the_machine(workspace: Workspace) -> None:
    import platform

    found = editions.fingerprint(workspace)
    assert platform.node() not in json.dumps(found) or not platform.node()
    assert set(found) == {"edition", "data", "parameters", "lock", "python", "system", "processor"}
