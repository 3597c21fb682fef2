"""No result is typed by hand: find numbers in typed prose that only a computation may write.

Typed prose is the Markdown cells of a notebook, or a Markdown page; what a cell prints is
generated. A number that is no result is marked by what it is, in a span that every reader of
Markdown hides:

    <span class="window">[0, +5]</span>   a window, a horizon, a sample chosen before looking
    <span class="date">13 December 2023</span>
    <span class="cited">-4.68%</span>     a figure published by someone else, with its reference
    <span class="rule">5%</span>          a threshold or a convention: "95% interval"
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

_NUMBER = r"[-+\u2212\u2013]?\d[\d,]*(?:\.\d+)?"
_UNIT = r"%|per ?cent\b|(?:percentage |basis )?points?\b|p\.p\.|pp\b|bps?\b|basis\b"
_RESULT = re.compile(
    rf"{_NUMBER}[\s-]?(?:{_UNIT})"
    rf"|\b[tpn]\s?(?:=|<|>|\u2264|\u2265|of|is|below|above)\s?{_NUMBER}"
    rf"|[$\u20ac\u00a3]\s?{_NUMBER}",
    re.IGNORECASE,
)
# Blanked before looking, in this order: code, marked spans, comments, mathematics, addresses.
_EXEMPT = (
    re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL),
    re.compile(r"`[^`\n]+`"),
    re.compile(r'<span class="(?:window|date|cited|rule)">.*?</span>', re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\$\$.+?\$\$", re.DOTALL),
    re.compile(r"\$(?=\S)[^$\n]*?(?<=\S)\$(?!\d)"),
    re.compile(r"\]\([^)\n]*\)"),
)


@dataclass(frozen=True)
class Violation:
    """A number typed where only a computed one may stand."""

    file: str
    cell: int | None
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}, cell {self.cell}" if self.cell is not None else self.file
        return f"{place}, line {self.line}: {self.text!r} is typed by hand"


def check_prose(path: Path) -> list[Violation]:
    """Numbers with %, points, bp, t, p, n or a currency sign, typed outside the marked fields.

    Parameters
    ----------
    path : a notebook (source or executed), or a Markdown page.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return _violations(path.name, None, text)
    found = []
    for place, cell in enumerate(json.loads(text)["cells"]):
        if cell["cell_type"] == "markdown":
            source = cell["source"]
            found += _violations(
                path.name, place, source if isinstance(source, str) else "".join(source)
            )
    return found


def _violations(file: str, cell: int | None, text: str) -> list[Violation]:
    for pattern in _EXEMPT:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), text)
    return [
        Violation(file, cell, text.count("\n", 0, match.start()) + 1, match[0].strip())
        for match in _RESULT.finditer(text)
    ]
