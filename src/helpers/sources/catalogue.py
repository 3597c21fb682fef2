"""The catalogue: what every dataset is, where each source finds it, and what it must look like.

`catalogue.toml` holds one entry a dataset, and what a publisher's entries share. Nothing else in the project knows a publisher's address,
file name or column name.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers.project import ProjectError, sha256_of
from helpers.project.errors import nearest

FILE = Path(__file__).with_name("catalogue.toml")
SOURCES = ("bundled", "mirror", "live")
Option = str | int | float | bool | list[str] | list[int]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Entry):
    """A column (or, with `*`, a family of columns): unit and range."""

    unit: str
    low: float | None = Field(None, description="smallest value that can be true")
    high: float | None = Field(None, description="largest value that can be true")
    holes: bool = Field(False, description="may be missing between its first and last value")


class Location(_Entry):
    """Where one source finds a dataset, and how the file is read."""

    file: str = Field(description="name within the source; several datasets may share a file")
    parser: str = Field(description="name in helpers.sources.parsers.PARSERS")
    options: dict[str, Option] = {}
    rename: dict[str, str] = Field({}, description="the parser's column -> ours; others go")
    scale: float = Field(1.0, description="multiplies the file's numbers into the unit")
    package: str = Field("", description="installed package that carries the file")
    inside: str = Field("", description="the file's path in that package")
    series: list[str] = Field([], description="series taken out of a package's database")
    address: str = Field("", description="where the publisher has it")
    symbol: str = Field(
        "", description="quotes: what the library calls it; tried before the address"
    )
    api_key_env: str = ""
    first: date = Field(description="the first value must not be later")
    last: date = Field(description="the last value must not be earlier")
    min_rows: int = Field(gt=0)


class Dataset(_Entry):
    """One entry."""

    title: str
    frequency: Literal["daily", "monthly", "quarterly", "events"]
    publisher: str
    licence: str
    citation: str
    homepage: str
    lag: str = Field(description="when a value is known, in words")
    cost_if_missing: str = Field(description="what the report loses without it")
    columns: dict[str, Column]
    missing: list[date] = Field([], description="dates that the publisher never published")
    max_gap_days: int = Field(0, description="daily: longest gap in the dates; 0 for others")
    optional: bool = Field(False, description="an edition stands without it")
    compiled: Location | None = None
    bundled: Location | None = None
    mirror: Location | None = None
    live: Location | None = None

    def at(self, edition: str) -> Location | None:
        """Where this edition finds the dataset; tracked facts serve every edition."""
        found: Location | None = getattr(self, edition)
        return found or self.compiled

    def column(self, name: str) -> Column:
        """What a column must look like.

        Raises
        ------
        ProjectError : the catalogue has no such column.
        """
        for pattern, column in self.columns.items():
            if fnmatch.fnmatchcase(name, pattern):
                return column
        raise ProjectError(
            f"no column is called {name!r}{nearest(name, self.columns)}",
            expected=", ".join(self.columns),
        )


class Catalogue(Mapping[str, Dataset]):
    """Datasets by name, in the order of the file."""

    def __init__(self, entries: Mapping[str, Dataset]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> Dataset:
        if name not in self._entries:
            raise ProjectError(
                f"no dataset is called {name!r}{nearest(name, self._entries)}",
                where=FILE.name,
                mend="add an entry, or correct the name",
            )
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Any:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, edition: str) -> dict[str, Dataset]:
        """The datasets that an edition has."""
        return {name: each for name, each in self.items() if each.at(edition)}


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read and check the catalogue (the project's own, or another file).

    Raises
    ------
    ProjectError : unreadable, or an entry with an unknown, missing or mistyped field.
    """
    chosen = path or FILE
    return _load(chosen, sha256_of(chosen))


@cache
def _load(path: Path, _digest: str) -> Catalogue:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"unreadable: {error}", where=path.name, expected="TOML") from error
    entries = {}
    publishers = document.get("publishers", {})
    for name, fields in document.get("datasets", {}).items():
        by = fields.pop("by", "")
        if by not in publishers:
            raise ProjectError(
                f"by: {by!r}{nearest(by, publishers)}",
                where=f"{path.name} [{name}]",
                expected=", ".join(publishers),
            )
        if "live" in fields:  # a publisher's own file is what a mirror holds, but for the address
            fields["live"] = fields.get("mirror", {}) | fields["live"]
        try:
            entries[name] = Dataset.model_validate(publishers[by] | fields)
        except ValidationError as error:
            first = error.errors()[0]
            raise ProjectError(
                f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
                where=f"{path.name} [{name}]",
            ) from None
    return Catalogue(entries)
