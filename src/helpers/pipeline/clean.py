"""What an executed notebook must not carry: paths, names, clocks, timings, addresses."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def clean(notebook: dict[str, Any], root: Path) -> dict[str, Any]:
    """Strip, in place, whatever would differ between two runs or two machines.

    Parameters
    ----------
    notebook : an executed notebook (nbformat 4) as a dictionary.
    root : the checkout, whose path becomes `.` wherever it was printed.
    """
    notebook["metadata"] = {
        "helpers": notebook["metadata"].get("helpers", {}),
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "name": "python"},
    }
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags")
        cell["metadata"] = {"tags": tags} if tags else {}
        if tags and "injected-parameters" in tags:
            cell["id"] = "injected-parameters"  # papermill draws one at random
        for output in cell.get("outputs", []):
            _clean_output(output, root)
    return notebook


def _clean_output(output: dict[str, Any], root: Path) -> None:
    if "text" in output:
        output["text"] = scrub(output["text"], root)
    if "traceback" in output:
        output["traceback"] = [_ANSI.sub("", scrub(line, root)) for line in output["traceback"]]
        output["evalue"] = scrub(output["evalue"], root)
    for kind in ("text/plain", "text/html", "text/markdown"):
        if kind in output.get("data", {}):
            output["data"][kind] = scrub(output["data"][kind], root)
    output.get("metadata", {}).pop("execution", None)


def scrub(text: str, root: Path) -> str:
    """Replace the paths of this machine and the addresses of objects."""
    replaced = {str(root): ".", sys.prefix: "<environment>", sys.base_prefix: "<python>"}
    for path, name in replaced.items():
        text = text.replace(path, name)
    text = text.replace(str(Path.home()) + "/", "~/")
    return _ADDRESS.sub("at 0x0", text)
