"""One list of dependencies: the lock pins it, environment.yml repeats it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock.txt").read_text(encoding="utf-8")
CONDA_NAMES = {"arch": "arch-py", "matplotlib": "matplotlib-base"}


def requirements() -> dict[str, str]:
    groups = PYPROJECT["dependency-groups"]
    texts = [*PYPROJECT["project"]["dependencies"], *groups["dev"], *groups["build"]]
    split = (re.fullmatch(r"([A-Za-z0-9._-]+)(>=[0-9.]+)", text) for text in texts)
    return {match[1].replace("_", "-"): match[2] for match in split if match}


def locked() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", LOCK, re.MULTILINE):
        found.setdefault(name, []).append(version)
    return found


def release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def test_the_lock_pins_every_dependency_within_its_range() -> None:
    pins = locked()
    for name, least in requirements().items():
        assert name in pins, name
        assert all(release(pin) >= release(least) for pin in pins[name]), name


def test_the_build_backend_is_pinned_too() -> None:
    for requirement in PYPROJECT["build-system"]["requires"]:
        name = re.split(r"[<>=]", requirement)[0].replace("_", "-")
        assert name in locked()
        assert name in requirements()


def test_every_pin_has_hashes_and_no_index_is_named() -> None:
    blocks = re.split(r"\n(?=[a-z])", LOCK.strip())
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|index-url|find-links|trusted-host", LOCK)


@pytest.mark.parametrize("name", ["jupyterlab", "pandas", "seaborn", "statsmodels", "papermill"])
def test_the_known_packages_are_dependencies(name: str) -> None:
    assert name in requirements()


def test_environment_yml_agrees_with_pyproject() -> None:
    document = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [entry for entry in document["dependencies"] if isinstance(entry, str)]
    from_pip = next(each for each in document["dependencies"] if isinstance(each, dict))["pip"]
    listed = {}
    for entry in [*plain, *from_pip]:
        name, _, least = entry.replace(" ", "").partition(">=")
        listed[name] = f">={least}" if least else ""
    wanted = {CONDA_NAMES.get(name, name): least for name, least in requirements().items()}
    wanted |= {"python": PYPROJECT["project"]["requires-python"], "make": "", "pip": ""}
    assert listed == wanted


def test_every_import_is_a_dependency_that_is_declared() -> None:
    imported: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    theirs = imported - set(sys.stdlib_module_names) - {"helpers"}
    assert {name.replace("_", "-") for name in theirs} - set(requirements()) == set()
