"""The graph that make follows, and what is stale in it, judged by content.

A notebook is fresh when the key of its last run (source, parameters, helpers, lock, Python,
edition) still holds and every file it read or wrote has the content it had then. Everything else
is left to make: `graph.mk` has one rule a notebook; what one notebook writes and another reads
stands between them as a key file, touched only when the content changed.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import time
from collections.abc import Mapping
from pathlib import Path

from helpers.pipeline.notebook import SOURCE, Notebook, helpers_used, load_notebooks, matches
from helpers.project import ProjectError, Workspace, sha256_of, write_atomic
from helpers.project.parameters import load_parameters, read_sections

_GRAPH = """\
# Written by `python -m helpers.pipeline build`; change notebooks or params.toml instead.
.SUFFIXES:
.PHONY: report notebooks
report: {site}
notebooks: {executed}
"""


def keys_of(workspace: Workspace) -> Path:
    return workspace.build / "keys"


def record_path(workspace: Workspace, notebook: str) -> Path:
    """What the last good run of a notebook read and wrote."""
    return keys_of(workspace) / f"{notebook}.record.json"


def data_key(workspace: Workspace, pattern: str, digests: Mapping[str, str]) -> tuple[Path, str]:
    """The key file of something written, and its content."""
    name = pattern.replace("/", "__").replace("*", "any")
    chosen = {each: digest for each, digest in digests.items() if matches(each, [pattern])}
    return keys_of(workspace) / "data" / name, json.dumps(chosen, indent=1, sort_keys=True) + "\n"


def notebook_key(workspace: Workspace, notebook: Notebook) -> str:
    """One hash of everything, other than data files, that a notebook's output depends on."""
    root = workspace.root
    parameters = load_parameters(root / "params.toml", notebook.name)
    used = sorted(helpers_used(notebook.code))
    content = {
        "source": notebook.digest,
        "parameters": parameters.model_dump(mode="json"),
        "helpers": {str(path.relative_to(SOURCE)): sha256_of(path) for path in used},
        "lock": sha256_of(root / "requirements.lock.txt"),
        "python": platform.python_version(),
        "edition": workspace.edition,
        "mirror": os.environ.get("MIRROR", "") if workspace.edition == "mirror" else "",
    }
    return sha256_of(json.dumps(content, sort_keys=True).encode())


def is_fresh(workspace: Workspace, notebook: Notebook, key: str) -> bool:
    """Whether the last run of a notebook still stands."""
    try:
        record = json.loads(record_path(workspace, notebook.name).read_bytes())
    except FileNotFoundError:
        return False
    executed = workspace.build / "notebooks" / f"{notebook.name}.ipynb"
    if record["key"] != key or not executed.is_file() or sha256_of(executed) != record["executed"]:
        return False
    for name, digest in {**record["reads"], **record["writes"]}.items():
        try:
            path = workspace.read(name)
        except ProjectError:
            return False
        if sha256_of(path) != digest:
            return False
    return True


def write_graph(workspace: Workspace, python: str) -> Path:
    """Judge every notebook and write the rules for make.

    Returns
    -------
    Path of graph.mk.

    Raises
    ------
    ProjectError : an invalid parameter file or notebook, two writers of one file, or a loop.
    """
    python = shlex.quote(python)
    notebooks = load_notebooks(workspace.notebooks)
    read_sections(workspace.root / "params.toml")
    upstream = dependencies(notebooks)
    keys = keys_of(workspace)
    relative = workspace.build.relative_to(workspace.root).as_posix()
    executed = {each.name: f"{relative}/notebooks/{each.name}.ipynb" for each in notebooks}
    site = f"{relative}/site/index.html"
    lines = [_GRAPH.format(site=site, executed=" ".join(executed.values()))]
    for notebook in notebooks:
        key = notebook_key(workspace, notebook)
        _stamp(keys / notebook.name, key, stale=not is_fresh(workspace, notebook, key))
        needs = [f"{relative}/keys/{notebook.name}"]
        needs += [_relative_key(workspace, pattern) for pattern in upstream[notebook.name]]
        lines += [
            f"{executed[notebook.name]}: {' '.join(needs)}",
            f"\t@{python} -m helpers.pipeline run {notebook.name} --report",
        ]
        for pattern in notebook.writes:
            # A recipe that does nothing makes make look at the key's time stamp again.
            lines += [f"{_relative_key(workspace, pattern)}: {executed[notebook.name]}", "\t@:"]
    lines += _site_rules(workspace, relative, site, list(executed.values()), python)
    return write_atomic(workspace.build / "graph.mk", "\n".join(lines) + "\n")


def dependencies(notebooks: list[Notebook]) -> dict[str, list[str]]:
    """For each notebook, what others write that it reads (as declared by the writer).

    Raises
    ------
    ProjectError : two notebooks write one file, or a notebook reads what a later one writes.
    """
    writers: dict[str, str] = {}
    for notebook in notebooks:
        for pattern in notebook.writes:
            if pattern in writers:
                raise ProjectError(
                    f"{pattern} is also written by {writers[pattern]}", where=notebook.path.name
                )
            writers[pattern] = notebook.name
    upstream: dict[str, list[str]] = {}
    for notebook in notebooks:
        needed = [
            pattern
            for pattern, writer in writers.items()
            if writer != notebook.name
            and (pattern in notebook.reads or matches(pattern, notebook.reads))
        ]
        late = [pattern for pattern in needed if writers[pattern] > notebook.name]
        if late:
            raise ProjectError(
                f"reads {late[0]}, which the later {writers[late[0]]} writes",
                where=notebook.path.name,
                expected="data to run one way, from low numbers to high",
            )
        upstream[notebook.name] = needed
    return upstream


def _site_rules(
    workspace: Workspace, relative: str, site: str, executed: list[str], python: str
) -> list[str]:
    used = helpers_used("import helpers.present.site")
    pages = {path for path in (workspace.root / "report/pages").rglob("*") if path.is_file()}
    sources = [sha256_of(path) for path in sorted(used | pages)]
    key = sha256_of(json.dumps(sources).encode())
    _stamp(keys_of(workspace) / "site", key, stale=False)
    return [
        f"{site}: {relative}/keys/site {' '.join(executed)}",
        f"\t@{python} -m helpers.pipeline site",
    ]


def _relative_key(workspace: Workspace, pattern: str) -> str:
    return data_key(workspace, pattern, {})[0].relative_to(workspace.root).as_posix()


def _stamp(path: Path, content: str, *, stale: bool) -> None:
    """Write the key when it changed or its notebook is stale; a new time stamp is make's signal."""
    if stale or not path.is_file() or path.read_text(encoding="utf-8") != content:
        write_atomic(path, content)
        # Past any output of a run that ended within the clock's grain.
        now = time.time_ns()
        os.utime(path, ns=(now, now))
