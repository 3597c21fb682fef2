"""Tables through one helper: the page, the terminal and the file show the same numbers."""

from __future__ import annotations

import html
import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.project import ProjectError, TableRecord, Workspace, write_atomic

MISSING = "\N{EN DASH}"
_ONE_LINE, _SENTENCE = 14, 40  # letters


@dataclass(frozen=True)
class Table:
    """A table ready to be read; `frame` keeps the unrounded values."""

    frame: pd.DataFrame
    caption: str
    units: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""

    def to_html(self) -> str:
        """HTML that scrolls sideways on a phone; numbers at the right, so that decimals align."""
        heads = "".join(
            f'<th scope="col"{self._class(name)}>{html.escape(self._head(name))}</th>'
            for name in self.frame.columns
        )
        body = "".join(
            f"<tr{self._id(row)}>"
            + "".join(self._cell(name, row[name]) for name in self.frame.columns)
            + "</tr>"
            for row in self._records()
        )
        caption = html.escape(self.caption)
        return (
            f'<div class="table-scroll" role="region" aria-label="{caption}" tabindex="0">'
            f'<table class="numbers"><caption>{html.escape(self.caption, quote=False)}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def to_markdown(self) -> str:
        """A pipe table, its caption below."""
        names = list(self.frame.columns)
        lines = [
            [self._head(name) for name in names],
            ["---:" if self._is_number(name) else ":---" for name in names],
            *([self._text(name, row[name]) for name in names] for row in self._records()),
        ]
        rows = [
            "| " + " | ".join(text.replace("|", r"\|") for text in line) + " |" for line in lines
        ]
        return "\n".join([*rows, "", self.caption, ""])

    def to_csv(self) -> str:
        """Unrounded values; columns by their own names."""
        return self.frame.to_csv(index=False, lineterminator="\n")

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return self.to_markdown()

    def _id(self, row: dict) -> str:
        first = html.escape(str(row[self.frame.columns[0]]))
        return f' id="{self.anchor}-{first}"' if self.anchor else ""

    def _records(self) -> list[dict]:
        return self.frame.to_dict("records")

    def _head(self, name: str) -> str:
        words = name.replace("_", " ")
        return f"{words}, {self.units[name]}" if name in self.units else words

    def _is_number(self, name: str) -> bool:
        column = self.frame[name]
        return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)

    def _class(self, name: str) -> str:
        """Numbers are aligned, short words and dates kept in one line, sentences given room."""
        if self._is_number(name):
            return ' class="number"'
        longest = max((len(self._text(name, value)) for value in self.frame[name]), default=0)
        if longest <= _ONE_LINE:
            return ' class="short"'
        return ' class="long"' if longest > _SENTENCE else ""

    def _cell(self, name: str, value: object) -> str:
        text = html.escape(self._text(name, value), quote=False)
        if name == self.frame.columns[0]:
            return f'<th scope="row"{self._class(name)}>{text}</th>'
        return f"<td{self._class(name)}>{text}</td>"

    def _text(self, name: str, value: object) -> str:
        if value is None or value is pd.NaT or value is pd.NA:
            return MISSING
        if isinstance(value, float) and math.isnan(value):
            return MISSING
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, pd.Timestamp):
            return value.strftime("%Y-%m-%d")
        if isinstance(value, numbers.Real):
            spec = self.formats.get(name, ",d" if isinstance(value, numbers.Integral) else ".2f")
            return format(value, spec).replace("-", "\N{MINUS SIGN}")
        return str(value)


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    units: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    n: str = "",
    anchor: str = "",
) -> Table:
    """A frame as a table of the report.

    Parameters
    ----------
    frame : one row a line; a named index becomes the first columns.
    caption : what is shown.
    units : column -> unit, written in its head.
    formats : column -> format such as ".1f"; else two decimals for floats, none for counts.
    n : what the sample is ("7 events", "888 months"), added to the caption.
    anchor : each row can be linked to, as `<anchor>-<its first cell>`.

    Raises
    ------
    ProjectError : units or formats name a column the frame has not.
    """
    flat = frame.reset_index() if any(frame.index.names) else frame.reset_index(drop=True)
    flat = flat.rename(columns=str)
    for given in (units or {}, formats or {}):
        if strangers := [name for name in given if name not in flat.columns]:
            raise ProjectError(f"no column {', '.join(strangers)}", where=f"table {caption!r}")
    said = caption.rstrip(". ") + (f" (n = {n})." if n else ".")
    return Table(flat, said, dict(units or {}), dict(formats or {}), anchor)


def save_table(workspace: Workspace, name: str, frame: pd.DataFrame, caption: str) -> TableRecord:
    """Write `tables/<name>.csv`, unrounded.

    Parameters
    ----------
    name : number of the notebook and a word or two: "04_events".
    caption : what is shown, with units and n.
    """
    content = table(frame, caption=caption).to_csv()
    write_atomic(workspace.write(f"tables/{name}.csv"), content)
    return TableRecord(file=f"{name}.csv", caption=caption)
