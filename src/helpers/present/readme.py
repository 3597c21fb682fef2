"""The findings that README opens with, made from the published results and from nothing else."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pandas as pd

from helpers.present.tables import table
from helpers.present.verdicts import CENTRE
from helpers.project import ProjectError, Result, write_atomic

BEGIN, END = "<!-- findings: made by `make publish` -->", "<!-- end of findings -->"
QUOTED = "mirror"  # the edition whose findings README shows
# The notebooks whose answers README quotes, and the two figures it shows.
ANSWERS = ("13_verdicts", "08_inflation_regimes", "04_event_study")
FIGURES = (("08_inflation_regimes", "differences"), ("04_event_study", "headline"))
COLUMNS = {"id": "", "claim": "claim", "verdict": "verdict", "figure": "figure, 95% interval"}


def findings(published: Path, address: str) -> str:
    """Three sentences, one table, two figures, as Markdown.

    Parameters
    ----------
    published : the folder of a published edition.
    address : that folder as README links to it.

    Raises
    ------
    ProjectError : a result, table or figure is missing.
    """
    results = {name: Result.load(_there(published / f"{name}.json")) for name in ANSWERS}
    verdicts = pd.read_csv(
        _there(published / "tables/13_verdicts.csv"), keep_default_na=False, dtype=str
    )
    decided = verdicts[verdicts["link"] != ""]
    decided = decided.sort_values("id", key=lambda ids: ids != CENTRE, kind="stable")
    pages = decided["link"].str.partition(".html")[0]
    decided["verdict"] = "[" + decided["verdict"] + f"]({address}/notebooks/" + pages + ".ipynb)"
    decided = decided[list(COLUMNS)]
    parts = [f"- {results[name].answer}" for name in ANSWERS]
    edition = results[ANSWERS[0]].edition
    caption = (
        f"Claims decided on the {edition} edition; the others stand on the report's first page"
    )
    parts += ["", table(decided.rename(columns=COLUMNS), caption=caption).to_markdown()]
    for name, figure in FIGURES:
        record = results[name].figures[figure]
        _there(published / "figures" / record.file)
        parts.append(
            f'<img src="{address}/figures/{record.file}" alt="{html.escape(record.alt)}" '
            f'width="720">\n\n*{record.caption}*\n'
        )
    return "\n".join(parts)


def refresh(readme: Path, block: str) -> bool:
    """Put the findings between README's two marks; True when that changed the file.

    Raises
    ------
    ProjectError : the marks are not there.
    """
    text = readme.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not pattern.search(text):
        raise ProjectError("the marks of the findings are gone", where=readme.name, expected=BEGIN)
    fresh = pattern.sub(lambda _: f"{BEGIN}\n{block.strip()}\n{END}", text)
    if fresh != text:
        write_atomic(readme, fresh)
    return fresh != text


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ProjectError("the file is missing", where=path.name, mend="make publish")
    return path
