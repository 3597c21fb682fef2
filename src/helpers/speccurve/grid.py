"""The specifications: axes of choices as data, their product, and what is left out with its reason."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpers.project import Exclusion, ProjectError
from helpers.project.errors import nearest

FILE = Path(__file__).with_name("grid.toml")
Choice = str | int | float


class Axis(BaseModel):
    """One decision. labels : words for the choices, where they need any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    choices: list[Choice] = Field(min_length=1)
    labels: list[str] = []

    def label(self, value: Choice) -> str:
        return self.labels[self.choices.index(value)] if self.labels else str(value)


class Rule(BaseModel):
    """Combinations left out: those whose value on every axis named is among the ones given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: dict[str, list[Choice]] = Field(min_length=1)
    reason: str = Field(min_length=10)

    def covers(self, table: pd.DataFrame) -> pd.Series:
        """Which rows of a table with a column an axis the rule leaves out."""
        hits = [table[name].isin(values) for name, values in self.when.items()]
        return pd.concat(hits, axis=1).all(axis=1)


class Grid(BaseModel):
    """Axes, rules and readings (reading -> outcomes)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    axes: dict[str, Axis]
    readings: dict[str, list[str]]
    exclude: list[Rule] = []

    @model_validator(mode="after")
    def _known(self) -> Self:
        for rule in self.exclude:
            for name, values in rule.when.items():
                if name not in self.axes:
                    raise ValueError(
                        f"exclude: no axis is called {name!r}{nearest(name, self.axes)}"
                    )
                for value in values:
                    if value not in self.axes[name].choices:
                        raise ValueError(f"exclude: {name} has no value {value!r}")
        for name, axis in self.axes.items():
            if axis.labels and len(axis.labels) != len(axis.choices):
                raise ValueError(
                    f"axes.{name}: {len(axis.labels)} labels, {len(axis.choices)} choices"
                )
        outcomes = set(self.axes["outcome"].choices) if "outcome" in self.axes else set()
        for reading, members in self.readings.items():
            if odd := [each for each in members if each not in outcomes]:
                raise ValueError(f"readings.{reading}: no outcome is called {odd[0]!r}")
        return self

    def only(self, **choices: Sequence[Choice]) -> Self:
        """The same grid with fewer values on some axes.

        Raises
        ------
        ProjectError : an axis or a value that the grid does not have.
        """
        axes = dict(self.axes)
        for name, values in choices.items():
            if name not in axes:
                raise ProjectError(
                    f"no axis is called {name!r}{nearest(name, axes)}", where="grid",
                    expected=", ".join(axes),
                )  # fmt: skip
            for value in values:
                if value not in axes[name].choices:
                    raise ProjectError(
                        f"{value!r}", where=f"grid, {name}",
                        expected=", ".join(map(str, axes[name].choices)),
                    )  # fmt: skip
            kept = [each for each in axes[name].choices if each in values]
            labels = [axes[name].label(each) for each in kept] if axes[name].labels else []
            axes[name] = axes[name].model_copy(update={"choices": kept, "labels": labels})
        return self.model_copy(update={"axes": axes})

    def expand(self) -> tuple[pd.DataFrame, list[Exclusion]]:
        """All combinations that no rule leaves out.

        Returns
        -------
        One row a specification, a column an axis; and what each rule took, with its count.
        """
        names = list(self.axes)
        rows = itertools.product(*(axis.choices for axis in self.axes.values()))
        table = pd.DataFrame(list(rows), columns=names)
        taken = []
        for rule in self.exclude:
            hit = rule.covers(table)
            if hit.any():
                words = "; ".join(f"{n}: {', '.join(map(str, v))}" for n, v in rule.when.items())
                taken.append(Exclusion(what=f"{int(hit.sum()):,} of {words}", reason=rule.reason))
            table = table[~hit]
        return table.reset_index(drop=True), taken

    def reading_of(self) -> Mapping[str, str]:
        """Outcome -> reading."""
        return {outcome: name for name, outcomes in self.readings.items() for outcome in outcomes}


def load_grid(path: Path = FILE) -> Grid:
    """The grid in a TOML file.

    Raises
    ------
    ProjectError : unreadable, a field or a value that is not known.
    """
    try:
        return Grid.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ProjectError(f"unreadable: {error}", where=path.name, expected="TOML") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        said = str(first["msg"]).removeprefix("Value error, ")
        raise ProjectError(f"{place} {said}".strip(), where=path.name) from None
