"""Payloads as received, with sidecars and a manifest; and the one loader that reads them back.

`data/raw/<edition>/<file>.<first of its sha256>.<suffix>` is a payload, never changed, with its
sidecar beside it. `manifest.json`, written last, says which payload each dataset uses: a killed run
leaves at most payloads that nothing refers to yet.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.project import ProjectError, Workspace, sha256_of, write_atomic
from helpers.project.errors import nearest
from helpers.sources.catalogue import Dataset, Location, load_catalogue
from helpers.sources.checks import check_dataset
from helpers.sources.parsers import PARSERS

MANIFEST = "raw/manifest.json"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stored(_Record):
    """A payload: where it lies (as a room name), its hash, and when or whence it came."""

    stored: str
    sha256: str
    bytes: int
    retrieved: str


class Extent(_Record):
    """What a dataset's payload holds."""

    file: str
    rows: int
    first: str
    last: str
    vintage: str


class Manifest(_Record):
    """An edition: payloads by the source's file name, datasets by ours, and what failed."""

    edition: str
    payloads: dict[str, Stored] = {}
    datasets: dict[str, Extent] = {}
    failures: dict[str, str] = {}

    @classmethod
    def load(cls, workspace: Workspace) -> Manifest:
        """The manifest of the edition in hand.

        Raises
        ------
        ProjectError : none yet, unreadable, or another edition's.
        """
        mend = "remove it, then make data"
        try:
            found = cls.model_validate_json(workspace.read(MANIFEST).read_bytes())
        except ValidationError as error:
            raise ProjectError("unreadable", where=MANIFEST, mend=mend) from error
        if found.edition != workspace.edition:
            raise ProjectError(
                f"it is of the edition {found.edition}",
                where=MANIFEST,
                expected=workspace.edition,
                mend=mend,
            )
        return found

    def save(self, workspace: Workspace) -> None:
        text = json.dumps(self.model_dump(), indent=1, ensure_ascii=False) + "\n"
        write_atomic(workspace.write(MANIFEST), text)


def load(workspace: Workspace, name: str) -> pd.DataFrame:
    """A dataset by name, from the payload that the edition's manifest names.

    Returns
    -------
    Columns and units as the catalogue has them; the index "date" holds days, month ends or quarter
    ends. `attrs["vintage"]` where the file has a vintage line.

    Raises
    ------
    ProjectError : unknown name; not in this edition; no manifest; a payload changed on disk.
    """
    dataset = load_catalogue()[name]
    if (location := dataset.at(workspace.edition)) is None:
        other = next((each for each in ("mirror", "live") if dataset.at(each)), "live")
        raise ProjectError(
            f"the edition {workspace.edition} does not have it",
            where=f"dataset {name}",
            mend=f"make EDITION={other}",
        )
    manifest = Manifest.load(workspace)
    if name not in manifest.datasets:
        why = manifest.failures.get(location.file, "not in the manifest")
        raise ProjectError(why, where=f"dataset {name}", mend="make data")
    return parse(name, dataset, location, payload(workspace, manifest.payloads[location.file]))


def payload(workspace: Workspace, record: Stored) -> bytes:
    """The bytes of a payload, verified.

    Raises
    ------
    ProjectError : gone, or changed on disk (both hashes are said).
    """
    content = workspace.read(record.stored).read_bytes()
    if (found := sha256_of(content)) != record.sha256:
        raise ProjectError(
            f"changed on disk: sha256 {found}",
            where=record.stored,
            expected=f"sha256 {record.sha256}",
            mend="remove the file, then make data; keep data of your own under another name",
        )
    return content


def parse(name: str, dataset: Dataset, location: Location, content: bytes) -> pd.DataFrame:
    """A payload as the catalogue's table: parsed, renamed, scaled, checked.

    Raises
    ------
    ProjectError : names dataset and file, and what of it is not as the catalogue says.
    """
    where = f"{name} ({location.file})"
    if location.parser not in PARSERS:
        raise ProjectError(
            f"no parser is called {location.parser!r}{nearest(location.parser, PARSERS)}",
            where=f"catalogue.toml [{name}]",
            expected=", ".join(PARSERS),
        )
    try:
        table = PARSERS[location.parser](content, **location.options)
    except ProjectError as error:
        raise ProjectError(
            error.what,
            where=f"{where}, {error.where}" if error.where else where,
            expected=error.expected,
            mend=error.mend or "compare the file with the publisher's page",
        ) from None
    if location.rename:
        if lacking := [column for column in location.rename if column not in table]:
            raise ProjectError(
                f"no column {lacking[0]!r}",
                where=where,
                expected=", ".join(map(str, table.columns[:8])),
                mend="the publisher renamed it: correct `rename` in the catalogue",
            )
        attrs, table = table.attrs, table[list(location.rename)].rename(columns=location.rename)
        table.attrs = attrs
    if location.scale != 1:
        table = table * location.scale
    check_dataset(where, dataset, location, table)
    return table


def store(
    workspace: Workspace, file: str, content: bytes, origin: dict[str, str], dataset: Dataset
) -> Stored:
    """Write a payload and its sidecar, unless that very payload is there."""
    digest = sha256_of(content)
    path = PurePosixPath(file)
    stem, suffixes = path.name.split(".")[0], "".join(path.suffixes)
    name = f"raw/{path.with_name(f'{stem}.{digest[:8]}{suffixes}')}"
    target = workspace.write(name)
    if not target.is_file() or sha256_of(target) != digest:
        write_atomic(target, content)
    record = Stored(stored=name, sha256=digest, bytes=len(content), retrieved=origin["retrieved"])
    sidecar = target.with_name(target.name + ".json")
    if not sidecar.is_file():
        described = {
            **{
                key: getattr(dataset, key)
                for key in ("publisher", "licence", "citation", "homepage")
            },
            **origin,
            **record.model_dump(),
        }
        write_atomic(sidecar, json.dumps(described, indent=1, sort_keys=True) + "\n")
    return record


def available(workspace: Workspace) -> list[str]:
    """Names of the datasets of the edition in hand, in the catalogue's order."""
    return list(Manifest.load(workspace).datasets)


def provenance(workspace: Workspace) -> pd.DataFrame:
    """One row a dataset of the edition: what it is, whose, from when to when, which bytes.

    Returns
    -------
    Index dataset; columns title, publisher, licence, frequency, rows, first, last, age_months (of
    the last value, against the newest of the edition: no clock is read), retrieved (when from a
    publisher, else the package and its version), vintage, sha256.
    """
    manifest, catalogue = Manifest.load(workspace), load_catalogue()
    newest = max((_months(each.last) for each in manifest.datasets.values()), default=0)
    rows = {}
    for name, extent in manifest.datasets.items():
        entry, record = catalogue[name], manifest.payloads[extent.file]
        rows[name] = {
            **{key: getattr(entry, key) for key in ("title", "publisher", "licence", "frequency")},
            **extent.model_dump(exclude={"file"}),
            "age_months": newest - _months(extent.last),
            "retrieved": record.retrieved,
            "sha256": record.sha256,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("dataset")


def missing(workspace: Workspace) -> pd.DataFrame:
    """What the edition lacks: index dataset; columns title, cost (what the report loses)."""
    here = set(available(workspace))
    rows = {
        name: {"title": entry.title, "cost": entry.cost_if_missing}
        for name, entry in load_catalogue().items()
        if name not in here
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["title", "cost"])


def _months(day: str) -> int:
    return 12 * int(day[:4]) + int(day[5:7])
