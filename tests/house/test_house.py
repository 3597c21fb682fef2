"""The walls: floors, the Makefile's constructs, what may be tracked, what notebooks look like."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from helpers.pipeline.notebook import load_notebooks
from helpers.project.parameters import SECTIONS, load_parameters

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_floors_import_downwards_only() -> None:
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout


def test_every_room_stands_on_a_floor() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = " ".join(project["tool"]["importlinter"]["contracts"][0]["layers"])
    rooms = {path.stem for path in (ROOT / "src/helpers").iterdir() if path.stem[0] != "_"}
    assert {room for room in rooms if f"helpers.{room}" not in layers} == set()


# What GNU Make learnt after 3.81: 3.82, 4.0, 4.1, 4.2, 4.3 and 4.4, by construct.
NEWER = {
    "3.82": r"^\s*\.ONESHELL|^\s*\.SHELLFLAGS|^\s*undefine\b|^\s*private\b|^\s*define\s+\S+\s*[:+?]?=",
    "4.0": r"\$\(file\b|\$\(guile\b|!=|::=|--output-sync|--trace|^\s*-?load\b",
    "4.1": r"MAKE_TERMOUT|MAKE_TERMERR",
    "4.2": r"\.SHELLSTATUS",
    "4.3": r"&:|\.EXTRA_PREREQS",
    "4.4": r"\$\(let\b|\$\(intcmp\b|\.WAIT\b|\.NOTINTERMEDIATE|:::=|--shuffle",
}


@pytest.mark.parametrize(("version", "pattern"), NEWER.items())
def test_the_makefile_needs_only_make_3_81(version: str, pattern: str) -> None:
    plan = (ROOT / "src/helpers/pipeline/plan.py").read_text(encoding="utf-8")
    for name, text in {"Makefile": (ROOT / "Makefile").read_text(), "graph": _graph(plan)}.items():
        found = re.search(pattern, _without_shell(text), re.MULTILINE)
        assert found is None, f"{name}: {found and found[0]} is of GNU Make {version}"


@pytest.mark.parametrize("line", ["files != ls", "a b &: c", "x := $(file <y)", ".ONESHELL:"])
def test_the_make_test_can_fail(line: str) -> None:
    assert any(re.search(pattern, line, re.MULTILINE) for pattern in NEWER.values())


def _without_shell(text: str) -> str:
    """Make's own lines: recipes are the shell's, but for make's functions in them."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("\t"))


def _graph(plan: str) -> str:
    strings = (node.value for node in ast.walk(ast.parse(plan)) if isinstance(node, ast.Constant))
    return "\n".join(text for text in strings if isinstance(text, str) and ": {" in text)


def test_make_help_explains_every_public_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    explained = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in set(phony[1].split()) - {"environment"}:
        assert re.search(rf"^{target} +\S", explained, re.MULTILINE), target


def test_no_path_of_a_machine_is_tracked() -> None:
    listed = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^A-Za-z0-9_.~-])/(home|Users|root|work)/[a-z]"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    own = Path(__file__).name
    assert [line for line in listed.stdout.splitlines() if own not in line] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin(path: Path) -> None:
    document = nbformat.read(path, as_version=4)
    nbformat.validate(document)
    code = [cell for cell in document.cells if cell.cell_type == "code"]
    assert document.metadata.kernelspec.name == "python3"
    assert document.cells[0].source.startswith("# ")
    assert document.cells[0].source.splitlines()[0].endswith("?"), "the title is a question"
    assert any("answer" in cell.metadata.get("tags", []) for cell in code)
    assert any(cell.source.startswith("## Limits") for cell in document.cells)
    for cell in code:
        assert not cell.outputs
        assert cell.execution_count is None
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef), "functions live in helpers"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebooks_own_parameters_agree_with_params_toml(path: Path) -> None:
    """An analyst who opens the notebook gets what the report was made with."""
    document = nbformat.read(path, as_version=4)
    cells = [c for c in document.cells if "parameters" in c.metadata.get("tags", [])]
    values: dict[str, object] = {}
    for cell in cells:
        exec(cell.source, {}, values)
    assert values == load_parameters(ROOT / "params.toml", path.stem).model_dump()


def test_notebooks_and_sections_are_the_same_set() -> None:
    assert [notebook.name for notebook in load_notebooks(ROOT / "notebooks")] == sorted(SECTIONS)
