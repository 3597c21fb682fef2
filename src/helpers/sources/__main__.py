"""python -m helpers.sources: what `make data`, `make refresh` and `make mirror` call."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from helpers.project import ProjectError, Workspace, write_atomic
from helpers.sources.acquire import acquire
from helpers.sources.catalogue import load_catalogue
from helpers.sources.describe import data_readme
from helpers.sources.mirror import write_mirror


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.sources", description=__doc__)
    commands = parser.add_subparsers(dest="do", required=True)
    commands.add_parser("acquire", help="fetch what is missing; replace nothing")
    commands.add_parser("refresh", help="fetch everything anew, and say what changed")
    commands.add_parser("readme", help="write data/README.md from the catalogue")
    commands.add_parser("mirror", help="write a mirror").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    try:
        workspace = Workspace.current()
        if arguments.do == "mirror":
            count = write_mirror(workspace, arguments.folder)
            lines = [f"{count} files in {arguments.folder}"]
        elif arguments.do == "readme":
            write_atomic(workspace.root / "data/README.md", data_readme(load_catalogue()))
            lines = ["data/README.md"]
        else:
            lines = acquire(workspace, refresh=arguments.do == "refresh")
            lines = lines or ["nothing new"] * (arguments.do == "refresh")
    except ProjectError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
