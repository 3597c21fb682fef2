"""Reading and checking lists of events: the tracked one, or an analyst's CSV or TOML.

What a column may hold stands in `columns.toml`; both formats pass the same strict model.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import pandas as pd
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    StringConstraints,
    ValidationError,
    create_model,
)

from helpers.project import ProjectError, Workspace
from helpers.project.errors import nearest

TRACKED = "compiled/fed_pivots.csv"
ZONE = "America/New_York"
_WORDS = {
    "text": "text",
    "date": "a date YYYY-MM-DD",
    "datetime": "a day and time YYYY-MM-DDTHH:MM",
    "integer": "a whole number",
    "number": "a number",
    "flag": "true or false",
}
_SIDES = {
    "cut": (-1, "dovish"),
    "discount_rate_cut": (-1, "dovish"),
    "hike": (1, "hawkish"),
    "none": (0, "none"),
}
_DTYPES = {
    "text": "str",
    "choice": "str",
    "date": "datetime64[us]",
    "datetime": f"datetime64[us, {ZONE}]",
    "integer": "Int64",
    "number": "Float64",
    "flag": "boolean",
    "choices": "object",
}


class Column(BaseModel):
    """One entry of the column dictionary."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str
    type: Literal["text", "datetime", "date", "choice", "choices", "integer", "number", "flag"]
    required: bool = False
    unit: str = ""
    allowed: list[str] = []
    pattern: str = ".+"
    basis: Literal["fact", "reading"]
    description: str

    @property
    def words(self) -> str:
        """What the column takes, for a person."""
        if not self.allowed:
            return _WORDS[self.type] + (f" like {self.pattern}" if self.pattern != ".+" else "")
        several = "any of " if self.type == "choices" else ""
        return several + ", ".join(self.allowed)

    @property
    def declared(self) -> Any:
        """The same, for pydantic."""
        literal: Any = Literal  # its choices are known at run time only
        choice: Any = literal[tuple(self.allowed)] if self.allowed else str
        several: Any = list
        kinds: dict[str, Any] = {
            "text": Annotated[str, StringConstraints(pattern=self.pattern)],
            "date": date,
            "datetime": NaiveDatetime,
            "integer": int,
            "number": Annotated[float, Field(allow_inf_nan=False)],
            "flag": bool,
            "choice": choice,
            "choices": several[choice],
        }
        return kinds[self.type]


def column_dictionary() -> pd.DataFrame:
    """What each column means: name, type, unit, allowed, required, basis, description."""
    rows = [
        each.model_dump(exclude={"allowed", "pattern"}) | {"allowed": each.words}
        for each in _columns().values()
    ]
    order = ["name", "type", "unit", "allowed", "required", "basis", "description"]
    return pd.DataFrame(rows)[order]


def load_pivots(workspace: Workspace) -> pd.DataFrame:
    """The 42 tracked events, by effective day.

    Returns
    -------
    One row an event, indexed by its line in the file; columns as in `column_dictionary`:
    announced_at with zone, effective_day at midnight without, confounders a tuple.

    Raises
    ------
    ProjectError : missing file, or the first row that breaks the dictionary.
    """
    return read_event_list(workspace.read(TRACKED)).sort_values("effective_day", kind="stable")


