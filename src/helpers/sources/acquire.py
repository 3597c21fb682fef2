"""From a source to `data/raw/<edition>/`: never replaces a payload, never stores an unchecked one."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import io
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd

from helpers.project import ProjectError, Workspace, sha256_of, write_atomic
from helpers.sources.catalogue import Catalogue, Dataset, Location, load_catalogue
from helpers.sources.fetch import compare_payloads, fetch, only_one
from helpers.sources.quotes_live import LIBRARY, library_download, quotes_csv
from helpers.sources.store import MANIFEST, Extent, Manifest, Stored, parse, payload, store

_COMPILED = "compiled by this project"
_PASSED = "raw/passed.json"


@dataclass(frozen=True)
class _Wanted:
    """A file of a source and the datasets it holds."""

    file: str
    datasets: dict[str, Dataset]
    edition: str

    @property
    def name(self) -> str:
        return next(iter(self.datasets))

    @property
    def location(self) -> Location:
        return self.location_of(self.name)

    def location_of(self, name: str) -> Location:
        found = self.datasets[name].at(self.edition)
        assert found is not None
        return found

    @property
    def is_compiled(self) -> bool:
        return getattr(self.datasets[self.name], self.edition) is None

    def stamp(self, digest: str) -> str:
        """One hash of a payload and of everything that decides whether it passes."""
        entries = [each.model_dump_json() for each in self.datasets.values()]
        return sha256_of("".join([digest, _code(), *entries]).encode())

    def tables(self, content: bytes) -> dict[str, pd.DataFrame]:
        return {
            name: parse(name, dataset, self.location_of(name), content)
            for name, dataset in self.datasets.items()
        }


def acquire(
    workspace: Workspace, *, refresh: bool = False, progress: bool | None = None
) -> list[str]:
    """Bring every dataset of the edition into `data/raw/<edition>/`.

    What is there is verified and kept; with `refresh` every file is received anew, the new payload
    goes beside the old, and the manifest switches to it unless its history shrank.

    Parameters
    ----------
    progress : a bar for downloads; None means on a terminal only.

    Returns
    -------
    One line for each payload that is new or changed.

    Raises
    ------
    ProjectError : a payload changed on disk; a source that cannot be read; a dataset that is not as
        the catalogue says. Everything that could be had is stored first, so that the next run goes
        on from there.
    """
    catalogue = load_catalogue()
    with only_one(workspace.write("raw/.lock")):
        old = _manifest_or_none(workspace) or Manifest(edition=workspace.edition)
        passed = _passed(workspace)
        payloads: dict[str, Stored] = {}
        datasets: dict[str, Extent] = {}
        failures: dict[str, ProjectError] = {}
        optional: dict[str, str] = {}
        news: list[str] = []
        for wanted in _wanted(catalogue, workspace.edition):
            try:
                known = None if refresh else _known(workspace, wanted, old, passed)
                if known:
                    record, extents = known
                else:
                    record, tables = _one(workspace, wanted, old, refresh, progress, news)
                    extents = {name: _extent(wanted.file, each) for name, each in tables.items()}
            except ProjectError as error:
                if wanted.file in old.payloads and refresh:
                    # What could not be refreshed stays in use as it was.
                    payloads[wanted.file] = old.payloads[wanted.file]
                    datasets |= {n: old.datasets[n] for n in wanted.datasets if n in old.datasets}
                if all(each.optional for each in wanted.datasets.values()):
                    optional[wanted.file] = str(error)
                    news.append(f"without {', '.join(wanted.datasets)}: {error}")
                else:
                    failures[wanted.file] = error
                continue
            payloads[wanted.file] = record
            datasets |= extents
            passed[wanted.file] = wanted.stamp(record.sha256)
        said = optional | {file: str(error) for file, error in failures.items()}
        Manifest(
            edition=workspace.edition,
            payloads=payloads,
            datasets={name: datasets[name] for name in catalogue if name in datasets},
            failures=said,
        ).save(workspace)
        text = json.dumps(passed, indent=1, sort_keys=True) + "\n"
        write_atomic(workspace.write(_PASSED), text)
    if failures:
        first, *others = failures.values()
        more = f" (and {len(others)} more: {', '.join(list(failures)[1:])})" if others else ""
        raise ProjectError(
            first.what + more, where=first.where, expected=first.expected, mend=first.mend
        )
    return news


def _known(
    workspace: Workspace, wanted: _Wanted, old: Manifest, passed: dict[str, str]
) -> tuple[Stored, dict[str, Extent]] | None:
    """What an earlier run found, when neither payload nor parser nor catalogue changed since.

    Raises
    ------
    ProjectError : the payload changed on disk.
    """
    record = old.payloads.get(wanted.file)
    stands = (
        record is not None
        and not wanted.is_compiled
        and set(wanted.datasets) <= set(old.datasets)
        and passed.get(wanted.file) == wanted.stamp(record.sha256)
        and workspace.write(record.stored).is_file()
        and not _package_changed(wanted, record)
    )
    if record is None or not stands:
        return None
    payload(workspace, record)
    return record, {name: old.datasets[name] for name in wanted.datasets}


def _passed(workspace: Workspace) -> dict[str, str]:
    """Stamps of the payloads that passed their checks; a lost file only costs time."""
    try:
        found: dict[str, str] = json.loads(workspace.write(_PASSED).read_bytes())
    except (OSError, ValueError):
        return {}
    return found


@cache
def _code() -> str:
    """A hash of the parsers and checks."""
    here = Path(__file__).parent
    sources = [*sorted((here / "parsers").glob("*.py")), here / "checks.py", here / "store.py"]
    return "".join(sha256_of(path) for path in sources)


def _one(
    workspace: Workspace,
    wanted: _Wanted,
    old: Manifest,
    refresh: bool,
    progress: bool | None,
    news: list[str],
) -> tuple[Stored, dict[str, pd.DataFrame]]:
    """The payload to use for one file, stored, and its tables."""
    if wanted.is_compiled:
        name = f"compiled/{wanted.location.file}"
        content = workspace.read(name).read_bytes()
        record = Stored(
            stored=name, sha256=sha256_of(content), bytes=len(content), retrieved=_COMPILED
        )
        return record, wanted.tables(content)
    known = old.payloads.get(wanted.file)
    kept = known if known and workspace.write(known.stored).is_file() else None
    if kept and not refresh and not _package_changed(wanted, kept):
        return kept, wanted.tables(payload(workspace, kept))
    content, origin = _receive(wanted, progress)
    tables = wanted.tables(content)
    if kept and sha256_of(content) != kept.sha256:
        news += _changes(wanted, payload(workspace, kept), tables)
    elif not kept:
        news.append(f"{wanted.file}: new, {len(content):,} bytes")
    dataset = wanted.datasets[wanted.name]
    return store(workspace, wanted.file, content, origin, dataset), tables


def _changes(wanted: _Wanted, before: bytes, tables: dict[str, pd.DataFrame]) -> list[str]:
    """What the new payload changes, a line a dataset; a shrunken history is refused."""
    lines = []
    for name, table in tables.items():
        change = compare_payloads(
            parse(name, wanted.datasets[name], wanted.location_of(name), before), table
        )
        if change.kind == "shrunken":
            raise ProjectError(
                f"the history shrank: {change}", where=f"{name} ({wanted.file})",
                mend="keep the payload in use, and look at the publisher's page",
            )  # fmt: skip
        lines.append(f"{name}: {change}")
    return lines


def _wanted(catalogue: Catalogue, edition: str) -> list[_Wanted]:
    files: dict[str, dict[str, Dataset]] = {}
    for name, dataset in catalogue.of(edition).items():
        location = dataset.at(edition)
        assert location is not None
        files.setdefault(location.file, {})[name] = dataset
    return [_Wanted(file, datasets, edition) for file, datasets in files.items()]


def _manifest_or_none(workspace: Workspace) -> Manifest | None:
    return Manifest.load(workspace) if workspace.write(MANIFEST).exists() else None


def _receive(wanted: _Wanted, progress: bool | None) -> tuple[bytes, dict[str, str]]:
    if wanted.edition == "bundled":
        return _from_package(wanted.location)
    if wanted.edition == "mirror":
        return _from_mirror(wanted.location)
    note = {}
    if wanted.location.symbol and (download := library_download()):
        try:
            content = quotes_csv(wanted.location.symbol, download)
            wanted.tables(content)
        except ProjectError as error:
            note = {"note": f"a second provider stood in: {error}"}
        else:
            return content, {"retrieved": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "via": LIBRARY}
    if not wanted.location.address:
        raise ProjectError(
            "no address", where=wanted.name, mend="add it to the catalogue, or use a mirror"
        )
    got = fetch(
        wanted.location.address,
        dataset=wanted.name,
        check=wanted.tables,
        progress=progress,
        api_key_env=wanted.location.api_key_env or None,
    )
    when = f"{got.retrieved_at:%Y-%m-%dT%H:%M:%SZ}"
    return got.content, {"retrieved": when, "address": got.url, **note}


def _from_package(location: Location) -> tuple[bytes, dict[str, str]]:
    spec = importlib.util.find_spec(location.package)
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / location.inside if folders else None
    if path is None or not path.is_file():
        raise ProjectError(
            f"the package {location.package} is not installed, or has no {location.inside}",
            where=location.file,
            expected="the version that requirements.lock.txt pins",
            mend="make environment",
        )
    origin = {"retrieved": _version(location)}
    if not location.series:
        return path.read_bytes(), origin
    return _extract(path, location.series), {
        **origin,
        "extracted_from": f"{path.name}, sha256 {sha256_of(path)}",
    }


def _version(location: Location) -> str:
    return f"{location.package} {importlib.metadata.version(location.package)}"


def _package_changed(wanted: _Wanted, kept: Stored) -> bool:
    """Another version of the package is installed. Other sources change by a refresh only."""
    return wanted.edition == "bundled" and kept.retrieved != _version(wanted.location)


def _extract(path: Path, series: list[str]) -> bytes:
    """The named series of cpi's database, sorted: its 61 MB hold everything the BLS publishes."""
    marks = ", ".join("?" * len(series))
    query = (
        f"SELECT series, year, period, value FROM indexes WHERE series IN ({marks}) "
        "ORDER BY series, year, period"
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["series", "year", "period", "value"])
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        writer.writerows(database.execute(query, series))
    return text.getvalue().encode()


def _from_mirror(location: Location) -> tuple[bytes, dict[str, str]]:
    folder = os.environ.get("MIRROR", "")
    if not folder:
        raise ProjectError(
            "MIRROR is not set",
            where=location.file,
            expected="the folder of upstream files",
            mend="make EDITION=mirror MIRROR=folder",
        )
    path = Path(folder) / location.file
    if not path.is_file():
        raise ProjectError("the mirror lacks it", where=location.file, mend="complete the mirror")
    return path.read_bytes(), {"retrieved": "mirror"}


def _extent(file: str, table: pd.DataFrame) -> Extent:
    present = table.dropna(how="all")
    return Extent(
        file=file,
        rows=len(present),
        first=f"{present.index.min():%Y-%m-%d}",
        last=f"{present.index.max():%Y-%m-%d}",
        vintage=str(table.attrs.get("vintage", "")),
    )
