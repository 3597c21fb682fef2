"""Kenneth French's data library: several sections in one text file."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import pandas as pd

from helpers.project import ProjectError
from helpers.project.errors import nearest
from helpers.sources.parsers._reading import Rows, month_ends, read_text, snake

_KEYS = {6: "%Y%m", 8: "%Y%m%d"}
_MISSING = (-99.99, -999.0)

# Titles differ between vintages and between files; each pattern covers all that were seen.
_SECTIONS = {
    "untitled": r"",
    "value_weighted": r"(average )?value[- ]weight(ed)? returns( -- (monthly|daily))?",
    "equal_weighted": r"(average )?equal[- ]weight(ed)? returns( -- (monthly|daily))?",
    "n_firms": r"number of firms in portfolios",
    "firm_size": r"average (firm size|market cap)",
    "beme_december": r".*average of be/me .*me\(dec t-1\).*",
    "beme_june": r".*average of be_fyt-1/me_june t .*me\(jun t\).*",
    "op": r".*average of op .*",
    "investment": r".*average of investment .*",
}
_RETURNS = ("untitled", "value_weighted", "equal_weighted")
_LOSS_OF_ALL = -99.0  # percent: no portfolio lost as much in a month, so a mark for missing


@dataclass
class _Section:
    """A run of rows with keys, under a header and perhaps a title."""

    title: str
    header: list[str]
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Digits of the first row's key: 4 for a year, 6 for a month, 8 for a day."""
        return len(self.lines[0][1].split(",", 1)[0].strip()) if self.lines else 0


def parse_french(payload: bytes, *, section: str) -> pd.DataFrame:
    """One section of a file of the data library.

    Parameters
    ----------
    section : "untitled" (factor files, and files stripped of their titles), "value_weighted",
        "equal_weighted", "n_firms", "firm_size", "beme_december", "beme_june", "op", "investment".
        Annual sections (keys of four digits) are passed over.

    Book-to-market of portfolios formed in June of t holds from July of t to June of t+1. In
    "beme_december" it is book equity over the market equity of December t-1, in "beme_june" over
    that of June t: prices of December 2023 are in the first from July 2024 on, and in neither's row
    of December 2023.

    Returns
    -------
    Float columns by month end or by day, in the file's units: returns in percent, firm size in
    millions of dollars, ratios as they are. Names in snake case; a decile that a spreadsheet
    turned into a date ("2-Dec") is again dec_2. -99.99 and -999 are missing. The column "<= 0"
    goes when it is empty throughout. `attrs["vintage"]` is "CRSP 202605", or "" where the file
    does not say.

    Raises
    ------
    ProjectError : no such section, an unknown title, or the same section twice; a row of another
        length or kind of key; a cell that is no number; a mark for missing left over; dates that
        repeat or go back.
    """
    if section not in _SECTIONS:
        raise ProjectError(
            f"no section is called {section!r}{nearest(section, _SECTIONS)}",
            expected=", ".join(_SECTIONS),
        )
    text = read_text(payload)
    chosen = _chosen(_sections(text), section)
    rows = _rows(chosen)
    form = _KEYS[chosen.width]
    above = _LOSS_OF_ALL if section in _RETURNS else -math.inf
    values = rows.numbers(rows.header[1:], sentinels=_MISSING, above=above)
    days = rows.dates("", form)
    table = rows.indexed(values, days if chosen.width == 8 else month_ends(days))
    table.columns = [_column(name) for name in table.columns]
    if "le_0" in table and not table["le_0"].fillna(0).any():
        table = table.drop(columns="le_0")
    vintage = re.search(r"using the (\d{6}) CRSP", text)
    table.attrs["vintage"] = f"CRSP {vintage[1]}" if vintage else ""
    return table


def _sections(text: str) -> list[_Section]:
    """Sections in the file's order: a title, a header and rows without a blank line between."""
    sections: list[_Section] = []
    title: list[str] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.rstrip(", \t").strip()
        is_row = re.match(r"\s*\d+\s*,", line) is not None
        if not bare:
            title, inside = [], False
        elif re.match(r"(Date)?,", line):
            header = ["", *(name.strip() for name in bare.split(",")[1:])]
            sections.append(_Section(" ".join(" ".join(title).split()).lower(), header))
            inside = True
        elif is_row and inside:
            sections[-1].lines.append((number, line))
        elif is_row or inside:
            raise ProjectError(
                f"{bare[:40]!r} stands {'among the rows' if inside else 'under no header'}",
                where=f"row {number}",
                expected="a title, a header, rows, and a blank line after them",
            )
        else:
            title.append(bare)
    return sections


def _chosen(sections: list[_Section], wanted: str) -> _Section:
    found: dict[str, _Section] = {}
    for section in sections:
        if section.width == 4:
            continue
        name = next(
            (name for name, form in _SECTIONS.items() if re.fullmatch(form, section.title)), None
        )
        if name is None:
            raise ProjectError(
                f"unknown section title {section.title[:80]!r}",
                expected="a title of " + ", ".join(_SECTIONS),
            )
        if name in found:
            raise ProjectError(f"the section {name} occurs twice", where=f"{section.title!r}")
        found[name] = section
    if wanted not in found:
        raise ProjectError(
            f"no section {wanted}", expected=f"one of this file's: {', '.join(found) or 'none'}"
        )
    if found[wanted].width not in _KEYS:
        raise ProjectError(
            f"keys of {found[wanted].width} digits",
            where=f"section {wanted}",
            expected="6 for months or 8 for days",
        )
    return found[wanted]


def _rows(section: _Section) -> Rows:
    """The section's cells, all of one width and under keys of one kind."""
    cells, numbers = [], []
    for number, line in section.lines:
        row = line.split(",")
        while len(row) > len(section.header) and not row[-1].strip():
            row.pop()  # a spreadsheet pads short rows with commas
        if len(row) != len(section.header):
            raise ProjectError(
                f"{len(row)} fields", where=f"row {number}",
                expected=f"{len(section.header)}, as the header",
            )  # fmt: skip
        if len(row[0].strip()) != section.width:
            raise ProjectError(
                f"the key {row[0].strip()!r}", where=f"row {number}",
                expected=f"{section.width} digits, as above it",
            )  # fmt: skip
        cells.append(row)
        numbers.append(number)
    return Rows(section.header, cells, numbers)


def _column(name: str) -> str:
    mangled = re.fullmatch(r"(\d)-Dec", name)
    return f"dec_{mangled[1]}" if mangled else snake(name)
