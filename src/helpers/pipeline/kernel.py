"""The kernel of a run: a plain IPython kernel that notes which files it opened and which it made.

Started by `helpers.pipeline.run` only; after each cell the notes are written to the file named by
`HELPERS_RECORD`. Reading is noted from Python's audit events, so it cannot be forgotten.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_opened: set[str] = set()
_written: set[str] = set()
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str | os.PathLike) and not os.fspath(path).endswith(".tmp"):
            chosen = _written if isinstance(flags, int) and flags & _WRITING else _opened
            chosen.add(os.path.abspath(os.fspath(path)))  # noqa: PTH100 - no syscalls in a hook
    elif event == "sqlite3.connect" and isinstance(arguments[0], str):
        _opened.add(os.path.abspath(arguments[0]))  # noqa: PTH100
    elif event == "os.rename":
        _written.add(os.path.abspath(os.fsdecode(arguments[1])))  # noqa: PTH100


def _save(*_: Any) -> None:
    root = os.environ["HELPERS_ROOT"] + os.sep
    modules = [
        module.__file__
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "helpers" and not name.startswith("helpers.pipeline")
        if getattr(module, "__file__", None)
    ]
    notes = {
        "opened": sorted(path for path in _opened if path.startswith(root)),
        "written": sorted(path for path in _written if path.startswith(root)),
        "imported": sorted(str(path) for path in modules),
    }
    Path(os.environ["HELPERS_RECORD"]).write_text(json.dumps(notes), encoding="utf-8")


def main() -> None:
    """Serve one kernel until its client shuts it down or dies."""
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    app.shell.events.register("post_run_cell", _save)
    sys.addaudithook(_note)
    app.start()


if __name__ == "__main__":
    main()
