"""Publish an edition's results, and verify a published edition against a fresh build.

`results/<edition>/` holds the result files, tables and figures as built, and `edition.json`: with
which lock, Python and kind of machine. Where these agree, verification asks for identical bytes;
elsewhere for counts and texts exactly, and for floats within 1e-9 (relative).
"""

from __future__ import annotations

import csv
import json
import math
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.project import ProjectError, Result, Workspace, sha256_of, write_atomic

RELATIVE_TOLERANCE = 1e-9
# Below this a float is rounding noise: a p-value of 1e-15 is zero.
ABSOLUTE_TOLERANCE = 1e-12
_ROOMS = ("results", "tables", "figures")
# Editions that a reader cannot build without data of their own: pages and notebooks come along.
_WHOLE = ("mirror",)


@dataclass(frozen=True)
class Moved:
    """One number or text that differs: where, as published, as computed anew."""

    file: str
    key: str
    published: object
    fresh: object


@dataclass(frozen=True)
class Verification:
    """What a comparison found; `holds` is its verdict."""

    edition: str
    files: int
    identical: int
    same_machine: bool
    moved: tuple[Moved, ...]
    cause: str

    @property
    def holds(self) -> bool:
        return not self.moved and (not self.same_machine or self.identical == self.files)

    def text(self) -> str:
        lines = [
            f"{each.file} {each.key}: published {each.published}, now {each.fresh}"
            for each in self.moved
        ]
        if self.same_machine:
            rule = "same lock, Python and processor: bytes must be identical"
        else:
            rule = f"{self.cause}: floats within {RELATIVE_TOLERANCE:g}, counts and texts exactly"
        lines += [
            f"{self.edition}: {self.identical} of {self.files} files identical; {rule}",
            "verified" if self.holds else "NOT verified",
        ]
        return "\n".join(lines) + "\n"


