"""What all parsers share: unpacking, rows with their numbers, and cells read strictly.

A cell is a number, a date or one of the publisher's marks for a missing value; anything else is an
error that names row and column. Rows count from 1, as an editor or a spreadsheet shows them.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from helpers.project import ProjectError

_TABLES = (".csv", ".txt", ".xls", ".xlsx")
_WORKBOOK = "[Content_Types].xml"
_MARKS = (-99.99, -999.0, -999.99, -9999.0, -9999.99, -99999.0)


@dataclass(frozen=True)
class Rows:
    """A header and the cells below it; `numbers_of_rows` are the rows' places in the file."""

    header: list[str]
    cells: list[list[Any]]
    numbers_of_rows: list[int]

    def of(self, places: Iterable[int]) -> Rows:
        """Some of the rows, counted from 0."""
        kept = list(places)
        return Rows(
            self.header,
            [self.cells[at] for at in kept],
            [self.numbers_of_rows[at] for at in kept],
        )

    def place(self, name: str) -> int:
        """Where a column stands.

        Raises
        ------
        ProjectError : no such column, or several.
        """
        if (times := self.header.count(name)) != 1:
            raise ProjectError(
                f"{times or 'no'} column{'s' if times else ''} {name!r}",
                where="header",
                expected="one, among: " + ", ".join(self.header[:12]),
            )
        return self.header.index(name)

    def text(self, name: str) -> list[str]:
        """A column as stripped text, a spreadsheet's dates as ISO; errors as `place`."""
        place = self.place(name)
        return [_stripped(row[place]) for row in self.cells]

    def dates(self, name: str, form: str = "%Y-%m-%d") -> pd.DatetimeIndex:
        """A column of dates, in one form and no other; errors as `place` and `as_dates`."""
        return self.as_dates(self.text(name), name, form)

    def as_dates(self, text: list[str], name: str, form: str) -> pd.DatetimeIndex:
        """Texts, one a row, as dates.

        Raises
        ------
        ProjectError : one that is no date in this form.
        """
        days = pd.DatetimeIndex(pd.to_datetime(text, format=form, errors="coerce"), name="date")
        if days.hasnans:
            at = int(days.isna().argmax())
            raise ProjectError(
                f"{name or 'date'}: {text[at]!r} is no date",
                where=f"row {self.numbers_of_rows[at]}",
                expected=form,
            )
        return days.as_unit("us")

    def months(self, year: str, month: str) -> pd.DatetimeIndex:
        """Month ends from a column of years and one of months; errors as `dates`."""
        parts = zip(self.text(year), self.text(month), strict=True)
        text = [f"{y.removesuffix('.0')}-{m.removesuffix('.0')}" for y, m in parts]
        return month_ends(self.as_dates(text, f"{year}, {month}", "%Y-%m"))

    def numbers(
        self,
        names: Sequence[str],
        *,
        missing: Sequence[str] = ("",),
        sentinels: Sequence[float] = (),
        above: float = -np.inf,
    ) -> pd.DataFrame:
        """Columns as float64, one row a row of the file.

        Parameters
        ----------
        missing : texts that mean no value.
        sentinels : numbers that mean no value.
        above : every value is above this.

        Raises
        ------
        ProjectError : no such column; a cell that is neither a finite number nor `missing`; a
            number not above `above`, or one that others use to mark a missing value.
        """
        table = pd.DataFrame({name: self._column(name, missing, sentinels) for name in names})
        left = (table.isin(_MARKS) | (table <= above)).to_numpy()
        if left.any():
            row, column = np.argwhere(left)[0]
            raise ProjectError(
                f"{names[column]}: {table.iloc[row, column]:g} looks like a mark for a missing "
                "value that was left over",
                where=f"row {self.numbers_of_rows[row]}",
                expected="a value, or one of: " + ", ".join(_shown(missing, sentinels)),
            )
        return table

    def _column(
        self, name: str, missing: Sequence[str], sentinels: Sequence[float]
    ) -> np.ndarray[Any, Any]:
        place = self.place(name)
        cells = np.array([_bare(row[place]) for row in self.cells], dtype=object)
        values = np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=np.float64)
        bad = ~np.isfinite(values)
        bad[bad] = [cell not in missing for cell in cells[bad]]
        if bad.any():
            at = int(bad.argmax())
            raise ProjectError(
                f"{name}: {str(cells[at])!r} is no number",
                where=f"row {self.numbers_of_rows[at]}",
                expected="a number, or one of: " + ", ".join(_shown(missing, sentinels)),
            )
        return np.where(np.isin(values, sentinels), np.nan, values)

    def indexed(
        self, table: pd.DataFrame, index: pd.DatetimeIndex, *, repeats: bool = False
    ) -> pd.DataFrame:
        """The table by date, when its dates increase.

        Raises
        ------
        ProjectError : a date before the one above it, or (unless `repeats`) the same one again.
        """
        steps = np.diff(index.to_numpy()).astype(np.int64)
        wrong = steps < 0 if repeats else steps <= 0
        if wrong.any():
            at = int(wrong.argmax()) + 1
            what = "occurs twice" if steps[at - 1] == 0 else f"comes after {index[at - 1]:%Y-%m-%d}"
            raise ProjectError(
                f"{index[at]:%Y-%m-%d} {what}",
                where=f"row {self.numbers_of_rows[at]}",
                expected="dates that increase",
            )
        return table.set_axis(index.rename("date"))


