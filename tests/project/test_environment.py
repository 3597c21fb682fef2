"""The script that runs before anything is installed: what it checks, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.project import environment

SCRIPT = Path(environment.__file__)


def test_it_needs_nothing_but_the_standard_library() -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), "--nonsense"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "--ready" in run.stderr
    assert "Error" not in run.stderr


def test_a_stamp_of_another_lock_is_not_ready(tmp_path: Path) -> None:
    assert not environment.is_ready(tmp_path)
    environment.stamp(tmp_path)
    assert environment.is_ready(tmp_path)
    path = tmp_path / environment.STAMP
    path.write_text(json.dumps({**json.loads(path.read_text()), "lock": "0"}))
    assert not environment.is_ready(tmp_path)
    path.write_text("{half")
    assert not environment.is_ready(tmp_path)


def test_a_missing_venv_module_gives_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit):
        environment.make_venv()
    said = capsys.readouterr().err.splitlines()[-1]
    assert "has no venv module" in said
    assert "apt install python3-venv" in said
    assert not (tmp_path / "venv").exists()


def test_a_plain_python_is_not_used_as_an_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(environment.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(environment.sys, "base_prefix", str(tmp_path))
    with pytest.raises(SystemExit):
        environment.use_active()
    assert "is no environment" in capsys.readouterr().err


def test_a_conda_environment_that_lacks_something_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "conda-meta").mkdir()
    monkeypatch.setattr(environment.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(environment, "unmet", lambda: ["papermill>=2.7"])
    with pytest.raises(SystemExit):
        environment.use_active()
    assert "lacks papermill>=2.7. Mend: conda env update" in capsys.readouterr().err


def test_this_environment_meets_pyproject() -> None:
    assert environment.unmet() == []


@pytest.mark.parametrize(
    ("version", "least", "enough"),
    [("2.10.0", "2.9", True), ("0.14.6", "0.14.6", True), ("1.26.4", "2.2", False)],
)
def test_versions_compare_as_numbers(version: str, least: str, enough: bool) -> None:
    assert (environment.release(version) >= environment.release(least)) is enough


def test_make_names_an_old_python(tmp_path: Path) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"):
        fake = tmp_path / name
        fake.write_text("#!/bin/sh\nexit 1\n")
        fake.chmod(0o755)
    makefile = (SCRIPT.parents[3] / "Makefile").read_text(encoding="utf-8")
    (tmp_path / "Makefile").write_text(makefile)
    environ = {**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    run = subprocess.run(
        ["make", "environment"], cwd=tmp_path, env=environ, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode != 0
    assert "Python 3.11 or newer is needed" in run.stderr
