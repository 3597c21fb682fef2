"""Command line of the house: `python -m helpers.pipeline COMMAND`; the Makefile is its user."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
import time
from pathlib import Path

from helpers.project import ProjectError, Workspace


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors for people take one line and exit code 1."""
    chosen = _parser().parse_args(arguments)
    try:
        return chosen.act(chosen, Workspace.current())
    except ProjectError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what was finished stands, and make resumes there\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m helpers.pipeline", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, act: object, text: str) -> argparse.ArgumentParser:
        each = commands.add_parser(name, help=text, description=text)
        each.set_defaults(act=act)
        return each

    run = command("run", _run, "run one notebook; with --set, into build/runs/<id>/")
    run.add_argument("notebook")
    run.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="overrides")
    run.add_argument("--report", action="store_true", help="write the report's own files")
    build = command("build", _build, "judge what is stale, then hand the graph to make")
    build.add_argument("make", nargs=argparse.REMAINDER, metavar="MAKE...")
    command("site", _site, "build the site from the executed notebooks")
    command("publish", _publish, "copy results, tables and figures to results/<edition>/")
    verify = command("verify", _verify, "compare a fresh build with results/<edition>/")
    verify.add_argument("fresh", help="the build to compare, e.g. build/verify/bundled")
    return parser


def _run(chosen: argparse.Namespace, workspace: Workspace) -> int:
    from helpers.pipeline.run import execute, prepare

    overrides = dict(_pair(text) for text in chosen.overrides)
    job = prepare(workspace, chosen.notebook, overrides, report=chosen.report)
    started = time.monotonic()
    path = execute(job)
    if sys.stderr.isatty():
        sys.stderr.write(f"{job.notebook.name:<24} {time.monotonic() - started:6.1f} s\n")
    if not chosen.report:
        sys.stdout.write(f"{path.relative_to(workspace.root)}\n")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ProjectError(f"{text!r} sets nothing", where="--set", expected="NAME=VALUE")
    return name.strip(), value.strip()


def _build(chosen: argparse.Namespace, workspace: Workspace) -> int:
    from helpers.pipeline.plan import write_graph

    _lock(workspace)
    graph = write_graph(workspace, sys.executable)
    os.environ.update(workspace.environment())
    command = [*chosen.make, "-f", str(graph.relative_to(workspace.root))]
    os.chdir(workspace.root)
    os.execvp(command[0], command)


def _lock(workspace: Workspace) -> None:
    """Hold the build until make, which this process becomes, has ended."""
    path = workspace.build / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ProjectError(
            "another make is building this edition",
            where=str(path.relative_to(workspace.root)),
            mend="wait for it to end",
        ) from error
    os.set_inheritable(handle, True)


def _site(chosen: argparse.Namespace, workspace: Workspace) -> int:
    from helpers.present.site import build

    # By the notebooks there are: a run of one that was renamed or failed is no page.
    names = sorted(path.name for path in workspace.notebooks.glob("[0-9][0-9]_*.ipynb"))
    build(
        [workspace.build / "notebooks" / name for name in names],
        workspace.build / "results",
        workspace.build / "site",
        workspace.root / "report/pages",
    )
    return 0


def _publish(chosen: argparse.Namespace, workspace: Workspace) -> int:
    from helpers.pipeline.editions import publish
    from helpers.present.readme import QUOTED, findings, refresh

    published = publish(workspace)
    address = published.relative_to(workspace.root).as_posix()
    sys.stdout.write(f"{address}/\n")
    if workspace.edition == QUOTED:
        refresh(workspace.root / "README.md", findings(published, address))
    return 0


def _verify(chosen: argparse.Namespace, workspace: Workspace) -> int:
    from helpers.pipeline.editions import verify

    report = verify(workspace, workspace.root / Path(chosen.fresh))
    sys.stdout.write(report.text())
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
