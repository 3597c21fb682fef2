"""Typed parameters: a section of `params.toml` for each notebook, checked before a kernel starts.

Values live in `params.toml` alone; here are their types and ranges. Models are strict (no "6" for
6) and refuse what they do not know. On the command line the declared type decides.
"""

from __future__ import annotations

import tomllib
import typing
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo

from helpers.project.errors import ProjectError, nearest

Value = bool | int | float | str | list[int] | list[str]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="a month, YYYY-MM")]


class Section(BaseModel):
    """What every section has in common: strict, closed, finite."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class AcquireData(Section):
    """01: nothing to choose; the edition is chosen by `make EDITION=`."""


class BuildPanel(Section):
    """02: nothing to choose."""


class DateThePivots(Section):
    first_year: int = Field(ge=1954, le=2025, description="first year of the picture")


class EventStudy(Section):
    model: Literal["mean", "market_adjusted", "market"]
    estimation_start: int = Field(ge=-1000, le=-20, description="trading days from the event")
    estimation_end: int = Field(ge=-500, le=-1)
    window_start: int = Field(ge=-60, le=0)
    window_end: int = Field(ge=0, le=120)
    min_estimation: int = Field(ge=20, le=500, description="fewest estimation days")
    headline_end: int = Field(ge=0, le=120, description="headline CAR runs from day 0 to this day")
    illustration_start: int = Field(ge=-1000, le=-20, description="estimation of the two cases")
    illustration_end: int = Field(ge=-500, le=-1)
    draws: int = Field(ge=200, le=100_000, description="placebo draws")
    seed: int = Field(ge=0, le=2**32 - 1)

    @model_validator(mode="after")
    def _order(self) -> Self:
        for start, end in (
            ("estimation_start", "estimation_end"),
            ("illustration_start", "illustration_end"),
        ):
            if getattr(self, start) >= getattr(self, end):
                raise ValueError(f"{start} must come before {end}")
        if self.estimation_end >= self.window_start:
            raise ValueError("estimation_end must come before window_start")
        if self.headline_end > self.window_end:
            raise ValueError("headline_end must lie within the window")
        return self


class SurprisesAndSize(Section):
    late: int = Field(ge=1, le=20, description="last trading day of the longer window")
    last: int = Field(ge=1, le=60, description="last trading day of the path")
    hac_lags: int = Field(ge=0, le=60)


class TheEconomy(Section):
    car_end: int = Field(ge=1, le=60, description="last trading day of the CAR")
    article: Month
    draws: int = Field(ge=200, le=100_000, description="bootstrap draws")
    seed: int = Field(ge=0, le=2**32 - 1)


class TheFund(Section):
    start: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a trading day, YYYY-MM-DD")
    draws: int = Field(ge=200, le=100_000, description="bootstrap draws")
    seed: int = Field(ge=0, le=2**32 - 1)
    hac_lags: int = Field(ge=0, le=60)
    window: int = Field(ge=90, le=500, description="days of a moving window")


class InflationRegimes(Section):
    rate_months: Literal[1, 3, 6, 12] = Field(description="months the inflation rate spans")
    horizon: int = Field(ge=1, le=24, description="months over which the rate's change is taken")
    lag_months: int = Field(ge=0, le=6, description="months until a reading is known")
    hac_lags: int = Field(ge=0, le=60)
    min_shift: int = Field(ge=1, le=120, description="smallest circular shift, months")
    draws: int = Field(ge=200, le=100_000, description="bootstrap draws")
    power_effect: float = Field(ge=0.1, le=100, description="percentage points a year")
    seed: int = Field(ge=0, le=2**32 - 1)
    sample_starts: list[int] = Field(min_length=1, description="first years of the samples")
    sample_end: Month

    @model_validator(mode="after")
    def _samples(self) -> Self:
        if any(not 1913 <= year <= 2100 for year in self.sample_starts):
            raise ValueError("sample_starts must be years from 1913 on")
        return self


class SpecificationCurve(Section):
    """09: the grid itself is data, in helpers/speccurve/grid.toml."""

    sample_end: Month
    hac_lags: int = Field(ge=0, le=60)
    min_shift: int = Field(ge=1, le=120, description="smallest circular shift, months")
    run_on: Literal["one process", "all cores", "dask"]


class WhereItHolds(Section):
    """10: one sample, cut one way at a time."""

    sample_start: int = Field(ge=1913, le=2100, description="first year of the sample")
    sample_end: Month
    rate_months: Literal[1, 3, 6, 12]
    horizon: int = Field(ge=1, le=24, description="months over which the rate's change is taken")
    lag_months: int = Field(ge=0, le=6, description="months until a reading is known")
    hac_lags: int = Field(ge=0, le=60)


class KnownAtTheTime(Section):
    sample_start: int = Field(ge=1913, le=2100, description="first year of the sample")
    sample_end: Month
    holdout_start: Month
    hac_lags: int = Field(ge=0, le=60)
    markov_first: Month


class Replications(Section):
    """12: nothing to choose; samples are those of the studies."""


class Verdicts(Section):
    """13: nothing to choose; the rules stand in the ledger."""


SECTIONS: dict[str, type[Section]] = {
    "01_acquire_data": AcquireData,
    "02_build_panel": BuildPanel,
    "03_date_the_pivots": DateThePivots,
    "04_event_study": EventStudy,
    "05_surprises_and_size": SurprisesAndSize,
    "06_the_economy": TheEconomy,
    "07_the_fund": TheFund,
    "08_inflation_regimes": InflationRegimes,
    "09_specification_curve": SpecificationCurve,
    "10_where_it_holds": WhereItHolds,
    "11_known_at_the_time": KnownAtTheTime,
    "12_replications": Replications,
    "13_verdicts": Verdicts,
}


def load_parameters(path: Path, notebook: str, overrides: dict[str, str] | None = None) -> Section:
    """The checked parameters of one notebook.

    Parameters
    ----------
    path : params.toml.
    notebook : name of the notebook, which is the name of its section.
    overrides : values from the command line, as text; the declared type reads them.

    Raises
    ------
    ProjectError : names file, section, parameter, what was given and what is allowed.
    """
    sections = read_sections(path)
    if notebook not in SECTIONS:
        raise ProjectError(
            f"no notebook is called {notebook!r}{nearest(notebook, SECTIONS)}",
            where="notebooks/",
            expected=", ".join(SECTIONS),
        )
    if notebook not in sections:
        raise ProjectError(
            f"the section [{notebook}] is missing", where=path.name, mend=f"add [{notebook}]"
        )
    model, where = SECTIONS[notebook], f"{path.name} [{notebook}]"
    values = dict(sections[notebook])
    for name, text in (overrides or {}).items():
        values[name] = _from_text(model, name, text, f"command line, {notebook}")
    if overrides:
        _validated(model, dict(sections[notebook]), where)
        where = f"command line, {notebook}"
    return _validated(model, values, where)


def read_sections(path: Path) -> dict[str, dict[str, Any]]:
    """All sections of params.toml, unchecked but for the names of the sections.

    Raises
    ------
    ProjectError : missing or unreadable file, or an unknown section.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        raise ProjectError(
            "the file is missing", where=path.name, mend=f"git checkout {path.name}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"unreadable: {error}", where=path.name, expected="TOML") from error
    for name, section in document.items():
        if name not in SECTIONS:
            raise ProjectError(
                f"no notebook has a section [{name}]{nearest(name, SECTIONS)}", where=path.name
            )
        if not isinstance(section, dict):
            raise ProjectError(f"{name} is a value", where=path.name, expected=f"[{name}]")
    return document


def _from_text(model: type[Section], name: str, text: str, where: str) -> Any:
    if name not in model.model_fields:
        raise ProjectError(*_unknown(model, name), where=where)
    declared: Any = Annotated[model.model_fields[name].annotation, model.model_fields[name]]
    if typing.get_origin(model.model_fields[name].annotation) is list:
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError as error:
            raise ProjectError(
                f"{name}: {text!r} is no list", where=where, expected="a list, e.g. [1947, 1990]"
            ) from error
    try:
        # Lax on purpose: `strict` would refuse "12" for an integer literal.
        return TypeAdapter(declared).validate_strings(text, strict=False)
    except ValidationError:
        if (choices := _choices(model.model_fields[name])) is not None:
            for choice in choices:
                if str(choice) == text:
                    return choice
        raise _explained(model, name, text, where) from None


def _validated(model: type[Section], values: dict[str, Any], where: str) -> Section:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        # A misspelt name is also a missing one: name the misspelling.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        name = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            raise ProjectError(*_unknown(model, name), where=where) from None
        if first["type"] == "missing":
            raise ProjectError(
                f"{name} is missing", where=where, expected=_allowed(model.model_fields[name])
            ) from None
        if not name:
            message = str(first["msg"]).removeprefix("Value error, ")
            raise ProjectError(message, where=where) from None
        raise _explained(model, name, values[name], where) from None


def _unknown(model: type[Section], name: str) -> tuple[str]:
    names = ", ".join(model.model_fields) or "none"
    return (f"no parameter is called {name!r}{nearest(name, model.model_fields)}; known: {names}",)


def _explained(model: type[Section], name: str, given: Any, where: str) -> ProjectError:
    kind = type(given).__name__
    return ProjectError(
        f"{name} = {given!r} ({kind})", where=where, expected=_allowed(model.model_fields[name])
    )


def _choices(field: FieldInfo) -> tuple[Any, ...] | None:
    if typing.get_origin(field.annotation) is Literal:
        return typing.get_args(field.annotation)
    return None


def _allowed(field: FieldInfo) -> str:
    """What a field takes, in words."""
    if (choices := _choices(field)) is not None:
        return "one of " + ", ".join(map(repr, choices))
    kinds = {int: "an integer", float: "a number", str: "text", bool: "true or false"}
    words = kinds.get(typing.cast(type, field.annotation), "a list")
    bounds = {type(item).__name__: item for item in field.metadata}
    if "Ge" in bounds and "Le" in bounds:
        words += f" from {bounds['Ge'].ge} to {bounds['Le'].le}"
    return f"{words} ({field.description})" if field.description else words
