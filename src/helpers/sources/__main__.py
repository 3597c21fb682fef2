"""python -m helpers.sources acquire | refresh: what `make data` and `make refresh` call."""

from __future__ import annotations

import argparse
import sys

from helpers.project import ProjectError, Workspace
from helpers.sources.acquire import acquire


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.sources", description=__doc__)
    parser.add_argument("do", choices=["acquire", "refresh"])
    arguments = parser.parse_args()
    try:
        workspace = Workspace.current()
        for line in acquire(workspace, refresh=arguments.do == "refresh"):
            sys.stderr.write(line + "\n")
    except ProjectError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
