"""The first page, made from result files: question, answer, verdicts, one figure a finding."""

from __future__ import annotations

import html
from pathlib import Path

import pandas as pd

from helpers.present.show import figure_html
from helpers.present.verdicts import marked
from helpers.project import ProjectError, Result

VERDICTS = "13_verdicts"
# What readers see of the ledger, and the word at the head of each column.
_COLUMNS = {
    "id": "", "claim": "Claim", "verdict": "Verdict", "figure": "Figure",
    "test": "Test", "sample": "Sample", "n": "n",
}  # fmt: skip
_HIDDEN = '<span class="visually-hidden">Number</span>'
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
    tables : folder of `13_verdicts.csv` with the columns id, claim, verdict, figure, test,
        sample, n, link; without the file there is no table.
    notebooks, prose : names of the pages, for the table of contents.
    """
    main = found.get(VERDICTS) or next(iter(found.values()))
    table = _ledger(tables / f"{VERDICTS}.csv")
    deciding = [] if table is None else [link.partition(".html")[0] for link in table["link"]]
    names = [name for name, result in found.items() if result.figures and result.estimates]
    names.sort(key=lambda name: name not in deciding)
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
    if not path.is_file():
        return None
    frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    if missing := [name for name in (*_COLUMNS, "link") if name not in frame.columns]:
        raise ProjectError(f"no column {', '.join(missing)}", where=f"tables/{path.name}")
    return frame


def _verdict_tables(frame: pd.DataFrame | None) -> str:
    """Decided claims in sight; those that nothing here decides folded below them."""
    if frame is None:
        return "The verdicts of this edition have not been computed."
    decided, open_ = frame[frame["link"] != ""], frame[frame["link"] == ""]
    parts = [_verdict_table(decided, "Verdicts", list(_COLUMNS))] if len(decided) else []
    if len(open_):
        columns = ["id", "claim", "verdict", "test", "sample"]
        claims = "claim" if len(open_) == 1 else "claims"
        parts.append(
            f'<details class="undecided"><summary>{len(open_)} {claims} that this edition does not '
            f"decide, with the test and the data each needs</summary>"
            f"{_verdict_table(open_, 'Claims not decided', columns)}</details>"
        )
    return "\n".join(parts)


def _verdict_table(frame: pd.DataFrame, label: str, columns: list[str]) -> str:
    heads = "".join(f'<th scope="col">{_COLUMNS[name] or _HIDDEN}</th>' for name in columns)
    rows = "".join(_verdict_row(row, columns) for row in frame.to_dict("records"))
    return (
        f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0">'
        f'<table class="verdicts"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _verdict_row(row: dict, columns: list[str]) -> str:
    cells = {name: html.escape(str(row[name]), quote=False) for name in columns}
    if row["link"]:
        cells["verdict"] = f'<a href="{html.escape(row["link"])}">{cells["verdict"]}</a>'
    cells["verdict"] = marked(str(row["verdict"]), cells["verdict"])
    first, *rest = cells.items()
    return (
        f'<tr><th scope="row">{first[1]}</th>'
        + "".join(f'<td data-column="{name}">{text}</td>' for name, text in rest)
        + "</tr>"
    )


def _contents(caption: str, pages: list[str]) -> str:
    lines = "\n".join(pages)
    return f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n\n{lines}\n```" if pages else ""


def _plain(text: str) -> str:
    """A generated sentence; a dollar sign in it opens no mathematics."""
    return text.replace("$", r"\$")