def publish(workspace: Workspace) -> Path:
    """Copy what was built to `results/<edition>/`, beside and then in one rename.

    Raises
    ------
    ProjectError : the edition, or one of its notebooks, has not been built.
    """
    # By the notebooks there are: results of one that was renamed stay behind in the build.
    names = sorted(path.stem for path in workspace.notebooks.glob("[0-9][0-9]_*.ipynb"))
    built = [workspace.build / "results" / f"{name}.json" for name in names]
    if not any(path.is_file() for path in built):
        raise ProjectError(
            "nothing is built", where=f"build/{workspace.edition}/results", mend="make"
        )
    target = workspace.root / "results" / workspace.edition
    beside = target.with_name(f".{target.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    for room in _ROOMS:
        (beside / ("" if room == "results" else room)).mkdir(parents=True, exist_ok=True)
    for path in built:
        result = Result.load(path)
        shutil.copy2(path, beside)
        # What the result names, and nothing that an earlier version of the notebook left behind.
        for figure in result.figures.values():
            shutil.copy2(workspace.build / "figures" / figure.file, beside / "figures")
        for table in result.tables.values():
            shutil.copy2(workspace.build / "tables" / table.file, beside / "tables")
    if workspace.edition in _WHOLE:
        (beside / "notebooks").mkdir()
        for name in names:
            shutil.copy2(workspace.build / "notebooks" / f"{name}.ipynb", beside / "notebooks")
        shutil.copytree(workspace.build / "site", beside / "site")
    manifest = workspace.raw / "manifest.json"
    if manifest.is_file():
        shutil.copy2(manifest, beside)
    about = {**fingerprint(workspace), "published": f"{datetime.now(UTC):%Y-%m-%d}"}
    text = json.dumps(about, indent=1, sort_keys=True) + "\n"
    write_atomic(beside / "edition.json", text)
    shutil.rmtree(target, ignore_errors=True)
    return beside.replace(target)


def fingerprint(workspace: Workspace) -> dict[str, str]:
    """What decides the last bits of a float: lock, Python, system, and the processor's features."""
    from numpy._core._multiarray_umath import __cpu_features__ as features

    manifest = workspace.raw / "manifest.json"
    enabled = ",".join(sorted(name for name, on in features.items() if on))
    return {
        "edition": workspace.edition,
        "data": sha256_of(manifest) if manifest.is_file() else "",
        "parameters": sha256_of(workspace.root / "params.toml"),
        "lock": sha256_of(workspace.root / "requirements.lock.txt"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": sha256_of(enabled.encode())[:16],
    }


def verify(workspace: Workspace, fresh: Path) -> Verification:
    """Compare a fresh build with the published edition, number by number.

    Parameters
    ----------
    workspace : the edition in hand.
    fresh : the folder of the fresh build, with `results/`, `tables/` and `figures/`.

    Raises
    ------
    ProjectError : the edition is not published, or was published with other data or parameters.
    """
    published = workspace.root / "results" / workspace.edition
    try:
        then = json.loads((published / "edition.json").read_bytes())
    except FileNotFoundError as error:
        raise ProjectError(
            "this edition is not published",
            where=f"results/{workspace.edition}",
            mend=f"make publish EDITION={workspace.edition}",
        ) from error
    now = fingerprint(workspace)
    for name in ("data", "parameters"):
        if then[name] != now[name]:
            raise ProjectError(
                f"published with other {name} ({then[name][:12]}, now {now[name][:12]})",
                where=f"results/{workspace.edition}/edition.json",
                mend="restore them, or make publish",
            )
    differing = [name for name in now if then[name] != now[name]]
    moved: list[Moved] = []
    identical = files = 0
    for name in sorted(_names(published, "") | _names(fresh, "results")):
        files += 1
        old, new = published / name, _fresh_path(fresh, name)
        if not old.is_file() or not new.is_file():
            state = ("there", "missing") if old.is_file() else ("missing", "there")
            moved.append(Moved(name, "file", *state))
        elif old.read_bytes() == new.read_bytes():
            identical += 1
        else:
            moved += _differences(name, old, new)
    cause = "other " + ", ".join(differing)
    return Verification(workspace.edition, files, identical, not differing, tuple(moved), cause)


def _names(folder: Path, results: str) -> set[str]:
    """Names as published: results at the top, tables and figures in their folders."""
    top = {path.name for path in (folder / results).glob("*.json")} - {
        "edition.json",
        "manifest.json",
    }
    rooms = {
        f"{room}/{path.name}"
        for room in ("tables", "figures")
        for path in (folder / room).iterdir()
    }
    return top | rooms


def _fresh_path(fresh: Path, name: str) -> Path:
    return fresh / name if "/" in name else fresh / "results" / name


def _differences(name: str, old: Path, new: Path) -> Iterator[Moved]:
    if name.endswith(".json"):
        yield from _compare(name, "", json.loads(old.read_bytes()), json.loads(new.read_bytes()))
    elif name.endswith(".csv"):
        with old.open(newline="") as first, new.open(newline="") as second:
            yield from _compare(name, "", list(csv.reader(first)), list(csv.reader(second)))
    # Figures carry no number of their own: elsewhere their last pixels may differ.


def _compare(file: str, key: str, old: Any, new: Any) -> Iterator[Moved]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _compare(file, f"{key}.{name}", old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (first, second) in enumerate(zip(old, new, strict=True)):
            yield from _compare(file, f"{key}[{place}]", first, second)
    elif not _same(old, new):
        yield Moved(file, key.lstrip("."), old, new)


def _same(old: Any, new: Any) -> bool:
    if old == new and type(old) is type(new):
        return True
    first, second = _float(old), _float(new)
    if first is None or second is None:
        return False
    return math.isclose(first, second, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)


def _float(value: Any) -> float | None:
    """A float, or a float as a table prints it; counts (integers) must be equal to the letter."""
    if isinstance(value, float):
        return value
    if isinstance(value, str) and ("." in value or "e" in value):
        try:
            return float(value)
        except ValueError:
            return None
    return None
