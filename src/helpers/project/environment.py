"""Make the environment, or check the one that is active. Standard library only: it runs first.

python environment.py            make or refresh .venv from requirements.lock.txt
python environment.py --ready    exit 0 when .venv is what the lock says
python environment.py --active   use the active conda or virtual environment
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock.txt"
STAMP = "pivots-and-prices.json"


def wanted() -> dict[str, str]:
    """What an environment must have been made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "lock": hashlib.sha256(LOCK.read_bytes()).hexdigest(),
        "project": hashlib.sha256(json.dumps(project, sort_keys=True).encode()).hexdigest(),
        "python": sys.version,
        "root": str(ROOT),
    }


def is_ready(prefix: Path) -> bool:
    try:
        return json.loads((prefix / STAMP).read_text(encoding="utf-8")) == wanted()
    except (OSError, ValueError):
        return False


def make_venv() -> None:
    """A fresh .venv, by uv when it is there; its stamp is written last."""
    with one_at_a_time():
        python = VENV / "bin/python"
        if python.exists() and run(python, __file__, "--ready", check=False) == 0:
            return  # another make was faster
        say("making .venv from requirements.lock.txt (about a minute with pip, seconds with uv)")
        if uv := shutil.which("uv"):
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
        else:
            if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
                fail(
                    f"{sys.executable} has no venv module. Mend: install it (on Debian and Ubuntu: "
                    "apt install python3-venv), or make PYTHON=python in an active environment"
                )
            run(sys.executable, "-m", "venv", "--clear", VENV)
        install(python, uv)
        run(python, __file__, "--stamp")


def install(python: Path, uv: str | None) -> None:
    """The lock, then the project itself: no other dependency, no isolated build."""
    pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    run(*pip, "--quiet", "--require-hashes", "-r", LOCK)
    install_project(python, uv)


def install_project(python: Path, uv: str | None) -> None:
    pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    run(*pip, "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def use_active() -> None:
    """Make an active environment ready: a virtual one gets the lock, a conda one must match."""
    prefix = Path(sys.prefix)
    conda = (prefix / "conda-meta").is_dir()
    if not conda and sys.prefix == sys.base_prefix:
        fail(
            f"{sys.executable} is no environment. Mend: activate one (conda env create -f "
            "environment.yml), or plain `make`, which makes .venv"
        )
    with one_at_a_time():
        if is_ready(prefix):
            return
        if missing := unmet():
            if conda:
                fail(
                    f"the active conda environment lacks {', '.join(missing)}. "
                    "Mend: conda env update -f environment.yml"
                )
            say("installing requirements.lock.txt into the active environment")
            install(Path(sys.executable), shutil.which("uv"))
        else:
            install_project(Path(sys.executable), None)
        stamp(prefix)


def unmet() -> list[str]:
    """Requirements of pyproject.toml that this environment does not have."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = document["dependency-groups"]
    missing = []
    for text in [*document["project"]["dependencies"], *groups["dev"], *groups["build"]]:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+)", text)
        if match is None:
            fail(f"pyproject.toml: {text!r} is no 'name>=version'")
        name, least = match.groups()
        try:
            if release(importlib.metadata.version(name)) < release(least):
                missing.append(text)
        except importlib.metadata.PackageNotFoundError:
            missing.append(text)
    return missing


def release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def stamp(prefix: Path) -> None:
    (prefix / STAMP).write_text(json.dumps(wanted()), encoding="utf-8")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two makes at once: the second waits, then finds the work done."""
    with (ROOT / ".environment.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(*command: object, check: bool = True) -> int:
    code = subprocess.run([str(part) for part in command], check=False).returncode
    if check and code:
        fail(
            f"making the environment stopped at: {' '.join(str(part) for part in command[:4])} ..."
        )
    return code


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def fail(text: str) -> NoReturn:
    say(text)
    sys.exit(1)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--ready"]:
            sys.exit(0 if is_ready(VENV) else 1)
        case ["--stamp"]:
            stamp(VENV)
        case ["--active"]:
            use_active()
        case []:
            make_venv()
        case _:
            fail(__doc__ or "")
