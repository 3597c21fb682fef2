"""Results as data: the one schema of `results/NN_name.json`, which prose, README and verdicts quote.

Floats are written unrounded (shortest text that reads back to the same number); keys are sorted;
a NaN or an infinity is refused, so that bad input can never reach the report.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpers.project.errors import ProjectError
from helpers.project.files import write_atomic

SCHEMA_VERSION: Literal[1] = 1


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Estimate(_Record):
    """One estimate, with everything a reader needs to judge it."""

    label: str = Field(description="what is estimated, in words")
    value: float
    unit: str = Field(description="unit of value and interval, e.g. 'percent a year'")
    low: float | None = Field(description="lower end of the interval")
    high: float | None = Field(description="upper end of the interval")
    level: float = Field(0.95, gt=0, lt=1, description="coverage of the interval")
    p: float | None = Field(None, ge=0, le=1, description="two-sided p of the method")
    p_floor: float | None = Field(None, ge=0, le=1, description="smallest attainable p")
    mde: float | None = Field(
        None, ge=0, description="minimum detectable effect (two-sided 5%, power 80%), in unit"
    )
    n: int = Field(ge=0, description="number of independent units")
    n_of: str = Field(description="what is counted: 'events', 'months', 'regimes'")
    method: str = Field(description="how interval and p were made")
    sample: tuple[str, str] = Field(description="first and last date, ISO")
    note: str = ""

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval needs both ends")
        if self.low is None and not self.note:
            raise ValueError("an estimate without an interval needs a note that says why")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the interval's low end is above its high end")
        return self


class FigureRecord(_Record):
    """A figure of the report: file under `figures/`, a text for those who cannot see it, a caption."""

    file: str
    alt: str = Field(min_length=20, description="states the finding; at least eight words")
    caption: str

    @model_validator(mode="after")
    def _alt_states_something(self) -> Self:
        if len(self.alt.split()) < 8:
            raise ValueError("alt text needs at least eight words")
        return self


class TableRecord(_Record):
    """A table of the report: csv under `tables/`, with its caption (units and n said there)."""

    file: str
    caption: str


class Exclusion(_Record):
    """Something left out, and why: an event, a month, a dataset."""

    what: str
    reason: str


class Result(_Record):
    """What one notebook found: the content of `results/NN_name.json`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    notebook: str
    edition: str
    question: str
    answer: str
    parameters: dict[str, bool | int | float | str | list[float] | list[str]]
    estimates: dict[str, Estimate] = {}
    quantities: dict[str, bool | int | float | str] = {}
    figures: dict[str, FigureRecord] = {}
    tables: dict[str, TableRecord] = {}
    exclusions: list[Exclusion] = []

    def save(self, path: Path) -> Path:
        """Write by rename; the bytes depend on the content alone."""
        return write_atomic(path, self.as_text())

    def as_text(self) -> str:
        document = self.model_dump(mode="json")
        return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def load(cls, path: Path) -> Result:
        """Read and validate.

        Raises
        ------
        ProjectError : the file does not follow the schema; names the first field that fails.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            raise ProjectError(
                f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
                where=path.name,
                expected=f"result schema {SCHEMA_VERSION}",
                mend="make, which writes it anew",
            ) from error
