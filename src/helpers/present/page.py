"""The page that a notebook fills: what it shows is what its result file keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from helpers.present.sentences import Said, said
from helpers.present.show import ShownFigure, save_figure, show_figure
from helpers.present.tables import Table, save_table, table
from helpers.project import Estimate, Exclusion, FigureRecord, Result, TableRecord, Workspace

Parameter = bool | int | float | str | list[float] | list[str]


class Page:
    """Collects answer, estimates, figures and tables of one notebook; `save` writes the result.

    Parameters
    ----------
    notebook : name of the notebook, "08_inflation_regimes": names its result file too.
    question : its title.
    parameters : the values it ran with.
    """

    def __init__(
        self, notebook: str, question: str, parameters: Mapping[str, Parameter] | None = None
    ) -> None:
        self.workspace = Workspace.current()
        self.notebook = notebook
        self.question = question
        self.parameters = dict(parameters or {})
        self.text = ""
        self.estimates: dict[str, Estimate] = {}
        self.quantities: dict[str, bool | int | float | str] = {}
        self.figures: dict[str, FigureRecord] = {}
        self.tables: dict[str, TableRecord] = {}
        self.exclusions: list[Exclusion] = []

    def answer(self, text: str) -> Said:
        """The answer in one generated paragraph; shown, and kept for the first page."""
        shown = said(text)
        self.text = shown.text
        return shown

    def figure(
        self,
        name: str,
        figure: Figure,
        *,
        alt: str,
        caption: str,
        source: str,
        raster: bool = False,
    ) -> ShownFigure:
        """Save and show a figure; see `save_figure`."""
        full = f"{self.notebook[:2]}_{name}"
        record = save_figure(
            self.workspace, full, figure, alt=alt, caption=caption, source=source, raster=raster
        )
        plt.close(figure)
        self.figures[name] = record
        return show_figure(self.workspace, record)

    def table(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        caption: str,
        units: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        n: str = "",
        anchor: str = "",
    ) -> Table:
        """Save (unrounded) and show a table; see `table`."""
        shown = table(frame, caption=caption, units=units, formats=formats, n=n, anchor=anchor)
        full = f"{self.notebook[:2]}_{name}"
        self.tables[name] = save_table(self.workspace, full, shown.frame, shown.caption)
        return shown

    def export(self, name: str, frame: pd.DataFrame, caption: str) -> None:
        """Save a table too long to show, whole and unrounded."""
        self.tables[name] = save_table(
            self.workspace, f"{self.notebook[:2]}_{name}", frame, caption
        )

    def has(self, frame: pd.DataFrame, columns: Iterable[str]) -> bool:
        """Whether a panel has the columns a page is about; if not, that is the page's answer."""
        absent = [name for name in columns if name not in frame]
        if absent:
            edition = self.workspace.edition
            self.exclude(
                Exclusion(what=name, reason=f"no data for it in the {edition} edition")
                for name in absent
            )
            self.answer(
                f"Not tested on the {edition} edition, which has no data for "
                f"{', '.join(name.replace('_', ' ') for name in absent)}. The mirror and live editions have."
            )
        return not absent

    def exclude(self, exclusions: Iterable[Exclusion]) -> None:
        """Keep what was left out, with its reason."""
        self.exclusions += list(exclusions)

    def save(self) -> Path:
        """Write `results/<notebook>.json`, validated."""
        result = Result(
            notebook=self.notebook,
            edition=self.workspace.edition,
            question=self.question,
            answer=self.text,
            parameters=self.parameters,
            estimates=self.estimates,
            quantities=self.quantities,
            figures=self.figures,
            tables=self.tables,
            exclusions=self.exclusions,
        )
        return result.save(self.workspace.write(f"results/{self.notebook}.json"))
