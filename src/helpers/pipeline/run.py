"""Run one notebook through papermill, so that success is whole and failure is legible."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from helpers.pipeline.clean import clean, scrub
from helpers.pipeline.notebook import SOURCE, Notebook, helpers_used
from helpers.pipeline.plan import data_key, notebook_key, record_path
from helpers.project import ProjectError, Workspace, sha256_of, write_atomic
from helpers.project.errors import nearest
from helpers.project.parameters import Section, load_parameters

# What could make two runs differ: clocks, threads, hashes, a user's own settings.
_STILL = {
    "SOURCE_DATE_EPOCH": "0",
    "IPYKERNEL_CELL_NAME": "<cell>",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "COLUMNS": "100",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


@dataclass(frozen=True)
class Job:
    """One checked run: which notebook, with which parameters, into which workspace."""

    notebook: Notebook
    parameters: Section
    workspace: Workspace

    @property
    def executed(self) -> Path:
        return self.workspace.output / "notebooks" / f"{self.notebook.name}.ipynb"

    @property
    def failed(self) -> Path:
        return self.executed.with_suffix(".failed.ipynb")


def prepare(
    workspace: Workspace,
    name: str,
    overrides: dict[str, str] | None = None,
    *,
    report: bool = False,
) -> Job:
    """Check everything that can be checked without a kernel.

    Parameters
    ----------
    workspace : the edition in hand.
    name : the notebook, with or without `.ipynb`.
    overrides : parameters from the command line, as text.
    report : write the report's own files; else the run gets a folder under `build/runs/`.

    Raises
    ------
    ProjectError : unknown notebook or parameter, wrong type, out of range.
    """
    name = Path(name).name.removesuffix(".ipynb")
    path = workspace.notebooks / f"{name}.ipynb"
    if not path.is_file():
        known = [each.stem for each in sorted(workspace.notebooks.glob("*.ipynb"))]
        raise ProjectError(
            f"no notebook is called {name!r}{nearest(name, known)}",
            where="notebooks/",
            expected=", ".join(known),
        )
    parameters = load_parameters(workspace.root / "params.toml", name, overrides)
    if overrides and report:
        raise ProjectError("the report takes its parameters from params.toml", where=name)
    if not report:
        chosen = json.dumps([parameters.model_dump(), workspace.edition], sort_keys=True)
        workspace = replace(workspace, run=f"{name}-{sha256_of(chosen.encode())[:8]}")
    return Job(Notebook.load(path), parameters, workspace)


def execute(job: Job) -> Path:
    """Run a checked job; the executed notebook appears, whole, or not at all.

    Returns
    -------
    Path of the executed notebook.

    Raises
    ------
    ProjectError : a cell failed (the executed copy is kept as `*.failed.ipynb`), the kernel died,
        or the run read or wrote what the notebook does not declare.
    """
    # The key is taken first: a source edited during the run must look stale afterwards.
    key = notebook_key(job.workspace, job.notebook)
    started = time.monotonic()
    with _quiet_room(job) as room:
        text, failure = _papermill(job, room)
        if failure:
            write_atomic(job.failed, text)
            raise failure
        notes = json.loads((room / "record.json").read_bytes())
        try:
            record = _checked_record(job, notes, key)
        except ProjectError:
            write_atomic(job.failed, text)
            raise
    record["executed"] = sha256_of(text.encode())
    record["seconds"] = round(time.monotonic() - started, 2)
    if job.workspace.run is None:
        _publish_keys(job, record)
        write_atomic(
            record_path(job.workspace, job.notebook.name), json.dumps(record, indent=1) + "\n"
        )
    job.failed.unlink(missing_ok=True)
    return write_atomic(job.executed, text)


def _papermill(job: Job, room: Path) -> tuple[str, ProjectError | None]:
    """The executed notebook, cleaned, and what went wrong."""
    # jsonschema compiles a one-second grammar for a format no notebook uses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import nbformat
    import papermill
    from nbclient.exceptions import DeadKernelError

    from helpers.pipeline.manager import ProjectKernelManager

    output = room / "executed.ipynb"
    failure: ProjectError | None = None
    try:
        papermill.execute_notebook(
            str(job.notebook.path),
            str(output),
            parameters=job.parameters.model_dump() or None,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=str(job.workspace.notebooks),
            kernel_manager_class=ProjectKernelManager,
            record_timing=False,
        )
    except papermill.PapermillExecutionError as error:
        said = scrub(f"{error.ename}: {error.evalue}", job.workspace.root)
        failure = ProjectError(
            f"cell {error.exec_count} failed: {said}",
            where=job.notebook.path.name,
            mend=f"see {job.failed.relative_to(job.workspace.root)}",
        )
    except DeadKernelError:
        failure = ProjectError(
            "the kernel died (out of memory, or killed)", where=job.notebook.path.name
        )
    document = clean(nbformat.read(output, as_version=4), job.workspace.root)
    return nbformat.writes(document) + "\n", failure


def _checked_record(job: Job, notes: dict[str, list[str]], key: str) -> dict[str, Any]:
    """What was opened, made and imported, refused when it differs from the declarations."""
    workspace = job.workspace
    names = {
        side: {name: path for path in map(Path, notes[side]) if (name := _name(workspace, path))}
        for side in ("opened", "written")
    }
    complaints = job.notebook.undeclared(names["opened"], names["written"])
    used = helpers_used(job.notebook.code)
    strangers = sorted(set(notes["imported"]) - {str(path) for path in used})
    complaints += [
        f"it imported {Path(path).relative_to(SOURCE)}, unseen in its source" for path in strangers
    ]
    if complaints:
        raise ProjectError(
            "; ".join(complaints),
            where=job.notebook.path.name,
            mend='change the notebook\'s metadata "helpers", or what it does',
        )

    def digests(side: dict[str, Path]) -> dict[str, str]:
        return {name: sha256_of(path) for name, path in sorted(side.items()) if path.is_file()}

    reads = {name: p for name, p in names["opened"].items() if name not in names["written"]}
    return {"key": key, "reads": digests(reads), "writes": digests(names["written"])}


def _name(workspace: Workspace, path: Path) -> str | None:
    """The name of a data file; a data file outside the rooms goes by its path, to be refused."""
    inside = path.relative_to(workspace.root)
    if inside.parts[0] in {"data", "build", "results", "report"}:
        return workspace.name_of(path) or inside.as_posix()
    return None


def _publish_keys(job: Job, record: dict[str, Any]) -> None:
    """Tell make which outputs changed in content: only those keys get a new time stamp."""
    for pattern in job.notebook.writes:
        path, content = data_key(job.workspace, pattern, record["writes"])
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            write_atomic(path, content)


@contextmanager
def _quiet_room(job: Job) -> Iterator[Path]:
    """A folder and an environment of the run's own, both gone afterwards."""
    if job.workspace.run is not None:
        shutil.rmtree(job.workspace.output, ignore_errors=True)
    before = dict(os.environ)
    # A short path: socket names are limited to about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        room = Path(folder)
        os.environ.update(
            {
                **_STILL,
                **job.workspace.environment(),
                "HELPERS_RECORD": str(room / "record.json"),
                "IPYTHONDIR": str(room / "ipython"),
                "JUPYTER_RUNTIME_DIR": str(room / "runtime"),
                "JUPYTER_CONFIG_DIR": str(room / "config"),
                "HELPERS_SOCKET": str(room / "k"),
            }
        )
        try:
            yield room
        finally:
            os.environ.clear()
            os.environ.update(before)