def _bare(cell: Any) -> Any:
    return cell.strip() if isinstance(cell, str) else cell


def _stripped(cell: Any) -> str:
    """Text of a cell; a spreadsheet's date at midnight is a date."""
    text = str(cell)
    return text.removesuffix(" 00:00:00") if isinstance(cell, date) else text.strip()


def _shown(missing: Sequence[str], sentinels: Sequence[float]) -> list[str]:
    return ["blank" if mark == "" else mark for mark in missing] + [f"{x:g}" for x in sentinels]


def snake(name: str) -> str:
    """A publisher's column name in snake case: "Mkt-RF" is mkt_rf, "<= 0" is le_0."""
    plain = name.strip().lower().replace("<=", "le ")
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def unpacked(payload: bytes) -> bytes:
    """The table's bytes: as they are, out of a gzip file, or the one table of a zip.

    Raises
    ------
    ProjectError : empty; damaged; a zip with no table in it, or with several.
    """
    content = payload
    try:
        if payload[:2] == b"\x1f\x8b":
            content = gzip.decompress(payload)
        elif payload[:4] == b"PK\x03\x04":
            content = _member(payload)
    except (OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise ProjectError(f"the packed file is damaged: {error}") from None
    if not content.strip():
        raise ProjectError("the file is empty")
    return content


def _member(payload: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        names = archive.namelist()
        if _WORKBOOK in names:
            return payload
        tables = [name for name in names if name.lower().endswith(_TABLES)]
        if len(tables) != 1:
            raise ProjectError(
                f"the zip holds {len(tables)} tables ({', '.join(names[:6])})",
                expected="one, named *" + " or *".join(_TABLES),
            )
        return archive.read(tables[0])


def read_text(payload: bytes) -> str:
    """A text payload, unpacked and decoded.

    Raises
    ------
    ProjectError : as `unpacked`; or not text in UTF-8.
    """
    try:
        return unpacked(payload).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectError(f"no text: byte {error.start} is not UTF-8", expected="a csv") from None


def read_rows(payload: bytes) -> Rows:
    """A csv whose first row is its header; blank rows go.

    Raises
    ------
    ProjectError : as `read_text`; no rows; a row that is longer or shorter than the header.
    """
    reader = csv.reader(io.StringIO(read_text(payload)))
    try:
        numbered = [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error as error:
        raise ProjectError(f"no csv: {error}", where=f"row {reader.line_num}") from None
    return _rows(numbered)


def _rows(numbered: list[tuple[int, list[Any]]]) -> Rows:
    if len(numbered) < 2:
        raise ProjectError("no row below the header", expected="at least one")
    (_, header), *body = numbered
    for number, row in body:
        if len(row) != len(header):
            raise ProjectError(
                f"{len(row)} fields",
                where=f"row {number}",
                expected=f"{len(header)}, as the header",
            )
    return Rows(
        [_stripped(name) for name in header],
        [row for _, row in body],
        [number for number, _ in body],
    )


def read_sheet(payload: bytes, sheet: str, first: str) -> Rows:
    """One sheet of a workbook, from the header row that begins with `first`; blank rows go.

    Raises
    ------
    ProjectError : no workbook; no such sheet; no header row; no rows below it.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(unpacked(payload)))
        if sheet not in book.sheet_names:
            raise ProjectError(f"no sheet {sheet!r}", expected=", ".join(book.sheet_names))
        raw = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ProjectError(f"no readable workbook: {error}", expected="xlsx or xls") from None
    numbered = [(at, row) for at, row in enumerate(raw, 1) if any(cell != "" for cell in row)]
    starts = [at for at, (_, row) in enumerate(numbered) if _stripped(row[0]) == first]
    if not starts:
        raise ProjectError(f"no header row that begins with {first!r}", where=f"sheet {sheet}")
    return _rows(numbered[starts[0] :])


def month_ends(first_days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The last day of each date's month."""
    return (first_days + pd.offsets.MonthEnd(0)).as_unit("us")