def read_event_list(path: Path) -> pd.DataFrame:
    """An event list from CSV, or from TOML with one [[event]] table an event.

    Each row needs event_id, direction, and announced_at, effective_day or both. Every column of
    the dictionary is present in what is returned, missing where the file has none.

    Raises
    ------
    ProjectError : file, row (line of a CSV, number of an [[event]]), column, the value given and
        what is allowed, for the first fault; also an unreadable file, an unknown column or a
        duplicate id.
    """
    readers = {".csv": _csv_rows, ".toml": _toml_rows}
    if path.suffix not in readers:
        raise ProjectError(f"{path.name} is no event list", expected="a name in .csv or .toml")
    rows: dict[int, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for number, raw in readers[path.suffix](_text(path), path.name):
        where = f"{path.name}, row {number}"
        rows[number] = _checked(raw, where)
        name = rows[number]["event_id"]
        if name in seen:
            raise ProjectError(
                f"event_id {name!r} is also that of row {seen[name]}", where=where,
                mend="give each event its own name",
            )  # fmt: skip
        seen[name] = number
    if not rows:
        raise ProjectError("no event in it", where=path.name, expected="at least one")
    return _frame(rows, path.name)


@cache
def _columns() -> dict[str, Column]:
    document = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
    return {each["name"]: Column.model_validate(each) for each in document["column"]}


@cache
def _model() -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (column.declared, ...) if column.required else (column.declared | None, None)
        for name, column in _columns().items()
    }
    return create_model("Event", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _checked(raw: Mapping[str, Any], where: str) -> dict[str, Any]:
    try:
        event = _model().model_validate(raw).model_dump()
    except ValidationError as error:
        # A misspelt column is also a missing one: name the misspelling.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        _refuse(str(first["loc"][0]), raw, where)
    _consistent(event, where)
    return event


def _refuse(name: str, raw: Mapping[str, Any], where: str) -> NoReturn:
    columns = _columns()
    if name not in columns:
        raise ProjectError(
            f"no column is called {name!r}{nearest(name, columns)}", where=where,
            expected=", ".join(columns),
        )  # fmt: skip
    if name not in raw:
        raise ProjectError(f"{name} is missing", where=where, expected=columns[name].words)
    column, wrong = columns[name], raw[name]
    if isinstance(wrong, list):  # the first that is none of the choices
        wrong = next((each for each in wrong if each not in column.allowed), wrong)
    hint = nearest(wrong, column.allowed) if isinstance(wrong, str) else ""
    raise ProjectError(f"{name} = {wrong!r}{hint}", where=where, expected=column.words)


def _consistent(event: Mapping[str, Any], where: str) -> None:
    """What one column says must not contradict another."""
    announced, effective = event["announced_at"], event["effective_day"]
    if announced is None and effective is None:
        raise ProjectError(
            "announced_at and effective_day are missing", where=where, expected="one of them"
        )
    if announced and effective and effective < announced.date():
        raise ProjectError(
            f"effective_day = {effective} is before announced_at = {announced.date()}", where=where
        )
    if event["action"] is None:
        return
    sign, side = _SIDES[event["action"]]
    size, given = event["action_bp"], event["action_direction"]
    if size is not None and (size > 0) - (size < 0) != sign:
        raise ProjectError(
            f"action_bp = {size} for action = {event['action']}", where=where,
            expected="a cut below zero, a hike above, none at zero",
        )  # fmt: skip
    if given not in (None, side):
        raise ProjectError(
            f"action_direction = {given} for action = {event['action']}", where=where, expected=side
        )


def _text(path: Path) -> str:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123  the run's record sees `open`
            return stream.read().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ProjectError("the file is missing", where=path.name) from error
    except UnicodeDecodeError as error:
        raise ProjectError("unreadable text", where=path.name, expected="UTF-8") from error


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if twice := [each for each in header if header.count(each) > 1]:
            raise ProjectError(f"column {twice[0]!r} stands twice", where=f"{name}, row 1")
        for column in header:
            if column not in _columns():
                _refuse(column, {}, f"{name}, row 1")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise ProjectError(
                    f"{len(cells)} cells", where=f"{name}, row {reader.line_num}",
                    expected=f"{len(header)}, as in the first row",
                )  # fmt: skip
            given = {
                column: _typed(column, c) for column, c in zip(header, cells, strict=True) if c
            }
            yield reader.line_num, given
    except csv.Error as error:
        raise ProjectError(
            f"unreadable: {error}", where=f"{name}, row {reader.line_num}", expected="CSV"
        ) from error


def _typed(column: str, text: str) -> Any:
    """A cell in its column's type; text that does not fit stays text, which the model refuses."""
    try:
        match _columns()[column].type:
            case "date":
                return datetime.strptime(text, "%Y-%m-%d").date()
            case "datetime":
                return datetime.strptime(text, "%Y-%m-%dT%H:%M")
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "flag":
                return {"true": True, "false": False}.get(text, text)
            case "choices":
                return text.split(";")
    except ValueError:
        pass
    return text


def _toml_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"unreadable: {error}", where=name, expected="TOML") from error
    events = document.pop("event", [])
    tables = isinstance(events, list) and all(isinstance(each, dict) for each in events)
    if document or not tables:
        given = next(iter(document), "event")
        raise ProjectError(f"{given!r} is no event", where=name, expected="[[event]] tables only")
    yield from enumerate(events, start=1)


def _frame(rows: Mapping[int, Mapping[str, Any]], name: str) -> pd.DataFrame:
    index = pd.Index(list(rows), name="row")
    data: dict[str, pd.Series] = {}
    for column, entry in _columns().items():
        values = [row[column] for row in rows.values()]
        if entry.type == "choices":
            values = [tuple(value or ()) for value in values]
        if entry.type == "datetime":
            clock = pd.Series(values, index=index, dtype="datetime64[us]")
            data[column] = clock.dt.tz_localize(ZONE)
        else:
            data[column] = pd.Series(values, index=index, dtype=_DTYPES[entry.type])
    frame = pd.DataFrame(data)
    frame.attrs["file"] = name
    return frame
