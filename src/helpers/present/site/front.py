"""The first page, made from result files: question, answer, verdicts, one figure a finding."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.present.show import figure_html
from helpers.present.verdicts import CENTRE, COLUMNS, LedgerView
from helpers.project import ProjectError, Result

VERDICTS = "13_verdicts"
_PAGE = """\
---
html_theme.sidebar_secondary.remove: true
---

# {question}

<div class="generated answer">

{answer}

</div>

## The verdicts

{verdicts}

## The findings

{findings}

## Read on

{contents}
"""


def front_page(
    found: dict[str, Result], tables: Path, notebooks: list[str], prose: list[str]
) -> str:
    """Markdown of the first page.

    Parameters
    ----------
    found : results by notebook; `13_verdicts` gives question and answer, else the first. Findings
        are the notebooks that estimate something, those that decide a claim first.
    tables : folder of `13_verdicts.csv`, as `readable_ledger` makes it; without the file there is
        no table.
    notebooks, prose : names of the pages, for the table of contents.
    """
    main = found.get(VERDICTS) or next(iter(found.values()))
    table = _ledger(tables / f"{VERDICTS}.csv")
    deciding = [] if table is None else [link.partition(".html")[0] for link in table["link"]]
    names = [name for name, result in found.items() if result.figures and result.estimates]
    names.sort(key=lambda name: deciding.index(name) if name in deciding else len(deciding))
    return _PAGE.format(
        question=main.question,
        answer=_plain(main.answer),
        verdicts=_verdict_tables(table),
        findings="\n\n".join(_finding(name, found[name]) for name in names),
        contents="\n\n".join([_contents("Notebooks", notebooks), _contents("About", prose)]),
    )


def _finding(name: str, result: Result) -> str:
    record = result.figures.get("headline") or next(iter(result.figures.values()))
    # An empty line would end the block of HTML.
    figure = figure_html(record, f"figures/{record.file}").replace("\n", " ")
    return (
        f"### [{result.question}]({name}.ipynb)\n\n"
        f'<div class="generated">\n\n{_plain(result.answer)}\n\n</div>\n\n{figure}'
    )


def _ledger(path: Path) -> pd.DataFrame | None:
    """Rows of the verdicts, the claim at the centre first."""
    if not path.is_file():
        return None
    frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    if missing := [name for name in COLUMNS if name not in frame.columns]:
        raise ProjectError(f"no column {', '.join(missing)}", where=f"tables/{path.name}")
    return frame.sort_values("id", key=lambda ids: ids != CENTRE, kind="stable")


def _verdict_tables(frame: pd.DataFrame | None) -> str:
    """Decided claims in sight; those that nothing here decides folded below them."""
    if frame is None:
        return "The verdicts of this edition have not been computed."
    decided, open_ = frame[frame["link"] != ""], frame[frame["link"] == ""]
    parts = [LedgerView(decided).to_html()] if len(decided) else []
    if len(open_):
        claims = "claim" if len(open_) == 1 else "claims"
        parts.append(
            f'<details class="undecided"><summary>{len(open_)} {claims} that this edition does not '
            f"decide, with the test and the data each needs</summary>{LedgerView(open_).to_html()}"
            "</details>"
        )
    return "\n".join(parts)


def _contents(caption: str, pages: list[str]) -> str:
    lines = "\n".join(pages)
    return f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n\n{lines}\n```" if pages else ""


def _plain(text: str) -> str:
    """A generated sentence; a dollar sign in it opens no mathematics."""
    return text.replace("$", r"\$")
