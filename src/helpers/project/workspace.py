"""The one owner of every path, and of the edition in hand.

Files are named by their room, not by their folder on disk: `compiled/fed_pivots.csv`,
`raw/ff3_monthly`, `processed/monthly.parquet`, `results/04_event_study.json`. Notebooks declare
what they read and write in these names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from helpers.project.errors import ProjectError, nearest

EDITIONS = ("bundled", "mirror", "live")


@dataclass(frozen=True)
class Workspace:
    """Where things are for one edition (and, for an overridden run, one run).

    Attributes
    ----------
    root : the checkout.
    edition : "bundled", "mirror" or "live".
    build : what a build of this edition writes (results, figures, tables, executed notebooks).
    processed : tidy panels of this edition.
    run : id of an overridden run; everything it writes stays under `build/runs/<id>`.
    """

    root: Path
    edition: str
    build: Path
    processed: Path
    run: str | None = None

    @classmethod
    def current(cls, environ: Mapping[str, str] | None = None) -> Workspace:
        """The workspace of this process: `EDITION`, and `HELPERS_*` as the runner sets them.

        Raises
        ------
        ProjectError : unknown edition, or no checkout above the working folder.
        """
        env = os.environ if environ is None else environ
        root = _find_root(env)
        edition = env.get("EDITION") or "bundled"
        if edition not in EDITIONS:
            raise ProjectError(
                f"no edition is called {edition!r}{nearest(edition, EDITIONS)}",
                where="EDITION",
                expected=" or ".join(EDITIONS),
                mend="make EDITION=bundled",
            )
        run = env.get("HELPERS_RUN") or None
        if run is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", run):
            raise ProjectError(
                f"{run!r} cannot name a run", where="HELPERS_RUN", expected="letters, digits, _ . -"
            )
        return cls(
            root=root,
            edition=edition,
            build=root / (env.get("HELPERS_BUILD") or f"build/{edition}"),
            processed=root / (env.get("HELPERS_PROCESSED") or f"data/processed/{edition}"),
            run=run,
        )

    def environment(self) -> dict[str, str]:
        """The variables that make a child process see this workspace."""
        return {
            "HELPERS_ROOT": str(self.root),
            "EDITION": self.edition,
            "HELPERS_BUILD": str(self.build.relative_to(self.root)),
            "HELPERS_PROCESSED": str(self.processed.relative_to(self.root)),
            "HELPERS_RUN": self.run or "",
        }

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def compiled(self) -> Path:
        """Facts that we compiled ourselves: tracked by git, the same in every edition."""
        return self.root / "data/raw/compiled"

    @property
    def raw(self) -> Path:
        """Payloads as received, with their sidecars: one folder an edition, never edited."""
        return self.root / "data/raw" / self.edition

    @property
    def output(self) -> Path:
        """Where this process writes: the build, or the overridden run's own folder."""
        return self.root / "build/runs" / self.run if self.run else self.build

    def read(self, name: str) -> Path:
        """The file that `name` stands for, to be read.

        Raises
        ------
        ProjectError : unknown room, or the file is not there (with what makes it).
        """
        path = self._locate(name, self.build, self.processed)
        if not path.exists():
            room = PurePosixPath(name).parts[0]
            mend = {"compiled": "git checkout data/raw/compiled", "raw": "make data"}
            raise ProjectError(
                "the file is missing",
                where=f"{name} ({path.relative_to(self.root)})",
                mend=mend.get(room, "make, which runs the notebook that writes it"),
            )
        return path

    def write(self, name: str) -> Path:
        """The file that `name` stands for, to be written (by `write_atomic`)."""
        processed = self.output / "processed" if self.run else self.processed
        return self._locate(name, self.output, processed)

    def name_of(self, path: Path) -> str | None:
        """The name of a file in one of the rooms, or None for any other file."""
        for room in ("compiled", "raw"):
            if path.is_relative_to(getattr(self, room)):
                return f"{room}/{path.relative_to(getattr(self, room)).as_posix()}"
        for base in (self.output, self.build):
            if path.is_relative_to(base) and path.relative_to(base).parts[0] in _BUILD_ROOMS:
                return path.relative_to(base).as_posix()
        if path.is_relative_to(self.processed):
            return f"processed/{path.relative_to(self.processed).as_posix()}"
        return None

    def _locate(self, name: str, build: Path, processed: Path) -> Path:
        room, _, rest = name.partition("/")
        rooms = {"compiled": self.compiled, "raw": self.raw, "processed": processed}
        rooms.update({each: build / each for each in _BUILD_ROOMS if each != "processed"})
        if room not in rooms or not rest or ".." in PurePosixPath(rest).parts:
            raise ProjectError(
                f"no room for {name!r}{nearest(room, rooms)}", expected=", ".join(rooms)
            )
        return rooms[room] / rest


_BUILD_ROOMS = ("results", "figures", "tables", "processed")


def _find_root(env: Mapping[str, str]) -> Path:
    if env.get("HELPERS_ROOT"):
        return Path(env["HELPERS_ROOT"]).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "params.toml").is_file() and (folder / "notebooks").is_dir():
            return folder
    raise ProjectError(
        "no params.toml and notebooks/ here or above",
        where=here.name,
        expected="to run inside the checkout",
        mend="cd to the checkout, or set HELPERS_ROOT",
    )
